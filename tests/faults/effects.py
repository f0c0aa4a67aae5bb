"""What each acknowledged step must have brought about, once, in the services' own tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine, text

from tests.faults.campaign import PREFIX
from tests.faults.ledger import Ledger, Step

Whose = Callable[[Ledger], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Effect:
    """Everybody in `of` must be found exactly once by `query` (which yields user IDs), and nobody else."""

    what: str
    of: Whose
    service: str
    query: str


def _step(step: Step) -> Whose:
    return lambda ledger: ledger.who(step)


def _keeping(ledger: Ledger) -> frozenset[str]:
    return ledger.who(Step.APPROVED) - ledger.who(Step.REMOVED)


def _in_audit(event_type: str) -> str:
    return f"SELECT substr(subject, 9) AS user_id FROM entry WHERE type = '{event_type}'"  # noqa: S608 (constants)


def _mailed(notice: str) -> str:
    # The applicant of a sealed message is known by the address alone.
    who = "coalesce(user_id, replace(address, '@example.com', ''))"
    return f"SELECT {who} AS user_id FROM message WHERE notice = '{notice}' AND channel = 'email' AND state = 'sent'"  # noqa: S608


def _in_portal(notice: str) -> str:
    return f"SELECT user_id FROM portal_message WHERE notice = '{notice}'"  # noqa: S608 (constants)


def _in_history(kind: str) -> str:
    return f"SELECT user_id FROM delegation_history WHERE kind = '{kind}'"  # noqa: S608 (constants)


def _in_state(state: str) -> str:
    return f"SELECT user_id FROM request WHERE state = '{state}'"  # noqa: S608 (constants)


_CONFIRMED: Final = "SELECT user_id FROM account WHERE confirmed_at IS NOT NULL"

EFFECTS: Final = (
    *(
        Effect(what, _step(Step.REGISTERED), service, query)
        for what, service, query in (
            ("an account", "identity", "SELECT user_id FROM account"),
            ("a registration", "registration", "SELECT user_id FROM registration"),
            ("a person at entitlements", "entitlements", "SELECT user_id FROM person"),
            ("a request", "entitlements", "SELECT user_id FROM request"),
            ("an address at notify", "notify", "SELECT user_id FROM recipient"),
            ("a mail with a code", "notify", _mailed("confirm_email")),
            ("an entry of the account", "audit", _in_audit("identity.account.created.v1")),
        )
    ),
    Effect(
        "a confirmed account",
        _step(Step.CONFIRMED),
        "identity",
        _CONFIRMED,
    ),
    Effect("an entry of the confirmation", _step(Step.CONFIRMED), "audit", _in_audit("identity.account.confirmed.v1")),
    Effect("a mail of welcome", _step(Step.CONFIRMED), "notify", _mailed("registration_received")),
    *(
        Effect(what, _step(step), service, query)
        for step, notice, kind in (
            (Step.APPROVED, "request_approved", "access_given"),
            (Step.DECLINED, "request_declined", "request_declined"),
            (Step.CHANGED, "access_changed", "access_changed"),
            (Step.REMOVED, "access_removed", "access_removed"),
        )
        for what, service, query in (
            (f"a mail {notice}", "notify", _mailed(notice)),
            (f"a message {notice}", "notify", _in_portal(notice)),
            (f"a row {kind} in the history", "audit", _in_history(kind)),
        )
    ),
    Effect(
        "a request approved",
        _step(Step.APPROVED),
        "entitlements",
        _in_state("approved"),
    ),
    Effect(
        "a request declined",
        _step(Step.DECLINED),
        "entitlements",
        _in_state("declined"),
    ),
    Effect("access that stands", _keeping, "entitlements", "SELECT user_id FROM access WHERE ended_at IS NULL"),
    Effect("access known to audit", _keeping, "audit", "SELECT user_id FROM held_access"),
)


def missing_or_doubled(engines: Mapping[str, Engine], ledger: Ledger) -> Iterator[str]:
    """Everybody who has not what was acknowledged to them, or has it twice, or has what nobody acknowledged."""
    for effect in EFFECTS:
        found = Counter(_campaigners(engines[effect.service], effect.query))
        wanted = effect.of(ledger)
        for user_id in sorted(wanted | found.keys()):
            if found[user_id] != (user_id in wanted):
                yield f"{user_id} has {found[user_id]} times {effect.what}, not {int(user_id in wanted)}"


_ORDERED: Final = (
    ("audit", "SELECT user_id, kind AS told FROM delegation_history ORDER BY leaf_index, ordinal"),
    ("notify", "SELECT user_id, notice AS told FROM portal_message ORDER BY at, id"),
)
_ONE_AFTER_THE_OTHER: Final = ("access_given", "access_changed", "access_removed")
"""All of one subject, `access/<user ID>`, and so in this order everywhere."""


def out_of_order(engines: Mapping[str, Engine]) -> Iterator[str]:
    """Everybody to whom a later event of their access took effect before an earlier one."""
    for service, query in _ORDERED:
        last: dict[str, int] = {}
        for row in _rows(engines[service], query):
            if row.told in _ONE_AFTER_THE_OTHER:
                rank = _ONE_AFTER_THE_OTHER.index(row.told)
                if rank < last.get(row.user_id, 0):
                    yield f"{service}: {row.told} of {row.user_id} came too late"
                last[row.user_id] = rank


def _campaigners(engine: Engine, query: str) -> Iterator[str]:
    return (row.user_id for row in _rows(engine, query))


def _rows(engine: Engine, query: str) -> list[Any]:
    with engine.connect().execution_options(write=False) as connection, connection.begin():
        rows: list[Any] = list(connection.execute(text(query)))
    return [row for row in rows if row.user_id and row.user_id.startswith(PREFIX)]
