"""Entitlements over HTTP: what somebody may prepare for a person (GO-2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from chassis.kernel.errors import Fault
from services.registration.adapters.service_calls import Callee, ServiceCalls
from services.registration.domain.invitations import PreparedAccess
from services.registration.domain.people_imports import FunctionWord
from services.registration.domain.violations import Verdict, Violation

ENTITLEMENTS: Final = Callee(
    "entitlements", "What you may give cannot be looked up at the moment; nothing was changed."
)
AT_ONCE: Final = 200
"""So many different ones in one call; more are asked for in several."""

_OK = 200


class HttpDelegation:
    """`Delegation` by entitlements' internal API; nothing is kept there."""

    def __init__(self, calls: ServiceCalls) -> None:
        self._calls = calls

    def judge(
        self, giver: str, prepared: Sequence[tuple[PreparedAccess, ...]], correlation_id: str
    ) -> Sequence[Verdict]:
        """What is wrong with each of these."""
        return [verdict for part in _parts(prepared) for verdict in self._judge(giver, part, correlation_id)]

    def functions(self, correlation_id: str) -> Sequence[FunctionWord]:
        """The functions that can be given at all."""
        answer = self._calls.get("/api/entitlements/v1/functions", correlation_id)
        with self._calls.understood(answer):
            if answer.status_code == _OK:
                return [_function(each) for each in answer.json()["items"]]
        raise self._calls.unexpected(answer)

    def _judge(
        self, giver: str, prepared: Sequence[tuple[PreparedAccess, ...]], correlation_id: str
    ) -> Sequence[Verdict]:
        body = {"giver": giver, "prepared": [{"access": [_told(access) for access in each]} for each in prepared]}
        answer = self._calls.post("/internal/v1/prepared-access/judge", body, correlation_id)
        with self._calls.understood(answer):
            if answer.status_code == _OK:
                verdicts = [_verdict(each) for each in answer.json()["verdicts"]]
                if len(verdicts) == len(prepared):
                    return verdicts
        raise self._calls.unexpected(answer)


def _parts(prepared: Sequence[tuple[PreparedAccess, ...]]) -> Iterator[Sequence[tuple[PreparedAccess, ...]]]:
    for start in range(0, len(prepared), AT_ONCE):
        yield prepared[start : start + AT_ONCE]


def _function(told: Mapping[str, Any]) -> FunctionWord:
    return FunctionWord(told["code"], told["title"], tuple(told["lines"]))


def _told(access: PreparedAccess) -> dict[str, Any]:
    return {
        "tin": access.tin,
        "line": access.line.value,
        "level": access.level,
        "functions": list(access.functions),
        "until": access.until.isoformat() if access.until else None,
    }


def _verdict(told: Mapping[str, Any]) -> Verdict:
    faults = (Fault(each["pointer"], each["code"], each["detail"]) for each in told["faults"])
    violations = (
        Violation(each["tin"], each["line"], each["code"], each["detail"], each.get("function"))
        for each in told["violations"]
    )
    return Verdict(tuple(faults), tuple(violations))
