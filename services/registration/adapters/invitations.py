"""Invitations in SQL. What is personal stands in columns of its own, so that erasure can reach it (IDN-13)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from services.registration.adapters.choosing import among
from services.registration.adapters.tables import invitation_access, invitations, practice_managers
from services.registration.application.invitation_search import InvitationSearch
from services.registration.domain.invitations import (
    UNREDEEMED,
    Credentials,
    Invitation,
    InvitationState,
    Invitee,
    PreparedAccess,
)
from services.registration.domain.lines import Line

_PERSONAL = ("first_name", "middle_initial", "last_name", "phone", "extension", "email")
_SEPARATOR = ";"
_AT_ONCE = 1_000
"""So many are named in one statement."""

_UNREDEEMED = (
    invitations.c.state.in_([literal_column(f"'{state.value}'") for state in sorted(UNREDEEMED)]),
    invitations.c.email.is_not(None),
)
_IS_OPEN = invitations.c.state == literal_column(f"'{InvitationState.OPEN.value}'")


class SqlInvitations:
    """`Invitations` within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, invitation_id: UUID) -> Invitation | None:
        """The invitation as it stands."""
        return self._one(invitations.c.id == invitation_id)

    def lock(self, invitation_id: UUID) -> Invitation | None:
        """The same, locked."""
        return self._one(invitations.c.id == invitation_id, locked=True)

    def with_temporary_id(self, temporary_id: str) -> Invitation | None:
        """The invitation of this temporary ID."""
        return self._one(invitations.c.temporary_id == temporary_id)

    def lock_claimed(self, registration_id: UUID) -> Invitation | None:
        """The unconfirmed invitation of this registration, locked."""
        unconfirmed = invitations.c.state == InvitationState.UNCONFIRMED.value
        return self._one(and_(invitations.c.registration_id == registration_id, unconfirmed), locked=True)

    def taken(self, temporary_ids: Collection[str]) -> frozenset[str]:
        """Those of these temporary IDs that an invitation has."""
        column = invitations.c.temporary_id
        return frozenset(
            self._connection.execute(select(column).where(among(self._connection, column, temporary_ids))).scalars()
        )

    def of(self, invitation_ids: Sequence[UUID]) -> Sequence[Invitation]:
        """These invitations, in this order."""
        found: dict[UUID, Invitation] = {}
        for start in range(0, len(invitation_ids), _AT_ONCE):
            some = invitations.c.id.in_(invitation_ids[start : start + _AT_ONCE])
            rows = self._connection.execute(select(invitations).where(some)).all()
            found |= {each.id: each for each in self._whole(rows)}
        return [found[each] for each in invitation_ids if each in found]

    def give_passwords(self, new: Sequence[Invitation]) -> None:
        """Keep the hashes of passwords of invitations that had none."""
        if not new:
            return
        own = (invitations.c.id == bindparam("of_id")) & invitations.c.password_hash.is_(None)
        statement = update(invitations).where(own).values(password_hash=bindparam("hashed"))
        rows = [{"of_id": each.id, "hashed": each.credentials.password_hash} for each in new]
        self._connection.execute(statement, rows)

    def add(self, new: Sequence[Invitation]) -> None:
        """Keep new invitations."""
        if not new:
            return
        rows = [{"id": each.id, "created_at": each.created_at, **_state(each), **_person(each)} for each in new]
        self._connection.execute(insert(invitations), rows)
        self._add_access(new)

    def save(self, invitation: Invitation) -> None:
        """Keep the next state."""
        self._update(invitation, _state(invitation))

    def rewrite(self, invitation: Invitation) -> None:
        """Keep the next state, with person and access."""
        self._update(invitation, {**_state(invitation), **_person(invitation)})
        self._connection.execute(delete(invitation_access).where(invitation_access.c.invitation_id == invitation.id))
        self._add_access([invitation])

    def page(self, sought: InvitationSearch, before: UUID | None, limit: int) -> Sequence[Invitation]:
        """The newest of those that the viewer made or that are for their places."""
        conditions = [_concerns(sought.viewer), or_(*_in_states(sought.states, sought.now))]
        if sought.ends_by is not None:
            conditions.append(invitations.c.expires_at <= sought.ends_by)
        if before is not None:
            conditions.append(invitations.c.id < before)
        statement = select(invitations).where(*conditions).order_by(invitations.c.id.desc()).limit(limit)
        return self._whole(self._connection.execute(statement).all())

    def overdue(self, as_of: datetime, limit: int) -> Sequence[Invitation]:
        """Those that end by then, locked."""
        return self._due([_IS_OPEN, invitations.c.expires_at <= as_of], limit)

    def count_overdue(self, as_of: datetime) -> int:
        """How many there are."""
        return self._count([_IS_OPEN, invitations.c.expires_at <= as_of])

    def unannounced(self, after: datetime, until: datetime, limit: int) -> Sequence[Invitation]:
        """Those of whose end nobody was told, locked."""
        return self._due(_unannounced(after, until), limit)

    def count_unannounced(self, after: datetime, until: datetime) -> int:
        """How many there are."""
        return self._count(_unannounced(after, until))

    def forget(self, user_id: str) -> None:
        """Drop what is personal in those that this account has redeemed."""
        statement = update(invitations).where(invitations.c.redeemed_by == user_id)
        self._connection.execute(statement.values(dict.fromkeys(_PERSONAL)))

    def unredeemed(self, ended_by: datetime, limit: int) -> Sequence[Invitation]:
        """Those whose end is longest ago first, by the partial index of those that are not forgotten, locked."""
        over = (*_UNREDEEMED, invitations.c.ended_at <= ended_by)
        statement = select(invitations).where(*over).order_by(invitations.c.ended_at, invitations.c.id).limit(limit)
        return self._whole(self._connection.execute(statement.with_for_update()).all())

    def count_unredeemed(self, ended_by: datetime) -> int:
        """How many there are."""
        return self._count([*_UNREDEEMED, invitations.c.ended_at <= ended_by])

    def forget_invitees(self, forgotten: Sequence[Invitation]) -> None:
        """Drop what is personal in these."""
        if not forgotten:
            return
        own = update(invitations).where(invitations.c.id == bindparam("of_id"))
        statement = own.values(version=bindparam("as_version"), **dict.fromkeys(_PERSONAL))
        self._connection.execute(statement, [{"of_id": each.id, "as_version": each.version} for each in forgotten])

    def _one(self, condition: ColumnElement[bool], *, locked: bool = False) -> Invitation | None:
        statement = select(invitations).where(condition)
        row = self._connection.execute(statement.with_for_update() if locked else statement).one_or_none()
        return self._whole([row])[0] if row else None

    def _due(self, conditions: Sequence[ColumnElement[bool]], limit: int) -> Sequence[Invitation]:
        earliest_first = (invitations.c.expires_at, invitations.c.id)
        statement = select(invitations).where(*conditions).order_by(*earliest_first).limit(limit)
        return self._whole(self._connection.execute(statement.with_for_update()).all())

    def _count(self, conditions: Sequence[ColumnElement[bool]]) -> int:
        counted = select(func.count()).select_from(invitations).where(*conditions)
        return int(self._connection.execute(counted).scalar_one())

    def _update(self, invitation: Invitation, values: dict[str, object]) -> None:
        self._connection.execute(update(invitations).where(invitations.c.id == invitation.id).values(values))

    def _add_access(self, new: Sequence[Invitation]) -> None:
        rows = [_access_row(each.id, place, access) for each in new for place, access in enumerate(each.access)]
        if rows:
            self._connection.execute(insert(invitation_access), rows)

    def _whole(self, rows: Sequence[Row[Any]]) -> list[Invitation]:
        access: dict[UUID, list[PreparedAccess]] = defaultdict(list)
        if rows:
            own = invitation_access.c.invitation_id.in_([row.id for row in rows])
            ordered = select(invitation_access).where(own).order_by(invitation_access.c.place)
            for row in self._connection.execute(ordered):
                access[row.invitation_id].append(_access(row))
        return [_invitation(row, tuple(access[row.id])) for row in rows]


