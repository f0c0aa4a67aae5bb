"""What support does in outreach cases, in SQL: attempts to reach a practice, and proposals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row, insert, select, update

from chassis.db.engine import upsert
from services.registration.adapters.choosing import among
from services.registration.adapters.tables import outreach_attempts, outreach_proposals
from services.registration.domain.lines import lines_written, written
from services.registration.domain.outreach import Attempt, Channel
from services.registration.domain.proposals import Proposal, ProposalKind, ProposalState


class SqlCaseWork:
    """`CaseWork` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, attempt: Attempt) -> None:
        """Keep an attempt."""
        self._connection.execute(
            insert(outreach_attempts).values(
                id=attempt.id,
                tin=attempt.tin,
                at=attempt.at,
                by=attempt.by,
                channel=attempt.channel.value,
                reached=attempt.reached,
                note=attempt.note,
            )
        )

    def propose(self, proposal: Proposal) -> bool:
        """Keep a new proposal, unless one of the TIN is undecided; waits for a transaction that is making one."""
        statement = upsert(self._connection, outreach_proposals).values(
            id=proposal.id,
            tin=proposal.tin,
            lines=written(proposal.lines),
            kind=proposal.kind.value,
            user_id=proposal.user_id,
            proof=proposal.proof,
            proposed_by=proposal.proposed_by,
            proposed_at=proposal.proposed_at,
            **_decision(proposal),
        )
        kept = statement.on_conflict_do_nothing().returning(outreach_proposals.c.id)
        return self._connection.execute(kept).one_or_none() is not None

    def undecided(self, tin: str) -> Proposal | None:
        """The TIN's undecided proposal, locked."""
        condition = (outreach_proposals.c.tin == tin, outreach_proposals.c.state == ProposalState.PROPOSED.value)
        row = self._connection.execute(select(outreach_proposals).where(*condition).with_for_update()).one_or_none()
        return None if row is None else _proposal(row)

    def proposal(self, proposal_id: UUID) -> Proposal | None:
        """One of them."""
        statement = select(outreach_proposals).where(outreach_proposals.c.id == proposal_id)
        row = self._connection.execute(statement.with_for_update()).one_or_none()
        return None if row is None else _proposal(row)

    def save(self, proposal: Proposal) -> None:
        """Keep its next state."""
        own = update(outreach_proposals).where(outreach_proposals.c.id == proposal.id)
        self._connection.execute(own.values(**_decision(proposal)))


def attempts_of(connection: Connection, tins: Collection[str]) -> Mapping[str, Sequence[Attempt]]:
    """The attempts of each of these TINs, the earliest first."""
    own = among(connection, outreach_attempts.c.tin, tins)
    order = (outreach_attempts.c.at, outreach_attempts.c.id)
    found: dict[str, list[Attempt]] = defaultdict(list)
    for row in connection.execute(select(outreach_attempts).where(own).order_by(*order)):
        attempt = Attempt(row.id, row.tin, row.at, row.by, Channel(row.channel), row.reached, row.note)
        found[row.tin].append(attempt)
    return found


def proposals_of(connection: Connection, tins: Collection[str]) -> Mapping[str, Sequence[Proposal]]:
    """The proposals of each of these TINs, the earliest first."""
    own = among(connection, outreach_proposals.c.tin, tins)
    order = (outreach_proposals.c.proposed_at, outreach_proposals.c.id)
    found: dict[str, list[Proposal]] = defaultdict(list)
    for row in connection.execute(select(outreach_proposals).where(own).order_by(*order)):
        found[row.tin].append(_proposal(row))
    return found


def _proposal(row: Row[Any]) -> Proposal:
    return Proposal(
        id=row.id,
        tin=row.tin,
        lines=lines_written(row.lines),
        kind=ProposalKind(row.kind),
        user_id=row.user_id,
        proof=row.proof,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state=ProposalState(row.state),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
    )


def _decision(proposal: Proposal) -> dict[str, Any]:
    return {
        "state": proposal.state.value,
        "decided_by": proposal.decided_by,
        "decided_at": proposal.decided_at,
        "note": proposal.note,
    }
