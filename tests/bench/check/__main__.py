"""How fast `check` answers over HTTP with millions of grants, beside a call that does nothing, in the same run.

    python -m tests.bench.check [--users 100000] [--seconds 5] [--rounds 3]

On PostgreSQL, so many users with access at five TINs, eight functions at each; one web process with one thread, eight
connections that call as fast as they are answered, on the same machine. How long it takes to remember all of them, and
in how much memory, comes first. Rounds alternate, the median counts. Then the rate while access changes, and what the
manager of a TIN with all the users waits for in *Manage user access*, one call at a time.

Goals: a check reaches 60 % of the rate of a call that does nothing, its 99th percentile stays under three times that
one's; a thousand checks in one call take under 25 ms; every list of users is there within 50 ms.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Mapping

import orjson

from deploy.native.postgresql import PostgresqlServer
from tests.bench.check.calling import Pace, pace, request
from tests.bench.check.grants import FUNCTIONS, LINE, PLAN_WIDE, REFUSED, TINS_EACH, Grants
from tests.bench.check.remembering import CHANGES_A_SECOND, Share, changes, filled, idle
from tests.bench.check.serving import Served, migrate, served

_BATCH = 1000
_IDLE = 5.0
_API = "/api/entitlements/v1"
_NOTHING, _CHECK = "nothing", "check"
_SEARCHES = {
    "active": "view=active",
    "inactive": "view=inactive",
    "awaiting": "view=awaiting",
    "all": "view=all",
    "all, by user ID": "view=all&sort=user_id",
    "last name": "view=all&query=garcia-0500",
    "first name": "view=all&query=chloe",
    "user ID": "view=all&query=user0420",
    "nobody": "view=all&query=xylophone",
}


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


class Questions:
    """Made-up questions about anybody: seven of eight about what they hold, the rest about what nobody does."""

    def __init__(self, grants: Grants) -> None:
        self._grants = grants
        self._dice = random.Random(11)  # noqa: S311 (made-up data, the same every time)

    def one(self) -> dict[str, str]:
        number = self._dice.randrange(self._grants.users)
        tin = self._grants.held(number)[self._dice.randrange(TINS_EACH)]
        function = REFUSED if self._dice.random() < 1 / 8 else self._dice.choice(FUNCTIONS)
        return {"user_id": f"user{number:06d}", "function": function, "tin": tin, "line": LINE}

    def prepared(self, count: int, token: str) -> Callable[[], bytes]:
        """Calls with one question each, over and over; made beforehand, so that only answering is measured."""
        calls = [request("POST", f"{_API}/check", token, orjson.dumps(self.one())) for _ in range(count)]
        return lambda: self._dice.choice(calls)

    def batch(self) -> bytes:
        return orjson.dumps({"checks": [self.one() for _ in range(_BATCH)]})


def alternate(calls: Mapping[str, Callable[[], bytes]], port: int, seconds: float, rounds: int) -> dict[str, Pace]:
    found: dict[str, list[Pace]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            found[name].append(pace(port, call, seconds))
    return {
        name: Pace(*(statistics.median(getattr(each, what) for each in paces) for what in ("rate", "median", "late")))
        for name, paces in found.items()
    }


def tell_filling(server: Served, grants: Grants) -> None:
    before = server.web.memory
    took = filled(server.web, grants.users)
    places, grown = grants.users * TINS_EACH, server.web.memory - before
    say(f"{places} places remembered within {took:.0f} s of its start, for {grown:.0f} MiB")
    say(f"nobody asks: {idle(server.web, _IDLE):.2%} of a core")


def tell_checks(server: Served, questions: Questions, seconds: float, rounds: int) -> None:
    share = Share(server.web)
    nothing = request("GET", "/livez")
    calls = {_NOTHING: lambda: nothing, _CHECK: questions.prepared(20_000, server.program)}
    found = alternate(calls, server.web.port, seconds, rounds)
    for name, each in found.items():
        say(f"{name:22} {each.rate:8.0f}/s  median {each.median:.2f} ms, 99th percentile {each.late:.2f} ms")
    rate, late = (getattr(found[_CHECK], what) / getattr(found[_NOTHING], what) for what in ("rate", "late"))
    say(f"a check reaches {rate:.0%} of the rate of a call that does nothing; its 99th percentile is {late:.1f} times")
    say(f"{float(share):.1%} of all were answered from memory")


def tell_changes(server: Served, questions: Questions, seconds: float) -> None:
    share, call = Share(server.web), questions.prepared(20_000, server.program)
    found = pace(server.web.port, call, seconds)
    say(
        f"while access of {CHANGES_A_SECOND} people changes every second: {found.rate:.0f}/s, 99th percentile"
        f" {found.late:.2f} ms, {float(share):.1%} from memory"
    )


def tell_batches(server: Served, questions: Questions, seconds: float) -> None:
    calls = [request("POST", f"{_API}/check/batch", server.program, questions.batch()) for _ in range(20)]
    dice = random.Random(12)  # noqa: S311
    found = pace(server.web.port, lambda: dice.choice(calls), seconds, connections=1)
    say(f"{_BATCH} checks in one call: median {found.median:.1f} ms, 99th percentile {found.late:.1f} ms")


def tell_lists(server: Served, seconds: float) -> None:
    for name, query in _SEARCHES.items():
        call = request("GET", f"{_API}/users?tin={PLAN_WIDE}&{query}", server.manager)
        found = pace(server.web.port, lambda call=call: call, seconds, connections=1)  # type: ignore[misc]
        say(f"users, {name:15} median {found.median:7.1f} ms, 99th percentile {found.late:7.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    wished = parser.parse_args()
    grants = Grants(wished.users)
    with PostgresqlServer() as postgresql:
        url = postgresql.databases.create().url
        migrate(url)
        began = time.monotonic()
        grants.fill(url)
        say(f"{wished.users * TINS_EACH * len(FUNCTIONS)} grants, loaded in {time.monotonic() - began:.0f} s")
        with served(url) as server:
            questions = Questions(grants)
            tell_filling(server, grants)
            tell_checks(server, questions, wished.seconds, wished.rounds)
            with changes(url, grants):
                tell_changes(server, questions, wished.seconds)
            tell_batches(server, questions, wished.seconds)
            tell_lists(server, min(wished.seconds, 3.0))
            say(f"the web process holds {server.web.memory:.0f} MiB")


if __name__ == "__main__":
    main()
