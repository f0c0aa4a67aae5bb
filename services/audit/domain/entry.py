"""What arrived becomes an entry: a leaf that is hashed and kept for ever, and personal data kept beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.audit.domain.canonical import canonical, representable
from services.audit.domain.merkle import leaf_hash
from services.audit.domain.moments import rfc3339
from services.audit.domain.personal import Disclosed, Salts, disclosures

LEAF_VERSION = 1
_PERSON = "person"
_PEOPLE = ("user", "support")
_INVITATION = "invitation"
_NUMBER = "number/"


@dataclass(frozen=True, slots=True)
class Arrival:
    """An event as it reached audit: its envelope and its whole data (`events.md`)."""

    event_id: str
    source: str
    type: str
    subject: str
    sequence: int
    time: datetime
    actor: str
    site: str | None
    address: str | None
    correlation_id: str
    causation_id: str | None
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Personal:
    """What one entry has of people: values about whom it concerns, and the address of who acted.

    Each part goes when the person whose user ID stands beside it is erased; None is a user ID that is not known.
    """

    concerned: str | None
    person: tuple[Disclosed, ...]
    acting: str | None
    address: tuple[Disclosed, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An arrival in the form in which it is appended; its index is its place in the log, given as it is appended."""

    arrival: Arrival
    recorded_at: datetime
    leaf: bytes
    personal: Personal

    @property
    def leaf_hash(self) -> bytes:
        """RFC 9162's hash of the leaf."""
        return leaf_hash(self.leaf)


def entry_of(arrival: Arrival, recorded_at: datetime, salts: Salts) -> Entry:
    """The entry for an arrival: personal data (`data.person`, `actoraddress`) is only committed to in its leaf."""
    data = representable(arrival.data)
    person = disclosures("/data/person", data.pop(_PERSON), salts) if _PERSON in data else ()
    kept = () if _is_nobodys(arrival) else person
    address = disclosures("/actoraddress", arrival.address, salts) if arrival.address is not None else ()
    leaf = canonical(_leaf(arrival, recorded_at, data, (*person, *address)))
    return Entry(arrival, recorded_at, leaf, Personal(_concerned(arrival), kept, _acting(arrival.actor), address))


def invited(temporary_id: str) -> str:
    """How somebody is known who was invited and has no user ID yet; no user ID looks like it."""
    return f"{_INVITATION}/{temporary_id}"


def _leaf(
    arrival: Arrival, recorded_at: datetime, data: Mapping[str, Any], personal: tuple[Disclosed, ...]
) -> dict[str, Any]:
    return {
        "v": LEAF_VERSION,
        "id": arrival.event_id,
        "source": arrival.source,
        "type": arrival.type,
        "subject": arrival.subject,
        "sequence": arrival.sequence,
        "time": rfc3339(arrival.time),
        "actor": arrival.actor,
        "actorsite": arrival.site,
        "correlationid": arrival.correlation_id,
        "causationid": arrival.causation_id,
        "recordedat": rfc3339(recorded_at),
        "data": data,
        "commitments": {single.path: single.commitment for single in personal},
    }


def _concerned(arrival: Arrival) -> str | None:
    named = arrival.data.get("user_id")
    if isinstance(named, str):
        return named
    kind, _, key = arrival.subject.partition("/")
    if kind == _INVITATION:
        return invited(key)
    return key if kind in {"account", "access"} else None


def _is_nobodys(arrival: Arrival) -> bool:
    """Whether nobody's erasure would reach it: a telephone number, which is no account's. It is committed to alone."""
    return arrival.subject.startswith(_NUMBER)


def _acting(actor: str) -> str | None:
    kind, _, name = actor.partition(":")
    return name if kind in _PEOPLE else None
