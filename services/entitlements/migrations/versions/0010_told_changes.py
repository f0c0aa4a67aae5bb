"""PostgreSQL tells of every change of what checks stand on, whoever makes it (ENT-10)."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_TABLES = {"access": "user", "person": "user", "suspension": "user", "practice": "practice"}

_FUNCTIONS = (
    """
    CREATE FUNCTION tell_checks_of_user() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            PERFORM pg_notify('wardenry_checks', 'u' || OLD.user_id);
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM pg_notify('wardenry_checks', 'u' || NEW.user_id);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION tell_checks_of_practice() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' AND OLD.tin = NEW.tin AND OLD.lines = NEW.lines THEN
            RETURN NULL;
        END IF;
        IF TG_OP <> 'INSERT' THEN
            PERFORM pg_notify('wardenry_checks', 't' || OLD.tin);
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM pg_notify('wardenry_checks', 't' || NEW.tin);
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE FUNCTION tell_checks_of_all() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_notify('wardenry_checks', '*');
        RETURN NULL;
    END
    $$
    """,
)


def upgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for function in _FUNCTIONS:
        op.execute(function)
    for table, what in _TABLES.items():
        op.execute(
            f"CREATE TRIGGER tells_checks AFTER INSERT OR UPDATE OR DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION tell_checks_of_{what}()"
        )
        op.execute(
            f"CREATE TRIGGER tells_checks_all AFTER TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION tell_checks_of_all()"
        )
        for trigger in ("tells_checks", "tells_checks_all"):
            op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in _TABLES:
        op.execute(f"DROP TRIGGER tells_checks ON {table}")
        op.execute(f"DROP TRIGGER tells_checks_all ON {table}")
    for function in ("user", "practice", "all"):
        op.execute(f"DROP FUNCTION tell_checks_of_{function}()")
