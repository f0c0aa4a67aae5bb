"""Temporary passwords: read off a screen or paper, typed once, soon (IDN-8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

LETTERS: Final = 10
"""Out of 57: 58 bits, behind the pauses and the lock of IDN-9 and a second step."""

ALPHABET: Final = "23456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, O, 1, l and I, which are mistaken for one another in print."""

LIFETIME: Final = timedelta(hours=24)
