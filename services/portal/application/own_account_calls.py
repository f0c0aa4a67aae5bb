"""Identity's calls for one's own password and security questions (REG-7, REG-8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from services.portal.application.ports import Api

_ME: Final = "/api/identity/v1/me"
_ROOM: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A question's code and the answer as typed."""

    question: str
    text: str = field(repr=False)


class OwnAccount:
    """Every method raises `ProblemError`; those that change something, `step_up_required` among them."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def is_fresh(self, now: datetime) -> bool:
        """Whether I confirmed who I am so lately that there is still time to fill in a form (IDN-3)."""
        until = datetime.fromisoformat(self._api.get(f"{_ME}/session").body["fresh_until"])
        return now + _ROOM < until

    def questions(self) -> list[str]:
        """The codes of the questions that I have answered."""
        return list(self._api.get(f"{_ME}/security-questions").body["questions"])

    def change_password(self, current: str, new: str, form_key: str | None) -> None:
        """Set a new password, which ends every other session of mine."""
        body = {"current_password": current, "new_password": new}
        self._api.send("POST", f"{_ME}/password", body, form_key=form_key)

    def answer_questions(self, current: str, answers: list[GivenAnswer], form_key: str | None) -> None:
        """Answer two questions anew."""
        given = [{"question": each.question, "answer": each.text} for each in answers]
        body = {"current_password": current, "security_answers": given}
        self._api.send("PUT", f"{_ME}/security-questions", body, form_key=form_key)
