"""The Python client: how old an answer may be, what makes it forget, and what it makes of refusals (ENT-10)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest

from wardenry_client import Answer, Client, Question, RefusedError, UnavailableError

YES, NO = Answer(True, "granted"), Answer(False, "no_access")


@dataclass
class Site:
    """What stands in for Wardenry: `allowed` are user IDs; `meanwhile` is done while a check is under way."""

    allowed: set[str] = field(default_factory=set)
    tokens: list[str] = field(default_factory=lambda: ["one", "two", "three"])
    good: str = "one"
    calls: list[tuple[str, Any]] = field(default_factory=list)
    refusal: tuple[int, dict[str, str], dict[str, str]] | None = None
    meanwhile: Callable[[], None] = lambda: None
    now: float = 1000.0

    def clock(self) -> float:
        return self.now

    @property
    def checks(self) -> list[list[dict[str, str]]]:
        return [body["checks"] for path, body in self.calls if path.endswith("/batch")]

    def answer(self, path: str, body: bytes, authorization: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        if path == "/oidc/token":
            self.calls.append((path, authorization))
            return 200, {"access_token": self.tokens.pop(0), "expires_in": 300}, {}
        asked = json.loads(body)
        self.calls.append((path, asked))
        if self.refusal is not None:
            return self.refusal
        if authorization != f"Bearer {self.good}":
            return 401, {"code": "not_signed_in", "detail": "Sign in."}, {}
        results = [
            {
                "allowed": each["user_id"] in self.allowed,
                "reason": "granted" if each["user_id"] in self.allowed else "no_access",
            }
            for each in asked["checks"]
        ]
        self.meanwhile()
        return 200, {"results": results}, {}


class Handler(BaseHTTPRequestHandler):
    site: ClassVar[Site]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer, headers = self.site.answer(self.path, body, self.headers.get("Authorization", ""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def site() -> Site:
    Handler.site = Site({"sally"})
    return Handler.site


@pytest.fixture
def client(address: str, site: Site) -> Client:
    return Client(address, "a site", "s:cret", clock=site.clock)


def ask(client: Client, user_id: str = "sally") -> Answer:
    return client.check(user_id, "claim_status", "123456789", "medical")


def event(happened: str, subject: str) -> dict[str, Any]:
    return {"type": f"wardenry.entitlements.{happened}.v1", "subject": subject}


def test_an_answer_is_kept_for_its_lifetime_and_no_longer__ENT_10(client: Client, site: Site) -> None:
    assert (ask(client), ask(client), ask(client, "bert")) == (YES, YES, NO)
    assert len(site.checks) == 2
    site.allowed.clear()
    site.now += 4.9
    assert ask(client) == YES
    site.now += 0.1
    assert ask(client) == NO


def test_nothing_is_kept_without_a_lifetime(address: str, site: Site) -> None:
    client = Client(address, "a", "b", lifetime=0, clock=site.clock)
    assert ask(client) == YES
    site.allowed.clear()
    assert ask(client) == NO


@pytest.mark.parametrize(
    ("happened", "subject"),
    [
        ("access.removed", "access/sally"),
        ("access.suspended", "access/SALLY"),
        ("account.disabled", "account/sally"),
        ("practice.lines_changed", "practice/123456789"),
        ("directory.changed", "directory/batch"),
    ],
)
def test_what_an_event_may_have_changed_is_forgotten_at_once(
    client: Client, site: Site, happened: str, subject: str
) -> None:
    ask(client)
    site.allowed.clear()
    client.hear(event(happened, subject))
    assert ask(client) == NO


@pytest.mark.parametrize(
    ("happened", "subject"),
    [
        ("access.removed", "access/bert"),
        ("practice.lines_changed", "practice/223344556"),
        ("request.opened", "request/r"),
    ],
)
def test_what_it_cannot_have_changed_is_not(client: Client, site: Site, happened: str, subject: str) -> None:
    ask(client)
    client.hear(event(happened, subject))
    ask(client)
    assert len(site.checks) == 1


def test_an_answer_that_an_event_overtook_is_not_kept(client: Client, site: Site) -> None:
    site.meanwhile = lambda: client.hear(event("access.removed", "access/sally"))
    assert ask(client) == YES
    site.meanwhile, site.allowed = (lambda: None), set()
    assert ask(client) == NO


def test_a_slow_answer_counts_from_when_it_was_asked_for(client: Client, site: Site) -> None:
    def slowly() -> None:
        site.now += 3

    site.meanwhile = slowly
    ask(client)
    site.now += 2
    ask(client)
    assert len(site.checks) == 2


def test_no_more_is_kept_than_was_said(address: str, site: Site) -> None:
    client = Client(address, "a", "b", most_kept=2, clock=site.clock)
    for user_id in ("one", "two", "three", "three", "two", "one"):
        ask(client, user_id)
    assert len(site.checks) == 4


def test_many_are_asked_a_thousand_at_a_time_and_each_once(client: Client, site: Site) -> None:
    questions = [Question(f"user{number % 1500}", "claim_status", "123456789", "medical") for number in range(3000)]
    questions.append(Question("sally", "claim_status", "123456789", "medical"))
    answers = client.check_many(questions)
    assert [len(each) for each in site.checks] == [1000, 501]
    assert (answers[0], answers[-1], len(answers)) == (NO, YES, 3001)
    assert client.check_many([]) == []


def test_a_token_is_used_while_it_holds_and_renewed_when_it_is_refused(client: Client, site: Site) -> None:
    ask(client, "one")
    ask(client, "two")
    site.good = "two"
    assert ask(client) == YES
    site.now += 271
    site.good = "three"
    assert ask(client) == YES
    tokens = [authorization for path, authorization in site.calls if path == "/oidc/token"]
    assert tokens == ["Basic YSUyMHNpdGU6cyUzQWNyZXQ="] * 3


def test_what_cannot_be_asked_is_no_answer(client: Client, site: Site) -> None:
    ask(client)
    site.now += 5
    site.refusal = (503, {"code": "unavailable", "detail": "Down."}, {"Retry-After": "7"})
    with pytest.raises(UnavailableError) as unavailable:
        ask(client)
    assert unavailable.value.retry_after == 7
    site.refusal = (422, {"code": "invalid", "detail": "Look again."}, {})
    with pytest.raises(RefusedError) as refused:
        ask(client)
    assert (refused.value.status, refused.value.code) == (422, "invalid")
    site.refusal = (200, {"results": ""}, {})
    with pytest.raises(UnavailableError):
        ask(client)


def test_a_redirect_carries_the_token_nowhere(client: Client, site: Site, address: str) -> None:
    site.refusal = (307, {}, {"Location": f"{address}/elsewhere"})
    with pytest.raises(RefusedError):
        ask(client)
    assert all("elsewhere" not in path for path, _ in site.calls)


def test_nothing_that_listens_is_no_answer() -> None:
    with pytest.raises(UnavailableError):
        ask(Client("http://127.0.0.1:1", "a", "b", timeout=1))
    with pytest.raises(ValueError, match="https"):
        Client("file:///etc", "a", "b")
