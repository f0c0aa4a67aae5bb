"""The matrix as a form: shown, read, and turned into a change to be looked at once more (ENT-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Response, request
from flask_babel import gettext

from services.portal.api.access import drafts
from services.portal.api.access.drafts import Draft
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to
from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import Place
from services.portal.application.errors import ProblemError
from services.portal.application.matrix import NONE, Choice, Matrix
from services.portal.application.problems import Fields

FormValues = Mapping[str, Sequence[str]]


def form_values() -> dict[str, list[str]]:
    """What the matrix sent, without the hidden fields."""
    return {
        name: request.form.getlist(name)
        for name in request.form
        if name.startswith(("level-", "until-", "may-", "all-"))
    }


def named_places(values: FormValues) -> list[Place]:
    """The places whose columns a form had."""
    keys = (name.removeprefix("level-") for name in values if name.startswith("level-") and name != "level-all")
    return [Place(tin, line) for tin, _, line in (key.partition("-") for key in keys)]


def choices_of(matrix: Matrix, values: FormValues) -> dict[str, Choice]:
    """What to show: what was filled in, else what stands."""
    return matrix.chosen(values) if values else matrix.present()


def take(calls: Entitlements, matrix: Matrix, draft: Draft, form: FormView) -> Response | None:
    """Off to the preview; None, with the errors on `form`, where something is to be corrected first."""
    changes = _changes(matrix, draft, form)
    if not changes or form.is_wrong:
        return None
    try:
        calls.preview_change(draft.user_id, changes, draft.request_id)
    except ProblemError as problem:
        if problem.status != 422:  # noqa: PLR2004 (faults of single fields)
            raise
        form.fields = Fields({f"/changes/{place}/until": f"until-{_key(each)}" for place, each in enumerate(changes)})
        form.refuse(problem)
        return None
    return go_to("changes.show", draft=drafts.begin(replace(draft, changes=changes)))


def _changes(matrix: Matrix, draft: Draft, form: FormView) -> list[dict[str, Any]]:
    choices = matrix.chosen(draft.form)
    for column in matrix.columns:
        if column.request_id and column.request_id == draft.request_id and choices[column.key].level == NONE:
            form.add(f"level-{column.key}", gettext("Choose an access level; to refuse, use “Decline”."))
    try:
        changes = matrix.changes(choices)
    except ValueError:
        form.add(None, gettext("Write the last day as a date."))
        return []
    if not changes and not form.is_wrong:
        form.add(None, gettext("Nothing is different from what it is now: there is nothing to confirm."))
    return changes


def _key(change: Mapping[str, Any]) -> str:
    return f"{change['tin']}-{change['line']}"
