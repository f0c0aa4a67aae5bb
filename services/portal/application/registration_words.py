"""Titles of the security questions that come with the product, marked for translation; others are shown as they are."""

from __future__ import annotations

from typing import Final

from services.portal.domain.languages import mark as _

QUESTIONS: Final = (
    _("What was the name of your first school?"),
    _("What was the name of your first pet?"),
    _("In what city were you born?"),
    _("What was your mother’s maiden name?"),
    _("Who was your favorite teacher?"),
    _("On which street did you first live?"),
    _("Who was your best friend as a child?"),
    _("What was your first job?"),
    _("What is the first name of your oldest cousin?"),
    _("What was your first car?"),
    _("What is your favorite book?"),
    _("In what place was your wedding?"),
)
