"""A temporary password lets its owner in as far as to choose their own, once (IDN-8)."""

from __future__ import annotations

from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import Opening
from services.identity.application.sign_in_steps import PasswordChangeRequired
from services.identity.domain.challenges import Challenge, ChallengeKind

TEMPORARY = "temporary_password"
"""Why a new password is asked for."""


def demand_password(opening: Opening, work: UnitOfWork[Store], ports: Ports) -> PasswordChangeRequired:
    """Open the last step, for the client that passed those before it, and use the temporary password up."""
    store, now = work.writing(), ports.clock.now()
    secret = opening.secret or ports.randomness.token()
    challenge = Challenge(
        id=str(new_id()),
        kind=ChallengeKind.NEW_PASSWORD,
        user_id=opening.account.user_id,
        secret_hash=ports.digests.of_token(secret),
        site=opening.site,
        reason=TEMPORARY,
        created_at=now,
        expires_at=now + ports.rules.challenge,
        strength=opening.strength,
        risk=opening.risk,
    )
    store.challenges.add(challenge)
    store.accounts.save(opening.account.with_temporary_password_used(now))
    return PasswordChangeRequired(challenge.id, secret)
