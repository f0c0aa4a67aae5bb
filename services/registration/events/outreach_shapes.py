"""The shapes of what happens in outreach: registration's promise to every consumer (`events.md`)."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.bus.schemas import PublishedSchema
from services.registration.domain.lines import Line
from services.registration.domain.outreach import Channel, Outcome, Reason
from services.registration.domain.proposals import ProposalKind

_LINES = validate.OneOf([line.value for line in Line])


def _text(*, may_be_null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=may_be_null)


def _word(words: type[Channel | Outcome | ProposalKind | Reason]) -> fields.String:
    return fields.String(required=True, validate=validate.OneOf([word.value for word in words]))


class _TinSchema(PublishedSchema):
    tin = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{9}$"))


class _CaseSchema(_TinSchema):
    case_id = fields.UUID(required=True)
    line = fields.String(required=True, validate=_LINES)
    practice = _text(may_be_null=True)
    reason = _word(Reason)
    opened_at = fields.AwareDateTime(required=True)
    due_at = fields.AwareDateTime(required=True)


class _LinesSchema(_TinSchema):
    lines = fields.List(fields.String(validate=_LINES), required=True)


class NoteSchema(PublishedSchema):
    """What an agent wrote down."""

    note = _text(may_be_null=True)


class OutreachOpenedSchema(_CaseSchema):
    """Support is to find a manager; `request_id` is the request that asked for it, if one did."""

    request_id = fields.UUID(required=True, allow_none=True)


class NominatedPersonSchema(PublishedSchema):
    """Who was named, and by whom."""

    applicant = _text(may_be_null=True)
    first_name = _text()
    last_name = _text()
    email = _text()


class ManagerNominatedSchema(_CaseSchema):
    """An applicant named somebody else as manager: a proposal only. `language` and `site` are the applicant's."""

    request_id = fields.UUID(required=True)
    user_id = _text()
    site = _text()
    language = _text(may_be_null=True)
    person = fields.Nested(NominatedPersonSchema, required=True)


class OutreachAttemptedSchema(_LinesSchema):
    """Support tried to reach a practice."""

    attempt_id = fields.UUID(required=True)
    by = _text()
    at = fields.AwareDateTime(required=True)
    channel = _word(Channel)
    reached = fields.Boolean(required=True)
    person = fields.Nested(NoteSchema, required=True)


class OutreachOverdueSchema(_CaseSchema):
    """A case was not closed by when it was due."""

    waiting = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)


class _ProposalSchema(_LinesSchema):
    proposal_id = fields.UUID(required=True)
    practice = _text(may_be_null=True)
    user_id = _text()
    proposed_by = _text()
    proposed_at = fields.AwareDateTime(required=True)


class ProposedPersonSchema(PublishedSchema):
    """Whom a proposal is about, and what the agent has seen."""

    first_name = _text(may_be_null=True)
    last_name = _text(may_be_null=True)
    email = _text(may_be_null=True)
    proof = _text()


class ChangeProposedSchema(_ProposalSchema):
    """An agent proposes an access manager, or to remove one."""

    person = fields.Nested(ProposedPersonSchema, required=True)


class ChangeConfirmedSchema(_ProposalSchema):
    """A second agent, `decided_by`, confirmed it."""

    decided_by = _text()
    decided_at = fields.AwareDateTime(required=True)


class ProposalRejectedSchema(ChangeConfirmedSchema):
    """A proposal is not to be done."""

    kind = _word(ProposalKind)
    person = fields.Nested(NoteSchema, required=True)


class OutreachClosedSchema(_CaseSchema):
    """A case has ended; `by` is the agent who gave it up, null where it ended by what came of it."""

    closed_at = fields.AwareDateTime(required=True)
    outcome = _word(Outcome)
    by = _text(may_be_null=True)
    person = fields.Nested(NoteSchema, required=True)
