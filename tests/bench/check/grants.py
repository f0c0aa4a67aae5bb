"""Grants by the million: who may do what, put straight into entitlements' tables, the same for the same size."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg

from services.entitlements.domain.people import search_form

PLAN_WIDE = "900000001"
"""The one TIN at which everybody holds access: what its manager looks through."""

MANAGER = "manager0"
LINE = "medical"
TINS_EACH = 5
FUNCTIONS = (
    *("patient_coverage", "claim_status", "remittance_preferences", "precert_submit"),
    *("precert_view", "claim_adjustment", "fee_schedule", "eft_view"),
)
REFUSED = "eft_manage"
"""Nobody holds it."""

_PER_TIN = 20
_FIRST = ("Ana", "Ben", "Chloé", "Dmitri", "Elena", "Farid", "Grace", "Hiro", "Inés", "Jakob", "Kwame", "Lucía")
_LAST = ("Ångström", "Brown", "Cruz", "Díaz", "Evans", "Fischer", "García", "Haddad", "Ito", "Jones", "Kowalski", "Ng")
_SINCE = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Grants:
    """So many users with access at five TINs each, eight functions there; `held` names a user's TINs."""

    users: int

    def user_ids(self) -> Iterator[str]:
        return (f"user{number:06d}" for number in range(self.users))

    def held(self, number: int) -> Sequence[str]:
        dice = random.Random(number)  # noqa: S311 (made-up data, the same every time)
        others = max(self.users * (TINS_EACH - 1) // _PER_TIN, TINS_EACH)
        chosen = dice.sample(range(others), TINS_EACH - 1)
        return [PLAN_WIDE, *(f"{100_000_000 + each}" for each in chosen)]

    def fill(self, url: str) -> None:
        """Into an empty, migrated database."""
        with psycopg.connect(url.replace("+psycopg", "")) as connection, connection.cursor() as cursor:
            _copy(cursor, "person", _PERSON, self._people())
            _copy(cursor, "practice", ("tin", "name", "lines", "version"), self._practices())
            _copy(cursor, "access", _ACCESS, self._accesses())
            connection.commit()
            connection.autocommit = True
            cursor.execute("ANALYZE")

    def _people(self) -> Iterator[tuple[Any, ...]]:
        for number, user_id in enumerate((MANAGER, *self.user_ids())):
            first, last = _FIRST[number % len(_FIRST)], f"{_LAST[number // len(_FIRST) % len(_LAST)]}-{number:06d}"
            names = (first, last, search_form(first), search_form(last))
            yield user_id, *names, f"{user_id}@example.com", "billing_operations", "active"

    def _practices(self) -> Iterator[tuple[Any, ...]]:
        tins = {tin for number in range(self.users) for tin in self.held(number)}
        return ((tin, f"Practice {tin}", _json([LINE]), 1) for tin in sorted(tins))

    def _accesses(self) -> Iterator[tuple[Any, ...]]:
        functions = _json(sorted(FUNCTIONS))
        managed = _json(["delegate_access", "history_report"])
        yield str(uuid.UUID(int=0)), MANAGER, PLAN_WIDE, LINE, "primary", managed, "system:bench", _SINCE
        for number, user_id in enumerate(self.user_ids()):
            for place, tin in enumerate(self.held(number)):
                made = str(uuid.UUID(int=1 + number * TINS_EACH + place))
                yield made, user_id, tin, LINE, "processor", functions, f"user:{MANAGER}", _SINCE


_PERSON = ("user_id", "first_name", "last_name", "first_search", "last_search", "email", "job_role", "state")
_ACCESS = ("access_id", "user_id", "tin", "line", "level", "functions", "given_by", "since")


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


def _copy(cursor: psycopg.Cursor, table: str, columns: Sequence[str], rows: Iterator[tuple[Any, ...]]) -> None:
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)
