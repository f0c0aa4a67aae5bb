"""What the pages of Manage user access have in common: who may open them, and the matrix for one person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flask import abort

from services.portal.api.context import context
from services.portal.api.signed_in import api, user_id
from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import Access, Administered, Place, Request
from services.portal.application.matrix import PRIMARY, Column, Matrix
from services.portal.application.standing import at_tins, shown_tins

_WRONG_ROLE = 403
_UNKNOWN = 404


@dataclass(frozen=True, slots=True)
class Desk:
    """The caller as an administrator: their calls, and what they administer, as far as the site shows it (ENT-15)."""

    calls: Entitlements
    administered: tuple[Administered, ...]

    def at(self, place: Place) -> Administered | None:
        """The place, if it is among them."""
        return next((each for each in self.administered if each.place == place), None)


def open_desk() -> Desk:
    """The caller's; 403 for somebody who administers nothing. What they may do there the API decides again."""
    calls = Entitlements(api())
    administered = calls.my_practices()
    if not administered:
        abort(_WRONG_ROLE)
    return Desk(calls, at_tins(administered, shown_tins(administered, context.site.lines)))


def matrix_of(
    desk: Desk, access: Sequence[Access], requests: Sequence[Request], added: Collection[Place] = ()
) -> Matrix:
    """One column for each place where the user has access, waits, or is to be added, as far as one administers it."""
    present = {each.place: each for each in access if each.state != "ended"}
    waiting = {each.place: each.id for each in requests if each.is_waiting}
    mine = own_functions(desk)
    columns = [
        Column(
            place=each.place,
            practice=each.practice,
            present=present.get(each.place),
            giver=each.level,
            may_give=None if each.level == PRIMARY else mine.get(each.place, frozenset()),
            request_id=waiting.get(each.place),
        )
        for each in desk.administered
        if each.place in {*present, *waiting, *added}
    ]
    if not columns:
        abort(_UNKNOWN)
    return Matrix(tuple(columns), tuple(desk.calls.functions()), tuple(desk.calls.levels()), context.ports.time_zone)


def requests_of(desk: Desk, whose: str) -> list[Request]:
    """The requests of a user that wait for the caller's decision."""
    return [each for each in desk.calls.requests({"query": whose}) if each.user_id == whose]


def is_oneself(whose: str) -> bool:
    """Whether the user is the caller."""
    return whose == user_id()


def own_functions(desk: Desk) -> dict[Place, frozenset[str]]:
    """What a secondary administrator holds, and so may give (ENT-4)."""
    if all(each.level == PRIMARY for each in desk.administered):
        return {}
    return {each.place: each.functions for each in desk.calls.my_access() if each.is_active}
