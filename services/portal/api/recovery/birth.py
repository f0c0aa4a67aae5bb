"""The date of birth, in three fields, as somebody confirms it who is known already."""

from __future__ import annotations

from flask import request
from flask_babel import gettext

from services.portal.api.forms import FormView
from services.portal.application.registration_draft import BIRTH, iso_date


def typed_birth() -> dict[str, str]:
    """What stands in the three fields."""
    return {name: request.form.get(name, "").strip() for name in BIRTH}


def date_of_birth(form: FormView) -> str:
    """The date in ISO 8601; nothing, and an error noted, where the fields make none."""
    born = iso_date(*(form.value(name) for name in BIRTH))
    if not born:
        form.add("date_of_birth", gettext("Write your date of birth."))
    return born
