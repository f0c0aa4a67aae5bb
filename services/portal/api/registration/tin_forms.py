"""The form of the TIN step: its rows, read from what was sent, and shown with what the directory says of each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from services.portal.api.forms import FormView
from services.portal.api.registration.wizard import FIELDS
from services.portal.application.registration_calls import Review, TinReview
from services.portal.application.registration_draft import MOST_TINS, TinRow, TinStep

_NONE: Final = "none"
_OF_A_ROW: Final = {
    "tin": "tin",
    "line": "line",
    "nominate": "nominate",
    "nominee_first": "first_name",
    "nominee_last": "last_name",
    "nominee_email": "email",
}


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row with what is known of it; `asks` names the questions that its TIN brings up."""

    number: int
    row: TinRow
    review: TinReview | None

    @property
    def asks_line(self) -> bool:
        """Whether several lines are offered (REG-4)."""
        return self.review is not None and len(self.review.lines_offered) > 1

    @property
    def asks_manager(self) -> bool:
        """Whether nobody manages access there (REG-11), as far as the line is known."""
        review = self.review
        return review is not None and review.tin is not None and bool(review.line) and not review.manager_count

    @property
    def asked(self) -> str:
        """What the row asks, to be sent back: so the next answer tells what had been seen."""
        return "+".join(name for name in ("line", "manager") if getattr(self, f"asks_{name}"))


def read_step(form: MultiDict[str, str]) -> TinStep:
    """The step as it was sent, up to a row more than there may be."""
    numbers = sorted(_numbers(form))[: MOST_TINS + 1]
    rows = tuple(
        TinRow(**{name: form.get(f"{field}-{number}", "").strip() for field, name in _OF_A_ROW.items()})
        for number in numbers
    )
    return TinStep(rows or (TinRow(),), no_tin=form.get("has_tin") == _NONE)


def without(step: TinStep, number: int) -> TinStep:
    """The step less one row."""
    rows = tuple(row for place, row in enumerate(step.rows) if place != number)
    return TinStep(rows or (TinRow(),), step.no_tin)


def shown_rows(step: TinStep, review: Review | None) -> list[ShownRow]:
    """The rows to show; those that were looked at come first, in the same order."""
    reviews = iter(review.tins if review else ())
    return [
        ShownRow(number, row, None if row.is_blank else next(reviews, None)) for number, row in enumerate(step.rows)
    ]


def settled(step: TinStep, review: Review) -> TinStep:
    """The step less the proposals for practices that have a manager."""
    rows = (
        replace(shown.row, nominate="") if shown.review and shown.review.manager_count else shown.row
        for shown in shown_rows(step, review)
    )
    return TinStep(tuple(rows), step.no_tin)


def unseen(rows: list[ShownRow]) -> bool:
    """Whether a row asks something that the page as it was sent had not asked."""
    return any(row.asked != request.form.get(f"asked-{row.number}", "") and bool(row.asked) for row in rows)


def form_of(step: TinStep) -> FormView:
    """The step as a form shows it."""
    values: dict[str, Any] = {"has_tin": _NONE if step.no_tin else "yes"}
    labels: dict[str, str] = {}
    for number, row in enumerate(step.rows):
        values |= {f"{field}-{number}": getattr(row, name) for field, name in _OF_A_ROW.items()}
        labels |= dict.fromkeys(
            (f"{field}-{number}" for field in _OF_A_ROW), gettext("TIN %(number)d", number=number + 1)
        )
    return FormView(values, FIELDS, labels=labels)


def _numbers(form: MultiDict[str, str]) -> Iterator[int]:
    for name in form:
        field, _, number = name.partition("-")
        if field == "tin" and number.isdecimal() and len(number) <= len(str(MOST_TINS)):
            yield int(number)
