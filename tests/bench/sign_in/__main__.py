"""How many sign-ins, refreshes and introspections a second, beside the bare hash and a call that does nothing.

    python -m tests.bench.sign_in [--accounts 1000000] [--sessions 50000] [--seconds 5] [--rounds 3]

Identity's web process on PostgreSQL with a worker a core, all on this machine, hashes at their usual cost, one at once
in each worker. A sign-in is its password step: the account is looked up, what counts against it is, the password is
verified, and the challenge of the second step written. A refresh rotates its token and keeps the new one. Rounds
alternate, the median counts.

Goals: sign-ins reach 85 % of the rate of the bare hash on as many threads; 3 000 introspections and 1 500 refreshes a
second; a million accounts and 50 000 sessions slow a sign-in by a tenth at most.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import itertools
import logging
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import orjson
import structlog
from argon2 import PasswordHasher

from chassis.db.engine import make_engine
from deploy.native.postgresql import PostgresqlServer
from tests.bench.check.calling import CONNECTIONS, pace, request
from tests.bench.sign_in.serving import CLIENT, MEMORY_KIB, PASSES, fill, refresh_token_of, served
from tests.integration.identity.world import API, PASSWORD, World

_CORES = 2
_THREADS = 4
_FEW = 100
_FORM = "application/x-www-form-urlencoded"
_SECRET = "medical-0123456789abcdef0123456789abcdef"

Measure = Callable[[float], float]
"""So many seconds long; answers how many a second."""


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def hashes(seconds: float) -> float:
    """Bare verifications on both cores."""
    hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
    kept = hasher.hash(PASSWORD)
    until = time.perf_counter() + seconds

    def verified() -> int:
        for count in itertools.count():
            if time.perf_counter() >= until:
                return count
            hasher.verify(kept, PASSWORD)
        raise AssertionError

    with ThreadPoolExecutor(_CORES) as pool:
        return sum(each.result() for each in [pool.submit(verified) for _ in range(_CORES)]) / seconds


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


def alternate(measures: dict[str, Measure], seconds: float, rounds: int) -> dict[str, float]:
    """The median rate of each."""
    found: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            found[name].append(measure(seconds))
    return {name: statistics.median(rates) for name, rates in found.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--accounts", type=int, default=1_000_000)
    parser.add_argument("--sessions", type=int, default=50_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--rounds", type=int, default=3)
    wished = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with PostgresqlServer() as postgresql:
        for accounts, sessions in ((20_000, _FEW), (wished.accounts, wished.sessions)):
            url = postgresql.databases.create().url
            world = World(url, hash_passes=PASSES, hash_memory_kib=MEMORY_KIB)
            world.signed_in()
            engine = make_engine(url)
            fill(engine, accounts, sessions)
            tokens = [refresh_token_of(engine, number) for number in range(1, CONNECTIONS + 1)]
            with served(world, url, workers=_CORES, threads=_THREADS) as server:
                port = server.port
                access = asyncio.run(_access_token(port, tokens))
                measures = {
                    "nothing": nothing(port),
                    "bare hash": hashes,
                    "sign-in": sign_ins(port, itertools.count(1_000)),
                    "introspection": introspections(port, access),
                    "refresh": refreshes(port, tokens),
                }
                rates = alternate(measures, wished.seconds, wished.rounds)
            engine.dispose()
            world.service.engine.dispose()
            say(f"{accounts} accounts, {sessions} sessions")
            for name, rate in rates.items():
                beside = f"{rate / rates['nothing']:6.1%} of nothing" if name != "nothing" else ""
                say(f"  {name:14} {rate:8.0f}/s  {beside}")
            say(f"  a sign-in reaches {rates['sign-in'] / rates['bare hash']:.0%} of the bare hash")


async def _access_token(port: int, tokens: list[str]) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(_form("/oidc/token", grant_type="refresh_token", refresh_token=tokens[0]))
    answer = await _answered(reader)
    writer.close()
    tokens[0] = answer["refresh_token"]
    return answer["access_token"]


if __name__ == "__main__":
    main()
