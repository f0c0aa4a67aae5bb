"""What no giver can give: a function that the line does not have, or that the level cannot hold (ENT-2, ENT-4)."""

from __future__ import annotations

from collections.abc import Iterator

from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.changes import Change
from services.entitlements.domain.judgement import Code, Violation
from services.entitlements.domain.levels import fits


def inconsistent(change: Change, catalogue: Catalogue) -> Iterator[Violation]:
    """Violations of the wish by itself; a function that is there already is untouched, and goes with its level."""
    level = change.wish.level
    for function in sorted(change.newly_wished):
        if not catalogue.offers(function, change.place.line):
            detail = "This line of business does not have the function."
            yield Violation(change.subject, change.place, Code.FUNCTION_NOT_IN_LINE, detail, function)
        elif level is None or not fits(level, function):
            detail = "The wished level cannot hold this function."
            yield Violation(change.subject, change.place, Code.FUNCTION_NOT_IN_LEVEL, detail, function)