def _concerns(viewer: str) -> ColumnElement[bool]:
    same = and_(
        practice_managers.c.tin == invitation_access.c.tin,
        practice_managers.c.line == invitation_access.c.line,
        practice_managers.c.user_id == viewer,
    )
    managed = select(invitation_access.c.invitation_id).join(practice_managers, same)
    return or_(invitations.c.invited_by == viewer, invitations.c.id.in_(managed))


def _in_states(states: Collection[InvitationState], now: datetime) -> Iterator[ColumnElement[bool]]:
    yield invitations.c.state.in_(sorted(set(states) - {InvitationState.OPEN}))
    if InvitationState.OPEN in states:
        yield and_(_IS_OPEN, invitations.c.expires_at > now)
    if InvitationState.EXPIRED in states:
        yield and_(_IS_OPEN, invitations.c.expires_at <= now)


def _unannounced(after: datetime, until: datetime) -> list[ColumnElement[bool]]:
    ends = invitations.c.expires_at
    return [_IS_OPEN, ends > after, ends <= until, ~invitations.c.announced]


def _state(invitation: Invitation) -> dict[str, object]:
    return {
        "temporary_id": invitation.temporary_id,
        "password_hash": invitation.credentials.password_hash,
        "invited_by": invitation.invited_by,
        "expires_at": invitation.expires_at,
        "state": invitation.state.value,
        "wrong_passwords": invitation.wrong_passwords,
        "announced": invitation.announced,
        "registration_id": invitation.registration_id,
        "redeemed_by": invitation.redeemed_by,
        "ended_at": invitation.ended_at,
        "version": invitation.version,
    }


def _person(invitation: Invitation) -> dict[str, object]:
    if invitation.invitee is None:
        raise ValueError("an invitation is written with its person")
    return {name: getattr(invitation.invitee, name) for name in _PERSONAL}


def _access_row(invitation_id: UUID, place: int, access: PreparedAccess) -> dict[str, object]:
    return {
        "invitation_id": invitation_id,
        "place": place,
        "tin": access.tin,
        "line": access.line.value,
        "practice": access.practice,
        "level": access.level,
        "functions": _SEPARATOR.join(access.functions),
        "until": access.until,
    }


def _access(row: Row[Any]) -> PreparedAccess:
    functions = tuple(row.functions.split(_SEPARATOR)) if row.functions else ()
    return PreparedAccess(row.tin, Line(row.line), row.level, functions, row.until, row.practice)


def _invitation(row: Row[Any], access: tuple[PreparedAccess, ...]) -> Invitation:
    erased = row.email is None
    return Invitation(
        id=row.id,
        credentials=Credentials(row.temporary_id, row.password_hash),
        invited_by=row.invited_by,
        invitee=None if erased else Invitee(**{name: getattr(row, name) for name in _PERSONAL}),
        access=access,
        created_at=row.created_at,
        expires_at=row.expires_at,
        state=InvitationState(row.state),
        wrong_passwords=row.wrong_passwords,
        announced=row.announced,
        registration_id=row.registration_id,
        redeemed_by=row.redeemed_by,
        ended_at=row.ended_at,
        version=row.version,
    )
