"""All services in one process over databases of either kind, and people in it whose events arrive at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from chassis.kernel.clock import SystemClock
from tests.contract.assembled import Assembled
from tests.e2e.people import Person
from wardenry.demo import PASSWORD
from wardenry.embedded.folder import DataFolder
from wardenry.embedded.gateway import Gateway, site_routes

T = TypeVar("T")

ADDRESS = "http://localhost:8080"


RENEWED_AFTER = 120.0
"""Seconds; an access token lives for 300."""

SHOWN_ANEW_AFTER = 200.0
"""Seconds; a second step opens what asks for a fresh one for 300."""

STEP_UP = "/api/identity/v1/me/step-up"


@dataclass
class Lasting(Person):
    """Somebody who stays signed in, however slow the machine is."""

    renewed_at: float = 0.0
    shown_at: float = 0.0

    def sign_in(self) -> dict[str, Any]:
        found = super().sign_in()
        self.renewed_at = self.shown_at = time.monotonic()
        return found

    def call(self, method: str, path: str, **options: Any) -> httpx.Response:
        if self.tokens and time.monotonic() - self.renewed_at > RENEWED_AFTER:
            assert self.refresh().is_success
            self.renewed_at = time.monotonic()
        return super().call(method, path, **options)

    def shows_who_they_are(self) -> None:
        """By a second step within their session, and tokens that tell of it (IDN-3), unless that was a moment ago."""
        if time.monotonic() - self.shown_at < SHOWN_ANEW_AFTER:
            return
        begun = self.post(STEP_UP).json()
        path, method = f"{STEP_UP}/{begun['challenge']}", begun["methods"][0]["id"]
        secret, earlier = {"X-Challenge-Secret": begun["challenge_secret"]}, self.notices().count("sign_in_code")
        assert self.post(f"{path}/send", {"method": method}, headers=secret).status_code == 202
        proof = {"method": method, "code": self.code("sign_in_code", after=earlier)}
        assert self.post(f"{path}/verify", proof, headers=secret).status_code == 200
        assert self.refresh().is_success
        self.shown_at = time.monotonic()


class OnServers(DataFolder):
    """A data folder whose databases are a server's."""

    def __init__(self, path: Path, urls: Mapping[str, str]) -> None:
        super().__init__(path)
        self._urls = urls

    def database_url(self, service: str) -> str:
        return self._urls.get(service) or super().database_url(service)


class Town(Assembled):
    """A `Deployment` for `Person`s: every call is followed by all that it leads to."""

    def __init__(self, folder: DataFolder) -> None:
        super().__init__(folder)
        apis = {name: each.app.wsgi_app for name, each in self.services.items()}
        routes = site_routes(apis, self.portal.app.wsgi_app) | {"/dev": apis["notify"]}
        self._way = _Settled(self, Gateway("medical", routes))
        self._http = httpx.Client(transport=self._way)

    def url(self, path: str, *, site: str = "medical") -> str:
        assert site == "medical", "the one door that there is"
        return f"{ADDRESS}{path}"

    def mails(self, to: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self._http.get(self.url("/dev/messages"), params={"to": to}).json()["items"]
        return found

    def person(self, user_id: str) -> Person:
        """Somebody who is new here."""
        return Lasting(self, user_id, http=self._http)

    def somebody_known(self, user_id: str) -> Lasting:
        """A demo user, signed in."""
        person = Lasting(self, user_id, PASSWORD, http=self._http)
        person.sign_in()
        return person

    def at_once(self, *acts: Callable[[], T]) -> list[T]:
        """What these come to at the same moment; only then follows all that they lead to."""
        self._way.is_crowded = True
        try:
            with ThreadPoolExecutor(len(acts)) as people:
                done = [each.result() for each in [people.submit(act) for act in acts]]
        finally:
            self._way.is_crowded = False
        self.settle()
        return done

    def days_pass(self, service: str, job: str, days: float) -> int:
        """Do what is due by then; how many things that were."""
        jobs = self.services[service].jobs
        assert jobs is not None
        touched = jobs.run(job, SystemClock().now() + timedelta(days=days))
        self.settle()
        return touched


class _Settled(httpx.BaseTransport):
    def __init__(self, town: Town, app: Any) -> None:
        self._town = town
        self._inner = httpx.WSGITransport(app=app)
        self.is_crowded = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        answer.read()
        if request.method != "GET" and not self.is_crowded:
            self._town.settle()
        return answer
