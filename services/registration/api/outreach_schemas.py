"""The shapes of outreach: cases as support sees them, and what it does in them (REG-13)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from chassis.kernel.user_ids import fold
from chassis.web.paging import PageQuery
from chassis.web.schemas import Coded, Instant, RequestSchema, ResponseSchema
from services.registration.application.list_outreach import ShownCase
from services.registration.domain.lines import Line
from services.registration.domain.nominations import Nomination
from services.registration.domain.outreach import CaseState, Channel, OutreachCase, Waiting
from services.registration.domain.proposals import Proposal

_LONGEST_NOTE = 2000


class OutreachQuery(PageQuery):
    """Which cases; without a state all that are not closed."""

    state = fields.Enum(CaseState, by_value=True, load_default=None)
    query = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "A TIN, or a part of a practice's name."},
    )


def _says_something(text: str) -> None:
    if not text.strip():
        raise Coded("required", "Write a few words: they stay with the case.")
    if any((letter < " " and letter not in "\r\n\t") or letter == "\x7f" for letter in text):
        raise Coded("wrong_form", "A note has no control characters.")


def _note(**options: Any) -> fields.String:
    return fields.String(required=True, validate=[validate.Length(1, _LONGEST_NOTE), _says_something], **options)


def _lines(**options: Any) -> fields.List[Line]:
    return fields.List(fields.Enum(Line, by_value=True), validate=validate.Length(min=1, max=len(Line)), **options)


class _UserIdField(fields.String):
    """A user ID in any spelling; loads to the canonical one (REG-6)."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        return fold(super()._deserialize(value, attr, data, **more))


class OpenSchema(RequestSchema):
    """For which TIN and line a manager is to be found."""

    tin = fields.String(required=True, metadata={"example": "12-3456789"})
    line = fields.Enum(Line, by_value=True, required=True)


class AttemptSchema(RequestSchema):
    """How support tried to reach the practice, and what came of it."""

    channel = fields.Enum(Channel, by_value=True, load_default=Channel.PHONE)
    reached = fields.Boolean(load_default=False, metadata={"description": "Whether somebody there answered."})
    note = _note(metadata={"description": "Who was asked, and what they said."})


class AppointSchema(RequestSchema):
    """Who is to be the access manager, of which lines, and what shows that this is right."""

    user_id = _UserIdField(required=True, validate=validate.Length(1, 64))
    lines = _lines(required=True)
    proof = _note(metadata={"description": "The proof that was seen."})


class RemoveSchema(RequestSchema):
    """Who is to be an access manager no more; without lines, of none of the TIN."""

    user_id = _UserIdField(required=True, validate=validate.Length(1, 64))
    lines = _lines(load_default=None, allow_none=True)
    proof = _note(metadata={"description": "The proof that was seen."})


class ConfirmSchema(RequestSchema):
    """Which proposal the second agent has seen; without it, the one that awaits them."""

    proposal_id = fields.UUID(load_default=None, allow_none=True)


class RejectSchema(ConfirmSchema):
    """Why a proposal is not to be done."""

    reason = _note()


class CloseSchema(RequestSchema):
    """Why support looks no further; without lines, at none of the TIN."""

    lines = _lines(load_default=None, allow_none=True)
    reason = _note()


class NomineeSchema(ResponseSchema):
    """Whom the applicant proposed; the person is null for `self`."""

    whom = fields.String(required=True)
    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)


class WaitingSchema(ResponseSchema):
    """A person whose request waits."""

    request_id = fields.UUID(required=True)
    user_id = fields.String(required=True)
    first_name = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    extension = fields.String(required=True, allow_none=True)
    since = Instant(required=True)
    nominee = fields.Nested(NomineeSchema, required=True, allow_none=True)


class AttemptMadeSchema(ResponseSchema):
    """A time that support tried to reach the practice."""

    at = Instant(required=True)
    by = fields.String(required=True)
    channel = fields.String(required=True)
    reached = fields.Boolean(required=True)
    note = fields.String(required=True)


class ProposalSchema(ResponseSchema):
    """A proposal, and what became of it."""

    id = fields.UUID(required=True)
    kind = fields.String(required=True)
    user_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    lines = fields.List(fields.String(), required=True)
    proof = fields.String(required=True)
    proposed_by = fields.String(required=True)
    proposed_at = Instant(required=True)
    state = fields.String(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = Instant(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True, metadata={"description": "Why not, where it is not to be."})


class CaseSchema(ResponseSchema):
    """The task to find a manager for a TIN and line."""

    id = fields.UUID(required=True)
    tin = fields.String(required=True)
    line = fields.String(required=True)
    practice = fields.String(required=True, allow_none=True)
    state = fields.String(required=True)
    reason = fields.String(required=True)
    opened_at = Instant(required=True)
    due_at = Instant(required=True)
    closed_at = Instant(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)
    closing_note = fields.String(required=True, allow_none=True)
    managers = fields.List(
        fields.String(), required=True, metadata={"description": "User IDs of those who can decide there now."}
    )
    waiting = fields.Integer(required=True)
    requests = fields.List(fields.Nested(WaitingSchema), required=True)
    attempts = fields.List(fields.Nested(AttemptMadeSchema), required=True)
    proposals = fields.List(fields.Nested(ProposalSchema), required=True)


def shown(item: ShownCase) -> dict[str, Any]:
    """A case as `CaseSchema` dumps it."""
    case, names = item.case, dict(item.names)
    return {
        **_of(case),
        "state": item.state,
        "managers": item.managers,
        "waiting": len(case.waiting),
        "requests": map(_waiting, case.waiting),
        "attempts": case.attempts,
        "proposals": [_proposal(each, names.get(each.user_id)) for each in case.proposals],
    }


def _of(case: OutreachCase) -> dict[str, Any]:
    names = ("id", "tin", "line", "practice", "reason", "opened_at", "due_at", "closed_at", "outcome", "closing_note")
    return {name: getattr(case, name) for name in names}


def _proposal(proposal: Proposal, name: str | None) -> dict[str, Any]:
    return {field: getattr(proposal, field) for field in ProposalSchema().fields if field != "name"} | {"name": name}


def _waiting(waiting: Waiting) -> dict[str, Any]:
    own = {field: getattr(waiting, field) for field in WaitingSchema().fields if field != "nominee"}
    return own | {"nominee": _nominee(waiting.nomination)}


def _nominee(nomination: Nomination | None) -> dict[str, Any] | None:
    if nomination is None:
        return None
    person = nomination.nominee
    return {
        "whom": nomination.whom,
        "first_name": person.first_name if person else None,
        "last_name": person.last_name if person else None,
        "email": person.email if person else None,
    }
