"""How long a file of people takes from its upload to everybody's credentials, and what a sign-in takes meanwhile.

    python -m tests.bench.imports [ROWS] [--signings 20]

At a `wardenry up` of its own a manager uploads a workbook, confirms it, looks until it is done and fetches the
credentials, as one process does all of it: the file's checks, the invitations, their hashes, and then the events and
mails. Meanwhile somebody else sends their password again and again (`POST sign-in`, up to the second step); `idle` is
what that takes before. Goals (REG-16): 5 000 invitations within 60 s, and the median of a sign-in below twice idle.
"""

from __future__ import annotations

import argparse
import io
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import xlsxwriter

from services.registration.domain.people_columns import COLUMNS
from tests.e2e.deployments import Embedded
from tests.e2e.people import Person

LIMIT = 60.0
FACTOR = 2.0
TIN = "123456789"
_IMPORTS = "/api/registration/v1/imports"


def workbook(rows: int) -> bytes:
    """So many people at one practice, as the template has them."""
    saved = io.BytesIO()
    with xlsxwriter.Workbook(saved) as book:
        sheet = book.add_worksheet("People")
        sheet.write_row(0, 0, COLUMNS)
        for number in range(rows):
            person = {"first_name": "Ada", "last_name": "Berg", "email": f"ada{number}@example.com", "tin": TIN}
            access = {"line": "medical", "level": "processor", "functions": "patient_coverage;claim_status"}
            cells = person | access | {"phone": "860-555-0100"}
            sheet.write_row(number + 1, 0, [cells.get(column) for column in COLUMNS])
    return saved.getvalue()


class Signing:
    """Somebody who sends their password over and over; `took` is what each time took."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.took: list[float] = []

    def once(self) -> None:
        """The password, once."""
        begun = time.perf_counter()
        body = {"user_id": self._person.user_id, "password": self._person.password}
        answer = self._person.post("/api/identity/v1/sign-in", body)
        self.took.append(time.perf_counter() - begun)
        assert answer.json()["state"] == "second_step", answer.text

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """All through the block, with a short breath after each."""
        stopped = threading.Event()

        def run() -> None:
            while not stopped.wait(0.2):
                self.once()

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()


def add(manager: Person, file: bytes) -> Iterator[tuple[str, float]]:
    """Each stage with its seconds."""
    begun = time.perf_counter()

    def lap() -> float:
        nonlocal begun
        before, begun = begun, time.perf_counter()
        return begun - before

    sent = manager.call("POST", _IMPORTS, files={"file": ("people.xlsx", file)})
    found: dict[str, Any] = sent.json()
    assert found["state"] == "ready", sent.text
    yield "checked", lap()
    path = f"{_IMPORTS}/{found['id']}"
    assert manager.post(f"{path}/confirm").status_code == 202
    while manager.get(path).json()["state"] == "running":
        time.sleep(0.25)
    yield "invited", lap()
    shown = manager.http.post(
        manager.deployment.url(f"{path}/credentials"),
        headers={"Authorization": f"Bearer {manager.tokens['access_token']}"},
        timeout=120,
    )
    assert len(shown.text.splitlines()) == found["people"] + 1, shown.text[:200]
    yield "credentials", lap()


def told(deployment: Embedded, people: int) -> None:
    """Wait until the last of them has their mail."""
    while not deployment.mails(f"ada{people - 1}@example.com"):
        time.sleep(0.5)


def main() -> int:
    """The exit code is 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", type=int, nargs="?", default=5_000)
    parser.add_argument("--signings", type=int, default=20)
    wished = parser.parse_args()
    file = workbook(wished.rows)
    with tempfile.TemporaryDirectory() as folder:
        wardenry = Embedded(Path(folder) / "data")
        wardenry.start()
        try:
            manager = Person(wardenry, "mmartin5", wardenry.password)
            manager.sign_in()
            idle, busy, later = (Signing(Person(wardenry, "ssmith1234", wardenry.password)) for _ in range(3))
            for _ in range(wished.signings):
                idle.once()
            with busy.going_on():
                stages = list(add(manager, file))
            begun = time.perf_counter()
            with later.going_on():
                told(wardenry, wished.rows)
            drained = time.perf_counter() - begun
        finally:
            wardenry.stop()
    whole = sum(seconds for _, seconds in stages)
    usual = statistics.median(idle.took)
    for name, seconds in (*stages, ("all of it", whole), ("mails after it", drained)):
        sys.stdout.write(f"{name:15} {seconds:7.1f} s\n")
    factors = [statistics.median(each.took) / usual for each in (busy, later) if each.took]
    sys.stdout.write(f"sign-in idle    {usual * 1000:7.0f} ms\n")
    for name, signing in (("meanwhile", busy), ("with the mails", later)):
        if signing.took:
            median, worst = statistics.median(signing.took), max(signing.took)
            ratio = f"{median / usual:5.2f} times, slowest {worst * 1000:.0f} ms of {len(signing.took)}"
            sys.stdout.write(f"{name:15} {median * 1000:7.0f} ms  {ratio}\n")
    return int(whole > LIMIT * max(1.0, wished.rows / 5_000) or max(factors) > FACTOR)


if __name__ == "__main__":
    raise SystemExit(main())
