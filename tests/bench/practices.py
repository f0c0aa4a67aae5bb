"""Makes directories of practices for benches and tests: made-up rows, the same for the same seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

HEADER = ("tin", "practice_name", "lines", "address1", "city", "state", "zip", "phone")
_NAMES = ("Smith", "García", "Müller", "O'Brien", "Kim", "Haddad", "Øverland", "Núñez", "D'Souza", "Tanaka", "Popescu")
_KINDS = ("Medical Center", "Family Practice", "Behavioral Health", "Women’s Health", "Imaging, LLC", "Dental Care")
_LINES = ("medical",) * 10 + ("behavioral",) * 3 + ("dental",) * 3 + ("medical;behavioral",) * 4
_PLACES = (("Hartford", "CT", "06101"), ("San Juan", "PR", "00901"), ("Cañon City", "CO", "81212"))
_FIRST, _LAST = 100_000_000, 999_999_999


def rows(count: int, seed: int = 1, *, shuffled: bool = False) -> Iterator[list[str]]:
    """Rows without the header, each TIN once: in rising order, or (`shuffled`, all in memory) in none."""
    chance = random.Random(seed)  # noqa: S311 (nothing here is secret)
    step = (_LAST - _FIRST) // max(count, 1)
    numbers: Iterator[int] | list[int] = (_FIRST + step * place + chance.randrange(step) for place in range(count))
    if shuffled:
        numbers = list(numbers)
        chance.shuffle(numbers)
    for number in numbers:
        yield [
            str(number),
            f"{chance.choice(_NAMES)} {chance.choice(_KINDS)}",
            chance.choice(_LINES),
            f"{chance.randint(1, 9999)} {chance.choice(_NAMES)} Street",
            *chance.choice(_PLACES),
            f"860555{chance.randint(0, 9999):04d}",
        ]


def write(path: Path, count: int, seed: int = 1, *, shuffled: bool = False) -> None:
    """Write a directory file."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEADER)
        out.writerows(rows(count, seed, shuffled=shuffled))
