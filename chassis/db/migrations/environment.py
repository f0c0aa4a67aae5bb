"""What every service's Alembic `env.py` does: run on the connection that the caller hands in."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy import Connection, MetaData

from chassis.db.tables import UNDECLARED


def run(metadata: MetaData, version_table: str) -> None:
    """Run the revisions on `config.attributes["connection"]`, in that connection's transaction.

    Only the service's own tables are compared, so that services may share a database in tests; and of those not the
    indexes that `metadata.info` names under `UNDECLARED`.
    """
    connection: Connection = context.config.attributes["connection"]

    undeclared = metadata.info.get(UNDECLARED, ())

    def own(name: str | None, kind: str, _parents: Any) -> bool:
        if kind == "index":
            return name not in undeclared
        return kind != "table" or (name in metadata.tables and name != version_table)

    context.configure(
        connection=connection,
        target_metadata=metadata,
        version_table=version_table,
        include_name=own,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
