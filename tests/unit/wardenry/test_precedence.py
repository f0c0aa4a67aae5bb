"""Whoever waits for an answer goes before what is done in the background, and never stops it (REG-16)."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from wardenry.embedded.precedence import Precedence


class Asked:
    """Somebody who is being answered until `let_go` is set."""

    def __init__(self, precedence: Precedence) -> None:
        self.let_go, self.begun = threading.Event(), threading.Event()
        app = precedence.of(self._app)
        self._thread = threading.Thread(target=lambda: list(app({}, lambda *_: None)))
        self._thread.start()
        assert self.begun.wait(60)

    def _app(self, _environ: dict[str, Any], _start: Callable[..., Any]) -> Iterable[bytes]:
        self.begun.set()
        assert self.let_go.wait(60)
        return [b""]

    def end(self) -> None:
        self.let_go.set()
        self._thread.join(60)


def work(for_seconds: float) -> Callable[[], bool]:
    def step() -> bool:
        time.sleep(for_seconds)
        return True

    return step


def test_a_step_waits_until_nobody_is_being_answered__REG_16() -> None:
    precedence = Precedence()
    step = precedence.after(work(0.05))
    step()
    asked, waits = Asked(precedence), threading.Thread(target=step)
    waits.start()
    waits.join(0.1)
    assert waits.is_alive(), "it takes half as long by itself"
    asked.end()
    waits.join(60)
    assert not waits.is_alive()


def test_however_long_somebody_is_answered_the_background_goes_on__REG_16() -> None:
    precedence = Precedence()
    step, asked = precedence.after(work(0.001)), Asked(precedence)
    assert all(step() for _ in range(20))
    asked.end()


def test_a_step_that_fails_lets_others_go_first_all_the_same__REG_16() -> None:
    precedence = Precedence()
    failures: list[str] = []

    def failing() -> bool:
        raise OSError("full")

    for _ in range(2):
        try:
            precedence.after(failing)()
        except OSError as error:
            failures.append(str(error))
    assert failures == ["full", "full"]
