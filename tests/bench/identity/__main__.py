"""Whether time tells which accounts exist: the same calls for one that does and one that does not, in turn (IDN-1).

    python -m tests.bench.identity [--rounds 200]

Identity whole, on SQLite in a temporary folder, with password hashes at their usual cost. The medians of each pair of
calls may differ by 5 %; on a machine that does other things besides, chance differs by more.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import structlog

from tests.integration.identity.world import WRONG, World

LIMIT = 0.05
KNOWN, UNKNOWN = "newperson", "nobody5555"

Call = Callable[[World, str], object]


def sign_in(world: World, user_id: str) -> object:
    return world.post("/sign-in", {"user_id": user_id, "password": WRONG})


def confirm(world: World, user_id: str) -> object:
    return world.post(f"/accounts/{user_id}/confirm", {"code": "000000"})


def recover(world: World, user_id: str) -> object:
    return world.post("/recovery/password", {"user_id": user_id})


CALLS: Mapping[str, Call] = {"sign-in": sign_in, "confirm": confirm, "recovery": recover}


def measured(world: World, call: Call, rounds: int) -> float:
    """By how much the medians differ, as a part of the smaller one."""
    took: dict[str, list[float]] = {KNOWN: [], UNKNOWN: []}
    for number in range(rounds):
        world.clock.advance(hours=25)  # so that no failure counts any more, and nobody is locked out
        for user_id in sorted(took, reverse=bool(number % 2)):
            began = time.perf_counter()
            call(world, user_id)
            took[user_id].append(time.perf_counter() - began)
    known, unknown = (statistics.median(times) for times in took.values())
    return abs(known - unknown) / min(known, unknown)


def main() -> int:
    """Measure each call; 1 where the times of one tell accounts apart."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=200)
    rounds: int = parser.parse_args().rounds
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    told = False
    with tempfile.TemporaryDirectory() as folder:
        world = World(f"sqlite:///{Path(folder) / 'identity.sqlite'}", hash_passes=2, hash_memory_kib=19456)
        world.register(KNOWN)
        for name, call in CALLS.items():
            measured(world, call, 10)
            difference = measured(world, call, rounds)
            told = told or difference > LIMIT
            sys.stdout.write(f"{name:10} medians differ by {difference:6.1%}, limit {LIMIT:.0%}\n")
        world.service.engine.dispose()
    return int(told)


if __name__ == "__main__":
    raise SystemExit(main())
