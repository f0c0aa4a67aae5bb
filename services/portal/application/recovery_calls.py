"""Identity's calls for those who forgot their user ID or their password (IDN-6, IDN-7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from services.portal.application.ports import Api
from services.portal.application.sign_in_calls import Method

_RECOVERY: Final = "/api/identity/v1/recovery"


@dataclass(frozen=True, slots=True)
class Challenge:
    """A recovery that was begun, of an account or of nobody; `secret` never leaves the server."""

    id: str
    secret: str = field(repr=False)
    methods: tuple[Method, ...] = ()

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Self:
        """From the API's answer, or from what `kept` gave."""
        methods = tuple(Method(each["id"], each["kind"], each["hint"]) for each in kept["methods"])
        return cls(kept["challenge"], kept["challenge_secret"], methods)

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        methods = [asdict(each) for each in self.methods]
        return {"challenge": self.id, "challenge_secret": self.secret, "methods": methods}

    def method(self, method_id: str) -> Method | None:
        """The method of that ID, None where it was not offered."""
        return next((each for each in self.methods if each.id == method_id), None)


@dataclass(frozen=True, slots=True)
class Proofs:
    """What is asked for together before a new password; `date_of_birth` in ISO 8601."""

    code: str = field(repr=False)
    date_of_birth: str
    question: str
    answer: str = field(repr=False)


class Recovering:
    """Every method raises `ProblemError`; a `form_key` makes a form that is sent twice one call."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def remind(self, email: str, date_of_birth: str, form_key: str | None) -> None:
        """Have the user ID sent to its verified address; whether there is one, nobody is told (IDN-6)."""
        self._sent("user-id", {"email": email, "date_of_birth": date_of_birth}, form_key)

    def begin(self, user_id: str, form_key: str | None) -> Challenge:
        """Begin with a user ID, be it known or not."""
        return Challenge.parse(self._sent("password", {"user_id": user_id}, form_key))

    def send(self, challenge: Challenge, method: Method, form_key: str | None) -> int:
        """Have the code sent; returns the seconds until another may be."""
        answer = self._sent(f"{challenge.id}/send", {"method": method.id}, form_key, challenge)
        return int(answer["resend_after"])

    def verify(self, challenge: Challenge, proofs: Proofs, form_key: str | None) -> None:
        """Give all three proofs at once; nobody is told which of them was wrong."""
        body = {
            "code": proofs.code,
            "date_of_birth": proofs.date_of_birth,
            "answer": {"question": proofs.question, "text": proofs.answer},
        }
        self._sent(f"{challenge.id}/verify", body, form_key, challenge)

    def set_password(self, challenge: Challenge, password: str, form_key: str | None) -> None:
        """Set the new password, which ends every session of the account."""
        self._sent(f"{challenge.id}/password", {"new_password": password}, form_key, challenge)

    def _sent(
        self, step: str, body: Mapping[str, Any], form_key: str | None, challenge: Challenge | None = None
    ) -> dict[str, Any]:
        headers = {"X-Challenge-Secret": challenge.secret} if challenge else {}
        answer: dict[str, Any] = self._api.send(
            "POST", f"{_RECOVERY}/{step}", body, form_key=form_key, headers=headers
        ).body
        return answer
