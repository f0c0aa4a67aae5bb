"""Questions as they come in and answers as they go out, one or a thousand together (ENT-10)."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import Any, Final

from marshmallow import fields, post_load, validate, validates_schema

from chassis.web.schemas import Coded, RequestSchema, ResponseSchema
from services.entitlements.api.places import UserIdField, line_field, tin_field
from services.entitlements.application.check_access import Answer
from services.entitlements.domain.checking import Question, Reason
from services.entitlements.domain.levels import RESOURCES
from services.entitlements.domain.places import Line, Place

NAME_LENGTH: Final = validate.Length(1, 64)
MOST_CHECKS: Final = 1000

_FIELDS: Final = ("user_id", "function", "tin", "line")
_MEMBERS = itemgetter(*_FIELDS)
_PLAIN = re.compile(rf"[a-z0-9._-]{{1,64}} [a-z0-9_]{{1,64}} [0-9]{{9}} (?:{'|'.join(Line)})", re.ASCII)


class CheckSchema(RequestSchema):
    """Who wants to do what where; loads to a `Question`. Only `resources` needs no TIN and line."""

    user_id = UserIdField(required=True, validate=NAME_LENGTH)
    function = fields.String(required=True, validate=NAME_LENGTH)
    tin = tin_field()
    line = line_field()

    @validates_schema
    def names_tin(self, data: dict[str, Any], **_: Any) -> None:
        """Every function but one is held somewhere."""
        _refuse_missing("tin", data)

    @validates_schema
    def names_line(self, data: dict[str, Any], **_: Any) -> None:
        """And for some line."""
        _refuse_missing("line", data)

    @post_load
    def question(self, data: dict[str, Any], **_: Any) -> Question:
        """Put the question together."""
        place = Place(data["tin"], data["line"]) if {"tin", "line"} <= data.keys() else None
        return Question(data["user_id"], data["function"], place)


class QuestionsField(fields.List[Question]):
    """Many questions. Where all are in plain form, as programs write them, `CheckSchema` would find nothing to mend."""

    def __init__(self, **options: Any) -> None:
        super().__init__(fields.Nested(CheckSchema), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> list[Any]:
        plain = plain_questions(value)
        return super()._deserialize(value, attr, data, **more) if plain is None else plain


class ChecksSchema(RequestSchema):
    """Many questions at once."""

    checks = QuestionsField(required=True, validate=validate.Length(1, MOST_CHECKS))


class AnswerSchema(ResponseSchema):
    """Whether, and why or why not."""

    allowed = fields.Boolean(required=True)
    reason = fields.String(
        required=True, attribute="reason.value", validate=validate.OneOf([reason.value for reason in Reason])
    )


class AnswersField(fields.List[Answer]):
    """Many answers, each as `AnswerSchema` writes it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(fields.Nested(AnswerSchema), **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **_: Any) -> list[Any] | None:  # noqa: ARG002
        return [{"allowed": answer.allowed, "reason": answer.reason.value} for answer in value]


class AnswersSchema(ResponseSchema):
    """The answers in the order of the questions."""

    results = AnswersField(required=True)


def _refuse_missing(name: str, data: dict[str, Any]) -> None:
    if name not in data and data.get("function") != RESOURCES:
        raise Coded("required", "Say where.", name)


def plain_questions(value: Any) -> list[Question] | None:
    """The questions; None where one of them needs the schema's look."""
    if type(value) is not list:
        return None
    found = []
    for each in value:
        if type(each) is not dict or len(each) != len(_FIELDS) or set(map(type, each.values())) != {str}:
            return None
        try:
            members = _MEMBERS(each)
        except KeyError:
            return None
        if not _PLAIN.fullmatch(" ".join(members)):
            return None
        user_id, function, tin, line = members
        found.append(Question(user_id, function, Place(tin, Line(line))))
    return found
