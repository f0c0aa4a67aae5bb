"""The kinds of faults that a storm is made of."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

from deploy.native.server import Server
from tests.e2e.deployments import Embedded
from tests.e2e.distributed import Distributed
from tests.faults.proxy import Proxy
from tests.faults.storm import Blow

_MOST_AT_ONCE = 3
_OUTAGE = 6.0
"""Seconds that something is gone or stopped at most: longer than a relay's claim."""


def processes_killed(deployment: Distributed, weight: float = 20) -> Blow:
    """One to three processes of the distributed form end at once, and are started again."""

    def strike(dice: random.Random) -> int:
        names = dice.sample(deployment.processes, dice.randint(1, _MOST_AT_ONCE))
        for name in names:
            deployment.kill(name)
        for name in names:
            deployment.start_process(name)
        return len(names)

    return Blow("processes killed", weight, strike)


def process_paused(deployment: Distributed, weight: float = 3) -> Blow:
    """A process stops in its tracks, and goes on as if nothing had been."""

    def strike(dice: random.Random) -> int:
        name = dice.choice(deployment.processes)
        _meanwhile(dice, lambda: deployment.pause(name), lambda: deployment.resume(name))
        return 0

    return Blow("a process paused", weight, strike)


def embedded_killed(deployment: Embedded, weight: float = 20) -> Blow:
    """The embedded mode's one process ends, perhaps while it starts, and is started again."""

    def strike(_: random.Random) -> int:
        deployment.kill()
        deployment.begin()
        return 1

    return Blow("killed", weight, strike)


def embedded_paused(deployment: Embedded, weight: float = 2) -> Blow:
    """It stops in its tracks, and goes on."""

    def strike(dice: random.Random) -> int:
        _meanwhile(dice, deployment.pause, deployment.resume)
        return 0

    return Blow("paused", weight, strike)


def server_killed(name: str, server: Server, weight: float = 1) -> Blow:
    """A server and all its processes end at once; struck once it answers again."""

    def strike(_: random.Random) -> int:
        server.kill()
        server.start()
        return 1

    return Blow(f"{name} killed", weight, strike, grave=True)


def server_restarted(name: str, server: Server, weight: float = 1) -> Blow:
    """A server is stopped as its makers wish, and started again."""

    def strike(_: random.Random) -> int:
        server.stop()
        server.start()
        return 0

    return Blow(f"{name} restarted", weight, strike, grave=True)


def server_paused(name: str, server: Server, weight: float = 1) -> Blow:
    """A server answers nobody for a while, and goes on."""

    def strike(dice: random.Random) -> int:
        _meanwhile(dice, server.pause, server.resume)
        return 0

    return Blow(f"{name} paused", weight, strike, grave=True)


def network_failures(name: str, proxies: Sequence[Proxy], weight: float = 2) -> Sequence[Blow]:
    """One of the ways to a server is cut, slow or closed for a while, or all its connections die without a word."""

    def cut(dice: random.Random) -> int:
        dice.choice(proxies).cut()
        return 0

    def slow(dice: random.Random) -> int:
        proxy = dice.choice(proxies)
        _meanwhile(dice, lambda: proxy.delay(dice.uniform(0.02, 0.2)), proxy.heal)
        return 0

    def closed(dice: random.Random) -> int:
        proxy = dice.choice(proxies)
        _meanwhile(dice, proxy.refuse, proxy.heal)
        return 0

    def half_open(dice: random.Random) -> int:
        dice.choice(proxies).freeze()
        return 0

    return (
        Blow(f"{name}: connections cut", weight, cut),
        Blow(f"{name}: network slow", weight, slow),
        Blow(f"{name}: network closed", weight, closed),
        Blow(f"{name}: connections half-open", weight, half_open, grave=True),
    )


def _meanwhile(dice: random.Random, begin: Callable[[], None], end: Callable[[], None]) -> None:
    begin()
    time.sleep(dice.uniform(0.5, _OUTAGE))
    end()
