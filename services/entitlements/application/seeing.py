"""Who sees whom: managers see the users around the places that they administer (`delegation.md`, 6)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from services.entitlements.application.ports import Store, held_by
from services.entitlements.domain.access import Access
from services.entitlements.domain.givers import Giver
from services.entitlements.domain.people import AccountState, Person
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import Request, RequestState


@dataclass(frozen=True, slots=True)
class Sight:
    """A user as one viewer sees them: what stands open for them everywhere, and where the viewer may look.

    `places` is None where the viewer is the user: people see all of their own.
    """

    giver: Giver
    person: Person
    standing: tuple[Access, ...]
    requests: tuple[Request, ...]
    places: frozenset[Place] | None

    def sees(self, place: Place) -> bool:
        """Whether what is at this place is shown to the viewer."""
        return self.places is None or place in self.places

    @property
    def visible(self) -> tuple[Access, ...]:
        """What the viewer is shown of the user's open access."""
        return tuple(access for access in self.standing if self.sees(access.place))


def giver_of(user_id: str, standing: Iterable[Access], now: datetime) -> Giver:
    """A person with what they hold now; functions that are suspended by themselves are not held either (ENT-14)."""
    held = {place: access.counting for place, access in held_by(user_id, standing, now).items()}
    return Giver(user_id, {place: grant for place, grant in held.items() if grant is not None})


def standing_giver(user_id: str, store: Store, now: datetime) -> Giver:
    """A person with what they hold now, as the store has it."""
    return giver_of(user_id, store.accesses.standing_of([user_id]), now)


def look_at(user_id: str, viewer: str, store: Store, now: datetime) -> Sight:
    """The user as the viewer sees them; raises `NotFoundError` for one whom the viewer may not see."""
    person = store.people.of([user_id]).get(user_id)
    if person is None:
        raise NotFoundError
    standing = store.accesses.standing_of({user_id, viewer})
    giver = giver_of(viewer, standing, now)
    own = tuple(access for access in standing if access.user_id == user_id)
    requests = tuple(store.requests.open_of(user_id))
    if user_id == viewer:
        return Sight(giver, person, own, requests, None)
    sight = Sight(giver, person, own, requests, giver.administered)
    if not _is_near(sight, store):
        raise NotFoundError
    return sight


def look_to_change(user_id: str, viewer: str, store: Store, now: datetime) -> Sight:
    """The same for whoever would change it; nothing is to be changed of an account that is gone."""
    sight = look_at(user_id, viewer, store, now)
    if sight.person.state is AccountState.REMOVED:
        raise NotFoundError
    return sight


def find_request(request_id: str, viewer: str, store: Store, now: datetime) -> Request:
    """The request, for its owner and for those who administer its place; raises `NotFoundError` to everybody else.

    Before its owner's e-mail address is confirmed, nobody finds it (REG-9).
    """
    request = store.requests.get(request_id)
    if request is None or request.state is RequestState.UNCONFIRMED:
        raise NotFoundError
    if request.user_id != viewer and request.place not in standing_giver(viewer, store, now).administered:
        raise NotFoundError
    return request


def _is_near(sight: Sight, store: Store) -> bool:
    """Whether the user has, had or waits for access where the viewer administers."""
    if not sight.places:
        return False
    waiting = {request.place for request in sight.requests if request.is_waiting}
    if sight.visible or sight.places & waiting:
        return True
    user_id = sight.person.user_id
    past = store.accesses.past_places([user_id]).get(user_id, frozenset())
    return bool(sight.places & past)
