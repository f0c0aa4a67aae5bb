"""What plain calls about tokens ask the database, in statements that are handed to the driver as they are."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    Engine,
    Select,
    String,
    Text,
    and_,
    bindparam,
    cast,
    exists,
    func,
    insert,
    literal_column,
    or_,
    select,
    update,
)

from chassis.db.bare import BareStatement
from chassis.db.tables import ended_session
from chassis.db.types import Json, UtcDateTime
from services.identity.adapters.openid_tables import client as clients
from services.identity.adapters.sql_signing_keys import SqlSigningKeys
from services.identity.adapters.tables import account as accounts
from services.identity.adapters.tables import refresh_token as tokens
from services.identity.adapters.tables import session as sessions
from services.identity.adapters.tables import signing_key as signing_keys
from services.identity.application.token_ports import Refreshable
from services.identity.domain.accounts import Kind, State
from services.identity.domain.clients import THE_API, Client
from services.identity.domain.sessions import RefreshToken, Session, Strength
from services.identity.domain.signing_keys import Algorithm, SigningKey, signing_at

_CLIENT: Final = (clients.c.client_id, clients.c.name, clients.c.site, clients.c.secret_digest)


def _text(name: str) -> Any:
    return bindparam(name, type_=String)


def _moment(name: str) -> Any:
    return bindparam(name, type_=UtcDateTime)


def _client_of_session() -> Select[Any]:
    ended = exists().where(ended_session.c.session_id == _text("session_id"))
    return select(*_CLIENT, cast(clients.c.scopes, Text)).where(clients.c.client_id == _text("client_id"), ~ended)


def _refreshable() -> Select[Any]:
    """PostgreSQL's. The keys stand as one text, from which it shows whether they are the ones already known."""
    key = signing_keys.c
    alive = and_(
        key.algorithm == literal_column("'EdDSA'"), or_(key.expires_at.is_(None), key.expires_at > _moment("now"))
    )
    known = select(func.string_agg(key.kid, literal_column("' '"))).where(alive).scalar_subquery()
    mine = (tokens.c.digest == _text("digest"), tokens.c.client_id == _text("client_id"), tokens.c.used_at.is_(None))
    return (
        select(
            tokens.c.family_id,
            cast(tokens.c.scopes, Text),
            accounts.c.kind,
            accounts.c.state,
            known,
            *_CLIENT,
            cast(clients.c.scopes, Text),
            sessions.c.id,
            sessions.c.user_id,
            sessions.c.site,
            sessions.c.acr,
            cast(sessions.c.amr, Text),
            sessions.c.started_at,
            sessions.c.authenticated_at,
            sessions.c.used_at,
            sessions.c.ends_at,
        )
        .join_from(tokens, sessions, sessions.c.id == tokens.c.session_id)
        .join(accounts, accounts.c.user_id == sessions.c.user_id)
        .outerjoin(clients, clients.c.client_id == tokens.c.client_id)
        .where(*mine, sessions.c.ended_at.is_(None))
    )


def _rotation() -> Any:
    """PostgreSQL's: the session is locked first, as everywhere; whoever waited for it finds it changed, and stops."""
    unchanged = (
        sessions.c.id == _text("session_id"),
        sessions.c.ended_at.is_(None),
        sessions.c.used_at == _moment("found_used_at"),
        sessions.c.authenticated_at == _moment("found_authenticated_at"),
    )
    held = select(sessions.c.id).where(*unchanged).with_for_update().cte("held")
    unused = (tokens.c.digest == _text("found"), tokens.c.session_id == held.c.id, tokens.c.used_at.is_(None))
    used = update(tokens).where(*unused).values(used_at=_moment("now")).returning(tokens.c.session_id).cte("used")
    of_used = sessions.c.id == used.c.session_id
    touched = update(sessions).where(of_used).values(used_at=_moment("now")).returning(sessions.c.id).cte("touched")
    values = {
        "digest": _text("digest"),
        "family_id": _text("family_id"),
        "session_id": used.c.session_id,
        "client_id": _text("client_id"),
        "issued_at": _moment("now"),
        "expires_at": _moment("expires_at"),
        "scopes": cast(bindparam("scopes", type_=Text), Json),
    }
    successor = insert(tokens).from_select(list(values), select(*values.values()))
    return successor.add_cte(touched).returning(tokens.c.digest)


class BareTokenLooks:
    """`TokenLooks`. What can be remembered is remembered by the text that says so, and so is never out of date."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.rotates = engine.dialect.name == "postgresql"
        self._client = BareStatement(engine, _client_of_session())
        if self.rotates:
            self._refreshable = BareStatement(engine, _refreshable())
            self._rotation = BareStatement(engine, _rotation())
        self._lock = threading.Lock()
        self._keys: tuple[str, Sequence[SigningKey]] = ("", ())

    def client(self, client_id: str, session_id: str) -> Client | None:
        if client_id == THE_API.client_id:
            return None  # it can show nothing of who it is
        found = self._client({"client_id": client_id, "session_id": session_id})
        return _client(*found[0]) if found else None

    def refreshable(self, digest: str, client_id: str, now: datetime) -> Refreshable | None:
        found = self._refreshable({"digest": digest, "client_id": client_id, "now": now})
        if not found:
            return None
        family_id, scopes, kind, state, kids, *client, scopes_of_client = found[0][:10]
        if client_id != THE_API.client_id and client[0] is None:
            return None
        return Refreshable(
            digest=digest,
            family_id=family_id,
            scopes=_words(scopes or "[]"),
            client=THE_API if client_id == THE_API.client_id else _client(*client, scopes_of_client),
            session=_session(found[0][10:]),
            kind=Kind(kind),
            state=State(state),
            key=signing_at(self._signing_keys(kids or "", now), now),
        )

    def rotate(self, found: Refreshable, successor: RefreshToken, now: datetime) -> bool:
        session = found.session
        values = {
            "session_id": session.id,
            "found_used_at": session.used_at,
            "found_authenticated_at": session.authenticated_at,
            "found": found.digest,
            "digest": successor.digest,
            "family_id": successor.family_id,
            "client_id": successor.client_id,
            "now": now,
            "expires_at": successor.expires_at,
            "scopes": orjson.dumps(successor.scopes).decode(),
        }
        return bool(self._rotation(values))

    def _signing_keys(self, kids: str, now: datetime) -> Sequence[SigningKey]:
        """Those of that text. What of a key can change once it is made is how long it verifies, which is not asked."""
        with self._lock:
            if self._keys[0] != kids:
                with self._engine.connect().execution_options(write=False) as connection:
                    keys = SqlSigningKeys(connection).published(now)
                self._keys = (kids, [key for key in keys if key.algorithm is Algorithm.EDDSA])
            return self._keys[1]


@lru_cache(maxsize=1024)
def _client(client_id: str, name: str, site: str, secret_digest: str | None, scopes: str) -> Client:
    return Client(client_id=client_id, name=name, site=site, secret_digest=secret_digest, scopes=_words(scopes))


@lru_cache(maxsize=1024)
def _words(document: str) -> tuple[str, ...]:
    return tuple(orjson.loads(document))


def _session(row: Sequence[Any]) -> Session:
    session_id, user_id, site, acr, amr, *moments = row
    started_at, authenticated_at, used_at, ends_at = moments
    return Session(
        id=session_id,
        user_id=user_id,
        site=site,
        strength=Strength(acr, _words(amr)),
        started_at=started_at,
        authenticated_at=authenticated_at,
        used_at=used_at,
        ends_at=ends_at,
    )
