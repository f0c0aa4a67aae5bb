"""How soon a change of access shows at a relying site that remembers answers for a day and hears of changes (ENT-10).

    PYTHONPATH=clients/python/src python -m tests.bench.elsewhere [--changes 200]

Everything on one machine: PostgreSQL, RabbitMQ, `wardenry work entitlements`, and the site with the Python client. A
manager takes a function away and gives it back, one change at a time; measured is from the answer to the manager until
the client answers otherwise. The goal is a second.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import time

import structlog

from deploy.native.postgresql import PostgresqlServer
from deploy.native.rabbitmq import RabbitmqServer
from tests.integration.bus.relying_site import RelyingSite, door, subscribed, working
from tests.integration.bus.test_subscribers import url_of
from tests.integration.entitlements.world import OURS, World, change

_MARY, _ZOE = "mary.martin", "zoe.obrien"
_ASKED = (_ZOE, "claim_status", OURS, "medical")
_GOAL = 1.0
_PATIENCE = 60.0
_WARM = 20


def main() -> int:
    """Measure, print, and return 1 where the goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--changes", type=int, default=200)
    options = parser.parse_args()
    logging.disable()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with PostgresqlServer(durable=True) as postgresql, RabbitmqServer() as rabbitmq:
        world = _practice(postgresql.databases.create().url)
        vhost, management = rabbitmq.broker.create_virtual_host().url, rabbitmq.broker.management_url
        with (
            door(world) as url,
            subscribed("a-site", vhost, management, lambda added: url_of(vhost, added)) as (broker, queue),
            RelyingSite(url, broker, queue) as site,
            working(world, vhost),
        ):
            delays = [_delay(world, site, gives=bool(number % 2)) for number in range(options.changes + _WARM)][_WARM:]
    delays.sort()
    found = (statistics.median(delays), delays[int(0.99 * len(delays))], delays[-1])
    median, late, worst = (f"{1000 * seconds:.0f} ms" for seconds in found)
    sys.stdout.write(f"{len(delays)} changes: median {median}, 99th percentile {late}, worst {worst}\n")
    return 0 if delays[-1] < _GOAL else 1


def _practice(url: str) -> World:
    world = World(url)
    world.practice(OURS, "State Medical Center", "medical")
    for user_id in (_MARY, _ZOE):
        world.account(user_id)
    world.give(_MARY, "primary")
    world.give(_ZOE, "processor", "claim_status", "patient_coverage")
    return world


def _delay(world: World, site: RelyingSite, *, gives: bool) -> float:
    """Seconds from the manager's answer to the site's other one."""
    if site.client.check(*_ASKED).allowed is gives:
        raise RuntimeError("the site knows already")
    functions = ("claim_status", "patient_coverage") if gives else ("patient_coverage",)
    answer = world.put(_MARY, _ZOE, change("processor", *functions), etag="*")
    begun = time.perf_counter()
    if answer.status_code != 200:
        raise RuntimeError(answer.text)
    while site.client.check(*_ASKED).allowed is not gives:
        site.heard.clear()
        if time.perf_counter() - begun > _PATIENCE:
            raise RuntimeError("the change never showed")
        site.heard.wait(0.001)
    return time.perf_counter() - begun


if __name__ == "__main__":
    raise SystemExit(main())
