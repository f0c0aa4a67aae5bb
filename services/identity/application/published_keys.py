"""Show the public keys of tokens that may be alive (RFC 7517)."""

from __future__ import annotations

from typing import Any

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store


def published_keys(work: UnitOfWork[Store], ports: Ports) -> list[dict[str, Any]]:
    """JWKs, oldest first."""
    with work.reading() as store:
        return [dict(key.public_key) for key in store.signing_keys.published(ports.clock.now())]
