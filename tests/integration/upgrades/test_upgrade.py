"""OPS-6 with real processes: versions side by side through an expanding and a contracting migration, under load."""

from __future__ import annotations

import json
import secrets
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from chassis.db.engine import make_engine
from chassis.testing.waiting import eventually
from deploy.native.databases import Databases
from tests.e2e.deployments import environment
from tests.integration.upgrades.clients import Applicants
from tests.integration.upgrades.deployment import Deployment
from tests.integration.upgrades.versions import ROOT, make_newer, make_newest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]

EACH = 15
"""So many registrations at least each process acknowledges in each stage."""

SERVICES = ("registration", "entitlements", "audit")
V1, V2 = "registration.registration.submitted.v1", "registration.registration.submitted.v2"


class Identity(BaseHTTPRequestHandler):
    """Reserves every account, as identity's internal API does."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"user_id": body["user_id"].lower()}).encode()
        self.send_response(201)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def identity() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Identity) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def urls(postgresql: Databases) -> Iterator[dict[str, str]]:
    made = {service: postgresql.create() for service in SERVICES}
    yield {service: database.url for service, database in made.items()}
    for database in made.values():
        postgresql.drop(database)


@pytest.fixture
def deployment(urls: dict[str, str], vhost: str, tmp_path: Path) -> Iterator[Deployment]:
    with identity() as identity_url:
        variables = {
            "BROKER_URL": vhost,
            "ISSUER": "http://127.0.0.1:8080",
            "SERVICE_SECRET": secrets.token_hex(32),
            "ADDRESS_LIMITS": "false",
            "REGISTRATION_IDENTITY_URL": identity_url,
            "REGISTRATION_ENTITLEMENTS_URL": "http://127.0.0.1:9",
            "REGISTRATION_EMAIL_DOMAINS_LOOKED_UP": "false",
        }
        for service, url in urls.items():
            variables |= {
                f"{service.upper()}_DATABASE_URL": url,
                f"{service.upper()}_EDGE_SECRET": secrets.token_hex(32),
                f"{service.upper()}_SEALING_KEYS": f"first:{secrets.token_urlsafe(32)}",
            }
        made = Deployment(tmp_path, environment(**{f"WARDENRY_{name}": value for name, value in variables.items()}))
        yield made
        made.kill()


@dataclass
class Told:
    """What reached the three databases in the end."""

    urls: dict[str, str]

    def rows(self, service: str, statement: str) -> list[tuple[Any, ...]]:
        engine = make_engine(self.urls[service])
        try:
            with engine.connect() as connection:
                return [tuple(row) for row in connection.execute(text(statement))]
        finally:
            engine.dispose()

    def registrations(self) -> list[str]:
        return [str(row[0]) for row in self.rows("registration", "SELECT id FROM registration")]

    def requests(self) -> Counter[str]:
        return Counter(str(row[0]) for row in self.rows("entitlements", "SELECT registration_id FROM request"))

    def entries(self) -> dict[str, list[tuple[int, str]]]:
        """What audit has of each registration: the events' numbers and types."""
        found: dict[str, list[tuple[int, str]]] = {}
        statement = "SELECT subject, sequence, type FROM entry WHERE source = 'registration' ORDER BY sequence"
        for subject, sequence, event_type in self.rows("audit", statement):
            found.setdefault(subject.partition("/")[2], []).append((sequence, event_type))
        return found

    def greetings_missing(self) -> int:
        (row,) = self.rows("registration", "SELECT count(*) FROM registration WHERE greeting IS NULL")
        return int(row[0])


def test_versions_side_by_side_lose_and_double_nothing__OPS_6(
    deployment: Deployment, urls: dict[str, str], tmp_path: Path
) -> None:
    older, newer, newest = ROOT, make_newer(tmp_path / "newer"), make_newest(tmp_path / "newest")
    told, applicants = Told(urls), Applicants(deployment.servers)
    assert deployment.migrate(older, *SERVICES).returncode == 0
    deployment.serve("older", older)
    deployment.await_ready("older")
    deployment.work("older", older, *SERVICES)
    applicants.start(2)
    try:
        applicants.wait_for("older", EACH)

        deployment.serve("newer", newer)
        assert not deployment.ready("newer"), "a new process must wait for its migration"
        _migrated(deployment, newer)
        for version in ("older", "newer"):
            deployment.await_ready(version)
        deployment.work("newer", newer, "registration", "entitlements")
        for version in ("older", "newer", "older"):
            applicants.wait_for(version, EACH)
        assert _migrated(deployment, older), "an older version's migration leaves an expanded database as it is"

        deployment.end("older")
        deployment.work("newer", newer, "audit")
        applicants.wait_for("newer", EACH)
        assert told.greetings_missing() >= EACH

        _migrated(deployment, newest)
        assert told.greetings_missing() == 0
        deployment.serve("newest", newest)
        for version in ("newer", "newest"):
            deployment.await_ready(version)
        deployment.work("newest", newest, "registration")
        for version in ("newer", "newest"):
            applicants.wait_for(version, EACH)
        deployment.serve("too old", older)
        assert not deployment.ready("too old"), "the database was contracted past this version"
        refused = deployment.migrate(older, "registration")
        assert (refused.returncode, "newer version" in refused.stderr) == (2, True), refused
    finally:
        applicants.stop()
    assert applicants.failed == []
    _nothing_lost_nothing_doubled(applicants, told)


def _migrated(deployment: Deployment, tree: Path) -> bool:
    done = deployment.migrate(tree, "registration")
    assert done.returncode == 0, done.stderr
    return True


def _nothing_lost_nothing_doubled(applicants: Applicants, told: Told) -> None:
    made = Counter(applicants.made)
    assert set(made.values()) == {1}
    assert sorted(told.registrations()) == sorted(made)
    eventually(lambda: len(told.requests()) == len(made), within=300, every=0.5)
    assert told.requests() == made
    eventually(lambda: len(told.entries()) == len(made), within=300, every=0.5)
    kinds = Counter(tuple(event_type for _, event_type in events) for events in told.entries().values())
    assert set(kinds) == {(V1,), (V1, V2), (V2,)}
    assert min(kinds.values()) >= EACH
    assert all([number for number, _ in events] == [*range(1, len(events) + 1)] for events in told.entries().values())
