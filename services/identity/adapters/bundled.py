"""The lists in `data/`, and the common passwords that come with zxcvbn, read once."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib.resources import files

from zxcvbn.frequency_lists import FREQUENCY_LISTS

from services.identity.domain.lists import Lists

_DATA = files("services.identity") / "data"


@cache
def bundled_lists() -> Lists:
    """The lists that the rules refer to."""
    return Lists(
        reserved_user_ids=frozenset(read_text("reserved_user_ids.txt").split()),
        common_passwords={word.casefold(): rank for rank, word in reversed(list(enumerate(_common_passwords())))},
        security_questions=_codes("security_questions.csv"),
        job_roles=_codes("job_roles.csv"),
    )


def read_text(name: str) -> str:
    """A file of `data/`."""
    return (_DATA / name).read_text(encoding="utf-8")


def rows_of(name: str) -> list[dict[str, str]]:
    """The rows of a CSV file of `data/`, by column."""
    return list(csv.DictReader(io.StringIO(read_text(name))))


def _codes(name: str) -> frozenset[str]:
    return frozenset(row["code"] for row in rows_of(name))


def _common_passwords() -> list[str]:
    return list(FREQUENCY_LISTS["passwords"])
