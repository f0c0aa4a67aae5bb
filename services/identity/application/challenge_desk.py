"""Finds the flow that a client is in, for that client alone (IDN-1)."""

from __future__ import annotations

import hmac

from chassis.kernel.errors import NotFoundError
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, State
from services.identity.domain.challenges import Challenge, ChallengeKind
from services.identity.domain.errors import AccountDisabledError


def find_challenge(challenge_id: str, secret: str | None, kind: ChallengeKind, store: Store, ports: Ports) -> Challenge:
    """The open challenge of that kind; raises `NotFoundError` for any other, and for a wrong or missing secret."""
    challenge = store.challenges.get(challenge_id, kind)
    presented = ports.digests.of_token(secret or "")
    if challenge is None or not hmac.compare_digest(presented, challenge.secret_hash):
        raise NotFoundError
    if not challenge.is_open_at(ports.clock.now()):
        raise NotFoundError
    return challenge


def account_behind(challenge: Challenge, store: Store) -> Account:
    """The challenge's account, locked; raises `AccountDisabledError` where it may not sign in any more.

    A flow that was begun with a former password is over: `NotFoundError` (IDN-7).
    """
    account = store.accounts.for_update(challenge.user_id)
    if account is None or account.state is not State.ACTIVE:
        raise AccountDisabledError
    if account.outdates(challenge.created_at):
        raise NotFoundError
    return account
