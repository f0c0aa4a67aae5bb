"""How fast events get from commit to effect, beside what is possible and what others reach, all in the same run.

    python -m tests.bench.bus [--events 20000] [--rounds 3] [--backlog 1000000]

Throughput: so many events wait; what is told is how many a second take effect with one process that publishes and one
that consumes. Rounds of all contenders alternate, the median counts. The bare pipeline is the limit: the same way with
plain psycopg and pika in batches of a hundred, which keeps no order and counts no failure. Wardenry's handler is called
for each event, or together for all that wait, as the bare pipeline does it. Celery and FastStream move the same
messages without outbox or exactly-once effect. Delay: commits one by one at half of what was carried.

Goals: half of the bare pipeline, more than both frameworks; median under 20 ms, 99th percentile under 100 ms; under 1 %
of a core for an idle process; a million that wait slow no commit by more than a fifth and take no memory.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence

from tests.bench.bus import backlog, delay, limits
from tests.bench.bus.bare import Bare
from tests.bench.bus.frameworks import Celery, FastStream
from tests.bench.bus.ground import Contender, Ground, drain, servers
from tests.bench.bus.ours import Wardenry

_DELAY_SECONDS = 20.0
_WATCHED_SECONDS = 120.0


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def throughput(new_ground: Callable[[], Ground], events: int, rounds: int) -> dict[str, float]:
    contenders: Sequence[Contender] = (Bare(), Wardenry(together=True), Wardenry(), Celery(), FastStream())
    found: dict[str, list[float]] = {each.name: [] for each in contenders}
    for number in range(1, rounds + 1):
        for contender in contenders:
            found[contender.name].append(drain(contender, new_ground(), events))
            say(f"  round {number}: {contender.name} {found[contender.name][-1]:.0f}/s")
    rates = {name: statistics.median(each) for name, each in found.items()}
    for name, rate in rates.items():
        say(f"{name:22} {rate:8.0f} events/s  {rate / rates[Bare.name]:6.0%} of the bare pipeline")
    return rates


def broker_limits(ground: Ground, events: int) -> None:
    say(f"{'plain publishing':22} {limits.publishing(ground, events):8.0f} messages/s, confirmed")
    say(f"{'plain consuming':22} {limits.consuming(ground, events):8.0f} messages/s")


def tell_delay(ground: Ground, rate: float) -> None:
    found = delay.measure(ground, rate, _DELAY_SECONDS)
    say(
        f"commit to effect at {found.rate:.0f}/s over {found.events} events: "
        f"median {found.median:.1f} ms, 99th percentile {found.late:.1f} ms"
    )


def tell_idle(ground: Ground) -> None:
    for name, spent in zip(("relay", "consumer"), delay.idle(ground), strict=True):
        say(f"idle {name}: {spent.processor:.2%} of a core, {spent.memory:.0f} MiB")


def tell_backlog(ground: Ground, waiting: int) -> None:
    found = backlog.measure(ground, waiting, _WATCHED_SECONDS)
    say(
        f"{found.waiting} waiting: {found.commits_with:.0f} commits/s, "
        f"{found.commits_with / found.commits_without:.0%} of {found.commits_without:.0f} without; "
        f"drained at {found.drained:.0f}/s; relay {found.memory_before:.0f} MiB, at most {found.memory_most:.0f} MiB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--backlog", type=int, default=1_000_000)
    wished = parser.parse_args()
    with servers() as new_ground:
        rates = throughput(new_ground, wished.events, wished.rounds)
        broker_limits(new_ground(), wished.events)
        tell_delay(new_ground(), rates[Wardenry().name] / 2)
        tell_idle(new_ground())
        tell_backlog(new_ground(), wished.backlog)


if __name__ == "__main__":
    main()
