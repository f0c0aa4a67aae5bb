"""The only place where the portal is wired."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from importlib.resources import files
from pathlib import Path

import httpx
import orjson
from sqlalchemy import Connection, Engine

from chassis.assembly import Errand, Service
from chassis.bus.loop import Wakeup
from chassis.calling.deadline import BoundedTransport
from chassis.db.sessions import EndedSessions
from chassis.kernel.clock import Clock
from chassis.security.sealing import Sealer, derived_key
from chassis.settings import parse_keys, secret_bytes
from chassis.telemetry.outgoing import TracedTransport
from chassis.telemetry.telemetry import Telemetry
from chassis.wiring import Wiring, wire
from services.portal.adapters.assets import Assets
from services.portal.adapters.gateway_api import TIME_LIMITS, GatewayApi, Origins
from services.portal.adapters.id_tokens import IdTokens, JwksKeys
from services.portal.adapters.oidc_issuer import OidcIssuer, Registered
from services.portal.adapters.qr_codes import qr_code
from services.portal.adapters.sql_sessions import Lifetimes, SqlWebSessions
from services.portal.api.application import PortalFlask, create_app
from services.portal.api.definition import PortalApp
from services.portal.application.ports import Ports
from services.portal.domain.sites import Site, Sites
from services.portal.events.published import SOURCE, publish
from services.portal.events.sources import SOURCES
from services.portal.events.subscribed import SUBSCRIPTIONS
from services.portal.settings import Settings

_CONNECTIONS = httpx.Limits(max_connections=100, max_keepalive_connections=20)
_FORGET_EVERY = 60.0


def build_from_environment(environment: Mapping[str, str], telemetry: Telemetry | None = None) -> Service:
    """The service with settings from the environment; raises `SettingsError`."""
    return build(Settings.from_environment(environment), telemetry=telemetry)


def build(
    settings: Settings,
    clock: Clock | None = None,
    *,
    transport: httpx.BaseTransport | None = None,
    telemetry: Telemetry | None = None,
) -> Service:
    """The service, idle: nothing is connected and no thread runs.

    `transport` is another way to the gateway and the issuer than the network: the embedded mode's.
    """
    wiring: Wiring[Connection] = wire(SOURCE, settings, _no_store, publish, clock, telemetry=telemetry)
    sealer = Sealer(parse_keys(settings.sealing_keys))
    sessions = SqlWebSessions(wiring.engine, sealer, _lifetimes(settings), wiring.clock)
    way = TracedTransport(transport or BoundedTransport(_CONNECTIONS), wiring.telemetry.tracer)
    client = httpx.Client(transport=way, timeout=TIME_LIMITS)
    return wiring.service(
        _app(settings, make_ports(settings, wiring.engine, sessions, client, wiring.clock), wiring),
        SOURCES,
        wiring.worker(SUBSCRIPTIONS, None),
        errands=(Errand("ended web sessions", sessions.forget_ended, Wakeup(), poll=_FORGET_EVERY),),
    )


def make_ports(
    settings: Settings, engine: Engine, sessions: SqlWebSessions, client: httpx.Client, clock: Clock
) -> Ports:
    """What the pages are handed."""
    lifetimes = _lifetimes(settings)
    issuer_api = settings.issuer_api_url or settings.issuer
    secrets = {site: secret.get_secret_value() for site, secret in settings.client_secrets.items()}
    id_tokens = IdTokens(settings.issuer, JwksKeys(client, f"{issuer_api}/oidc/jwks.json"), clock)
    origins = Origins({site: settings.api_url(site) for site in settings.site_urls}, settings.default_site)
    password = settings.demo_password
    return Ports(
        clock=clock,
        sites=_sites(settings),
        api=partial(GatewayApi, client, origins),
        sessions=sessions,
        issuer=OidcIssuer(client, Registered(settings.issuer, issuer_api, secrets), id_tokens, clock),
        has_ended=EndedSessions(engine),
        qr_code=qr_code,
        issuer_url=settings.issuer,
        time_zone=settings.time_zone,
        idle=lifetimes.idle,
        visitor_idle=lifetimes.visitor_idle,
        demo_password=password.get_secret_value() if password else None,
    )


def _app(settings: Settings, ports: Ports, wiring: Wiring[Connection]) -> PortalFlask:
    folder = Path(str(files("services.portal")))
    root = secret_bytes(settings.edge_secret)
    return create_app(
        PortalApp(
            ports=ports,
            assets=Assets(folder / "static"),
            folder=folder,
            csrf_secret=derived_key(root, "forms").hex(),
            handle_secret=derived_key(root, "handles"),
            trust_gateway=settings.trust_gateway,
            ready=wiring.ready,
            telemetry=wiring.telemetry,
        )
    )


def _no_store(connection: Connection) -> Connection:
    """No event has a handler here that would need one."""
    return connection


def _sites(settings: Settings) -> Sites:
    path = settings.sites_file or files("services.portal") / "data" / "sites.json"
    given = orjson.loads(path.read_bytes())
    return Sites(
        {name: Site.parse(name, url, given[name]) for name, url in settings.site_urls.items()}, settings.default_site
    )


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(
        idle=timedelta(minutes=settings.idle_minutes),
        visitor_idle=timedelta(minutes=settings.visitor_idle_minutes),
        longest=timedelta(hours=settings.longest_hours),
    )
