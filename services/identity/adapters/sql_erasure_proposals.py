"""Proposed erasures in SQL."""

from __future__ import annotations

from sqlalchemy import Connection, select

from chassis.db.engine import upsert
from services.identity.adapters.support_tables import erasure_proposal
from services.identity.domain.support_acts import ErasureProposal


class SqlErasureProposals:
    """`ErasureProposals`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_id: str) -> ErasureProposal | None:
        statement = select(erasure_proposal).where(erasure_proposal.c.user_id == user_id)
        row = self._connection.execute(statement).one_or_none()
        return None if row is None else ErasureProposal(row.user_id, row.proposed_by, row.reason, row.proposed_at)

    def put(self, proposal: ErasureProposal) -> None:
        values = {"proposed_by": proposal.by, "reason": proposal.reason, "proposed_at": proposal.at}
        statement = upsert(self._connection, erasure_proposal).values(user_id=proposal.user_id, **values)
        self._connection.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=values))
