"""A server ends with the process that started it, however that ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from chassis.testing.waiting import eventually
from deploy.native.tree import Tree, process

PROJECT = Path(__file__).parents[3]

OWNER = """
import sys, time
from deploy.native.{module} import {kind}
server = {kind}().start()
print(server.folder, flush=True)
{then}
"""


class Owner:
    """A process that starts a server of its own and then does what it is told."""

    def __init__(self, module: str, kind: str, then: str) -> None:
        program = OWNER.format(module=module, kind=kind, then=then)
        self.child = subprocess.Popen([sys.executable, "-c", program], cwd=PROJECT, stdout=subprocess.PIPE)
        assert self.child.stdout
        self.folder = Path(self.child.stdout.readline().decode().strip())
        (noted,) = self.folder.glob("process-*")
        self.server = Tree(process(int(noted.read_text().split()[0])))
        self.everything = self.server.running()

    def left(self) -> bool:
        return bool(self.server.running()) or self.folder.exists()

    def close(self) -> None:
        self.child.kill()
        self.child.communicate()


@pytest.fixture(params=[("postgresql", "PostgresqlServer"), ("rabbitmq", "RabbitmqServer")], ids=lambda p: p[0])
def kind(request: pytest.FixtureRequest) -> tuple[str, str]:
    module, name = request.param
    return module, name


@pytest.mark.faults
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_killed_owner_leaves_no_process_and_no_folder(kind: tuple[str, str], number: signal.Signals) -> None:
    owner = Owner(*kind, then="time.sleep(600)")
    assert len(owner.everything) > 1

    os.kill(owner.child.pid, number)

    eventually(lambda: not owner.left(), within=30)
    owner.close()


@pytest.mark.faults
def test_owner_that_ends_without_closing_leaves_nothing(kind: tuple[str, str]) -> None:
    owner = Owner(*kind, then="sys.exit(0)")

    eventually(lambda: not owner.left(), within=30)
    owner.close()
