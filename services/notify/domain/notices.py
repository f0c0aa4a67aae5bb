"""The table of notices: what is told, over which channels, and whether it may be switched off (NTF-1)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    """A way on which a message reaches a person (NTF-3)."""

    EMAIL = "email"
    SMS = "sms"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Notice:
    """One row of the table. With `one_of`, the message goes over the one channel that was chosen, else over each."""

    code: str
    channels: tuple[Channel, ...]
    one_of: bool
    mandatory: bool

    def over(self, chosen: Channel | None = None) -> tuple[Channel, ...]:
        """The channels of one message; raises `ValueError` for a choice that the table does not offer."""
        if not self.one_of and chosen is None:
            return self.channels
        if chosen not in self.channels:
            raise ValueError(f"notice {self.code!r} does not go over {chosen!r}")
        return (chosen,)


class Notices(Mapping[str, Notice]):
    """The notices by their code."""

    def __init__(self, notices: Iterable[Notice]) -> None:
        self._notices = {notice.code: notice for notice in notices}

    @classmethod
    def parse(cls, lines: Iterable[str]) -> Notices:
        """Read `notices.csv`; raises `ValueError` naming the row for a channel or a flag that there is not."""
        return cls(_notice(row) for row in csv.DictReader(lines))

    def __getitem__(self, code: str) -> Notice:
        return self._notices[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._notices)

    def __len__(self) -> int:
        return len(self._notices)


def _notice(row: Mapping[str, str]) -> Notice:
    text = row["channels"].removesuffix(" as chosen")
    one_of = " or " in text
    try:
        channels = tuple(Channel(word) for word in text.split(" or " if one_of else ";"))
        mandatory = {"yes": True, "no": False}[row["mandatory"]]
    except (KeyError, ValueError) as error:
        raise ValueError(f"the row of notice {row['notice']!r} cannot be read: {error}") from error
    return Notice(row["notice"], channels, one_of, mandatory)
