"""Identity over a database with a million accounts, and what one needs to call it."""

from __future__ import annotations

import hashlib
import json
from contextlib import AbstractContextManager
from dataclasses import dataclass

from sqlalchemy import Engine, text

from tests.bench.serving import WebProcess, web_process
from tests.e2e.deployments import environment
from tests.integration.identity.world import World


@dataclass(frozen=True, slots=True)
class Cost:
    """What a hash takes: passes, and memory in KiB; in one lane."""

    passes: int
    memory_kib: int

    def __str__(self) -> str:
        return f"{self.passes} passes over {self.memory_kib // 1024} MiB"


DEFAULT = Cost(2, 19 * 1024)
"""Without a setting (IDN-16)."""

STRONGER = Cost(3, 64 * 1024)
"""RFC 9106's second choice (section 4), which its readers set."""

CLIENT = "wardenry-portal-medical"

_ACCOUNTS = """
    INSERT INTO account (
        user_id, kind, state, site, first_name, last_name, job_role, language, password_hash, created_at, confirmed_at
    )
    SELECT
        'bench' || each, kind, state, site, first_name, last_name, job_role, language, password_hash, created_at,
        confirmed_at
    FROM account, generate_series(1, :count) AS each WHERE account.user_id = 'mmartin5'
"""
_CONTACTS = """
    INSERT INTO contact (id, user_id, kind, value, verified_at, created_at)
    SELECT gen_random_uuid(), 'bench' || each, kind, 'bench' || each || '@example.com', verified_at, created_at
    FROM contact, generate_series(1, :count) AS each WHERE contact.user_id = 'mmartin5'
"""
_SESSIONS = """
    INSERT INTO session SELECT (jsonb_populate_record(CAST(NULL AS session), changed)).* FROM (
        SELECT to_jsonb(one)
            || jsonb_build_object('id', lpad(CAST(each AS text), 36, '0'), 'user_id', 'bench' || each) AS changed
        FROM (SELECT * FROM session WHERE user_id = 'mmartin5' LIMIT 1) AS one, generate_series(1, :count) AS each
    ) AS copies
"""
_REFRESH_TOKENS = """
    INSERT INTO refresh_token (digest, family_id, session_id, client_id, issued_at, expires_at, scopes)
    SELECT :digest, :session, :session, :client, now(), now() + interval '8 hours', '["openid", "wardenry"]'
"""


def fill(engine: Engine, accounts: int, sessions: int) -> None:
    """Copies of one account that is signed in, `bench1` and so on; the first ones have sessions."""
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for statement, count in ((_ACCOUNTS, accounts), (_CONTACTS, accounts), (_SESSIONS, sessions)):
            connection.execute(text(statement), {"count": count})
    look_over(engine)


def look_over(engine: Engine) -> None:
    """What autovacuum does within a minute: statements are planned anew for what the tables have become."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def refresh_token_of(engine: Engine, number: int) -> str:
    """A refresh token of the portal's, for the session of that number."""
    token = f"bench-refresh-{number:030d}"
    values = {"digest": hashlib.sha256(token.encode()).hexdigest(), "session": f"{number:036d}", "client": CLIENT}
    with engine.begin() as connection:
        connection.execute(text(_REFRESH_TOKENS), values)
    return token


def served(world: World, url: str, *, workers: int, threads: int) -> AbstractContextManager[WebProcess]:
    """Identity's, with the secrets that its accounts were made with."""
    return web_process("identity", _variables(world, url), workers=workers, threads=threads)


def _variables(world: World, url: str) -> dict[str, str]:
    settings = world.settings
    clients = [each.model_dump() | {"secret": each.secret.get_secret_value()} for each in settings.portal_clients]
    return environment(
        WARDENRY_ISSUER=settings.issuer,
        WARDENRY_SERVICE_SECRET=settings.service_secret.get_secret_value(),
        WARDENRY_ADDRESS_LIMITS="false",
        WARDENRY_IDENTITY_DATABASE_URL=url,
        WARDENRY_IDENTITY_HASH_SLOTS="1",  # a process a core, and a hash a process
        WARDENRY_IDENTITY_HASH_PASSES=str(settings.hash_passes),
        WARDENRY_IDENTITY_HASH_MEMORY_KIB=str(settings.hash_memory_kib),
        WARDENRY_IDENTITY_EDGE_SECRET=settings.edge_secret.get_secret_value(),
        WARDENRY_IDENTITY_SEALING_KEYS=settings.sealing_keys.get_secret_value(),
        WARDENRY_IDENTITY_PEPPER=settings.pepper.get_secret_value(),
        WARDENRY_IDENTITY_NOTIFY_PUBLIC_KEY=settings.notify_public_key,
        WARDENRY_IDENTITY_PORTAL_CLIENTS=json.dumps(clients),
    )
