"""A small tree with the project's own contracts, into which one forbidden import at a time is planted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
CHASSIS = (
    "assembly",
    "calling",
    "db",
    "jobs",
    "kernel",
    "security",
    "settings",
    "testing",
    "tidying",
    "web",
    "wiring",
)
ROOMS = ("__main__", "adapters", "api", "application", "bootstrap", "domain", "events", "migrations", "settings")
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"

ABOVE = "The command line is above the services, and these above the chassis"
CHASSIS_ROOMS = "The chassis' rooms lie over its kernel"
INDEPENDENT = "Services know each other by events and calls alone"
CALLS = "No service calls another but where the architecture names the call"
ROOMS_ORDER = "Every service has the same rooms, in the same order"
TECHNOLOGY = "Rules and use cases know neither technology nor the chassis' outer rooms"
SETTINGS = "Settings are read where a service is wired, and nowhere else"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text((PROJECT / "pyproject.toml").read_text())
    for folder, modules in (
        ("wardenry", ("commands", "embedded")),
        ("chassis", CHASSIS),
        ("chassis/bus", ()),
        ("chassis/bus/operations", ("management",)),
        ("chassis/telemetry", ("outgoing",)),
        ("services", ()),
        ("services/identity", tuple(room for room in ROOMS if room != "adapters")),
        ("services/identity/adapters", ("logout_sender",)),
        ("services/notify", tuple(room for room in ROOMS if room != "adapters")),
        ("services/notify/adapters", ("twilio",)),
        ("services/audit", ROOMS),
        ("services/portal", ROOMS),
        ("services/registration", ROOMS),
    ):
        (tmp_path / folder).mkdir()
        for module in ("__init__", *modules):
            (tmp_path / folder / f"{module}.py").touch()
    plant(tmp_path, "chassis/calling.py", "httpcore")
    plant(tmp_path, "services/portal/adapters.py", "httpx")
    plant(tmp_path, "services/identity/adapters/logout_sender.py", "httpx")
    plant(tmp_path, "services/notify/adapters/twilio.py", "httpx")
    plant(tmp_path, "services/identity/bootstrap.py", "services.identity.settings")
    plant(tmp_path, "services/identity/api.py", "services.identity.application")
    plant(tmp_path, "services/identity/application.py", "chassis.kernel")
    return tmp_path


def plant(tree: Path, path: str, module: str) -> None:
    with (tree / path).open("a") as file:
        file.write(f"import {module}\n")


def broken(tree: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=tree,
        env=os.environ | {"COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    return {line.removesuffix(" BROKEN") for line in done.stdout.splitlines() if line.endswith(" BROKEN")}


def test_allowed_imports_break_nothing(tree: Path) -> None:
    assert broken(tree) == set()


@pytest.mark.parametrize(
    ("path", "module", "contract"),
    [
        ("chassis/web.py", "services.identity.domain", ABOVE),
        ("services/identity/bootstrap.py", "wardenry.commands", ABOVE),
        ("chassis/kernel.py", "chassis.security", CHASSIS_ROOMS),
        ("chassis/web.py", "chassis.bus", CHASSIS_ROOMS),
        ("chassis/db.py", "chassis.bus", CHASSIS_ROOMS),
        ("chassis/security.py", "chassis.settings", CHASSIS_ROOMS),
        ("services/identity/adapters/__init__.py", "services.audit.api", INDEPENDENT),
        ("services/identity/domain.py", "services.identity.application", ROOMS_ORDER),
        ("services/identity/application.py", "services.identity.adapters", ROOMS_ORDER),
        ("services/identity/api.py", "services.identity.events", ROOMS_ORDER),
        ("services/identity/events.py", "services.identity.bootstrap", ROOMS_ORDER),
        ("services/identity/adapters/__init__.py", "httpx", CALLS),
        ("services/identity/bootstrap.py", "httpcore", CALLS),
        ("chassis/web.py", "httpx", CALLS),
        ("services/identity/domain.py", "flask", TECHNOLOGY),
        ("services/audit/application.py", "sqlalchemy.orm", TECHNOLOGY),
        ("services/audit/application.py", "chassis.db", TECHNOLOGY),
        ("chassis/kernel.py", "kombu", TECHNOLOGY),
        ("services/identity/api.py", "services.identity.settings", SETTINGS),
        ("services/identity/application.py", "services.identity.settings", SETTINGS),
    ],
)
def test_planted_import_breaks_its_contract(tree: Path, path: str, module: str, contract: str) -> None:
    plant(tree, path, module)

    assert contract in broken(tree)


def test_technology_is_not_reached_by_a_detour_either(tree: Path) -> None:
    plant(tree, "services/identity/application.py", "chassis.security")
    plant(tree, "chassis/security.py", "joserfc")

    assert broken(tree) == {TECHNOLOGY}


def test_room_of_another_name_is_refused(tree: Path) -> None:
    (tree / "services/identity/helpers.py").touch()

    assert broken(tree) == {ROOMS_ORDER}
