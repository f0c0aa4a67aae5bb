"""Limits on what people do to themselves: nobody rises, nor stays longer, nor approves, by their own hand (GO-2)."""

from __future__ import annotations

from collections.abc import Iterator

from services.entitlements.domain.changes import Change
from services.entitlements.domain.givers import Giver
from services.entitlements.domain.grants import level_of
from services.entitlements.domain.judgement import Code, Violation
from services.entitlements.domain.levels import is_upward


def beyond_oneself(giver: Giver, change: Change) -> Iterator[Violation]:
    """Violations of a change that the giver wishes for themselves."""
    if giver.user_id != change.subject:
        return
    for code, detail in _forbidden(giver, change):
        yield Violation(change.subject, change.place, code, detail)


def _forbidden(giver: Giver, change: Change) -> Iterator[tuple[Code, str]]:
    if is_upward(level_of(change.before), level_of(change.after)):
        yield Code.OWN_LEVEL_UPWARD, "Nobody raises their own level."
    elif giver.powers_at(change.place).appoints:
        yield Code.NOT_YOURS_TO_GIVE, "A case is never about the agent who works on it."
    if _stays_longer(change):
        yield Code.OWN_UNTIL_LATER, "Nobody moves the end of their own access away."
    if change.approves:
        yield Code.OWN_REQUEST, "Nobody approves their own request."


def _stays_longer(change: Change) -> bool:
    before, after = change.before, change.after
    if before is None or after is None or before.until is None:
        return False
    return after.until is None or after.until > before.until
