"""The public form of what happens in outreach (`events.md`, REG-11, REG-13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from marshmallow import Schema

from chassis.bus.envelope import rfc3339
from chassis.kernel.messages import Event, Message
from services.registration.domain.events import (
    ManagerChangeConfirmed,
    ManagerChangeProposed,
    ManagerChangeRejected,
    ManagerNominated,
    OutreachAttempted,
    OutreachClosed,
    OutreachOpened,
    OutreachOverdue,
)
from services.registration.domain.outreach import OutreachCase
from services.registration.domain.proposals import Proposal, ProposalKind
from services.registration.events import outreach_shapes as shapes

_PREFIX: Final = "registration.outreach"
_PROPOSED: Final = {ProposalKind.APPOINT: "appointment_proposed", ProposalKind.REMOVE: "removal_proposed"}
_CONFIRMED: Final = {ProposalKind.APPOINT: "manager_appointed", ProposalKind.REMOVE: "manager_removed"}

SCHEMAS: Final[Mapping[str, type[Schema]]] = {
    f"{_PREFIX}.opened.v1": shapes.OutreachOpenedSchema,
    f"{_PREFIX}.manager_nominated.v1": shapes.ManagerNominatedSchema,
    f"{_PREFIX}.attempted.v1": shapes.OutreachAttemptedSchema,
    f"{_PREFIX}.overdue.v1": shapes.OutreachOverdueSchema,
    f"{_PREFIX}.appointment_proposed.v1": shapes.ChangeProposedSchema,
    f"{_PREFIX}.removal_proposed.v1": shapes.ChangeProposedSchema,
    f"{_PREFIX}.manager_appointed.v1": shapes.ChangeConfirmedSchema,
    f"{_PREFIX}.manager_removed.v1": shapes.ChangeConfirmedSchema,
    f"{_PREFIX}.proposal_rejected.v1": shapes.ProposalRejectedSchema,
    f"{_PREFIX}.closed.v1": shapes.OutreachClosedSchema,
}


def _opened(event: OutreachOpened) -> Message:
    request_id = str(event.request_id) if event.request_id else None
    return _of_tin("opened", event.case.tin, _case(event.case) | {"request_id": request_id})


def _overdue(event: OutreachOverdue) -> Message:
    more = {"waiting": len(event.case.waiting), "at": rfc3339(event.at)}
    return _of_tin("overdue", event.case.tin, _case(event.case) | more)


def _nominated(event: ManagerNominated) -> Message:
    registration, nominee = event.registration, event.nominee
    profile = registration.profile
    data = {
        **_case(event.case),
        "request_id": str(event.request_id),
        "user_id": registration.user_id,
        "site": registration.site,
        "language": profile.language if profile else None,
        "person": {
            "applicant": f"{profile.first_name} {profile.last_name}" if profile else None,
            "first_name": nominee.first_name,
            "last_name": nominee.last_name,
            "email": nominee.email,
        },
    }
    return _of_tin("manager_nominated", event.case.tin, data)


def _attempted(event: OutreachAttempted) -> Message:
    attempt = event.attempt
    data = {
        "attempt_id": str(attempt.id),
        "tin": attempt.tin,
        "lines": [case.line.value for case in event.cases],
        "by": attempt.by,
        "at": rfc3339(attempt.at),
        "channel": attempt.channel.value,
        "reached": attempt.reached,
        "person": {"note": attempt.note},
    }
    return _of_tin("attempted", attempt.tin, data)


def _proposed(event: ManagerChangeProposed) -> Message:
    proposal, account = event.proposal, event.account
    person = {
        "first_name": account.first_name if account else None,
        "last_name": account.last_name if account else None,
        "email": account.email if account else None,
        "proof": proposal.proof,
    }
    return _of_tin(_PROPOSED[proposal.kind], proposal.tin, {**_proposal(proposal, event.practice), "person": person})


def _confirmed(event: ManagerChangeConfirmed) -> Message:
    proposal = event.proposal
    data = _proposal(proposal, event.practice) | _decision(proposal)
    return _of_tin(_CONFIRMED[proposal.kind], proposal.tin, data)


def _rejected(event: ManagerChangeRejected) -> Message:
    proposal = event.proposal
    more = {**_decision(proposal), "kind": proposal.kind.value, "person": {"note": proposal.note}}
    return _of_tin("proposal_rejected", proposal.tin, _proposal(proposal, event.practice) | more)


def _closed(event: OutreachClosed) -> Message:
    case = event.case
    if case.closed_at is None or case.outcome is None:
        raise ValueError("a case that is open has no end to tell")
    data = {
        **_case(case),
        "closed_at": rfc3339(case.closed_at),
        "outcome": case.outcome.value,
        "by": event.by,
        "person": {"note": case.closing_note},
    }
    return _of_tin("closed", case.tin, data)


FORMS: Final[Mapping[type[Event], Callable[[Any], Message]]] = {
    OutreachOpened: _opened,
    ManagerNominated: _nominated,
    OutreachAttempted: _attempted,
    OutreachOverdue: _overdue,
    ManagerChangeProposed: _proposed,
    ManagerChangeConfirmed: _confirmed,
    ManagerChangeRejected: _rejected,
    OutreachClosed: _closed,
}


def _case(case: OutreachCase) -> dict[str, Any]:
    return {
        "case_id": str(case.id),
        "tin": case.tin,
        "line": case.line.value,
        "practice": case.practice,
        "reason": case.reason.value,
        "opened_at": rfc3339(case.opened_at),
        "due_at": rfc3339(case.due_at),
    }


def _proposal(proposal: Proposal, practice: str | None) -> dict[str, Any]:
    return {
        "proposal_id": str(proposal.id),
        "tin": proposal.tin,
        "lines": [line.value for line in proposal.lines],
        "practice": practice,
        "user_id": proposal.user_id,
        "proposed_by": proposal.proposed_by,
        "proposed_at": rfc3339(proposal.proposed_at),
    }


def _decision(proposal: Proposal) -> dict[str, Any]:
    if proposal.decided_at is None:
        raise ValueError("a proposal that is undecided has no decision to tell")
    return {"decided_by": proposal.decided_by, "decided_at": rfc3339(proposal.decided_at)}


def _of_tin(happened: str, tin: str, data: Mapping[str, Any]) -> Message:
    return Message(f"{_PREFIX}.{happened}.v1", f"practice/{tin}", data)
