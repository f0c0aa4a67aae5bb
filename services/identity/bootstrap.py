"""The only place where identity is wired."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from typing import TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from chassis.assembly import Errand, Service
from chassis.bus.loop import Wakeup
from chassis.db.sessions import EndedSessions, VerificationKeys
from chassis.jobs.calendar import Calendar, Daily, Hourly
from chassis.jobs.job import Job
from chassis.kernel.clock import Clock
from chassis.kernel.work import UnitOfWork
from chassis.security.hashing import Argon2Hasher, Argon2Parameters, HashingSlots, SlotsMeter
from chassis.security.random import SystemRandomness
from chassis.security.sealing import Sealer, recipient_key
from chassis.security.service_tokens import ServiceTokens
from chassis.security.tokens import AccessTokenVerifier
from chassis.settings import parse_keys, secret_bytes
from chassis.telemetry.telemetry import Telemetry
from chassis.web.application import create_app
from chassis.wiring import Wiring, around, wire
from services.identity.adapters.bundled import bundled_lists
from services.identity.adapters.country_lookup import IptoccCountries
from services.identity.adapters.demo_accounts import demo_accounts
from services.identity.adapters.logout_sender import LogoutSender
from services.identity.adapters.secrets import (
    NotifyCodeSeal,
    NotifyContactSeal,
    NotifyFarewellSeal,
    NotifyReminderSeal,
    NotifyVouchingSeal,
    PepperedDigests,
    SealedAuthenticatorSecrets,
)
from services.identity.adapters.store import SqlStore
from services.identity.adapters.token_issuer import JoseTokenIssuer
from services.identity.adapters.token_looks import BareTokenLooks
from services.identity.adapters.webauthn_proofs import RelyingParty, WebAuthnProofs
from services.identity.api.openid.token_shortcuts import token_shortcuts
from services.identity.api.register import BLUEPRINTS, INTERNAL_BLUEPRINTS, ROOT_BLUEPRINTS
from services.identity.application.count_accounts import count_accounts
from services.identity.application.create_demo_account import CreateDemoAccount, create_demo_account
from services.identity.application.disable_idle_accounts import count_to_be_disabled, disable_idle_accounts
from services.identity.application.ensure_client import EnsureClient, ensure_client
from services.identity.application.ensure_signing_key import ensure_signing_key
from services.identity.application.ports import Ports, Rules, Store
from services.identity.application.purge_expired import purge_expired
from services.identity.application.remove_idle_accounts import count_to_be_removed, remove_idle_accounts
from services.identity.application.replace_vouched_contacts import count_vouched_contacts, replace_vouched_contacts
from services.identity.application.warn_of_disabling import count_to_be_warned, warn_of_disabling
from services.identity.domain.clients import PORTAL_SCOPES
from services.identity.domain.codes import CodeRules
from services.identity.domain.inactivity import InactivityRules
from services.identity.domain.reservations import RegistrationRules
from services.identity.domain.risk import RiskRules, Signal
from services.identity.domain.sessions import SessionRules
from services.identity.domain.throttle import ThrottleRules, TryRules
from services.identity.domain.vouchings import VouchingRules
from services.identity.events.published import SOURCE, publish
from services.identity.events.sources import SOURCES
from services.identity.events.subscribed import SUBSCRIPTIONS
from services.identity.settings import Settings

_PURGE_EVERY = 3600.0
_TELL_EVERY = 0.5
_AT_NIGHT = time(2, 30)
_AT_MINUTE = 5

Outcome = TypeVar("Outcome")
UseCase = Callable[[UnitOfWork[Store], Ports], Outcome]
DueWork = Callable[[UnitOfWork[Store], Ports, datetime], int]


def build_from_environment(environment: Mapping[str, str], telemetry: Telemetry | None = None) -> Service:
    """The service with settings from the environment; raises `SettingsError`."""
    return build(Settings.from_environment(environment), telemetry=telemetry)


def build(settings: Settings, clock: Clock | None = None, *, telemetry: Telemetry | None = None) -> Service:
    """The service, idle: nothing is connected and no thread runs."""
    wiring: Wiring[Store] = wire(SOURCE, settings, SqlStore, publish, clock, telemetry=telemetry)
    ports = make_ports(settings, wiring.clock, wiring.engine, wiring.telemetry.meters.hashing)
    edge = wiring.edge(
        settings,
        ports,
        title="Wardenry identity",
        description="Who somebody is: accounts, sign-in in two steps, sessions, and the keys of the tokens.",
        blueprints=BLUEPRINTS,
        internal_blueprints=INTERNAL_BLUEPRINTS,
        root_blueprints=ROOT_BLUEPRINTS,
        root_shortcuts=token_shortcuts(ports),
        verify_service=ServiceTokens(_service_secrets(settings), SOURCE, wiring.clock).verify,
    )
    return wiring.service(
        create_app(edge),
        SOURCES,
        wiring.worker(SUBSCRIPTIONS, ports),
        jobs=wiring.jobs(*_jobs(settings, ports)),
        prepare=partial(_prepare, wiring, ports, _portal_clients(settings)),
        errands=(
            Errand("purge", partial(_purge, wiring, ports), Wakeup(), poll=_PURGE_EVERY),
            Errand("logouts", _logout_sender(settings, wiring, ports).step, Wakeup(), poll=_TELL_EVERY),
        ),
    )


def _jobs(settings: Settings, ports: Ports) -> list[Job[Store]]:
    """In this order, so that what was missed for long is made up for in one run."""
    zone = ZoneInfo(settings.jobs_time_zone)
    nightly, hourly = Daily(_AT_NIGHT, zone), Hourly(_AT_MINUTE, zone)
    jobs: list[tuple[str, Calendar, DueWork, DueWork]] = [
        ("account-warnings", nightly, warn_of_disabling, count_to_be_warned),
        ("account-disabling", nightly, disable_idle_accounts, count_to_be_disabled),
        ("account-removal", nightly, remove_idle_accounts, count_to_be_removed),
        ("vouched-contacts", hourly, replace_vouched_contacts, count_vouched_contacts),
    ]
    return [
        Job(
            name,
            calendar,
            batch=lambda work, as_of, batch=batch: batch(work, ports, as_of),  # type: ignore[misc]
            count=lambda work, as_of, count=count: count(work, ports, as_of),  # type: ignore[misc]
            whole=count_accounts,
        )
        for name, calendar, batch, count in jobs
    ]


def seed_demo(
    service: Service, settings: Settings, password: str, accounts: Sequence[CreateDemoAccount] | None = None
) -> int:
    """Make the demo accounts that are not there yet, in embedded mode alone; returns how many were made."""
    wiring: Wiring[Store] = around(service, SqlStore, publish)
    ports = make_ports(settings, wiring.clock, wiring.engine)
    wished = demo_accounts(password, settings.default_site) if accounts is None else accounts
    made = [_run(wiring, ports, "system:demo", partial(create_demo_account, command)) for command in wished]
    return sum(made)


def operate(service: Service, settings: Settings, use_case: UseCase[Outcome]) -> Outcome:
    """Run a use case in the name of the operators, for their commands."""
    wiring: Wiring[Store] = around(service, SqlStore, publish)
    return _run(wiring, make_ports(settings, wiring.clock, wiring.engine), "system:operator", use_case)


def make_ports(settings: Settings, clock: Clock, engine: Engine, meter: SlotsMeter | None = None) -> Ports:
    """What the use cases are handed."""
    parameters = Argon2Parameters(settings.hash_passes, settings.hash_memory_kib, settings.hash_lanes)
    notify_key = recipient_key(json.loads(settings.notify_public_key))
    sealer = Sealer(parse_keys(settings.sealing_keys))
    slots = HashingSlots(settings.hash_slots, settings.hash_queue, settings.hash_wait, meter)
    return Ports(
        clock=clock,
        hasher=Argon2Hasher(parameters, slots),
        randomness=SystemRandomness(),
        digests=PepperedDigests(secret_bytes(settings.pepper)),
        seal_code=NotifyCodeSeal(notify_key),
        seal_reminder=NotifyReminderSeal(notify_key),
        seal_farewell=NotifyFarewellSeal(notify_key),
        seal_contact=NotifyContactSeal(notify_key),
        seal_vouching=NotifyVouchingSeal(notify_key),
        authenticator_secrets=SealedAuthenticatorSecrets(sealer),
        passkey_proofs=WebAuthnProofs(_relying_party(settings)),
        tokens=JoseTokenIssuer(sealer, settings.issuer),
        own_tokens=_own_tokens(settings, engine, clock),
        token_looks=BareTokenLooks(engine),
        countries=IptoccCountries(),
        lists=bundled_lists(),
        rules=make_rules(settings),
    )


def make_rules(settings: Settings) -> Rules:
    """Times and limits as the settings have them."""
    code_lifetime, lock = timedelta(minutes=settings.code_minutes), timedelta(minutes=settings.lock_minutes)
    return Rules(
        throttle=ThrottleRules(
            free=settings.free_failures,
            most=settings.lock_after_failures,
            lock=lock,
        ),
        address=ThrottleRules(
            free=settings.address_free_failures, most=settings.lock_address_after_failures, lock=lock
        ),
        network=ThrottleRules(
            free=settings.network_free_failures, most=settings.lock_network_after_failures, lock=lock
        ),
        by_address=settings.address_limits,
        tries=TryRules(most=settings.code_tries, window=code_lifetime),
        codes=CodeRules(
            lifetime=code_lifetime,
            pause=timedelta(seconds=settings.code_pause_seconds),
            most=settings.codes_an_hour,
            elsewhere=settings.codes_an_hour_elsewhere,
        ),
        sessions=SessionRules(
            idle=timedelta(minutes=settings.session_idle_minutes), most=timedelta(hours=settings.session_hours)
        ),
        registration=RegistrationRules(confirm=timedelta(days=settings.confirm_days)),
        risk=_risk_rules(settings),
        device=timedelta(days=settings.device_days),
        challenge=timedelta(minutes=settings.challenge_minutes),
        recovery=timedelta(minutes=settings.recovery_minutes),
        contact_undo=timedelta(hours=settings.contact_undo_hours),
        inactivity=InactivityRules(
            disabled=timedelta(days=settings.disable_days),
            removed=timedelta(days=settings.remove_days),
        ),
        vouching=VouchingRules(pause=timedelta(hours=settings.vouching_hours)),
        reminders=TryRules(most=settings.codes_an_hour, window=timedelta(hours=1)),
        app_name=settings.app_name,
        availability_budget=settings.availability_budget,
    )


def _relying_party(settings: Settings) -> RelyingParty:
    """The sites of the portal, and the issuer's pages, whose host names it unless the settings do."""
    returns = (urlsplit(uri) for client in settings.portal_clients for uri in client.redirect_uris)
    origins = dict.fromkeys((settings.issuer, *(f"{uri.scheme}://{uri.netloc}" for uri in returns)))
    party = settings.passkey_domain or urlsplit(settings.issuer).hostname or ""
    return RelyingParty(party, settings.app_name, tuple(origins))


