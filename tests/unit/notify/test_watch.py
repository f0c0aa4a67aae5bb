"""Senders in one process: one looks for all, and as many send as may."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from chassis.bus.loop import Loop
from chassis.testing.waiting import eventually
from services.notify.adapters.watch import Watch


class Post:
    """Letters, each of which takes until it is let go."""

    def __init__(self) -> None:
        self.due = 0
        self.sending = 0
        self.sent = 0
        self.go = threading.Semaphore(0)
        self._lock = threading.Lock()

    def is_sending(self, count: int) -> bool:
        return self.sending == count

    def look(self, on_claim: Callable[[], None]) -> bool:
        with self._lock:
            found = self.due > 0
            self.due -= found
            self.sending += found
        if found:
            on_claim()
            self.go.acquire()
            with self._lock:
                self.sending -= 1
                self.sent += 1
        return found


def test_an_idle_process_looks_in_one_place() -> None:
    looks: list[int] = []

    def counting(_: Callable[[], None]) -> bool:
        looks.append(1)
        return False

    counted = Watch(counting, 3)
    for _ in range(2):
        for sender in range(3):
            counted.step(sender)
    assert len(looks) == 2


def test_one_that_fails_to_look_looks_again() -> None:
    looks: list[int] = []

    def failing(_: Callable[[], None]) -> bool:
        looks.append(1)
        raise OSError

    watch = Watch(failing, 2)
    for sender in (0, 1, 0):
        try:
            watch.step(sender)
        except OSError:
            continue
    assert len(looks) == 2


def test_all_send_at_once_and_a_slow_one_holds_nobody_up__NTF_2() -> None:
    post = Post()
    watch = Watch(post.look, 3)
    loops = [
        Loop(f"sender {number}", partial(watch.step, number), wakeup, poll=60.0)
        for number, wakeup in enumerate(watch.wakeups)
    ]
    for loop in loops:
        loop.start()
    for sending in (1, 2, 3):
        post.due += 1
        watch.wake()
        eventually(partial(post.is_sending, sending))
    post.due += 2
    watch.wake()
    for _ in range(5):
        post.go.release()
    eventually(lambda: post.sent == 5)
    for loop in loops:
        loop.stop()
    assert all(loop.join(60) for loop in loops)
