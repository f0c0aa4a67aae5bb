"""See to it that there is a key of every algorithm to sign with, and that every service knows it (IDN-11, IDN-12)."""

from __future__ import annotations

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.events import SigningKeyRotated
from services.identity.domain.signing_keys import Algorithm


def ensure_signing_key(work: UnitOfWork[Store], ports: Ports) -> bool:
    """Make the first keys; False where there are all. Of several processes that start at once, one makes each."""
    with work.reading() as store:
        missing = [each for each in Algorithm if store.signing_keys.newest(each) is None]
    made = [ports.tokens.make_key(each, ports.clock.now()) for each in missing]
    kept = [key for key in made if work.writing().signing_keys.add_first(key)]
    for key in kept:
        work.record(SigningKeyRotated(key.kid, key.algorithm, key.public_key, key.not_before, key.expires_at))
    return bool(kept)
