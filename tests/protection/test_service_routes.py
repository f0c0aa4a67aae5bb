"""Who may call each of the services' routes: `routes/`, held against the routes that there are and what they answer.

Every cell is a request at the service's own door, with a token that identity's key has signed, to all services as they
are wired, on their databases. What is refused has changed nothing in any of them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import httpx
import pytest

from chassis.kernel.clock import SystemClock
from chassis.testing.clocks import StandingClock
from tests.e2e.refusals import PROBLEM_JSON, problem_of
from tests.integration.registration.town import ADDRESS
from tests.protection.ledger import Ledger
from tests.protection.route_tables import EVERY, Row, rows_of
from tests.protection.service_calls import CALLS, Ask
from tests.protection.service_calls import EVERY as CALLS_OF_EVERY
from tests.protection.service_roles import CREDENTIALS, LATER, ROLES, SERVICE
from tests.protection.service_world import Practice
from wardenry.embedded.folder import DataFolder

pytestmark = pytest.mark.timeout(600)

SERVICES: Final = tuple(CALLS)
ROWS: Final = [row for service in SERVICES for row in (*rows_of(service), *rows_of(service, table=EVERY))]
USUAL: Final = {401: "not_signed_in", 404: "not_found"}
"""What a refusal is called unless the cell says so."""
EMPTY: Final[tuple[dict[str, Any], ...]] = ({"items": []}, {"all": 0})
"""An answer without anything in it: nothing that the caller may see."""
REFUSED: Final = "refused"
"""The state of a file in which something is not the caller's to wish: taken, looked through, and nothing done."""
_TOLD: Final = ("outbox", "outbox_sequence")
_COUNTED: Final = {f"identity.{table}" for table in ("failure_count", *_TOLD)}
_LOOKED: Final = {f"audit.{table}" for table in ("entry", "entry_personal", "log_head", *_TOLD)}
NOTED: Final[Mapping[str, set[str]]] = {
    **{row.call: _LOOKED for row in ROWS if row.call.startswith("GET /history")},
    "POST /accounts/{user_id}/confirm": _COUNTED,
    "POST /accounts/{user_id}/confirm/send": _COUNTED,
    "POST /accounts/{user_id}/vouched-contact/verify": _COUNTED,
    "POST /me/contacts/{contact}/verify": _COUNTED,
    "POST /me/password": _COUNTED,
    "POST /me/step-up/{challenge}/verify": _COUNTED,
    "POST /sign-in/{challenge}/verify": _COUNTED,
    "PUT /me/security-questions": _COUNTED,
}
"""What may be written although the call failed, or only read: wrong tries (IDN-9), and who saw the history (AUD-6)."""
UNNOTED: Final = {"401", "403", "404"}
"""Whoever is refused so for who they are has left nothing, whatever the call."""


@pytest.fixture(scope="module")
def practice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Time stands still in it: no token, code or session runs out, however slow the machine is.

    It is an hour ahead, so that what a database dates by its own time is due.
    """
    clock = StandingClock(datetime.now(UTC) + timedelta(hours=1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SystemClock, "now", lambda _: clock.now())
        made = Practice(DataFolder(tmp_path_factory.mktemp("practice") / "data"), clock)
        yield made
        made.close()


@pytest.fixture(scope="module")
def ledger(practice: Practice) -> Iterator[Ledger]:
    made = Ledger(practice.town.services)
    yield made
    made.close()


def test_every_route_has_its_row(practice: Practice) -> None:
    assert {service: routes_of(practice, service) for service in SERVICES} == {
        service: {row.route for row in ROWS if row.service == service} for service in SERVICES
    }


def test_every_row_tells_what_everybody_gets() -> None:
    assert {tuple(who for who, _ in row.cells) for row in ROWS} == {(*ROLES, SERVICE)}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_each_gets_what_is_theirs__ENT_4__IDN_12(practice: Practice, ledger: Ledger, row: Row) -> None:
    got = {who: knock(practice, ledger, row, who) for who, _ in row.cells}
    assert got == dict(row.cells)


ASK_FOR_A_FRESH_STEP: Final = {
    *(f"POST /accounts/{{user_id}}/{act}" for act in ("end-sessions", "erase", "lock", "reactivate", "unlock")),
    "POST /vouchings/{vouching}/confirm",
    "POST /vouchings/{vouching}/reject",
    "POST /accounts/{user_id}/vouch",
    "POST /me/password",
    "PUT /me/security-questions",
    "POST /me/authenticators",
    "POST /me/authenticators/{authenticator}/confirm",
    "PATCH /me/authenticators/{authenticator}",
    "DELETE /me/authenticators/{authenticator}",
    "POST /me/contacts",
    "PUT /me/contacts/{contact}",
    "DELETE /me/contacts/{contact}",
    "POST /me/contacts/{contact}/send",
    "POST /me/contacts/{contact}/verify",
    "POST /me/recovery-codes",
    "DELETE /me/recovery-codes",
    "POST /outreach/{tin}/appoint",
    "POST /outreach/{tin}/remove-manager",
    "POST /outreach/{tin}/confirm",
    "POST /outreach/{tin}/confirm with another TIN's proposal",
}
"""What an agent does about others' accounts and about who manages, and what anybody does about how they get in."""


