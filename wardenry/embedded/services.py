"""All services with the embedded mode's settings: SQLite files, own secrets, a local mailbox, loopback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from chassis.assembly import Service
from chassis.telemetry.process import tracer_to
from chassis.telemetry.telemetry import Telemetry
from services.audit import bootstrap as audit
from services.audit.settings import Settings as AuditSettings
from services.entitlements import bootstrap as entitlements
from services.entitlements.settings import Settings as EntitlementsSettings
from services.identity import bootstrap as identity
from services.identity.settings import PortalClient
from services.identity.settings import Settings as IdentitySettings
from services.notify import bootstrap as notify
from services.notify.settings import Settings as NotifySettings
from services.portal import bootstrap as portal
from services.portal.settings import Settings as PortalSettings
from services.registration import bootstrap as registration
from services.registration.settings import Settings as RegistrationSettings
from wardenry.demo import PASSWORD
from wardenry.embedded.folder import DataFolder
from wardenry.embedded.inside import Inside
from wardenry.embedded.secrets import OwnSecrets

_SUPPORT_QUEUE = "support@example.com"
_SHORT_CODE = "55501"
_SMS_ACCOUNT = f"AC{'0' * 32}"
_NAMES = ("identity", "registration", "entitlements", "notify", "audit", "portal")
_IN_PROCESS = "http://{}.invalid"
_PRIVATE = ("d",)


@dataclass(frozen=True, slots=True)
class EmbeddedServices:
    """The services of one data folder, with the settings that seeding needs again."""

    identity: Service
    registration: Service
    entitlements: Service
    notify: Service
    audit: Service
    portal: Service
    inside: Inside
    identity_settings: IdentitySettings
    entitlements_settings: EntitlementsSettings

    @property
    def all(self) -> tuple[Service, ...]:
        """Every service."""
        return (*self.apis, self.portal)

    @property
    def apis(self) -> tuple[Service, ...]:
        """Those that answer below `/api`."""
        return (self.identity, self.registration, self.entitlements, self.notify, self.audit)


def site_urls(port: int) -> dict[str, str]:
    """Where each site is."""
    return {"medical": f"http://localhost:{port}", "behavioral": f"http://localhost:{port + 1}"}


def assemble(folder: DataFolder, port: int, environment: Mapping[str, str]) -> EmbeddedServices:
    """The services of a prepared data folder, idle.

    Of the environment count `WARDENRY_ADDRESS_LIMITS` (`on`), the cost of password hashes, and where traces go.
    """
    secrets = OwnSecrets(folder)
    common = _Common(folder, secrets, port, environment.get("WARDENRY_ADDRESS_LIMITS", "").lower() == "on")
    notify_key = secrets.recipient_key("notify.private_keys")
    identity_settings = IdentitySettings(
        **common.of("identity"),
        pepper=secrets.secret("identity.pepper"),
        notify_public_key=_public(notify_key),
        portal_clients=_portal_clients(secrets, port),
        **_hash_cost(environment),
    )
    entitlements_settings = EntitlementsSettings(**common.of("entitlements"))
    seen = {name: _traced(name, environment) for name in _NAMES}
    who = identity.build(identity_settings, telemetry=seen["identity"])
    what = entitlements.build(entitlements_settings, telemetry=seen["entitlements"])
    inside = Inside()
    return EmbeddedServices(
        identity=who,
        registration=_registration(common, (who, what), seen["registration"]),
        entitlements=what,
        notify=notify.build(
            NotifySettings(
                **common.of("notify"),
                private_keys=notify_key,
                support_queue=_SUPPORT_QUEUE,
                portal_urls=site_urls(port),
                local_mailbox=True,
                sms_account=_SMS_ACCOUNT,
                sms_token=SecretStr(secrets.secret("notify.sms_token")),
                sms_sender=_SHORT_CODE,
            ),
            telemetry=seen["notify"],
        ),
        audit=audit.build(AuditSettings(**common.of("audit")), telemetry=seen["audit"]),
        portal=portal.build(_portal_settings(common), transport=inside, telemetry=seen["portal"]),
        inside=inside,
        identity_settings=identity_settings,
        entitlements_settings=entitlements_settings,
    )


def _traced(service: str, environment: Mapping[str, str]) -> Telemetry:
    ratio = float(environment.get("WARDENRY_TRACE_RATIO", "1"))
    return Telemetry(tracer=tracer_to(service, environment.get("WARDENRY_OTLP_ENDPOINT"), ratio))


def _registration(common: _Common, asked: tuple[Service, ...], telemetry: Telemetry) -> Service:
    given: dict[str, Any] = {f"{each.name}_url": _IN_PROCESS.format(each.name) for each in asked}
    settings = RegistrationSettings(**common.of("registration"), **given, email_domains_looked_up=False)
    ways = {each.name: httpx.WSGITransport(app=each.app) for each in asked}
    return registration.build(settings, transports=ways, telemetry=telemetry)


def _portal_clients(secrets: OwnSecrets, port: int) -> tuple[PortalClient, ...]:
    """One a site: the portal signs people in to each as a client of its own."""
    return tuple(_portal_client(site, url, secrets) for site, url in site_urls(port).items())


def _portal_client(site: str, url: str, secrets: OwnSecrets) -> PortalClient:
    origins = (url, url.replace("localhost", "127.0.0.1"))
    return PortalClient(
        client_id=f"wardenry-portal-{site}",
        secret=_client_secret(site, secrets),
        site=site,
        redirect_uris=tuple(f"{origin}/signed-in" for origin in origins),
        post_logout_redirect_uris=tuple(f"{origin}{path}" for origin in origins for path in ("/", "/signed-out")),
    )


def _client_secret(site: str, secrets: OwnSecrets) -> SecretStr:
    """What the portal and identity know each other by."""
    return SecretStr(secrets.secret(f"portal.{site}.client_secret"))


def _portal_settings(common: _Common) -> PortalSettings:
    urls = site_urls(common.port)
    return PortalSettings(
        **common.of("portal"),
        site_urls=urls,
        client_secrets={site: _client_secret(site, common.secrets) for site in urls},
        demo_password=PASSWORD,
    )


@dataclass(frozen=True, slots=True)
class _Common:
    folder: DataFolder
    secrets: OwnSecrets
    port: int
    address_limits: bool

    def of(self, service: str) -> dict[str, Any]:
        return {
            "database_url": self.folder.database_url(service),
            "issuer": f"http://localhost:{self.port}",
            "edge_secret": self.secrets.secret(f"{service}.edge_secret"),
            "service_secret": self.secrets.secret("service_secret"),
            "sealing_keys": self.secrets.key_ring(f"{service}.sealing_keys"),
            "trust_gateway": True,
            "address_limits": self.address_limits,
        }


def _hash_cost(environment: Mapping[str, str]) -> dict[str, Any]:
    names = ("hash_passes", "hash_memory_kib", "hash_lanes")
    variables = {name: f"{IdentitySettings.PREFIX}{name}".upper() for name in names}
    return {name: environment[variable] for name, variable in variables.items() if variable in environment}


def _public(private_jwk: str) -> str:
    return json.dumps({name: value for name, value in json.loads(private_jwk).items() if name not in _PRIVATE})
