"""One trace from a person's browser through services, outbox, bus and handlers to the mail that is sent (OPS-5)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from chassis.testing.waiting import eventually
from tests.browser.browsing import visiting
from tests.browser.registering import give_password
from tests.e2e.deployments import Deployment, Embedded
from tests.e2e.people import Person, registration
from tests.integration.seen.collector import Collector, Span
from tests.integration.seen.processes import Seen

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TRACE, BROWSER = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
TRACEPARENT = {"traceparent": f"00-{TRACE}-{BROWSER}-01"}
USER_ID, MANAGER, TIN = "zoe.traced", "mmartin5", "123456789"
NEEDED = (
    *("serve identity", "serve registration"),
    *("work identity", "work registration", "work notify", "work audit"),
)


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


def registered(deployment: Deployment) -> None:
    """Somebody registers, in a trace that their browser began."""
    person = Person(deployment, USER_ID)
    answer = person.call(
        "POST",
        "/api/registration/v1/registrations",
        json=registration(USER_ID, [{"tin": TIN}]),
        headers=TRACEPARENT,
    )
    assert answer.status_code == 201, answer.text


def mail_is_sent(collector: Collector) -> bool:
    return {"send email", "handle notify.message.sent.v1"} <= {span.name for span in collector.spans(TRACE)}


def assert_one_tree(spans: list[Span], services: set[str]) -> None:
    """Every span hangs by others on the browser's, and none says anything of people."""
    known = {span.id for span in spans} | {BROWSER}
    assert {span.name for span in spans if span.parent not in known} == set()
    assert services <= {span.service.removeprefix("wardenry-") for span in spans}
    told = " ".join(f"{span.name} {span.attributes}" for span in spans)
    for personal in (USER_ID, MANAGER, TIN, "@example.com", "O’Brien", "127.0.0.1:"):
        assert personal not in told


def test_a_registration_is_one_trace_over_all_processes__OPS_5(seen: Seen, collector: Collector) -> None:
    seen.set("WARDENRY_OTLP_ENDPOINT", collector.endpoint)
    for service in ("identity", "registration", "notify", "audit"):
        seen.migrate(service)
    for name in NEEDED:
        seen.start_process(name)
    for name in NEEDED:
        seen.until(name, "/readyz", 200)
    registered(seen)
    eventually(lambda: mail_is_sent(collector), within=200, every=0.2)
    spans = collector.spans(TRACE)
    assert_one_tree(spans, {"registration", "identity", "notify", "audit"})
    names = {span.name for span in spans}
    assert {
        "POST /api/registration/v1/registrations",
        "POST /internal/v1/reservations",
        "publish registration.registration.submitted.v1",
        "receive registration.registration.submitted.v1",
        "handle registration.registration.submitted.v1",
        "handle identity.code.requested.v1",
        "send email",
    } <= names


def test_the_embedded_form_is_traced_too__OPS_5(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARDENRY_OTLP_ENDPOINT", collector.endpoint)
    embedded = Embedded(tmp_path / "data", "--no-demo")
    embedded.start(within=200)
    try:
        registered(embedded)
        eventually(lambda: mail_is_sent(collector), within=100, every=0.2)
    finally:
        assert embedded.stop() == 0
    assert_one_tree(collector.spans(TRACE), {"registration", "identity", "notify", "audit"})


def test_what_somebody_does_at_a_page_is_one_trace_to_the_mail__OPS_5(
    tmp_path: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch, chromium: Browser
) -> None:
    monkeypatch.setenv("WARDENRY_OTLP_ENDPOINT", collector.endpoint)
    embedded = Embedded(tmp_path / "data")
    embedded.start(within=200)
    try:
        with visiting(chromium, embedded) as visitor:
            visitor.go("/login")
            visitor.arrives("/sign-in")
            visitor.context.set_extra_http_headers(TRACEPARENT)
            give_password(visitor, MANAGER, embedded.password)
        eventually(lambda: mail_is_sent(collector), within=200, every=0.2)
    finally:
        assert embedded.stop() == 0
    spans = collector.spans(TRACE)
    assert_one_tree(spans, {"portal", "identity", "notify", "audit"})
    names = {span.name for span in spans}
    assert {"POST /api/identity/v1/sign-in", "handle identity.code.requested.v1", "send email"} <= names
