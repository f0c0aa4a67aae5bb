"""How many access managers there must be and may be (ENT-3; `delegation.md`, 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from services.entitlements.domain.changes import Change
from services.entitlements.domain.judgement import Code, Violation
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Place

MOST_MANAGERS = 15


@dataclass(frozen=True, slots=True)
class Managers:
    """The access managers of some TINs, in all their lines.

    `everyone` are all of them, suspended ones and those with an end included; `lasting` those without an end and not
    suspended, of whom each line that has had one must keep at least one.
    """

    everyone: Mapping[Place, frozenset[str]]
    lasting: Mapping[Place, frozenset[str]]

    def after(self, changes: Iterable[Change]) -> Managers:
        """The managers once all these changes are made."""
        everyone, lasting = _growing(self.everyone), _growing(self.lasting)
        for change in changes:
            manages = change.after is not None and change.after.level is Level.PRIMARY
            lasts = manages and change.after is not None and change.after.until is None and not change.suspended
            _put(everyone[change.place], change.subject, present=manages)
            _put(lasting[change.place], change.subject, present=lasts)
        return Managers(_settled(everyone), _settled(lasting))

    def people(self, tin: str) -> frozenset[str]:
        """The distinct people who manage any line of the TIN."""
        return frozenset(user for place, users in self.everyone.items() if place.tin == tin for user in users)


def beyond_limits(
    changes: Iterable[Change], before: Managers, most: int = MOST_MANAGERS, cases: frozenset[Place] = frozenset()
) -> Iterator[Violation]:
    """Violations by the changes taken together: a place left without a manager, or a TIN with too many.

    At the places of `cases` two support agents may take away even the last (REG-13).
    """
    changes = tuple(changes)
    after = before.after(changes)
    for change in changes:
        place = change.place
        is_last = change.subject in before.lasting.get(place, frozenset()) and not after.lasting.get(place)
        if is_last and place not in cases:
            detail = "This is the last access manager here without an end: name another one first."
            yield Violation(change.subject, place, Code.LAST_MANAGER, detail)
        people, comes = after.people(place.tin), change.after is not None and change.after.level is Level.PRIMARY
        if comes and len(people) > most and change.subject in people - before.people(place.tin):
            yield Violation(change.subject, place, Code.TOO_MANY_MANAGERS, f"A TIN has at most {most} access managers.")


def _growing(users: Mapping[Place, frozenset[str]]) -> defaultdict[Place, set[str]]:
    return defaultdict(set, {place: set(some) for place, some in users.items()})


def _settled(users: Mapping[Place, set[str]]) -> dict[Place, frozenset[str]]:
    return {place: frozenset(some) for place, some in users.items()}


def _put(users: set[str], user: str, *, present: bool) -> None:
    if present:
        users.add(user)
    else:
        users.discard(user)
