"""Sign in, last step after a temporary password: one of their own (IDN-8)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import NotFoundError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.challenge_desk import account_behind, find_challenge
from services.identity.application.complete_sign_in import complete_sign_in
from services.identity.application.new_passwords import refuse_weak
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import Opening
from services.identity.application.sign_in_steps import PasswordChangeRequired, SignedIn, ToBeCarriedOn
from services.identity.domain.challenges import Challenge, ChallengeKind
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.events import PasswordChanged
from services.identity.domain.passwords import normalise


@dataclass(frozen=True, slots=True)
class ReplaceTemporaryPassword(Command):
    """The new password as typed; `authorization` is the handle of what a client asked for, as at the step before."""

    challenge: str
    secret: str | None
    new_password: str
    authorization: str | None = None
    whereabouts: Whereabouts = NOWHERE


def replace_temporary_password(
    command: ReplaceTemporaryPassword, work: UnitOfWork[Store], ports: Ports
) -> SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """Set it, once, and end the sign-in, as strong as its second step was.

    Raises `InvalidError` for a password that REG-7 refuses, and what `find_challenge`, `account_behind` and
    `complete_sign_in` raise. Another reset meanwhile outdates the flow.
    """
    with work.reading() as store:
        account = store.accounts.get(_challenge(command, store, ports).user_id)
    if account is None or not account.contacts:
        raise NotFoundError
    refuse_weak(command.new_password, account, ports.lists)
    password_hash = ports.hasher.hash(normalise(command.new_password))
    store, now = work.writing(), ports.clock.now()
    challenge = _challenge(command, store, ports)
    account = account_behind(challenge, store)
    if challenge.strength is None or not store.challenges.pass_(challenge.id, now):
        raise NotFoundError
    changed = account.with_password(password_hash, now)
    store.accounts.save(changed)
    work.acting_as(changed.actor)
    work.record(PasswordChanged(changed.user_id, challenge.site))
    opening = Opening(changed, challenge.site, challenge.strength, command.secret, command.whereabouts, challenge.risk)
    return complete_sign_in(opening, command.authorization, work, ports)


def _challenge(command: ReplaceTemporaryPassword, store: Store, ports: Ports) -> Challenge:
    return find_challenge(command.challenge, command.secret, ChallengeKind.NEW_PASSWORD, store, ports)