def _risk_rules(settings: Settings) -> RiskRules:
    return RiskRules(
        threshold=settings.risk_threshold,
        weights={
            Signal.NEW_COUNTRY: settings.risk_new_country,
            Signal.NEW_NETWORK: settings.risk_new_network,
            Signal.NEW_BROWSER: settings.risk_new_browser,
            Signal.MANY_FAILURES: settings.risk_many_failures,
            Signal.LONG_ABSENCE: settings.risk_long_absence,
        },
        many_failures=settings.many_failures,
        long_absence=timedelta(days=settings.absence_days),
    )


def _service_secrets(settings: Settings) -> list[bytes]:
    former = settings.former_service_secret
    return [secret_bytes(secret) for secret in (settings.service_secret, former) if secret is not None]


def _own_tokens(settings: Settings, engine: Engine, clock: Clock) -> AccessTokenVerifier:
    keys, ended = VerificationKeys(engine), EndedSessions(engine)
    return AccessTokenVerifier(settings.issuer, keys, ended, clock, settings.issuer)


def _portal_clients(settings: Settings) -> list[EnsureClient]:
    return [
        EnsureClient(
            client_id=each.client_id,
            secret=each.secret.get_secret_value(),
            site=each.site,
            redirect_uris=each.redirect_uris,
            post_logout_redirect_uris=each.post_logout_redirect_uris,
            scopes=PORTAL_SCOPES,
        )
        for each in settings.portal_clients
    ]


def _prepare(wiring: Wiring[Store], ports: Ports, clients: Sequence[EnsureClient]) -> None:
    _run(wiring, ports, "system:identity", ensure_signing_key)
    for client in clients:
        _run(wiring, ports, "system:identity", partial(ensure_client, client))


def _purge(wiring: Wiring[Store], ports: Ports) -> bool:
    _run(wiring, ports, "system:identity", purge_expired)
    return False


def _logout_sender(settings: Settings, wiring: Wiring[Store], ports: Ports) -> LogoutSender:
    run = partial(wiring.run, "system:identity")
    return LogoutSender(run, ports, to_private_addresses=settings.logout_to_private_addresses)


def _run(wiring: Wiring[Store], ports: Ports, actor: str, use_case: UseCase[Outcome]) -> Outcome:
    return wiring.run(actor, lambda work: use_case(work, ports))
