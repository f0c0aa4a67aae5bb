"""The journeys once more, through nginx and over several processes of each service, which die meanwhile (OPS-2)."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle

import httpx
import pytest
from playwright.sync_api import Browser

from chassis.testing.waiting import eventually
from tests.browser.browsing import Visitor, visiting
from tests.browser.registering import log_in, register
from tests.e2e.people import Person, registration
from tests.e2e.stacks import DistributedStack
from tests.e2e.test_invitations import *  # noqa: F403 (the same tests, another deployment)
from tests.e2e.test_journey import *  # noqa: F403 (the same tests, another deployment)
from tests.e2e.test_recovery import *  # noqa: F403 (these, too)
from tests.e2e.test_refusals_bodies import (  # noqa: F401 (and these)
    test_a_packed_body_is_not_unpacked__OPS_8,
    test_malformed_json,
    test_too_large__OPS_8,
    test_too_large_without_saying_so__OPS_8,
    test_wrong_content_type,
)
from tests.e2e.test_refusals_paths import (  # noqa: F401 (and these)
    http,
    test_a_refusal_names_its_correlation_id,
    test_odd_paths,
    test_the_correlation_id_comes_back__OPS_5,
    test_what_is_no_request__OPS_8,
    test_what_is_not_for_outside,
    test_what_is_not_there,
)
from wardenry.registry import SERVICES

pytestmark = pytest.mark.timeout(900)  # what is killed takes long to come back on a loaded machine

STATE_MEDICAL = "123456789"
TWICE = ("portal", "registration", "identity", "entitlements")
REPLICAS = 2
AGAIN = {502, 503, 504}
Act = Callable[[], httpx.Response]


def nothing(_: str = "") -> None:
    """Nobody dies."""


def test_somebody_registers_and_is_approved_in_the_browser__OPS_2(
    chromium: Browser, deployment: DistributedStack, demo_password: str
) -> None:
    _come_through(chromium, deployment, demo_password, nothing)


def test_processes_die_meanwhile_and_nobody_notices__OPS_2(
    chromium: Browser, deployment: DistributedStack, demo_password: str
) -> None:
    """Before each step one of the two processes of a service's kind is killed."""
    deaths = cycle([(kind, service) for service in TWICE for kind in ("serve", "work")])

    def one_dies(_: str = "") -> None:
        deployment.kill(*next(deaths))

    _come_through(chromium, deployment, demo_password, one_dies)


def test_either_process_of_identity_is_enough_to_register__OPS_2(deployment: DistributedStack) -> None:
    for oldest in (True, False):
        deployment.kill("serve", "identity", oldest=oldest)
        person = Person(deployment, f"zoe.{uuid.uuid4().hex[:8]}")
        made = person.register([{"tin": STATE_MEDICAL, "line": "medical"}])
        assert made.status_code == 201, made.text
        eventually(lambda: deployment.ready("serve", "identity") == REPLICAS, within=240)


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("kind", ["serve", "work"])
def test_all_processes_of_a_kind_die_and_trying_again_is_enough__OPS_3(
    deployment: DistributedStack, kind: str, service: str
) -> None:
    person = Person(deployment, f"zoe.{uuid.uuid4().hex[:8]}")
    deployment.kill_all(kind, service)
    _register_patiently(person)


@pytest.mark.parametrize("server", ["nginx", "postgres", "beam.smp"])
def test_a_server_dies_and_trying_again_is_enough__OPS_8(deployment: DistributedStack, server: str) -> None:
    person = Person(deployment, f"zoe.{uuid.uuid4().hex[:8]}")
    deployment.kill_server(server)
    _register_patiently(person)


def _come_through(
    chromium: Browser, deployment: DistributedStack, demo_password: str, before: Callable[[str], None]
) -> None:
    """Register, be approved, and use what one may, both people at a browser; `before` is called between the steps."""
    person = Person(deployment, f"zoe.{uuid.uuid4().hex[:8]}")
    with _patient(chromium, deployment) as applicant:
        register(applicant, person.user_id, before)
        assert applicant.heading == "Good news: you are registered"
        assert applicant.troubles == []
    with _patient(chromium, deployment) as manager:
        before("")
        log_in(manager, "mmartin5", demo_password, look=before)
        _approve(manager, person.user_id, before)
        assert manager.troubles == []
    with _patient(chromium, deployment) as applicant:
        log_in(applicant, person.user_id, person.password, site="behavioral", look=before)
        assert applicant.page.url.startswith(deployment.url("/dashboard", site="behavioral"))
    person.sign_in()
    assert person.check("claim_status", STATE_MEDICAL)["allowed"] is True


@contextmanager
def _patient(chromium: Browser, deployment: DistributedStack) -> Iterator[Visitor]:
    """What died takes its time to come back, and with it the mails."""
    with visiting(chromium, deployment) as visitor:
        visitor.context.set_default_timeout(90_000)
        visitor.patience = 240.0
        yield visitor


def _approve(manager: Visitor, user_id: str, before: Callable[[str], None]) -> None:
    def waits() -> bool:
        manager.go("/users?view=awaiting")
        return user_id in manager.page.locator("main").inner_text()

    before("")
    eventually(waits, within=120)
    manager.click(manager.page.locator("tr", has_text=user_id).get_by_role("link", name="Review"))
    manager.page.locator(f'label[for="may-{STATE_MEDICAL}-medical-claim_status"]').click()
    for button in ("Next", "Confirm"):
        before("")
        manager.click(manager.page.locator("main").get_by_role("button", name=button).first)
    assert manager.heading == "Done"


def _register_patiently(person: Person) -> None:
    """Register and confirm; each call is repeated, under its key, until it is answered."""
    key = {"Idempotency-Key": uuid.uuid4().hex}
    body = registration(person.user_id, [{"tin": STATE_MEDICAL, "line": "medical"}])
    made = _patiently(lambda: person.post("/api/registration/v1/registrations", body, headers=key))
    assert made.status_code == 201, made.text
    eventually(lambda: "confirm_email" in person.notices(), within=90)
    assert _patiently(person.confirm).status_code == 204
    assert person.notices().count("confirm_email") == 1


def _patiently(act: Act) -> httpx.Response:
    def answered() -> httpx.Response | None:
        try:
            answer = act()
        except httpx.TransportError:
            return None
        if answer.status_code in AGAIN:
            assert int(answer.headers["Retry-After"]) >= 1
            return None
        return answer

    return eventually(answered, within=240, every=0.2)
