"""The applicant as identity and the events are told of them (`data.person`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from services.registration.domain.form import Form
from services.registration.domain.profile import Profile


def person_of(profile: Profile) -> dict[str, object]:
    """Everything but the language, which is no personal data."""
    person = asdict(profile)
    del person["language"]
    return person


def person_so_far(form: Form) -> Mapping[str, object]:
    """What a password is held against, as it was typed: it must not contain the person's names or address (REG-7)."""
    given = form.profile or {}
    return {name: text for name in ("first_name", "last_name", "email") if (text := given.get(name))}
