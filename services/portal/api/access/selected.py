"""View and edit selected users (ENT-6, ENT-7): tick several, and one matrix is for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.access import selections
from services.portal.api.access.desk import Desk, open_desk, own_functions
from services.portal.api.access.selections import Selection
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_items import Place, User
from services.portal.application.bulk_items import preview_bulk
from services.portal.application.bulk_matrix import BulkMatrix, columns_of
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Fields

blueprint = Blueprint("selected", __name__, url_prefix="/users/selected")

_FAULTY: Final = 422
_MOST: Final = 50


@blueprint.post("")
@signed_in
def select() -> Response:
    """Those who were ticked."""
    open_desk()
    user_ids = [meant(each, "user") for each in dict.fromkeys(request.form.getlist("user"))][:_MOST]
    if not user_ids:
        return go_to("users.show", none_selected="yes", view=request.form.get("view") or None)
    return go_to("selected.show", selection=selections.begin(Selection(user_ids)))


@blueprint.get("/<string:selection>")
@signed_in
def show(selection: str) -> Response:
    """Who they are, and the matrix; `practice` adds a column."""
    kept, practice = selections.find(selection), request.args.get("practice")
    if practice:
        place = meant(practice, "place")
        kept = selections.keep(selection, kept, places=[*dict.fromkeys([*kept.places, place])])
    return _form(selection, kept, FormView(values=kept.form))


@blueprint.post("/<string:selection>")
@signed_in
def choose(selection: str) -> Response:
    """To the preview."""
    kept = selections.find(selection)
    values = {name: value for name, value in request.form.items() if name.startswith(("level-", "until-", "may-"))}
    form, desk = FormView(values=values), open_desk()
    users = _users(desk, kept)
    wished = _wished(_matrix(desk, kept, users), values, kept, form)
    if wished is not None and _is_takeable(wished, form):
        selections.keep(selection, wished)
        return go_to("selected_changes.show", selection=selection)
    return _form(selection, kept, form)


def _wished(matrix: BulkMatrix, values: Mapping[str, str], kept: Selection, form: FormView) -> Selection | None:
    try:
        add, remove = matrix.wishes(values)
    except ValueError:
        form.add(None, gettext("Write the last day as a date."))
        return None
    if not add and not remove:
        form.add(None, gettext("Nothing was chosen: there is nothing to confirm."))
        return None
    return Selection(kept.user_ids, add, remove, values, kept.places)


def _is_takeable(wished: Selection, form: FormView) -> bool:
    try:
        preview_bulk(api(), wished.wish)
    except ProblemError as problem:
        if problem.status != _FAULTY:
            raise
        keys = {number: f"{each['tin']}-{each['line']}" for number, each in enumerate(wished.add)}
        form.fields = Fields({f"/add/{number}/until": f"until-{key}" for number, key in keys.items()})
        form.refuse(problem)
        return False
    return True


def _users(desk: Desk, kept: Selection) -> list[User]:
    """Those of them whom one may still see."""
    found = []
    for user_id in kept.user_ids:
        try:
            found.append(desk.calls.user(user_id, context.site.lines))
        except ProblemError as problem:
            if problem.status != 404:  # noqa: PLR2004 (not there, or not any more)
                raise
    return found


def _matrix(desk: Desk, kept: Selection, users: list[User]) -> BulkMatrix:
    """Where any of them has or waits for access, and what was added; where none has any, everywhere."""
    added = {Place(*each.split("/")) for each in kept.places}
    known = added | {access.place for user in users for access in user.access}
    known |= {each.place for user in users for each in user.requests}
    here = [each for each in desk.administered if each.place in known] or desk.administered
    places = [(each.place, each.practice, each.level) for each in here]
    return BulkMatrix(
        columns_of(users, places, own_functions(desk)),
        tuple(desk.calls.functions()),
        tuple(desk.calls.levels()),
        len(users),
        context.ports.time_zone,
    )


def _form(selection: str, kept: Selection, form: FormView) -> Response:
    desk = open_desk()
    users = _users(desk, kept)
    matrix = _matrix(desk, kept, users)
    here = {column.place for column in matrix.columns}
    return page(
        "access/selected.html",
        section="access",
        name=selection,
        users=users,
        matrix=matrix,
        further=[each for each in desk.administered if each.place not in here],
        form=form,
    )
