"""Registration's calls to identity over real connections: limited in all, repeated once, spared while it is down."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from chassis.calling.breaker import Breaker
from chassis.calling.deadline import BoundedTransport
from chassis.kernel.errors import UnavailableError
from chassis.testing.waiting import eventually
from services.registration.adapters.http_accounts import IDENTITY, HttpAccounts
from services.registration.adapters.service_calls import ServiceCalls, TimeLimits
from services.registration.application.ports import AccountWish, Judgement
from services.registration.bootstrap import build
from services.registration.domain.form import Credentials
from tests.contract.registration.world import PATH, form, settings
from tests.stack.silent import (
    BadServer,
    Behaviour,
    answers,
    drips,
    drips_body,
    hangs,
    hangs_up,
    talks_nonsense,
)

LIMITS = TimeLimits(connect=0.5, answer=0.3, whole=0.5)
MUCH_LATER = 30.0
"""Far more than the limits allow, and far less than for ever: so a loaded machine does not fail what holds."""

WISH = AccountWish(Credentials("zoe", None, None, None), "medical", "en", {}, "c-1")
FINE = answers("200 OK", b'{"faults": [], "suggestions": []}')


@pytest.fixture
def server() -> Iterator[BadServer]:
    with BadServer(hangs).running() as running:
        yield running


class Ask(Protocol):
    """Accounts at an identity that lies at `url`."""

    def __call__(self, url: str, breaker: Breaker | None = None, limits: TimeLimits = LIMITS) -> HttpAccounts: ...


def asking(client: httpx.Client, breaker: Breaker, limits: TimeLimits) -> HttpAccounts:
    return HttpAccounts(ServiceCalls(IDENTITY, client, lambda: "token", breaker, limits))


@pytest.fixture
def accounts() -> Iterator[Ask]:
    with ExitStack() as clients:

        def make(url: str, breaker: Breaker | None = None, limits: TimeLimits = LIMITS) -> HttpAccounts:
            transport = BoundedTransport(httpx.Limits())
            client = httpx.Client(base_url=url, transport=transport, timeout=limits.of_each_wait)
            return asking(clients.enter_context(client), breaker or Breaker(), limits)

        yield make


def refused(asked: HttpAccounts) -> UnavailableError:
    with pytest.raises(UnavailableError) as refusal:
        asked.judge(WISH)
    assert refusal.value.retry_after is not None
    assert refusal.value.retry_after > 0
    return refusal.value


@pytest.mark.parametrize("behaviour", [hangs, drips, drips_body, hangs_up, talks_nonsense])
def test_an_identity_that_answers_badly_is_unavailable_in_limited_time__OPS_8(
    accounts: Ask, server: BadServer, behaviour: Behaviour
) -> None:
    server.behaves = behaviour
    begun = time.monotonic()
    refused(accounts(server.url))
    assert time.monotonic() - begun < MUCH_LATER
    assert server.calls in {1, 2}


def test_an_identity_that_nobody_runs_is_unavailable_at_once__OPS_8(accounts: Ask) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    refused(accounts(f"http://127.0.0.1:{port}"))


def test_a_full_queue_for_connections_is_not_waited_for_longer__OPS_8(server: BadServer) -> None:
    limits = TimeLimits(whole=0.5)
    with (
        httpx.Client(
            base_url=server.url,
            transport=BoundedTransport(httpx.Limits(max_connections=1)),
            timeout=httpx.Timeout(MUCH_LATER * 2),
        ) as client,
        client.stream("GET", f"{_fine(server)}/held"),
    ):
        begun = time.monotonic()
        refused(asking(client, Breaker(), limits))
        assert time.monotonic() - begun < MUCH_LATER


def _fine(server: BadServer) -> str:
    server.behaves = drips_body
    return server.url


def test_the_breaker_opens_and_one_call_alone_tries_whether_it_is_over__OPS_8(accounts: Ask, server: BadServer) -> None:
    now = [0.0]
    asked = accounts(server.url, Breaker(failures=3, pause=10, clock=lambda: now[0]))
    server.behaves = hangs_up
    for _ in range(3):
        refused(asked)
    assert server.calls == 6
    for moment, left in ((0.0, 10), (9.5, 1)):
        now[0] = moment
        assert refused(asked).retry_after == left
    assert server.calls == 6
    now[0] = 10.0
    refused(asked)
    assert server.calls == 8
    refused(asked)
    assert server.calls == 8


def test_the_breaker_closes_with_the_first_answer__OPS_8(accounts: Ask, server: BadServer) -> None:
    asked = accounts(server.url, Breaker(failures=1, pause=0.05))
    server.behaves = hangs_up
    refused(asked)
    server.behaves = FINE

    def judged() -> Judgement | None:
        try:
            return asked.judge(WISH)
        except UnavailableError:
            return None

    assert eventually(judged, within=MUCH_LATER) == Judgement(())
    assert asked.judge(WISH) == Judgement(())


def test_a_form_is_answered_503_and_nothing_is_kept_while_identity_hangs__OPS_8(
    server: BadServer, tmp_path: Path
) -> None:
    service = build(settings(f"sqlite:///{tmp_path / 'registration.sqlite'}", identity_url=server.url))
    service.migrate()
    begun = time.monotonic()
    answer = service.app.test_client().post(f"{PATH}/registrations", json=form())
    assert time.monotonic() - begun < MUCH_LATER
    assert (answer.status_code, answer.mimetype) == (503, "application/problem+json")
    assert answer.json is not None
    assert answer.json["code"] == "unavailable"
    assert int(answer.headers["Retry-After"]) > 0
    with service.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM registration").scalar_one() == 0
    service.engine.dispose()
