"""The fields of the third step, in the order in which they stand on the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask_babel import gettext

from services.portal.application.registration_draft import ADDRESS, BIRTH, PROFILE
from services.portal.domain.languages import mark

_LABELS: Final = {
    "first_name": mark("First name"),
    "middle_initial": mark("Middle initial"),
    "last_name": mark("Last name"),
    "job_role": mark("Job role"),
    "line1": mark("Street address"),
    "line2": mark("Suite, floor, building"),
    "city": mark("City"),
    "state": mark("State"),
    "zip": mark("ZIP code"),
    "phone": mark("Work phone"),
    "extension": mark("Extension"),
    "mobile": mark("Mobile phone"),
    "email": mark("E-mail address"),
    "email_again": mark("E-mail address again"),
    "language": mark("Language of our messages"),
    "user_id": mark("User ID"),
    "password": mark("Password"),
    "date_of_birth": mark("Date of birth"),
    "question_0": mark("First question"),
    "answer_0": mark("First answer"),
    "question_1": mark("Second question"),
    "answer_1": mark("Second answer"),
}
_TYPED: Final = (
    *PROFILE,
    *ADDRESS,
    *BIRTH,
    "email_again",
    "language",
    "user_id",
    *(f"{part}_{place}" for place in range(2) for part in ("question", "answer")),
)


def labels() -> dict[str, str]:
    """What each field is called, in the page's language."""
    return {name: gettext(text) for name, text in _LABELS.items()}


def typed_account(form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, but for the password."""
    return {name: form.get(name, "").strip() for name in _TYPED}
