"""What the web process remembers, as its metrics tell it, and changes that come in while it answers."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import psycopg

from chassis.testing.waiting import eventually
from tests.bench.check.grants import Grants
from tests.bench.serving import WebProcess

CHANGES_A_SECOND = 50
_FILLED_WITHIN = 600.0
_ANSWERED = re.compile(r'^wardenry_checks_answered_total\{source="(\w+)"\} ([0-9.e+]+)', re.MULTILINE)
_USERS = re.compile(r"^wardenry_checks_remembered_users(?:\{.*\})? ([0-9.e+]+)", re.MULTILINE)


class Share:
    """Which part of the questions between its making and its asking was answered from memory."""

    def __init__(self, web: WebProcess) -> None:
        self._web = web
        self._before = _answered(web)

    def __float__(self) -> float:
        grown = {source: count - self._before.get(source, 0.0) for source, count in _answered(self._web).items()}
        return grown.get("memory", 0.0) / max(1.0, sum(grown.values()))


def filled(web: WebProcess, users: int) -> float:
    """Wait until all are remembered; about how many seconds that took, as its figures are three seconds old."""
    began = time.monotonic()

    def remembers_all() -> bool:
        told = _USERS.search(_metrics(web))
        return told is not None and float(told[1]) >= users

    eventually(remembers_all, within=_FILLED_WITHIN, every=0.5)
    return time.monotonic() - began


def idle(web: WebProcess, seconds: float) -> float:
    """Which part of a core it uses while nobody asks anything."""
    began = _used(web)
    time.sleep(seconds)
    return (_used(web) - began) / seconds


@contextmanager
def changes(url: str, grants: Grants) -> Iterator[None]:
    """Access of somebody or other is changed, so often a second, for as long as the block lasts."""
    over = threading.Event()
    dice = random.Random(13)  # noqa: S311 (made-up data, the same every time)

    def change() -> None:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
            while not over.wait(1 / CHANGES_A_SECOND):
                user_id = f"user{dice.randrange(grants.users):06d}"
                connection.execute("UPDATE access SET ending_told = NOT ending_told WHERE user_id = %s", [user_id])

    thread = threading.Thread(target=change, name="changes")
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(60)


def _used(web: WebProcess) -> float:
    times = [each.cpu_times() for each in web.process.children(recursive=True)]
    return sum(each.user + each.system for each in times)


def _answered(web: WebProcess) -> dict[str, float]:
    return {source: float(count) for source, count in _ANSWERED.findall(_metrics(web))}


def _metrics(web: WebProcess) -> str:
    return httpx.get(f"http://127.0.0.1:{web.port}/metrics", trust_env=False, timeout=60).raise_for_status().text
