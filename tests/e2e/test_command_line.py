"""The command line, as an operator types it (OPS-7, REG-17)."""

from __future__ import annotations

import json
import signal
import subprocess
from pathlib import Path

import httpx
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import WARDENRY, Embedded, environment

HEADER = "tin,practice_name,lines,address1,city,state,zip,phone\n"
GOOD = "200035223,Zoë Zhang PhD,dental,6220 Silva Street,San Juan,PR,00901,8605551537\n"
FORMULA = '200137410,"=HYPERLINK(""http://example.test"",""x"")",medical,1 A Street,Hartford,CT,06101,8605559685\n'
SHORT = "200220623,Short Row,medical\n"
EARLIER = "200335413,Before,medical,1 A Street,Hartford,CT,06101,8605559685\n"
LATER = "200-335-413,After,medical;dental,1 A Street,Hartford,CT,06101,8605559685\n"
WRONG_TIN = "12E456789,Wrong,medical,1 A Street,Hartford,CT,06101,8605559685\n"


def wardenry(*words: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [WARDENRY, *words], capture_output=True, text=True, check=False, timeout=60, env=environment(**extra)
    )


@pytest.mark.parametrize(
    "words", [(), ("up",), ("serve",), ("work",), ("migrate",), ("directory", "import"), ("jobs", "run"), ("bus",)]
)
def test_every_command_explains_itself__OPS_7(words: tuple[str, ...]) -> None:
    answer = wardenry(*words, "--help")
    assert answer.returncode == 0
    assert "Usage: wardenry" in answer.stdout


def test_a_directory_is_imported_and_every_wrong_row_told__REG_17(tmp_path: Path) -> None:
    file = tmp_path / "practices.csv"
    file.write_text(HEADER + GOOD + FORMULA + SHORT + EARLIER + WRONG_TIN + LATER, encoding="utf-8")
    first = wardenry("directory", "import", str(file), "--data", str(tmp_path / "data"), "--json")
    assert first.returncode == 1
    told = json.loads(first.stdout)
    assert {name: told[name] for name in ("rows", "added", "changed", "unchanged", "superseded")} == {
        "rows": 6,
        "added": 3,
        "changed": 0,
        "unchanged": 0,
        "superseded": 1,
    }
    assert [(each["line"], each["column"], each["code"]) for each in told["errors"]] == [
        (4, None, "columns_wrong"),
        (6, "tin", "tin_invalid"),
    ]
    assert all(each["detail"] for each in told["errors"])
    again = json.loads(wardenry("directory", "import", str(file), "--data", str(tmp_path / "data"), "--json").stdout)
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 3)


def test_a_file_that_cannot_be_read_is_exit_code_2__REG_17(tmp_path: Path) -> None:
    missing = wardenry("directory", "import", str(tmp_path / "none.csv"), "--data", str(tmp_path / "data"), "--json")
    assert missing.returncode == 2
    assert "none.csv" in missing.stderr
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    assert (
        wardenry("directory", "import", str(tmp_path / "image.csv"), "--data", str(tmp_path / "data")).returncode == 2
    )


def test_nothing_starts_without_its_settings__IDN_16() -> None:
    answer = wardenry("serve", "identity")
    assert answer.returncode == 2
    assert "WARDENRY_IDENTITY_PEPPER is missing" in answer.stderr
    assert "Traceback" not in answer.stderr
    weak = wardenry("work", "audit", WARDENRY_SERVICE_SECRET="changeme" * 8)
    assert weak.returncode == 2
    assert "WARDENRY_AUDIT_SERVICE_SECRET" in weak.stderr
    assert "changeme" not in weak.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_up_says_where_it_is_and_ends_cleanly__OPS_1(tmp_path: Path, number: signal.Signals) -> None:
    deployment = Embedded(tmp_path / "data", "--no-demo")
    deployment.start()
    assert deployment.lines[-1] == "ready"
    assert not any("\x1b" in line for line in deployment.lines)
    assert httpx.get(deployment.url("/api/identity/v1/openapi.json", site="behavioral")).status_code == 200
    assert deployment.stop(number) == 0


def test_a_start_that_fails_once_its_ports_are_open_ends__OPS_1(tmp_path: Path) -> None:
    deployment = Embedded(tmp_path / "data", "--no-demo")
    command = [WARDENRY, "up", "--port", str(deployment.port), "--data", str(deployment.data), "--no-demo"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        process.stdout.close()  # so that its greeting fails
        try:
            assert process.wait(60) != 0
        finally:
            process.kill()


def test_asked_where_its_threads_stand_up_tells_and_goes_on__OPS_5(embedded: Embedded) -> None:
    told = embedded.ailment()
    assert told.startswith("it runs")
    assert "chassis/bus/loop.py" in told
    assert httpx.get(embedded.url("/api/identity/v1/openapi.json")).status_code == 200


def test_a_second_up_on_the_same_folder_is_refused__OPS_1(embedded: Embedded) -> None:
    answer = wardenry("up", "--port", str(embedded.port + 10), "--data", str(embedded.data))
    assert answer.returncode == 2
    assert "in use by another" in answer.stderr


def test_an_import_beside_a_running_up_is_noticed__REG_17(embedded: Embedded, tmp_path: Path) -> None:
    file = tmp_path / "practices.csv"
    file.write_text(HEADER + GOOD, encoding="utf-8")
    assert wardenry("directory", "import", str(file), "--data", str(embedded.data)).returncode == 0

    def looked_up() -> bool:
        answer = httpx.get(embedded.url("/api/registration/v1/practices/200035223"))
        return bool(answer.json()["associated"])

    eventually(looked_up)


def test_fresh_forgets_what_was_there__OPS_1(tmp_path: Path) -> None:
    file = tmp_path / "practices.csv"
    file.write_text(HEADER + GOOD, encoding="utf-8")
    assert wardenry("directory", "import", str(file), "--data", str(tmp_path / "data")).returncode == 0
    deployment = Embedded(tmp_path / "data", "--fresh", "--no-demo")
    deployment.start()
    answer = httpx.get(deployment.url("/api/registration/v1/practices/200035223"))
    assert answer.json()["associated"] is False
    assert deployment.stop() == 0
