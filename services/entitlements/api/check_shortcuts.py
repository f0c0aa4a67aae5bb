"""Plain questions, as programs write them, answered ahead of the framework as their views would (ENT-10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson

from chassis.security.callers import Bearer
from chassis.web.ways import Shortcut
from services.entitlements.api.check_schemas import MOST_CHECKS, plain_questions
from services.entitlements.api.checks import answers_for
from services.entitlements.application.check_access import Answer
from services.entitlements.application.ports import Ports
from services.entitlements.domain.checking import Question

_CHECKS: Final = "checks"


def check_shortcuts(ports: Ports) -> Mapping[str, Shortcut]:
    """By path."""
    return {"/check": OneCheck(ports), "/check/batch": ManyChecks(ports)}


class OneCheck:
    """`POST check`."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def read(self, body: bytes) -> tuple[Question, ...] | None:
        return _questions([_loaded(body)])

    def answer(self, bearer: Bearer, asked: tuple[Question, ...]) -> bytes:
        (answer,) = answers_for(bearer, asked, self._ports)
        return orjson.dumps(_written(answer))


class ManyChecks:
    """`POST check/batch`."""

    def __init__(self, ports: Ports) -> None:
        self._ports = ports

    def read(self, body: bytes) -> tuple[Question, ...] | None:
        loaded = _loaded(body)
        if type(loaded) is not dict or list(loaded) != [_CHECKS]:
            return None
        questions = _questions(loaded[_CHECKS])
        return questions if questions and len(questions) <= MOST_CHECKS else None

    def answer(self, bearer: Bearer, asked: tuple[Question, ...]) -> bytes:
        return orjson.dumps({"results": [_written(answer) for answer in answers_for(bearer, asked, self._ports)]})


def _loaded(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def _questions(value: Any) -> tuple[Question, ...] | None:
    plain: Sequence[Question] | None = plain_questions(value)
    return None if plain is None else tuple(plain)


def _written(answer: Answer) -> dict[str, Any]:
    return {"allowed": answer.allowed, "reason": answer.reason.value}
