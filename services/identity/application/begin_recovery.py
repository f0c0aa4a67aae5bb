"""Forgotten password, first step: the user ID (IDN-7)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.sign_in_steps import Method
from services.identity.domain.codes import Channel
from services.identity.domain.recoveries import Recovery, Step
from services.identity.domain.user_ids import findable

WAYS = {channel: Method(channel.value, channel.value, "•••") for channel in Channel}
"""The methods of every recovery, by e-mail and by text message: of the account's contacts a stranger is shown nothing,
not even whether there is a number.
"""


@dataclass(frozen=True, slots=True)
class BeginRecovery(Command):
    """The user ID as typed."""

    user_id: str
    site: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A recovery that only `challenge_secret` carries on, and how a code may come."""

    challenge: str
    challenge_secret: str
    methods: tuple[Method, ...]


def begin_recovery(command: BeginRecovery, work: UnitOfWork[Store], ports: Ports) -> Begun:
    """Begin, whether there is such an account or not.

    Promised is this: for a user ID that is unknown, or whose account is disabled, unconfirmed or has no date of
    birth, every step answers as for one that can be recovered, until the proofs are right, which they never are
    there. The methods are the same for all, so that nothing is told by its number, name or hint; limits and wrong tries
    are counted by what was typed, under a keyed hash; a proof costs one hash of Argon2id in any case. What differs is
    the event of a code that is sent, a row in the same transaction.
    """
    user_id, now, secret = fold(command.user_id), ports.clock.now(), ports.randomness.token()
    store = work.writing()
    account = store.accounts.get(findable(user_id))
    recovery = Recovery(
        id=str(new_id()),
        key=ports.digests.keyed("recovery", user_id),
        user_id=account.user_id if account and account.recovery_contact else None,
        secret_hash=ports.digests.of_token(secret),
        site=command.site,
        step=Step.BEGUN,
        created_at=now,
        expires_at=now + ports.rules.recovery,
    )
    store.recoveries.add(recovery)
    return Begun(recovery.id, secret, tuple(WAYS.values()))
