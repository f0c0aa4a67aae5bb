import signal
import subprocess
from collections.abc import Iterator

import pytest

from chassis.testing.waiting import eventually
from deploy.native.tree import Process, Tree, process

# A shell with one child in its group, and one that has left it for a session of its own.
FAMILY = "sleep 60 & setsid sleep 60 & wait"


@pytest.fixture
def family() -> Iterator[Tree]:
    with subprocess.Popen(["sh", "-c", FAMILY], start_new_session=True) as child:
        tree = Tree(process(child.pid))
        eventually(lambda: len(tree.running()) == 3)
        yield tree
        tree.kill()


def test_killing_a_tree_ends_all_of_it(family: Tree) -> None:
    assert family.kill()
    assert family.running() == set()


def test_child_stays_in_the_tree_when_its_parent_is_gone(family: Tree) -> None:
    family.running()
    subprocess.run(["kill", "-KILL", str(family.root.number)], check=True)

    eventually(lambda: family.root not in family.running())

    assert len(family.running()) == 2


def test_paused_tree_goes_on_when_resumed(family: Tree) -> None:
    family.signal(signal.SIGSTOP)
    family.signal(signal.SIGCONT)

    assert len(family.running()) == 3


def test_another_process_with_the_same_number_is_not_taken_for_it(family: Tree) -> None:
    earlier = Tree(Process(family.root.number, family.root.started - 1))

    assert family.root not in earlier.running()


def test_process_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(ProcessLookupError):
        process(2**22 + 1)
