"""What a giver's own standing lets them give and take away, cell by cell (ENT-4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.entitlements.domain.changes import Change
from services.entitlements.domain.givers import Giver
from services.entitlements.domain.grants import functions_of
from services.entitlements.domain.judgement import Code, Violation
from services.entitlements.domain.levels import DELEGATE, Level

_NO_ADMINISTRATOR = "You do not administer this TIN and line."
_LEVEL = "Your own level does not let you give, change or take away this level."
_FUNCTION = "You may not give or take away this function here."


def beyond_powers(giver: Giver, change: Change) -> Iterator[Violation]:
    """Every cell of the change that is not the giver's to give.

    Where the giver has no say, the wish alone is looked at, so that the answer tells nothing of what is there.
    """
    powers = giver.powers_at(change.place)
    if not giver.has_say_at(change.place):
        yield from _cells(change, [None, *sorted(change.named)], _NO_ADMINISTRATOR)
    elif powers.appoints:
        yield from _beyond_appointing(change)
    elif not change.levels <= powers.gives:
        yield from _cells(change, [None] if change.moves_level else [], _LEVEL)
        yield from _cells(change, sorted(change.touched), _LEVEL)
    else:
        touched = change.touched | (change.newly_wished & {DELEGATE})
        refused = [function for function in sorted(touched) if not giver.may_touch(function, change.place)]
        yield from _cells(change, refused, _FUNCTION)


def _beyond_appointing(change: Change) -> Iterator[Violation]:
    """Support appoints a primary administrator, with nothing besides what they have, or removes one altogether."""
    before, after = change.before, change.after
    kept = functions_of(before) & functions_of(after)
    appoints = after is not None and after.level is Level.PRIMARY
    removes = before is not None and before.level is Level.PRIMARY and after is None
    if not appoints and not removes and change.differs:
        yield from _cells(change, [None], _LEVEL)
    if not removes:
        yield from _cells(change, sorted(change.touched - kept), _FUNCTION)


def _cells(change: Change, functions: Iterable[str | None], detail: str) -> Iterator[Violation]:
    for function in functions:
        yield Violation(change.subject, change.place, Code.NOT_YOURS_TO_GIVE, detail, function)
