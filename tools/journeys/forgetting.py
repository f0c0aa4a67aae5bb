"""A forgotten user ID and a forgotten password, each step empty, wrong and right."""

from __future__ import annotations

from typing import Final

from tools.journeys.walk import NEXT, SEND, Walk

_NEW: Final = "brisk-Willow-anchors-4"
_MONTH: Final = {"birth_month": "5"}
_YEAR: Final = {"birth_day": "17", "birth_year": "1984"}


def forget(walk: Walk) -> None:
    """By whoever has registered in this language, and has a new password at the end."""
    user_id = walk.applicant[2]
    _ask_for_user_id(walk, f"{user_id}@example.com")
    _recover(walk, user_id, f"{user_id}@example.com")


def _ask_for_user_id(walk: Walk, email: str) -> None:
    walk.visit("/forgot-user-id", "100-forgot-user-id")
    walk.click(SEND, "101-forgot-user-id-wrong")
    walk.fill({"email": email, **_YEAR})
    walk.choose(_MONTH)
    walk.click(SEND, "102-user-id-sent")


def _recover(walk: Walk, user_id: str, email: str) -> None:
    before = len(walk.codes(email, "sign_in_code"))
    walk.visit("/forgot-password", "103-forgot-password")
    walk.fill({"user_id": user_id})
    walk.click(NEXT, "104-recovery-method")
    walk.click(SEND, "105-recovery-code")
    walk.click(NEXT, "106-recovery-code-wrong")
    code = walk.newest_code(email, "sign_in_code", after=before)
    walk.fill({"code": code})
    walk.click(NEXT, "107-recovery-proofs")
    walk.fill({**_YEAR, "answer": "something else"})
    walk.choose({**_MONTH, "question": "first_pet"})
    walk.click(NEXT, "108-recovery-proofs-wrong")
    walk.fill({"answer": "schnurli"})
    walk.click(NEXT)
    walk.page.locator("[name=new_password]").press_sequentially("quiet-falc")
    walk.page.wait_for_selector("#password-strength .strength")
    walk.shot("109-new-password")
    walk.click(NEXT, "110-new-password-wrong")
    walk.fill({"new_password": _NEW})
    walk.click(NEXT, "111-password-set")
    walk.visit("/forgot-password/code?flow=x", "112-recovery-over")
