"""End sessions: one's own, another of one's own, or all of them (IDN-10)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import end_session
from services.identity.domain.sessions import EndReason


@dataclass(frozen=True, slots=True)
class SignOut(Command):
    """The caller's present session."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class RevokeSession(Command):
    """A session that the caller found in the list of their own."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class RevokeSessions(Command):
    """Every session of the caller, the present one included."""

    user_id: str


def sign_out(command: SignOut, work: UnitOfWork[Store], ports: Ports) -> None:
    """End it everywhere; does nothing where it has ended."""
    session = work.writing().sessions.for_update(command.session_id)
    if session is not None and session.user_id == command.user_id:
        end_session(session, EndReason.SIGNED_OUT, work, ports)


def revoke_session(command: RevokeSession, work: UnitOfWork[Store], ports: Ports) -> None:
    """End it everywhere; raises `NotFoundError` for one that is not theirs, or not alive."""
    session = work.writing().sessions.for_update(command.session_id)
    if session is None or session.user_id != command.user_id:
        raise NotFoundError
    if not end_session(session, EndReason.REVOKED, work, ports):
        raise NotFoundError


def revoke_sessions(command: RevokeSessions, work: UnitOfWork[Store], ports: Ports) -> None:
    """End them all everywhere."""
    for session in work.writing().sessions.of_account(command.user_id):
        end_session(session, EndReason.REVOKED, work, ports)
