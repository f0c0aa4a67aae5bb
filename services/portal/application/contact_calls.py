"""Identity's calls for one's own contacts, and for undoing a change of them (IDN-5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from services.portal.application.ports import Api

EMAIL: Final = "email"
_CONTACTS: Final = "/api/identity/v1/me/contacts"


@dataclass(frozen=True, slots=True)
class OwnContact:
    """A contact of mine; `pending` is what it becomes once that is verified.

    `opted_out` where it is a number that takes no texts; START is to be texted to `short_code` then, where it is known.
    """

    id: str
    kind: str
    value: str
    is_verified: bool
    pending: str | None
    opted_out: bool = False
    short_code: str | None = None

    @property
    def is_email(self) -> bool:
        """Whether it is an e-mail address; else it is a mobile number."""
        return self.kind == EMAIL

    @property
    def unproven(self) -> str | None:
        """What a code is to be sent to; None where it is verified."""
        return self.pending or (None if self.is_verified else self.value)


class OwnContacts:
    """Every method raises `ProblemError`; those that change something, `step_up_required` among them."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def all(self) -> list[OwnContact]:
        """Mine, oldest first; there are never more than fit on one page of the API's."""
        return [_seen(item) for item in self._api.get(_CONTACTS).body["items"]]

    def add(self, kind: str, value: str, form_key: str | None) -> OwnContact:
        """Enter one more."""
        return _contact(self._api.send("POST", _CONTACTS, {"kind": kind, "value": value}, form_key=form_key).body)

    def change(self, contact_id: str, value: str, form_key: str | None) -> OwnContact:
        """Enter what it is to be."""
        return _contact(self._api.send("PUT", f"{_CONTACTS}/{contact_id}", {"value": value}, form_key=form_key).body)

    def remove(self, contact_id: str, form_key: str | None) -> None:
        """Have it removed."""
        self._api.send("DELETE", f"{_CONTACTS}/{contact_id}", form_key=form_key)

    def send(self, contact_id: str, form_key: str | None) -> int:
        """Have a code sent to it; the seconds until another may be."""
        return int(self._api.send("POST", f"{_CONTACTS}/{contact_id}/send", form_key=form_key).body["resend_after"])

    def verify(self, contact_id: str, code: str, form_key: str | None) -> None:
        """Give the code."""
        self._api.send("POST", f"{_CONTACTS}/{contact_id}/verify", {"code": code}, form_key=form_key)


def undo(api: Api, token: str, form_key: str | None) -> None:
    """Undo a change by the token of the message that told of it; raises `ProblemError`."""
    api.send("POST", "/api/identity/v1/contacts/undo", {"token": token}, form_key=form_key)


def _contact(item: dict[str, Any]) -> OwnContact:
    return OwnContact(item["id"], item["kind"], item["value"], item["verified"], item["pending"])


def _seen(item: dict[str, Any]) -> OwnContact:
    return replace(_contact(item), opted_out=item["opted_out"], short_code=item["short_code"])
