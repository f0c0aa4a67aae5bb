"""What registration sends to have an account reserved or checked; pointers are those of `POST registrations`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, validate

from chassis.web.schemas import RequestSchema, ResponseSchema
from services.identity.api.typed import secret, typed
from services.identity.domain.people import Address, Person, Profile
from services.identity.domain.profile_rules import LANGUAGES
from services.identity.domain.security_questions import Answer

_MOST_ANSWERS = 20


def _text(longest: int = 100) -> fields.String:
    return fields.String(required=True, validate=validate.Length(min=1, max=longest))


def _text_or_null(longest: int = 100) -> fields.String:
    return fields.String(load_default=None, allow_none=True, validate=validate.Length(max=longest))


class AnswerSchema(RequestSchema):
    """A question's code and the answer, as typed."""

    question = typed("The question's code.")
    answer = secret("The answer.")


class AddressSchema(RequestSchema):
    """A business address, checked by registration."""

    line1 = _text()
    line2 = _text_or_null()
    city = _text()
    state = _text(2)
    zip = _text(10)


class PersonSchema(RequestSchema):
    """The applicant, checked by registration."""

    first_name = _text()
    middle_initial = _text_or_null(10)
    last_name = _text()
    email = _text(320)
    phone = _text_or_null(20)
    extension = _text_or_null(20)
    mobile = _text_or_null(20)
    job_role = _text(60)
    address = fields.Nested(AddressSchema, load_default=None, allow_none=True)


class ReservationSchema(RequestSchema):
    """An account to be reserved."""

    registration_id = fields.UUID(required=True)
    user_id = typed("As typed.")
    password = secret("As typed.")
    date_of_birth = fields.Date(required=True)
    security_answers = fields.List(
        fields.Nested(AnswerSchema), required=True, validate=validate.Length(max=_MOST_ANSWERS)
    )
    site = _text(40)
    language = fields.String(required=True, validate=validate.OneOf(sorted(LANGUAGES)))
    person = fields.Nested(PersonSchema, required=True)


class PartialAnswerSchema(RequestSchema):
    """A question, an answer, or both."""

    question = typed("", required=False, load_default="", allow_none=True)
    answer = secret("", required=False, load_default="", allow_none=True)


class PartialPersonSchema(RequestSchema):
    """What of the applicant is there already; the rest is passed over."""

    class Meta:
        unknown = "exclude"

    first_name = typed("", required=False, load_default=None, allow_none=True)
    last_name = typed("", required=False, load_default=None, allow_none=True)
    email = typed("", required=False, load_default=None, allow_none=True)


class PartialReservationSchema(RequestSchema):
    """Any part of a reservation; what is absent or null is not judged."""

    class Meta:
        unknown = "exclude"

    registration_id = fields.UUID(load_default=None, allow_none=True)
    user_id = typed("", required=False, load_default=None, allow_none=True)
    password = secret("", required=False, load_default=None, allow_none=True)
    date_of_birth = fields.Date(load_default=None, allow_none=True)
    security_answers = fields.List(
        fields.Nested(PartialAnswerSchema),
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=_MOST_ANSWERS),
    )
    person = fields.Nested(PartialPersonSchema, load_default=None, allow_none=True)


class ReservedSchema(ResponseSchema):
    """The account is reserved."""

    reservation_id = fields.String(required=True)
    user_id = fields.String(required=True)
    lapses_at = fields.AwareDateTime(required=True, format="iso")


class FaultSchema(ResponseSchema):
    """One wrong place."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class FindingsSchema(ResponseSchema):
    """Everything that is wrong, and free user IDs where the wished one cannot be had."""

    faults = fields.List(fields.Nested(FaultSchema), required=True)
    suggestions = fields.List(fields.String(), required=True)


def answers_of(rows: list[Mapping[str, Any]]) -> tuple[Answer, ...]:
    """The answers as the rules take them."""
    return tuple(Answer(row["question"] or "", row["answer"] or "") for row in rows)


def person_of(body: Mapping[str, Any], language: str) -> Person:
    """The person as the rules take them."""
    address = body["address"]
    profile = Profile(
        first_name=body["first_name"],
        middle_initial=body["middle_initial"],
        last_name=body["last_name"],
        job_role=body["job_role"],
        address=Address(**address) if address else None,
        phone=body["phone"],
        extension=body["extension"],
        language=language,
    )
    return Person(profile, body["email"], body["mobile"])
