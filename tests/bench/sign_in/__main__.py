"""How many sign-ins, refreshes and introspections a second, beside the bare hash and a call that does nothing.

    python -m tests.bench.sign_in [--accounts 1000000] [--sessions 50000] [--seconds 5] [--rounds 3]

Identity's web process on PostgreSQL with a worker a core, all on this machine, hashes at their usual cost, one at once
in each worker. A sign-in is its password step: the account is looked up, what counts against it is, the password is
verified, and the challenge of the second step written. A refresh rotates its token and keeps the new one. Rounds
alternate, the median counts. Beside each rate stands whose processor time a call took. Sign-ins are measured at a
second, stronger cost of the hash as well.

Goals: sign-ins reach 85 % of the rate of the bare hash on as many threads, at the usual cost; 3 000 introspections and
1 500 refreshes a second; a million accounts and 50 000 sessions slow a sign-in by a tenth at most.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import itertools
import logging
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import orjson
import structlog
from argon2 import PasswordHasher

from chassis.db.engine import make_engine
from deploy.native.postgresql import PostgresqlServer
from tests.bench.check.calling import CONNECTIONS, pace, request
from tests.bench.sign_in.processor import Measured, measured
from tests.bench.sign_in.serving import CLIENT, DEFAULT, STRONGER, Cost, fill, look_over, refresh_token_of, served
from tests.integration.identity.world import API, PASSWORD, World

_CORES = 2
_THREADS = 4
_SMALL, _FEW = 20_000, 100
_FIRST = 1_000
_WARM = 1.0
_HASH, _SIGN_IN = "bare hash", "sign-in"
_FORM = "application/x-www-form-urlencoded"
_SECRET = "medical-0123456789abcdef0123456789abcdef"

Measure = Callable[[float], float]
"""So many seconds long; answers how many a second."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where identity answers, and the refresh tokens that are to be had there."""

    port: int
    tokens: list[str]


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def bare_hashes(cost: Cost) -> Measure:
    """Bare verifications on both cores."""
    hasher = PasswordHasher(time_cost=cost.passes, memory_cost=cost.memory_kib, parallelism=1)
    kept = hasher.hash(PASSWORD)

    def verified(until: float) -> int:
        for count in itertools.count():
            if time.perf_counter() >= until:
                return count
            hasher.verify(kept, PASSWORD)
        raise AssertionError

    def together(seconds: float) -> float:
        began = time.perf_counter()
        with ThreadPoolExecutor(_CORES) as pool:
            counts = [pool.submit(verified, began + seconds) for _ in range(_CORES)]
            whole = sum(each.result() for each in counts)
        return whole / (time.perf_counter() - began)

    return together


def sign_ins(port: int, numbers: Iterator[int]) -> Measure:
    """Each of another account: none is asked twice for its password."""

    def call() -> bytes:
        body = {"user_id": f"bench{next(numbers)}", "password": PASSWORD}
        return request("POST", f"{API}/sign-in", body=orjson.dumps(body))

    return lambda seconds: pace(port, call, seconds).rate


def nothing(port: int) -> Measure:
    """A call that does nothing."""
    return lambda seconds: pace(port, lambda: request("GET", "/livez"), seconds).rate


def introspections(port: int, token: str) -> Measure:
    """The same access token, asked about again and again."""
    call = _form("/oidc/introspect", token=token)
    return lambda seconds: pace(port, lambda: call, seconds).rate


def refreshes(port: int, tokens: list[str]) -> Measure:
    """As many chains as connections: each refresh gives the token of the next."""

    async def chain(number: int, until: float) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for count in itertools.count():
            if time.perf_counter() >= until:
                writer.close()
                return count
            writer.write(_form("/oidc/token", grant_type="refresh_token", refresh_token=tokens[number]))
            tokens[number] = (await _answered(reader))["refresh_token"]
        raise AssertionError

    async def together(seconds: float) -> float:
        began = time.perf_counter()
        counts = await asyncio.gather(*(chain(number, began + seconds) for number in range(len(tokens))))
        return sum(counts) / (time.perf_counter() - began)

    return lambda seconds: asyncio.run(together(seconds))


