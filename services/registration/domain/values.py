"""How a value that does not pass is refused, and how everything wrong in a form is found in one go (REG-5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from chassis.kernel.errors import Fault

Value = TypeVar("Value")


class RefusedError(ValueError):
    """A value does not pass: the stable code, and words that say what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Findings:
    """Collects every fault of a form, by pointer; nothing stops at the first."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What was found, in the order in which it was looked at."""
        return tuple(self._faults)

    def add(self, pointer: str, code: str, detail: str) -> None:
        """Note one fault."""
        self._faults.append(Fault(pointer, code, detail))

    def take(self, pointer: str, read: Callable[[str], Value], text: str) -> Value | None:
        """The value that `read` makes of the text, or None and a note of why it refused."""
        try:
            return read(text)
        except RefusedError as refused:
            self.add(pointer, refused.code, refused.detail)
            return None
