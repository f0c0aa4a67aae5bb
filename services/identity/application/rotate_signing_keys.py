"""Have new keys sign, without a token that anybody holds becoming worthless (IDN-11, IDN-12, OPS-7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.errors import UnavailableError
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.errors import RotationUnderWayError
from services.identity.domain.events import SigningKeyRotated
from services.identity.domain.signing_keys import PUBLISHED_AHEAD, Algorithm, SigningKey


@dataclass(frozen=True, slots=True)
class Rotated:
    """A key, known from now on, that signs from its `not_before` on; `former` verifies until its `expires_at`."""

    key: SigningKey
    former: SigningKey


def rotate_signing_keys(work: UnitOfWork[Store], ports: Ports) -> list[Rotated]:
    """Give the key of every algorithm a successor; raises `RotationUnderWayError` where one has yet to begin.

    The successor is published before it signs, for as long as anybody may keep what was published before; the former
    stays published until the last token that it signs is over.
    """
    made = [ports.tokens.make_key(algorithm, ports.clock.now()) for algorithm in Algorithm]
    return [_succeeded(key, work, ports) for key in made]


def _succeeded(made: SigningKey, work: UnitOfWork[Store], ports: Ports) -> Rotated:
    store, rules = work.writing(), ports.rules
    former = store.signing_keys.newest(made.algorithm)
    if former is None:
        raise UnavailableError("There is no key yet: identity makes the first ones when it starts.")
    begins = ports.clock.now() + PUBLISHED_AHEAD
    longest = max(rules.sessions.access_token, rules.openid.id_token) + rules.sessions.leeway
    key, ending = replace(made, not_before=begins), replace(former, expires_at=begins + longest)
    if former.not_before > ports.clock.now() or not store.signing_keys.succeed(ending, key):
        raise RotationUnderWayError
    for each in (ending, key):
        work.record(SigningKeyRotated(each.kid, each.algorithm, each.public_key, each.not_before, each.expires_at))
    return Rotated(key, ending)
