"""OpenID clients in SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from chassis.db.engine import upsert
from services.identity.adapters.openid_tables import client as clients
from services.identity.domain.clients import Client
from services.identity.domain.signing_keys import Algorithm


class SqlClients:
    """`Clients`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, client_id: str) -> Client | None:
        row = self._connection.execute(select(clients).where(clients.c.client_id == client_id)).one_or_none()
        return None if row is None else _client(row)

    def every(self) -> Sequence[Client]:
        return [_client(row) for row in self._connection.execute(select(clients).order_by(clients.c.client_id))]

    def add(self, client: Client) -> bool:
        statement = upsert(self._connection, clients).values(**_values(client)).on_conflict_do_nothing()
        return self._connection.execute(statement.returning(clients.c.client_id)).one_or_none() is not None

    def save(self, client: Client) -> None:
        statement = update(clients).where(clients.c.client_id == client.client_id)
        self._connection.execute(statement.values(**_values(client)))

    def remove(self, client_id: str) -> bool:
        return self._connection.execute(delete(clients).where(clients.c.client_id == client_id)).rowcount == 1


def _values(client: Client) -> dict[str, Any]:
    return {
        "client_id": client.client_id,
        "name": client.name,
        "site": client.site,
        "secret_digest": client.secret_digest,
        "redirect_uris": list(client.redirect_uris),
        "post_logout_redirect_uris": list(client.post_logout_redirect_uris),
        "scopes": list(client.scopes),
        "pkce": client.pkce,
        "id_token_algorithm": client.id_token_algorithm,
        "created_at": client.created_at,
        "backchannel_logout_uri": client.backchannel_logout_uri,
    }


def _client(row: Row[Any]) -> Client:
    return Client(
        client_id=row.client_id,
        name=row.name,
        site=row.site,
        secret_digest=row.secret_digest,
        redirect_uris=tuple(row.redirect_uris),
        post_logout_redirect_uris=tuple(row.post_logout_redirect_uris),
        scopes=tuple(row.scopes),
        pkce=row.pkce,
        id_token_algorithm=Algorithm(row.id_token_algorithm),
        created_at=row.created_at,
        backchannel_logout_uri=row.backchannel_logout_uri,
    )
