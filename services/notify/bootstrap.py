"""The only place where notify is wired."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from email.headerregistry import Address
from functools import partial
from importlib.resources import files

from sqlalchemy import Engine

from chassis.assembly import Errand, Service
from chassis.kernel.clock import Clock
from chassis.settings import secret_bytes
from chassis.telemetry.telemetry import Telemetry
from chassis.web.application import create_app
from chassis.wiring import Wiring, wire
from services.notify.adapters.deliveries import Deliveries
from services.notify.adapters.figures import message_figures
from services.notify.adapters.local_mailbox import LocalMailbox
from services.notify.adapters.seal import PrivateKeys
from services.notify.adapters.smtp import SmtpMailer, SmtpServer, Tls
from services.notify.adapters.sql_numbers import HeedfulMailer
from services.notify.adapters.store import SqlStore
from services.notify.adapters.texts import JinjaTexts, Signature
from services.notify.adapters.twilio import TwilioAccount, TwilioMailer, TwilioSignatures
from services.notify.adapters.watch import Watch
from services.notify.api.register import BLUEPRINTS, TRYING_OUT
from services.notify.application.outside import House, Mailer
from services.notify.application.ports import Ports, Store
from services.notify.domain.notices import Channel, Notices
from services.notify.events.published import SOURCE, publish
from services.notify.events.sources import SOURCES
from services.notify.events.subscribed import SUBSCRIPTIONS
from services.notify.settings import Settings, parse_private_keys, parse_sender

_LOOK_EVERY = 0.5  # seconds: what events queue wakes the senders, this is for what falls due or others queued


def build_from_environment(environment: Mapping[str, str], telemetry: Telemetry | None = None) -> Service:
    """The service with settings from the environment; raises `SettingsError`."""
    return build(Settings.from_environment(environment), telemetry=telemetry)


def build(settings: Settings, clock: Clock | None = None, *, telemetry: Telemetry | None = None) -> Service:
    """The service, idle: nothing is connected and no thread runs."""
    wiring: Wiring[Store] = wire(SOURCE, settings, SqlStore, publish, clock, telemetry=telemetry)
    ports = make_ports(settings, wiring.engine, wiring.clock)
    deliveries = Deliveries(wiring.begin, ports, wiring.telemetry)
    wiring.telemetry.readings.add("messages", partial(message_figures, wiring.engine))
    watch = Watch(deliveries.step, 1 if settings.local_mailbox else settings.senders)
    errands = tuple(
        Errand(f"sender {number}", partial(watch.step, number), wakeup, poll=_LOOK_EVERY)
        for number, wakeup in enumerate(watch.wakeups)
    )
    edge = wiring.edge(
        settings,
        ports,
        title="Wardenry notify",
        description="What people are told, over which channels, and their messages in the portal.",
        blueprints=BLUEPRINTS,
        root_blueprints=TRYING_OUT if settings.local_mailbox else (),
    )
    return wiring.service(
        create_app(edge),
        SOURCES,
        wiring.worker(SUBSCRIPTIONS, ports, applied=watch.wake),
        errands=errands,
        release_claims=deliveries.release_claims,
        keeps_sealed=True,
    )


def make_ports(settings: Settings, engine: Engine, clock: Clock) -> Ports:
    """What the use cases are handed."""
    sender = parse_sender(settings.sender)
    signature = Signature(settings.plan_name, settings.support_phone, settings.portal_urls, settings.default_site)
    return Ports(
        notices=Notices.parse(_notices_file().splitlines()),
        texts=JinjaTexts(signature),
        mailers=_mailers(settings, sender, engine, clock),
        unseal=PrivateKeys(parse_private_keys(settings.private_keys)),
        house=House(
            support_queue=parse_sender(settings.support_queue).addr_spec,
            mail_domain=sender.domain,
            support_lead=parse_sender(settings.support_lead).addr_spec if settings.support_lead else None,
            text_sender=settings.sms_sender,
        ),
        number_key=partial(_number_key, secret_bytes(settings.edge_secret)),
        signatures=_signatures(settings),
    )


def _signatures(settings: Settings) -> TwilioSignatures | None:
    if settings.sms_token is None:
        return None
    return TwilioSignatures(settings.sms_token.get_secret_value(), settings.texts_come_in_at)


def _number_key(secret: bytes, number: str) -> str:
    return hmac.digest(secret, f"number\n{number}".encode(), hashlib.sha256).hex()[:32]


def _mailers(settings: Settings, sender: Address, engine: Engine, clock: Clock) -> dict[Channel, Mailer]:
    if settings.local_mailbox:
        mailbox = LocalMailbox(engine)
        return {Channel.EMAIL: mailbox, Channel.SMS: _heedful(mailbox, settings, engine)}
    password = settings.smtp_password
    server = SmtpServer(
        host=settings.smtp_host or "",
        port=settings.smtp_port,
        tls=Tls(settings.smtp_tls),
        user=settings.smtp_user,
        password=password.get_secret_value() if password else None,
        timeout=settings.smtp_timeout,
    )
    mailers: dict[Channel, Mailer] = {Channel.EMAIL: SmtpMailer(server, sender, now=clock.now)}
    texts = _text_mailer(settings, clock)
    return mailers if texts is None else mailers | {Channel.SMS: _heedful(texts, settings, engine)}


def _heedful(mailer: Mailer, settings: Settings, engine: Engine) -> Mailer:
    return HeedfulMailer(mailer, engine, settings.sms_sender) if settings.sms_sender else mailer


def _text_mailer(settings: Settings, clock: Clock) -> Mailer | None:
    """Whatever carries text messages; None where nothing does."""
    if not settings.sms_account or not settings.sms_token or not settings.sms_sender:
        return None
    account = TwilioAccount(
        sid=settings.sms_account,
        token=settings.sms_token.get_secret_value(),
        sender=settings.sms_sender,
        url=settings.sms_url,
        timeout=settings.sms_timeout,
    )
    return TwilioMailer(account, now=clock.now)


def _notices_file() -> str:
    return files("services.notify").joinpath("data/notices.csv").read_text(encoding="utf-8")
