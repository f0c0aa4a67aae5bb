"""The only place where entitlements is wired."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from importlib.resources import as_file, files
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from chassis.assembly import Errand, Service
from chassis.bus.loop import Wakeup
from chassis.jobs.calendar import Daily, Hourly
from chassis.jobs.job import Job
from chassis.jobs.scheduler import Jobs
from chassis.kernel.clock import Clock
from chassis.kernel.work import UnitOfWork
from chassis.security.service_tokens import ServiceTokens
from chassis.settings import secret_bytes
from chassis.telemetry.telemetry import Telemetry
from chassis.web.application import create_app
from chassis.wiring import Wiring, around, wire
from services.entitlements.adapters.checks import SqlChecks
from services.entitlements.adapters.csv_catalogue import read_catalogue
from services.entitlements.adapters.demo_access import read_demo_access
from services.entitlements.adapters.line_follower import LineFollower
from services.entitlements.adapters.remembered.freshness import settle
from services.entitlements.adapters.store import SqlStore
from services.entitlements.adapters.xlsx_workbook import xlsx_workbook
from services.entitlements.api.check_shortcuts import check_shortcuts
from services.entitlements.api.register import BLUEPRINTS, INTERNAL_BLUEPRINTS
from services.entitlements.application.announce_endings import announce_endings, count_unannounced
from services.entitlements.application.count_overdue import count_overdue
from services.entitlements.application.end_access import count_ending_access, end_access
from services.entitlements.application.end_reviews import (
    count_ending_reviews,
    count_to_remind,
    end_reviews,
    remind_reviewers,
)
from services.entitlements.application.expire_requests import expire_requests
from services.entitlements.application.open_review import count_due_reviews, open_due_reviews
from services.entitlements.application.ports import Checks, Limits, Ports, Store
from services.entitlements.application.remind_managers import remind_managers, remind_managers_finally
from services.entitlements.application.seed_access import SeedAccess, seed_access
from services.entitlements.domain.catalogue import Catalogue
from services.entitlements.domain.reviews import ReviewRules
from services.entitlements.domain.waiting import Overdue, WaitingRules
from services.entitlements.events.published import SOURCE, publish
from services.entitlements.events.sources import SOURCES
from services.entitlements.events.subscribed import SUBSCRIPTIONS
from services.entitlements.settings import Settings

if TYPE_CHECKING:
    from services.entitlements.adapters.remembered.checks import RememberedChecks

DEMO = "system:demo"
_POSTGRESQL = "postgresql"
_NIGHT, _MORNING = time(1, 0), time(7, 0)
_ENDINGS_MINUTE = 5
_LOOK_FOR_LINES = 0.25  # seconds: whichever process hears of the directory, any may do it

Step = Callable[[UnitOfWork[Store], Ports, datetime], int]


def _nothing() -> None:
    """Does nothing: what is committed in SQLite shows at once."""


def build_from_environment(environment: Mapping[str, str], telemetry: Telemetry | None = None) -> Service:
    """The service with settings from the environment; raises `SettingsError`."""
    return build(Settings.from_environment(environment), telemetry=telemetry)


def build(settings: Settings, clock: Clock | None = None, *, telemetry: Telemetry | None = None) -> Service:
    """The service, idle: nothing is connected and no thread runs."""
    wiring: Wiring[Store] = wire(SOURCE, settings, SqlStore, publish, clock, telemetry=telemetry)
    checks = _remembered_checks(settings, wiring)
    ports = make_ports(settings, wiring.clock, wiring.engine, checks)
    edge = wiring.edge(
        settings,
        ports,
        title="Wardenry entitlements",
        description="Who may do what for which practice: access and its history, managers, requests and checks.",
        blueprints=BLUEPRINTS,
        internal_blueprints=INTERNAL_BLUEPRINTS,
        shortcuts=check_shortcuts(ports),
        settle=settle if wiring.engine.dialect.name == _POSTGRESQL else _nothing,
        verify_service=ServiceTokens([secret_bytes(settings.service_secret)], SOURCE, wiring.clock).verify,
    )
    return wiring.service(
        create_app(edge),
        SOURCES,
        wiring.worker(SUBSCRIPTIONS, ports),
        beside=checks.errands if checks else (),
        errands=(Errand("lines", LineFollower(wiring.transaction, ports).step, Wakeup(), poll=_LOOK_FOR_LINES),),
        jobs=_jobs(wiring, ports, settings),
    )


def seed_demo(service: Service, settings: Settings) -> int:
    """Give the demo users their access, in embedded mode alone; returns how much was given, 0 where all was before.

    Raises `NotYetKnownError` until identity's events of the demo accounts have been handled; the names of practices
    stand in the events only if registration's of the directory have been, too.
    """
    wiring = around(service, SqlStore, publish)
    ports = make_ports(settings, wiring.clock, wiring.engine)
    lines = files("services.entitlements").joinpath("data/demo_access.csv").read_text(encoding="utf-8").splitlines()
    command = SeedAccess(DEMO, read_demo_access(lines, ports.catalogue))
    return wiring.run(DEMO, lambda work: seed_access(command, work, ports))


def make_ports(settings: Settings, clock: Clock, engine: Engine, checks: Checks | None = None) -> Ports:
    """What the use cases are handed."""
    limits = Limits(settings.managers_per_tin, settings.open_requests)
    waiting = WaitingRules(
        timedelta(days=settings.remind_days),
        timedelta(days=settings.final_reminder_days),
        timedelta(days=settings.expire_days),
        timedelta(days=settings.announce_days),
    )
    reviews = ReviewRules(
        timedelta(days=settings.review_every_days),
        timedelta(days=settings.review_days),
        timedelta(days=settings.review_remind_days),
    )
    return Ports(clock, _catalogue(settings), xlsx_workbook, checks or SqlChecks(engine), limits, waiting, reviews)


def _remembered_checks(settings: Settings, wiring: Wiring[Store]) -> RememberedChecks | None:
    """On PostgreSQL, which tells all processes of changes. SQLite is as quick as memory here."""
    if wiring.engine.dialect.name != _POSTGRESQL or not settings.checks_remembered:
        return None
    from services.entitlements.adapters.remembered.checks import RememberedChecks  # noqa: PLC0415 (slow to import)

    checks = RememberedChecks(wiring.engine, settings.checks_remembered, wiring.telemetry.meters.checks)
    wiring.telemetry.readings.add("checks", checks.figures)
    return checks


def _jobs(wiring: Wiring[Store], ports: Ports, settings: Settings) -> Jobs[Store]:
    """Managers are reminded as their day begins; what ends, ends in the night before."""
    zone, rules = ZoneInfo(settings.jobs_time_zone), ports.waiting

    def job(name: str, at: time, step: Step, overdue: Callable[[datetime], Overdue]) -> Job[Store]:
        return Job(
            name,
            Daily(at, zone),
            batch=lambda work, as_of: step(work, ports, as_of),
            count=lambda work, as_of: count_overdue(overdue(as_of), work),
        )

    return wiring.jobs(
        job("request-expiry", _NIGHT, expire_requests, rules.to_expire),
        job("request-final-reminders", _MORNING, remind_managers_finally, rules.to_remind_finally),
        job("request-reminders", _MORNING, remind_managers, rules.to_remind),
        Job(
            "access-endings",
            Hourly(_ENDINGS_MINUTE, zone),
            batch=lambda work, as_of: end_access(work, ports, as_of),
            count=count_ending_access,
        ),
        Job(
            "access-ending-notices",
            Daily(_MORNING, zone),
            batch=lambda work, as_of: announce_endings(work, ports, as_of),
            count=lambda work, as_of: count_unannounced(work, ports, as_of),
        ),
        Job(
            "review-endings",
            Daily(_NIGHT, zone),
            batch=lambda work, as_of: end_reviews(work, ports, as_of),
            count=count_ending_reviews,
        ),
        Job(
            "review-reminders",
            Daily(_MORNING, zone),
            batch=lambda work, as_of: remind_reviewers(work, ports, as_of),
            count=lambda work, as_of: count_to_remind(work, ports, as_of),
        ),
        Job(
            "review-openings",
            Daily(_MORNING, zone),
            batch=lambda work, as_of: open_due_reviews(work, ports, as_of),
            count=lambda work, as_of: count_due_reviews(work, ports, as_of),
        ),
    )


def _catalogue(settings: Settings) -> Catalogue:
    if settings.catalogue is not None:
        return read_catalogue(settings.catalogue)
    with as_file(files("services.entitlements").joinpath("data/functions.csv")) as path:
        return read_catalogue(path)
