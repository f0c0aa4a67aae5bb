"""Who may read the delegation history (AUD-2, `delegation.md`, column "history report")."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LEVELS_THAT_SEE = frozenset({"primary", "secondary", "auditor"})
"""Both administrator levels and the auditor: the history report goes with these and with nothing else."""


@dataclass(frozen=True, slots=True)
class Held:
    """One access that somebody holds, as far as audit needs to know it: ended once `until` has come."""

    user_id: str
    tin: str
    line: str
    level: str
    until: datetime | None

    def sees_history(self, now: datetime) -> bool:
        """Whether it opens the history of its TIN and line at this moment."""
        return self.level in LEVELS_THAT_SEE and (self.until is None or self.until > now)
