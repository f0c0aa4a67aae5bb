"""What the API's stable codes mean to a person: the one table of sentences, and the way from pointers to fields.

Sentences are English and marked for translation; `%(name)s` in one stands for a member of the problem, or for
`minutes` and `seconds` until it may be tried again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.sentences import DETAILS, SENTENCES, UNKNOWN, WAIT

_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text to be translated, then filled in."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong at a field of a form; `field` is None for what belongs to none."""

    field: str | None
    sentence: Sentence


class Fields:
    """From RFC 6901 pointers to the names of a form's fields.

    A `*` in a pattern stands for a place in a list, `{}` in the name for the same: `/tins/*/tin` is `tin-{}`. A
    pattern that ends before the pointer does covers what lies below it; the longest that fits counts.
    """

    def __init__(self, names: Mapping[str, str]) -> None:
        ordered = sorted(names.items(), key=lambda item: -len(item[0]))
        self._rules = [(_compiled(pattern), name) for pattern, name in ordered]

    def name_of(self, pointer: str) -> str | None:
        """The field that a pointer means, None for one that no field stands for."""
        for pattern, name in self._rules:
            if found := pattern.match(pointer):
                return name.format(*found.groups())
        return None


def field_errors(problem: ProblemError, fields: Fields) -> list[FieldError]:
    """All that a refusal says, each beside the field that it is about, if there is one."""
    if problem.errors:
        return list(_of_faults(problem.errors, fields))
    pointer = _OWN_FIELD.get(problem.code)
    return [FieldError(fields.name_of(pointer) if pointer else None, sentence_of(problem))]


def fault_errors(faults: Iterable[FieldFault], fields: Fields) -> list[FieldError]:
    """The same for faults that come in an answer of their own, such as a preview's."""
    return list(_of_faults(faults, fields))


def sentence_of(problem: ProblemError) -> Sentence:
    """What a refusal as a whole means."""
    text = SENTENCES.get(problem.code)
    if problem.code in _WITH_WAIT and problem.retry_after:
        text = WAIT[problem.code][problem.retry_after > _MINUTE]
    if text is None:
        return Sentence(UNKNOWN, {"correlation_id": problem.correlation_id or "–"})
    return Sentence(text, {**problem.members, **_wait(problem.retry_after)})


def _of_faults(faults: Iterable[FieldFault], fields: Fields) -> Iterable[FieldError]:
    for fault in faults:
        text = DETAILS.get(fault.detail) or SENTENCES.get(fault.code) or SENTENCES["invalid"]
        yield FieldError(fields.name_of(fault.pointer), Sentence(text))


def _wait(seconds: int | None) -> dict[str, int]:
    return {} if seconds is None else {"seconds": seconds, "minutes": -(-seconds // _MINUTE)}


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(
        "/".join(r"(\d+)" if part == "*" else re.escape(part) for part in pattern.split("/")) + r"(?=/|$)"
    )


_OWN_FIELD: Final = {"user_id_taken": "/user_id"}
_WITH_WAIT: Final = frozenset(WAIT)
