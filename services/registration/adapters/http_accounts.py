"""Identity over HTTP: judges a wished account, and reserves it (REG-9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from chassis.kernel.errors import Fault, WardenryError
from services.registration.adapters.service_calls import Callee, ServiceCalls
from services.registration.application.errors import KeyReusedError, RegistrationInvalidError, UserIdTakenError
from services.registration.application.ports import AccountWish, Judgement

IDENTITY: Final = Callee("identity", "Accounts cannot be made at the moment; nothing was submitted.")
_OK, _CREATED, _CONFLICT, _INVALID = 200, 201, 409, 422


class HttpAccounts:
    """`Accounts` by identity's internal API.

    Both calls may be repeated: one keeps nothing, the other does nothing twice for the same registration.
    """

    def __init__(self, calls: ServiceCalls) -> None:
        self._calls = calls

    def judge(self, wish: AccountWish) -> Judgement:
        """Look at any part of a wish."""
        answer = self._calls.post("/internal/v1/reservations/check", _body(wish), wish.correlation_id)
        with self._calls.understood(answer):
            if answer.status_code == _INVALID:
                return Judgement(_faults(answer.json()["errors"]))
            if answer.status_code == _OK:
                told = answer.json()
                return Judgement(_faults(told["faults"]), tuple(told["suggestions"]))
        raise self._calls.unexpected(answer)

    def reserve(self, registration_id: UUID, wish: AccountWish) -> str:
        """Reserve the account, and return its canonical user ID."""
        body = {"registration_id": str(registration_id), **_body(wish)}
        answer = self._calls.post("/internal/v1/reservations", body, wish.correlation_id)
        with self._calls.understood(answer):
            if answer.status_code == _CREATED:
                return str(answer.json()["user_id"])
            if answer.status_code in {_INVALID, _CONFLICT}:
                raise _refusal(answer.status_code, answer.json())
        raise self._calls.unexpected(answer)


def _refusal(status: int, told: Mapping[str, Any]) -> WardenryError:
    if status == _INVALID:
        return RegistrationInvalidError(_faults(told["errors"]), told.get("suggestions", ()))
    if told["code"] == UserIdTakenError.code:
        return UserIdTakenError(told["suggestions"])
    return KeyReusedError("This Idempotency-Key named another registration: use a new one.")


def _body(wish: AccountWish) -> dict[str, Any]:
    credentials = wish.credentials
    answers = credentials.security_answers
    told = {
        "user_id": credentials.user_id,
        "password": credentials.password,
        "date_of_birth": credentials.date_of_birth,
        "security_answers": None
        if answers is None
        else [{"question": each.question, "answer": each.answer} for each in answers],
        "site": wish.site,
        "language": wish.language,
        "person": dict(wish.person) or None,
    }
    return {name: value for name, value in told.items() if value is not None}


def _faults(told: Sequence[Mapping[str, str]]) -> tuple[Fault, ...]:
    return tuple(Fault(each["pointer"], each["code"], each["detail"]) for each in told)
