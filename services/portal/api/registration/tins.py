"""Step 2: the TINs, each with what the directory says of it (REG-2 to REG-4, REG-11)."""

from __future__ import annotations

from typing import Final

from flask import Response, abort, render_template, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.registration.tin_forms import form_of, read_step, settled, shown_rows, unseen, without
from services.portal.api.registration.wizard import (
    FIELDS,
    blueprint,
    draft,
    goes_back,
    keep_tins,
    missing_step,
    registering,
    step_titles,
)
from services.portal.application.problems import fault_errors
from services.portal.application.registration_calls import Review
from services.portal.application.registration_draft import MOST_TINS, TinRow, TinStep, without_blanks

_ABOUT_TINS: Final = frozenset({"tin_invalid", "tin_duplicate", "too_many_tins"})
_IDLE: Final = "has_manager"
_REMOVE: Final = "remove-"


@blueprint.get("/tins")
def tins() -> Response:
    """Ask."""
    missing = missing_step(2)
    if missing is not None:
        return missing
    step = draft().tins or TinStep()
    return _page(form_of(step), step, _reviewed(step))


@blueprint.post("/tins")
def take_tins() -> Response:
    """Take the rows: look them up, add one, remove one, go back, or go on."""
    missing = missing_step(2)
    if missing is not None:
        return missing
    go = request.form.get("go", "next")
    step = read_step(request.form)
    if go.startswith(_REMOVE):
        step = without(step, int(go.removeprefix(_REMOVE)) if go.removeprefix(_REMOVE).isdecimal() else -1)
    step = TinStep(without_blanks(step.rows), step.no_tin)
    keep_tins(step)
    if goes_back():
        return go_to("registration.practice_type")
    if go == "next":
        return _go_on(step)
    return _shown_again(step, add=go == "add")


@blueprint.post("/tins/row")
def look_up_row() -> Response:
    """What the directory says of one row, as a piece of the page: for browsers that ask while one types."""
    number = request.form.get("number", "")
    step = read_step(request.form)
    if missing_step(2) is not None or not number.isdecimal() or int(number) >= len(step.rows):
        abort(404)
    row = shown_rows(step, _reviewed(step))[int(number)]
    return Response(render_template("registration/tin_details.html", row=row, form=form_of(step)))


def _go_on(step: TinStep) -> Response:
    if step.no_tin:
        return go_to("registration.account")
    review = _reviewed(step) or registering().preview({"practice_type": _practice_type(), "tins": []})
    step = settled(step, review)
    keep_tins(step)
    form = form_of(step)
    rows = shown_rows(step, review)
    faults = [fault for fault in review.faults if fault.code != _IDLE]
    if unseen(rows) and not any(fault.code in _ABOUT_TINS for fault in faults):
        return _page(form, step, review, notice=gettext("Please answer what we ask about your practices, then go on."))
    form.add_all(fault_errors(faults, FIELDS))
    return _page(form, step, review) if form.is_wrong else go_to("registration.account")


def _shown_again(step: TinStep, *, add: bool) -> Response:
    """The page once more; only what is wrong with a TIN itself is told yet."""
    review = _reviewed(step)
    form = form_of(step)
    if review is not None:
        form.add_all(fault_errors([fault for fault in review.faults if fault.code in _ABOUT_TINS], FIELDS))
    if add and len(step.rows) < MOST_TINS and not form.is_wrong and review is not None:
        step = TinStep((*step.rows, TinRow()), step.no_tin)
    return _page(form, step, review)


def _reviewed(step: TinStep) -> Review | None:
    """What the directory says, None where there is nothing to ask."""
    if step.no_tin or not step.filled:
        return None
    return registering().preview({"practice_type": _practice_type(), **step.body()})


def _practice_type() -> list[str]:
    return list(draft().practice_type or ())


def _page(form: FormView, step: TinStep, review: Review | None, *, notice: str | None = None) -> Response:
    return page(
        "registration/tins.html",
        form=form,
        rows=shown_rows(step, review),
        steps=step_titles(),
        notice=notice,
        most=MOST_TINS,
        behavioral_only=_practice_type() == ["behavioral"] and "behavioral" not in context.site.lines,
    )
