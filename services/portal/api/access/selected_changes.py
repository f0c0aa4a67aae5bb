"""Confirm what changes for selected users: who gains and loses what, the change itself, and its undoing (GO-3)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response

from services.portal.api.access import selections
from services.portal.api.access.changes import order_of, titles_of
from services.portal.api.access.desk import is_oneself, open_desk
from services.portal.api.access.selections import Selection
from services.portal.api.context import context
from services.portal.api.forms import translated
from services.portal.api.navigation import forget_reach
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import Place
from services.portal.application.bulk_items import BulkOutcome, change_bulk, preview_bulk, undo_bulk
from services.portal.application.differences import Difference, differences
from services.portal.application.errors import ProblemError
from services.portal.application.problems import sentence_of

blueprint = Blueprint("selected_changes", __name__, url_prefix="/users/selected/<string:selection>")

_CHANGED: Final = "changed_meanwhile"
_CONFLICT: Final = 409


@blueprint.get("/confirm")
@signed_in
def show(selection: str) -> Response:
    """What each would gain and lose, and what rules forbid; nothing is changed yet."""
    kept = selections.find(selection)
    return go_to("selected_changes.done", selection=selection) if kept.done is not None else _preview(selection, kept)


@blueprint.post("/confirm")
@signed_in
def confirm(selection: str) -> Response:
    """Make all of it so, as it was shown; whatever changed since, it is shown again first."""
    kept = selections.find(selection)
    if kept.done is not None:
        return go_to("selected_changes.done", selection=selection)
    desk = open_desk()
    try:
        outcome = change_bulk(api(), kept.wish, kept.version, context.form_key)
    except ProblemError as problem:
        if problem.code != _CHANGED and "violations" not in problem.members:
            raise
        return _preview(selection, kept, changed=True)
    until = outcome.undo_until.isoformat() if outcome.undo_until else None
    done = _shown(outcome, kept, order_of(desk.calls))
    selections.keep(selection, kept, done=done, change_id=outcome.change_id, undo_until=until)
    forget_reach()
    return go_to("selected_changes.done", selection=selection)


@blueprint.get("/done")
@signed_in
def done(selection: str) -> Response:
    """What was done, to print, and to undo."""
    kept = selections.find(selection)
    if kept.done is None:
        return go_to("selected_changes.show", selection=selection)
    return _done_page(selection, kept)


@blueprint.post("/undo")
@signed_in
def undo(selection: str) -> Response:
    """Undo all of it."""
    kept = selections.find(selection)
    if kept.done is None or kept.change_id is None:
        return go_to("selected_changes.show", selection=selection)
    if not kept.undone:
        try:
            outcome = undo_bulk(api(), kept.change_id, context.form_key)
        except ProblemError as problem:
            if problem.status not in {403, 409, 412, 422}:
                raise
            return _done_page(selection, kept, refused=translated(sentence_of(problem)))
        back = _shown(outcome, kept, order_of(Entitlements(api())))
        selections.keep(selection, kept, done=back, undone=True)
        forget_reach()
    return go_to("selected_changes.done", selection=selection)


def _preview(name: str, kept: Selection, *, changed: bool = False) -> Response:
    desk = open_desk()
    outcome = preview_bulk(api(), kept.wish)
    selections.keep(name, kept, version=outcome.version)
    return page(
        "access/selected_preview.html",
        status=_CONFLICT if changed else 200,
        section="access",
        name=name,
        people=_people(_shown(outcome, kept, order_of(desk.calls))),
        is_forbidden=outcome.is_forbidden,
        changed=changed,
        oneself=any(is_oneself(each) for each in kept.user_ids),
        titles=titles_of(desk.calls),
    )


def _done_page(name: str, kept: Selection, refused: str = "") -> Response:
    return page(
        "access/selected_done.html",
        status=_CONFLICT if refused else 200,
        section="access",
        name=name,
        kept=kept,
        people=_people(kept.done or ()),
        refused=refused,
        titles=titles_of(Entitlements(api())),
    )


def _shown(outcome: BulkOutcome, kept: Selection, order: list[str]) -> list[dict[str, Any]]:
    """Each user's differences, of JSON's kinds alone, for the session."""
    asked = {Place.of(each) for each in (*kept.add, *kept.remove)}
    return [
        {
            "user_id": each.user_id,
            "name": each.name,
            "differences": [
                difference.plain()
                for difference in differences(each.outcome, order)
                if Place(difference.tin, difference.line) in asked
            ],
        }
        for each in outcome.users
    ]


def _people(shown: Any) -> list[dict[str, Any]]:
    return [{**each, "differences": [Difference(**one) for one in each["differences"]]} for each in shown]
