"""REG-17 over real databases: imports that are killed, doubled, repeated."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from chassis.assembly import Service
from chassis.db.tables import outbox
from services.registration.adapters.tables import practices
from services.registration.application.directory_file import ImportProgress
from services.registration.application.errors import ImportRunningError
from services.registration.application.import_directory import ImportResult
from services.registration.bootstrap import build, import_directory, seed_demo
from tests.bench.practices import HEADER, rows, write
from tests.contract.registration.world import settings

COUNT = 12_000
ROOT = Path(__file__).parents[3]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'registration.sqlite'}"
    found: str = request.getfixturevalue("database")
    return found


@pytest.fixture
def service(url: str) -> Iterator[Service]:
    made = build(settings(url))
    made.migrate()
    yield made
    made.engine.dispose()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "directory.csv"


def events(service: Service, event_type: str = "registration.directory.changed.v1") -> list[dict[str, Any]]:
    with service.engine.connect() as connection:
        statement = select(outbox.c.data).where(outbox.c.type == event_type).order_by(outbox.c.position)
        return list(connection.execute(statement).scalars())


def told(service: Service) -> Counter[tuple[str, int]]:
    return Counter((each["tin"], each["version"]) for event in events(service) for each in event["practices"])


def counts(result: ImportResult) -> tuple[int, ...]:
    return result.added, result.changed, result.unchanged, result.superseded, result.wrong


def killed_after(url: str, path: Path, written: int) -> None:
    command = [sys.executable, "-m", "tests.integration.registration.importing", url, str(path), str(written)]
    assert subprocess.run(command, cwd=ROOT, check=False, timeout=300).returncode == -9


def test_an_import_tells_each_practice_once_and_a_second_nothing__REG_17(service: Service, path: Path) -> None:
    write(path, COUNT, shuffled=True)
    assert counts(import_directory(service, path)) == (COUNT, 0, 0, 0, 0)
    assert told(service) == Counter((row[0], 1) for row in rows(COUNT, shuffled=True))
    assert all(len(event["practices"]) <= 1_000 for event in events(service))
    assert counts(import_directory(service, path)) == (0, 0, COUNT, 0, 0)
    assert sum(told(service).values()) == COUNT


def test_killed_half_way_the_next_run_completes_it__REG_17(url: str, service: Service, path: Path) -> None:
    write(path, COUNT)
    for _ in range(2):
        killed_after(url, path, 5_000)
        assert sum(told(service).values()) < COUNT
    result = import_directory(service, path)
    assert result.added + result.unchanged == COUNT
    assert 0 < result.added < COUNT
    assert told(service) == Counter((row[0], 1) for row in rows(COUNT))
    with service.engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(practices)).scalar_one() == COUNT


def test_killed_while_reading_nothing_was_changed__REG_17(url: str, service: Service, path: Path) -> None:
    write(path, 100)
    killed_after(url, path, -1)
    assert events(service) == []
    assert import_directory(service, path).rows == 100


def test_a_second_import_at_once_is_refused_clearly__REG_17(service: Service, path: Path) -> None:
    write(path, 10)
    refused: list[ImportRunningError] = []

    def progress(now: ImportProgress) -> None:
        if now.stage == "reading":
            with pytest.raises(ImportRunningError) as refusal:
                import_directory(service, path)
            refused.append(refusal.value)

    assert import_directory(service, path, progress).added == 10
    assert refused
    assert refused[0].code == "import_running"
    assert import_directory(service, path).unchanged == 10


def test_a_lost_line_is_told_once__REG_17(service: Service, path: Path) -> None:
    def edition(lines: str) -> None:
        path.write_text(f"{','.join(HEADER[:3])}\n123456789,State Medical Center,{lines}\n", encoding="utf-8")
        import_directory(service, path)

    edition("medical;behavioral")
    for _ in range(2):
        edition("medical")
    edition("medical;dental")
    first, second = events(service, "registration.practice.lines_changed.v1")
    assert (first["version"], first["before"], first["after"]) == (2, ["medical", "behavioral"], ["medical"])
    assert (first["lost"], first["gained"]) == (["behavioral"], [])
    assert (second["version"], second["lost"], second["gained"]) == (3, [], ["dental"])
    assert told(service) == Counter({("123456789", 1): 1, ("123456789", 2): 1, ("123456789", 3): 1})


def test_wrong_rows_stop_nothing__REG_17(service: Service, path: Path) -> None:
    good = list(rows(3_000))
    later = [good[5][0], "Later", "dental", "", "", "", "", ""]
    spoiled = {10: good[10][:5], 2_000: ["x" + good[2_000][0], *good[2_000][1:]]}
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADER, *(spoiled.get(place, row) for place, row in enumerate(good)), later])
    result = import_directory(service, path)
    assert (result.rows, counts(result)) == (3_001, (2_998, 0, 0, 1, 2))
    assert [(fault.line, fault.code) for fault in result.errors] == [(12, "columns_wrong"), (2_002, "tin_invalid")]
    with service.engine.connect() as connection:
        name = select(practices.c.name).where(practices.c.tin == good[5][0])
        assert connection.execute(name).scalar_one() == "Later"


def test_the_demo_directory_is_seeded_once__OPS_1(service: Service, path: Path) -> None:
    seed_demo(service)
    before = told(service)
    assert {("123456789", 1), ("223344556", 1), ("987654321", 1)} <= set(before)
    assert ("112233445", 1) not in before
    path.write_text("tin,practice_name,lines\n123456789,Renamed,medical\n", encoding="utf-8")
    import_directory(service, path)
    seed_demo(service)
    assert sum(told(service).values()) == sum(before.values()) + 1
