"""Where identity keeps which accounts are to be erased on request (IDN-15)."""

from __future__ import annotations

from typing import Protocol

from services.identity.domain.support_acts import ErasureProposal


class ErasureProposals(Protocol):
    """What one agent has proposed and another has not decided yet; the row of its account is locked."""

    def get(self, user_id: str) -> ErasureProposal | None:
        """The account's, over or not."""

    def put(self, proposal: ErasureProposal) -> None:
        """Keep it, in place of an earlier one."""
