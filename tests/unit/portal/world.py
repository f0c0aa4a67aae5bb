"""The portal in one process, with everything around it made by hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from importlib.resources import files
from pathlib import Path
from typing import Any

import orjson
from flask import Blueprint, Response, make_response
from flask_wtf.csrf import generate_csrf
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import Client, TestResponse

from chassis.testing.clocks import StandingClock
from services.portal.adapters.assets import Assets
from services.portal.adapters.qr_codes import qr_code
from services.portal.api.application import PortalFlask, create_app
from services.portal.api.definition import PortalApp
from services.portal.api.signed_in import api, signed_in
from services.portal.application.ports import Ports
from services.portal.domain.sites import Site, Sites
from tests.unit.portal.fakes import FakeApi, FakeIssuer, FakeSessions

PORTAL = Path(str(files("services.portal")))
URLS = {"medical": "http://medical.test", "behavioral": "http://behavioral.test"}
_TOKEN = re.compile(r'name="(csrf_token|form_key|draft)" value="([^"]*)"')


class Compiled(BytecodeCache):
    """Templates compiled once for all the applications that tests make."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@dataclass
class World:
    """`get` and `post` are a browser's on the medical site: with its cookie, and the hidden fields of the last page."""

    clock: StandingClock
    api: FakeApi
    sessions: FakeSessions
    issuer: FakeIssuer
    ended: set[str]
    app: PortalFlask
    browser: Client
    site: str = "medical"
    page: str = ""

    def get(self, path: str, **options: Any) -> TestResponse:
        return self._seen(self.browser.get(path, **self._where(), **options))

    def post(self, path: str, form: Mapping[str, Any] | None = None, **options: Any) -> TestResponse:
        """Send a form as the last page had it: its hidden fields, and these."""
        return self._seen(self.browser.post(path, data={**self.hidden(), **(form or {})}, **self._where(), **options))

    def hidden(self) -> dict[str, str]:
        """The hidden fields of the last page's form."""
        return {name: unescape(value) for name, value in _TOKEN.findall(self.page)}

    def sign_in(self, user_id: str = "mmartin5") -> None:
        """As if the issuer had sent this person back."""
        self.issuer.user_id = user_id
        self.get("/login")
        answer = self.get(f"/signed-in?state=state-{self.site}&code=good&iss=http://issuer.test")
        assert answer.status_code == 303

    def _where(self) -> dict[str, Any]:
        return {"base_url": URLS[self.site], "headers": {"X-Wardenry-Site": self.site, "Accept-Language": "en"}}

    def _seen(self, answer: TestResponse) -> TestResponse:
        location: str | None = answer.location
        if location is None and ("<html" in answer.text or "csrf_token" in answer.text):
            self.page = answer.text
        return answer


def pages_for_tests() -> Blueprint:
    """A page for the signed in that shows who they are, and takes a form: what no page of the portal's may change."""
    blueprint = Blueprint("for_tests", __name__, url_prefix="/for-tests")

    @blueprint.get("")
    @signed_in
    def show() -> Response:
        name = api().get("/api/identity/v1/me").body["profile"]["first_name"]
        return make_response(f'{name} <input name="csrf_token" value="{generate_csrf()}">')

    @blueprint.post("")
    @signed_in
    def take() -> Response:
        return make_response("taken")

    return blueprint


def make_world(**changes: Any) -> World:
    """A world at rest; `changes` replace fields of `Ports`."""
    clock = StandingClock()
    api, sessions, issuer, ended = FakeApi(), FakeSessions(clock), FakeIssuer(clock), set[str]()
    given = orjson.loads((PORTAL / "data" / "sites.json").read_bytes())
    sites = Sites({name: Site.parse(name, url, given[name]) for name, url in URLS.items()}, "medical")
    ports = Ports(
        clock=clock,
        sites=sites,
        api=api,
        sessions=sessions,
        issuer=issuer,
        qr_code=qr_code,
        has_ended=lambda session_id: session_id in ended,
        time_zone="America/New_York",
        visitor_idle=timedelta(minutes=30),
        **{"issuer_url": "http://issuer.test", "idle": timedelta(minutes=15), **changes},
    )
    app = create_app(
        PortalApp(
            ports=ports,
            assets=Assets(PORTAL / "static"),
            folder=PORTAL,
            csrf_secret="for this test alone",
            handle_secret=b"for this test alone",
            trust_gateway=True,
            ready={},
        )
    )
    app.register_blueprint(pages_for_tests())
    app.jinja_env.bytecode_cache = COMPILED
    return World(clock, api, sessions, issuer, ended, app, Client(app))
