"""Entitlements' web process over a database full of grants, and tokens that it takes."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from chassis.db.engine import make_engine
from chassis.db.migrations import runner
from chassis.db.sessions import remember_verification_key
from chassis.kernel.ids import new_id
from chassis.security.callers import Caller, ClientCaller
from chassis.security.scopes import CHECK
from chassis.security.signing import SigningKey
from chassis.security.tokens import TOKEN_TYPE, claims_of
from chassis.wiring import migrations_of
from tests.bench.check.grants import MANAGER
from tests.bench.serving import WebProcess, web_process
from tests.e2e.deployments import environment

_ISSUER = "http://127.0.0.1:8080"
_A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Served:
    """The web process, and the tokens of a site's program and of a manager."""

    web: WebProcess
    program: str
    manager: str


def migrate(url: str) -> None:
    """Make entitlements' tables."""
    engine = make_engine(url)
    runner.migrate(engine, migrations_of("entitlements"), "entitlements")
    engine.dispose()


@contextmanager
def served(url: str) -> Iterator[Served]:
    """One process with one thread, as `wardenry serve` starts it."""
    key = SigningKey.make()
    engine = make_engine(url)
    with engine.begin() as connection:
        remember_verification_key(connection, key.kid, key.public_jwk(), None)
    engine.dispose()
    with web_process("entitlements", _variables(url), threads=1) as web:
        yield Served(web, _token(key, _program()), _token(key, _manager()))


def _variables(url: str) -> dict[str, str]:
    return environment(
        WARDENRY_ISSUER=_ISSUER,
        WARDENRY_SERVICE_SECRET=secrets.token_hex(32),
        WARDENRY_ADDRESS_LIMITS="false",
        WARDENRY_ENTITLEMENTS_DATABASE_URL=url,
        WARDENRY_ENTITLEMENTS_EDGE_SECRET=secrets.token_hex(32),
        WARDENRY_ENTITLEMENTS_SEALING_KEYS=f"first:{secrets.token_urlsafe(32)}",
    )


def _program() -> ClientCaller:
    return ClientCaller("bench", frozenset({CHECK}))


def _manager() -> Caller:
    return Caller(MANAGER, str(new_id()), "medical", "2", ("pwd", "otp"), datetime.now(UTC), frozenset(), "bench")


def _token(key: SigningKey, bearer: Caller | ClientCaller) -> str:
    return key.sign(claims_of(bearer, issuer=_ISSUER, now=datetime.now(UTC), lifetime=_A_DAY), typ=TOKEN_TYPE)
