import subprocess
from pathlib import Path
from typing import Any

import pytest

from deploy.native import packages
from deploy.native.errors import ServerError
from deploy.native.packages import Program, install

PROGRAM = Program("PostgreSQL", "usr/lib/postgresql/*/bin/postgres", ("postgresql",))


def place(root: Path, version: str) -> Path:
    path = root / "usr/lib/postgresql" / version / "bin/postgres"
    path.parent.mkdir(parents=True)
    path.touch()
    return path


def test_newest_version_is_found_by_number(tmp_path: Path) -> None:
    place(tmp_path, "9")
    newest = place(tmp_path, "15")

    assert PROGRAM.found(tmp_path) == newest


def test_program_that_is_not_installed_is_not_found(tmp_path: Path) -> None:
    assert PROGRAM.found(tmp_path) is None


def answer(returncode: int, stderr: str) -> Any:
    return lambda *_, **__: subprocess.CompletedProcess([], returncode, stdout="", stderr=stderr)


def test_refused_installation_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", answer(1, "needs root; run as root: apt-get install postgresql"))

    with pytest.raises(ServerError, match="run as root: apt-get install postgresql"):
        install("postgresql")


def test_package_without_its_program_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", answer(0, ""))

    with pytest.raises(ServerError, match="there is no /usr/lib/nothing"):
        Program("nothing", "usr/lib/nothing", ("nothing",)).path()


def test_installer_is_there_and_may_be_run() -> None:
    assert packages.INSTALLER.stat().st_mode & 0o111
