"""What an attempt at a password is judged by before anything slow is done, in one look (IDN-1, IDN-9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from services.identity.domain.accounts import KeptPassword
from services.identity.domain.devices import Device
from services.identity.domain.throttle import FailureCount

MOST_COUNTS: Final = 3
"""Of the account, the address and the network."""


@dataclass(frozen=True, slots=True)
class Standing:
    """The password of a user ID's account, the device of a token, whosever it is, and the failures under each key."""

    password: KeptPassword | None
    device: Device | None
    counts: Mapping[str, FailureCount]


class Standings(Protocol):
    """Looks at accounts, devices and counts as they are committed."""

    def of(self, user_id: str, device_digest: str, keys: Sequence[str]) -> Standing:
        """In one word with the database, and with the same work whether there is anything or not; at most
        `MOST_COUNTS` keys.
        """