async def _answered(reader: asyncio.StreamReader) -> dict[str, str]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
    body = await reader.readexactly(int(length.partition(b":")[2]))
    if not head.startswith(b"http/1.1 200"):
        raise RuntimeError(f"{head!r} {body!r}")
    answer: dict[str, str] = orjson.loads(body)
    return answer


def _form(path: str, **fields: str) -> bytes:
    body = urlencode(fields).encode()
    basic = base64.b64encode(f"{CLIENT}:{_SECRET}".encode()).decode()
    head = (
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        f"Authorization: Basic {basic}",
        f"Content-Type: {_FORM}",
        f"Content-Length: {len(body)}",
    )
    return "\r\n".join((*head, "", "")).encode() + body


def alternate(measures: dict[str, Measure], seconds: float, rounds: int) -> dict[str, Measured]:
    """Each at its median rate."""
    found: dict[str, list[Measured]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            found[name].append(measured(measure, seconds))
    return {name: sorted(each, key=lambda one: one.rate)[len(each) // 2] for name, each in found.items()}


@contextmanager
def filled(postgresql: PostgresqlServer, cost: Cost, accounts: int, sessions: int) -> Iterator[Place]:
    """Identity over so many accounts, whose passwords are hashed at that cost."""
    url = postgresql.databases.create().url
    world = World(url, hash_passes=cost.passes, hash_memory_kib=cost.memory_kib)
    world.signed_in()
    engine = make_engine(url)
    fill(engine, accounts, sessions)
    tokens = [refresh_token_of(engine, number) for number in range(1, CONNECTIONS + 1)]
    with served(world, url, workers=_CORES, threads=_THREADS) as server:
        refreshes(server.port, tokens)(_WARM)
        look_over(engine)
        yield Place(server.port, tokens)
    engine.dispose()
    world.service.engine.dispose()


def everything(place: Place, cost: Cost) -> dict[str, Measure]:
    """By name."""
    access = asyncio.run(_access_token(place.port, place.tokens))
    return {
        "nothing": nothing(place.port),
        "introspection": introspections(place.port, access),
        "refresh": refreshes(place.port, place.tokens),
        **passwords(place, cost),
    }


def passwords(place: Place, cost: Cost) -> dict[str, Measure]:
    """The bare hash, and the step that rests on it."""
    return {_HASH: bare_hashes(cost), _SIGN_IN: sign_ins(place.port, itertools.count(_FIRST))}


def tell(title: str, found: dict[str, Measured]) -> None:
    say(title)
    usual = found.get("nothing")
    for name, each in found.items():
        beside = f", {each.rate / usual.rate:.1%} of nothing" if usual and each is not usual else ""
        say(f"  {name:14} {each}{beside}")
    say(f"  a sign-in reaches {found[_SIGN_IN].rate / found[_HASH].rate:.0%} of the bare hash")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--sessions", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    wished = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    sizes = dict.fromkeys(((_SMALL, _FEW), (wished.accounts, wished.sessions)))
    with PostgresqlServer() as postgresql:
        for accounts, sessions in sizes:
            with filled(postgresql, DEFAULT, accounts, sessions) as place:
                found = alternate(everything(place, DEFAULT), wished.seconds, wished.rounds)
            tell(f"{accounts} accounts, {sessions} sessions; {DEFAULT}", found)
        with filled(postgresql, STRONGER, _SMALL, _FEW) as place:
            found = alternate(passwords(place, STRONGER), wished.seconds, wished.rounds)
        tell(f"{_SMALL} accounts; {STRONGER}", found)


async def _access_token(port: int, tokens: list[str]) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_form("/oidc/token", grant_type="refresh_token", refresh_token=tokens[0]))
    answer = await _answered(reader)
    writer.close()
    tokens[0] = answer["refresh_token"]
    return answer["access_token"]


if __name__ == "__main__":
    main()
