"""Which notice carries a code, by what the code is for."""

from __future__ import annotations

CONFIRM_EMAIL = "confirm_email"
CONTACT_CODE = "contact_code"
SIGN_IN_CODE = "sign_in_code"

_BY_PURPOSE = {
    "confirm_email": CONFIRM_EMAIL,
    "contact": CONTACT_CODE,
    "verify_contact": CONTACT_CODE,
    "contact_code": CONTACT_CODE,
    "vouched_contact": CONTACT_CODE,
}


def notice_for(purpose: str) -> str:
    """The notice's code; every purpose without a notice of its own is a proof of who somebody is, as at sign-in."""
    return _BY_PURPOSE.get(purpose, SIGN_IN_CODE)
