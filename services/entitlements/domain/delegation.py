"""The one rule engine: whatever path a wish comes by, it is judged here (GO-2, `delegation.md`)."""

from __future__ import annotations

from collections.abc import Iterable

from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.changes import Change
from services.entitlements.domain.consistency import inconsistent
from services.entitlements.domain.givers import Giver
from services.entitlements.domain.giving import beyond_powers
from services.entitlements.domain.judgement import Effect, Judgement
from services.entitlements.domain.manager_limits import MOST_MANAGERS, Managers, beyond_limits
from services.entitlements.domain.own_access import beyond_oneself


def judge(
    giver: Giver,
    changes: Iterable[Change],
    managers: Managers,
    catalogue: Catalogue,
    *,
    most_managers: int = MOST_MANAGERS,
) -> Judgement:
    """Judge changes of one or many people as a whole.

    `managers` are those of every TIN concerned, at the same moment as the giver's standing and the changes'
    `before`; the caller holds the locks that keep it so. Functions that the catalogue does not know must have been
    refused before. Where the giver has no say, the violations tell nothing of what is there.
    """
    changes = tuple(changes)
    heard = [change for change in changes if giver.has_say_at(change.place)]
    violations = [
        *(violation for change in changes for violation in beyond_powers(giver, change)),
        *(violation for change in changes for violation in beyond_oneself(giver, change)),
        *(violation for change in heard for violation in inconsistent(change, catalogue)),
        *beyond_limits(heard, managers, most_managers, giver.cases),
    ]
    effects = [
        Effect(change.subject, change.place, change.before, change.after, approves=change.approves)
        for change in changes
        if change.differs
    ]
    return Judgement(tuple(effects), tuple(violations))