OF_SUPPORT: Final = [
    row for row in ROWS if row.call in ASK_FOR_A_FRESH_STEP or dict(row.cells)["support"].startswith("2")
]
"""Those, and all else that lets an agent in."""


@pytest.mark.parametrize("row", OF_SUPPORT, ids=str)
def test_support_shows_anew_who_it_is_before_it_acts__IDN_14__IDN_3(
    practice: Practice, ledger: Ledger, row: Row
) -> None:
    usual = dict(row.cells)["support"]
    asked = "403 step_up_required" if row.call in ASK_FOR_A_FRESH_STEP else usual
    assert knock(practice, ledger, row, LATER) == asked


def knock(practice: Practice, ledger: Ledger, row: Row, who: str) -> str:
    """What they are told; raises `AssertionError` where a refusal left anything behind."""
    answer = answer_to(practice, row, who)
    changed = ledger.changed()
    ledger.restore()
    outcome = told(answer)
    if answer.is_error or row.call.startswith("GET"):
        assert changed <= may_note(row, outcome), (str(row), who, outcome)
    return outcome


def may_note(row: Row, outcome: str) -> set[str]:
    """Nothing where somebody is refused for who they are."""
    is_who = outcome.split(" ", maxsplit=1)[0] in UNNOTED and outcome != "401 sign_in_failed"
    return set() if is_who else NOTED.get(row.call, set())


def answer_to(practice: Practice, row: Row, who: str) -> httpx.Response:
    ask = (CALLS[row.service] | CALLS_OF_EVERY).get(row.call, Ask())
    names = practice.names | {"basic": _basic(practice.names)}
    names |= filled(ask.at, names)
    method, path = row.route
    headers = filled(ask.headers, names)
    token = practice.service_token(row.service) if who == SERVICE else CREDENTIALS[who](practice, row.call)
    if token is not None:
        headers = {"Authorization": f"Bearer {token}"} | headers
    transport = httpx.WSGITransport(app=practice.town.services[row.service].app)
    with httpx.Client(transport=transport, base_url=ADDRESS, trust_env=False) as http:
        return http.request(
            method,
            _addresses(practice, row.service)[method, path].format_map(names),
            params=filled(ask.query, names),
            headers=headers,
            json=filled(ask.json, names),
            data=filled(ask.form, names),
            files=ask.files,
        )


def told(answer: httpx.Response) -> str:
    """An answer in the table's words."""
    said = (answer.json() if "json" in answer.headers.get("Content-Type", "") else None) or {}
    if answer.is_success:
        return f"{answer.status_code} {amount(said)}".strip()
    if answer.headers.get("Content-Type") == PROBLEM_JSON:
        assert said == problem_of(answer)
        assert said["code"] != USUAL[401] or answer.headers["WWW-Authenticate"].startswith("Bearer")
    code = next((each["code"] for each in said.get("errors", [])), said.get("code") or said.get("error") or "")
    return str(answer.status_code) if code == USUAL.get(answer.status_code) else f"{answer.status_code} {code}".strip()


def amount(said: Mapping[str, Any]) -> str:
    """What a success without much in it is called."""
    if any(said == {**said, **each} for each in EMPTY):
        return "nothing"
    return REFUSED if said.get("state") == REFUSED else ""


def filled(asked: Any, names: Mapping[str, str]) -> Any:
    """The same with the names of things in place of the words in braces."""
    if isinstance(asked, str):
        return asked.format_map(names)
    if isinstance(asked, Mapping):
        return {name: filled(value, names) for name, value in asked.items()}
    return [filled(each, names) for each in asked] if isinstance(asked, list) else asked


def routes_of(practice: Practice, service: str) -> set[tuple[str, str]]:
    return set(_addresses(practice, service))


def _addresses(practice: Practice, service: str) -> dict[tuple[str, str], str]:
    """Method and path, as the table has them, with the whole path."""
    rules = practice.town.services[service].app.url_map.iter_rules()
    whole = [(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), rule.methods or set()) for rule in rules]
    return {
        (method, path.removeprefix(f"/api/{service}/v1")): path
        for path, methods in whole
        for method in methods - {"HEAD", "OPTIONS"}
    }


def _basic(names: Mapping[str, str]) -> str:
    return base64.b64encode(f"{names['client_id']}:{names['client_secret']}".encode()).decode()
