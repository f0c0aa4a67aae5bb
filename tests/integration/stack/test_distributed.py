"""The distributed form on one machine: what it was given is there at the next start, and nothing is left behind."""

from __future__ import annotations

import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from chassis.testing.waiting import eventually
from tests.e2e.people import Person
from tests.e2e.stacks import DistributedStack


@pytest.fixture
def data() -> Iterator[Path]:
    """A folder through which the servers' users may pass."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder / "data"
    shutil.rmtree(folder)


@pytest.mark.slow
@pytest.mark.timeout(1500)
def test_killed_and_started_again_it_has_everything_and_ends_without_a_trace__OPS_2(tmp_path: Path, data: Path) -> None:
    stack = DistributedStack(tmp_path)
    stack.start("--data", str(data))
    person = Person(stack, "zoe.lasting")
    assert person.register([{"tin": "123456789", "line": "medical"}]).status_code == 201
    processes = stack.processes()
    assert len(processes) > 15
    stack.stop(signal.SIGKILL)
    eventually(lambda: not any(_runs(process) for process in processes), within=60)

    stack.start("--data", str(data))
    eventually(lambda: "confirm_email" in person.notices() or None, within=60)
    assert person.confirm().status_code == 204
    manager = Person(stack, "mmartin5", stack.password)
    manager.sign_in()
    assert manager.waiting(person.user_id, "123456789")
    processes = stack.processes()
    assert stack.stop(signal.SIGINT) == 0
    assert not any(_runs(process) for process in processes)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.status() not in {psutil.STATUS_ZOMBIE, psutil.STATUS_DEAD}
    except psutil.NoSuchProcess:
        return False
