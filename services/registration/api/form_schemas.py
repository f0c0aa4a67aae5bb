"""A registration as it comes in; what is wrong in it beyond its shape is the domain's to say, all at once (REG-9)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields, post_load

from chassis.web.schemas import Coded, RequestSchema
from services.registration.domain.form import AnswerEntry, Credentials, Form, NomineeEntry, TinEntry


class PartSchema(RequestSchema):
    """Documents what a whole registration must have, but loads any part: every lack is then told with the rest."""

    def load(self, data: Any, *, many: bool | None = None, partial: Any = None, unknown: Any = None) -> Any:
        """As marshmallow's, never asking for what is required."""
        return super().load(data, many=many, partial=True if partial is None else partial, unknown=unknown)


class NomineeSchema(RequestSchema):
    """Another person, proposed as manager."""

    first_name = fields.String(required=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)


_PERSON = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in NomineeSchema().fields},
    "required": sorted(NomineeSchema().fields),
    "additionalProperties": False,
}


class NominateField(fields.Field[NomineeEntry]):
    """The word `self`, or the person who is proposed (REG-11)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> NomineeEntry:  # noqa: ARG002
        if value == "self":
            return NomineeEntry(myself=True)
        if not isinstance(value, dict):
            raise Coded("nominate_invalid", "Propose `self`, or a person with name and e-mail address.")
        return NomineeEntry(myself=False, other=NomineeSchema(partial=True).load(value))


class TinSchema(RequestSchema):
    """One TIN, with the line of business where several are offered."""

    tin = fields.String(required=True, metadata={"example": "12-3456789"})
    line = fields.String(allow_none=True, metadata={"example": "medical"})
    nominate = NominateField(
        allow_none=True,
        metadata={
            "description": "`self`, or another person; only where there is no manager.",
            "oneOf": [{"const": "self"}, _PERSON, {"type": "null"}],
        },
    )

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> TinEntry:
        """As the domain knows it."""
        return TinEntry(data.get("tin"), data.get("line"), data.get("nominate"))


class AddressSchema(RequestSchema):
    """A business address."""

    line1 = fields.String(required=True)
    line2 = fields.String(allow_none=True)
    city = fields.String(required=True)
    state = fields.String(required=True, metadata={"example": "CT"})
    zip = fields.String(required=True, metadata={"example": "06101-1234"})


class ProfileSchema(RequestSchema):
    """Who registers."""

    first_name = fields.String(required=True)
    middle_initial = fields.String(allow_none=True)
    last_name = fields.String(required=True)
    job_role = fields.String(required=True)
    address = fields.Nested(AddressSchema, required=True)
    phone = fields.String(required=True)
    extension = fields.String(allow_none=True)
    mobile = fields.String(allow_none=True)
    email = fields.String(required=True)
    language = fields.String(allow_none=True)


class AnswerSchema(RequestSchema):
    """A security question and its answer."""

    question = fields.String(required=True)
    answer = fields.String(required=True)

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> AnswerEntry:
        """As the domain knows it."""
        return AnswerEntry(data.get("question"), data.get("answer"))


class RegistrationSchema(PartSchema):
    """A registration; loads to a `Form`."""

    practice_type = fields.List(fields.String(metadata={"example": "medical"}), required=True)
    tins = fields.List(fields.Nested(TinSchema))
    no_tin = fields.Boolean(truthy={True}, falsy={False})
    profile = fields.Nested(ProfileSchema, required=True)
    user_id = fields.String(required=True)
    password = fields.String(required=True)
    date_of_birth = fields.String(required=True, metadata={"example": "1980-02-29"})
    security_answers = fields.List(fields.Nested(AnswerSchema), required=True)
    temporary_id = fields.String(allow_none=True)
    temporary_password = fields.String(allow_none=True)

    @post_load
    def gather(self, data: dict[str, Any], **_: Any) -> Form:
        """As the domain knows it."""
        profile: Mapping[str, Any] | None = data.get("profile")
        return Form(
            practice_type=_tuple(data.get("practice_type")),
            tins=_tuple(data.get("tins")),
            no_tin=data.get("no_tin", False),
            profile=None if profile is None else {name: profile[name] for name in profile if name != "address"},
            address=None if profile is None else profile.get("address"),
            credentials=Credentials(
                user_id=data.get("user_id"),
                password=data.get("password"),
                date_of_birth=data.get("date_of_birth"),
                security_answers=_tuple(data.get("security_answers")),
            ),
            temporary_id=data.get("temporary_id"),
            temporary_password=data.get("temporary_password"),
        )


def _tuple(values: list[Any] | None) -> tuple[Any, ...] | None:
    return None if values is None else tuple(values)
