"""How many accounts a run may touch before somebody has to say that it is meant: a clock that is a year ahead would
otherwise disable everybody in a night (GO-7).
"""

from __future__ import annotations

from dataclasses import dataclass

_ALL = 100


@dataclass(frozen=True, slots=True)
class Breadth:
    """A run asks where it would touch more than `percent` of all accounts, and more than `accounts`."""

    percent: float = 5.0
    accounts: int = 100

    def asks(self, touched: int, whole: int) -> bool:
        """Whether so many of so many are too many to be touched unasked."""
        return touched > self.accounts and touched * _ALL > whole * self.percent


class TooBroadError(Exception):
    """A run would touch so many accounts that it has touched none of them."""

    def __init__(self, job: str, touched: int, whole: int) -> None:
        super().__init__(
            f"The job {job} would touch {touched} of {whole} accounts, and has touched none. If that is meant, "
            f"`wardenry jobs run --job {job} --yes` does it; if not, look at the clock first."
        )
        self.touched = touched
        self.whole = whole
