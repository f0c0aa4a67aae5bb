"""The embedded mode: all services in this process, each with its own SQLite file, joined by their in- and outboxes."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from chassis.assembly import Service
from chassis.bus.loop import Loop
from chassis.bus.quiet import is_quiet
from chassis.bus.relay import Relay
from chassis.bus.transport import LocalSubscriber, LocalTransport
from chassis.tidying import tidying
from wardenry.demo import PASSWORD, seed
from wardenry.embedded.doors import Doors
from wardenry.embedded.folder import DataFolder
from wardenry.embedded.gateway import Gateway, WsgiApp, site_routes
from wardenry.embedded.precedence import Precedence
from wardenry.embedded.services import assemble

_SETTLED_WITHIN = 120.0
_STOPPED_WITHIN = 8.0
_LOOK_EVERY = 0.02


class StuckError(Exception):
    """What should have been handled long ago is still waiting."""


class Embedded:
    """Everything of one `wardenry up`. Opens the ports as it is made; raises `FolderError` or `DoorError`."""

    def __init__(self, folder: DataFolder, port: int, *, fresh: bool = False) -> None:
        self._port = port
        folder.prepare()
        folder.lock()
        if fresh:
            folder.clear()
        self._folder = folder
        self._services = assemble(folder, port, os.environ)
        gateways = {port: self._site("medical"), port + 1: self._site("behavioral")}
        self._precedence = Precedence()
        self._doors = Doors({port: self._precedence.of(gateway) for port, gateway in gateways.items()})
        self._services.inside.open(gateways)
        subscribers = [
            LocalSubscriber(each.engine, frozenset(each.sources), each.appetite, each.inbox_wakeup)
            for each in self._all
        ]
        self._transport = LocalTransport(subscribers)
        self._relays = {
            each.name: Relay(each.engine, each.name, self._transport, telemetry=each.telemetry) for each in self._all
        }
        self._loops = [loop for each in self._all for loop in self._loops_of(each)]

    def start(self, *, demo: bool) -> None:
        """Migrate, take back what a killed process had claimed, seed a folder that is new, and answer.

        What waits from before is delivered meanwhile. Nothing is answered later for its sake, least of all for what
        waits for somebody's next call. Raises `StuckError` where the demo data does not arrive.
        """
        for service in self._all:
            service.migrate()
            service.prepare()
            service.release_claims()
            service.telemetry.tracer.start()
        for loop in self._loops:
            loop.start()
        if demo and not self._folder.is_seeded:
            seed(self._services, self._settle)
            self._settle()
            self._folder.note_seeded()
        self._doors.open()

    def close(self) -> None:
        """Finish what is under way; what is not delivered yet is delivered at the next start.

        Also after a start that failed: the process ends then, in place of keeping ports that nobody answers at.
        """
        self._doors.close()
        for loop in self._loops:
            loop.stop()
        deadline = time.monotonic() + _STOPPED_WITHIN
        for loop in filter(lambda each: each.runs, self._loops):
            loop.join(max(0.0, deadline - time.monotonic()))
        for service in self._all:
            service.telemetry.tracer.stop()
            service.engine.dispose()
        self._folder.unlock()

    def greeting(self, *, demo: bool) -> Iterator[str]:
        """What `wardenry up` says once it answers; the last line is `ready`."""
        yield f"medical site:    http://localhost:{self._port}"
        yield f"behavioral site: http://localhost:{self._port + 1}"
        yield f"mailbox:         http://localhost:{self._port}/dev/mailbox"
        yield f"API documents:   http://localhost:{self._port}/api/identity/v1/docs (and the other services' likewise)"
        yield f"data:            {self._folder.path}"
        yield "For trying out only: loopback, a local mailbox in place of mail, one password for every demo user."
        if demo:
            yield f"password: {PASSWORD}"
        yield "ready"

    def _settle(self) -> None:
        """Wait until every event so far has been handled everywhere; raises `StuckError` after two minutes."""
        deadline = time.monotonic() + _SETTLED_WITHIN
        while not all(is_quiet(each.engine) for each in self._all):
            if time.monotonic() > deadline:
                raise StuckError("events wait that no service can handle: see the log above for what fails.")
            time.sleep(_LOOK_EVERY)

    @property
    def _all(self) -> tuple[Service, ...]:
        return self._services.all

    def _site(self, site: str) -> Gateway:
        apis: dict[str, WsgiApp] = {each.name: each.app.wsgi_app for each in self._services.apis}
        routes = site_routes(apis, self._services.portal.app.wsgi_app)
        return Gateway(site, routes | {"/dev": apis["notify"]})

    def _loops_of(self, service: Service) -> Iterator[Loop]:
        after = self._precedence.after
        yield Loop(f"{service.name} relay", after(self._relays[service.name].step), service.outbox_wakeup)
        yield Loop(f"{service.name} inbox", after(service.inbox_step), service.inbox_wakeup)
        for errand in (*service.errands, tidying(service)):
            yield Loop(f"{service.name} {errand.name}", after(errand.step), errand.wakeup, poll=errand.poll)
