"""How long a message waits between two attempts, and when it is given up (NTF-2)."""

from __future__ import annotations

from datetime import timedelta

TRIED_FOR = timedelta(hours=24)
_FIRST = timedelta(seconds=5)
_LONGEST = timedelta(hours=1)
_LONGEST_FOR_CODES = timedelta(seconds=20)
_GROWTH = 3
_MOST_STEPS = 10


def pause_after(attempts: int, *, urgent: bool) -> timedelta:
    """The pause after the `attempts`-th failure, counted from 1: it grows threefold up to an hour.

    What is `urgent` ends within minutes: somebody is looking at the page where it is to be entered.
    """
    longest = _LONGEST_FOR_CODES if urgent else _LONGEST
    growth: int = _GROWTH ** min(attempts - 1, _MOST_STEPS)
    return min(longest, _FIRST * growth)
