"""Changes to a profile: what somebody may say anew of themselves, field by field (REG-5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chassis.kernel.errors import InvalidError
from services.identity.domain.people import Address, Profile
from services.identity.domain.profile_rules import (
    Faults,
    extension,
    job_role_among,
    language,
    phone_number,
    plain_text,
    state,
    zip_code,
)

_ADDRESS_RULES: Mapping[str, Callable[[str], str]] = {
    "line1": plain_text,
    "line2": plain_text,
    "city": plain_text,
    "state": state,
    "zip": zip_code,
}


def changed_profile(profile: Profile, changes: Mapping[str, Any], job_roles: frozenset[str]) -> Profile:
    """The profile with these fields changed; None empties a field that may be empty.

    Raises `InvalidError` that names every wrong field.
    """
    faults = Faults()
    rules = {
        "phone": phone_number,
        "extension": extension,
        "language": language,
        "job_role": job_role_among(job_roles),
    }
    taken: dict[str, Any] = {
        name: _taken(faults, f"/profile/{name}", changes[name], rule) for name, rule in rules.items() if name in changes
    }
    if "address" in changes:
        taken["address"] = _address(faults, changes["address"])
    if faults.found:
        raise InvalidError(faults.found)
    return replace(profile, **taken)


def mobile_number(text: str) -> str:
    """The number as E.164; raises `InvalidError` where it is none."""
    faults = Faults()
    number = faults.taken("/profile/mobile", text, phone_number)
    if faults.found:
        raise InvalidError(faults.found)
    return number


def _address(faults: Faults, given: Mapping[str, str | None]) -> Address:
    parts = {
        name: _taken(faults, f"/profile/address/{name}", given.get(name), rule) for name, rule in _ADDRESS_RULES.items()
    }
    return Address(**parts)  # type: ignore[arg-type] # the schema lets only `line2` be absent


def _taken(faults: Faults, pointer: str, text: str | None, rule: Callable[[str], str]) -> str | None:
    return None if text is None else faults.taken(pointer, text, rule)
