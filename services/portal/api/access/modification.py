"""Modify what a user may do (ENT-7): the matrix with what stands filled in."""

from __future__ import annotations

from flask import Blueprint, Response, request

from services.portal.api.access import drafts
from services.portal.api.access.desk import Desk, matrix_of, open_desk
from services.portal.api.access.drafts import Draft
from services.portal.api.access.matrix_forms import FormValues, choices_of, form_values, named_places, take
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.pages import page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_items import AtPlace, Place, User
from services.portal.application.matrix import Matrix
from services.portal.application.message_calls import job_roles

blueprint = Blueprint("modification", __name__, url_prefix="/users/<string:user>/access")


@blueprint.get("")
@signed_in
def show(user: str) -> Response:
    """The user and their matrix; `practice` adds a column, `again` brings back what was filled in."""
    desk, found = find_user(user)
    again = request.args.get("again")
    return _form(desk, found, FormView(values=drafts.find(again).form if again else {}))


@blueprint.post("")
@signed_in
def choose(user: str) -> Response:
    """To the preview."""
    desk, found = find_user(user)
    form = FormView(values=form_values())
    draft = Draft(found.user_id, found.name, [], form=form.values)
    return take(desk.calls, _matrix(desk, found, form.values), draft, form) or _form(desk, found, form)


def find_user(user: str) -> tuple[Desk, User]:
    """Who is meant; 404 for somebody whom the caller may not see."""
    user_id = meant(user, "user")
    desk = open_desk()
    return desk, desk.calls.user(user_id, context.site.lines)


def _matrix(desk: Desk, found: User, values: FormValues) -> Matrix:
    """Where the user has, had or waits for access, and what was added; for somebody without any, everywhere."""
    known: list[AtPlace] = [*found.access, *found.requests]
    places = [*_added(), *named_places(values), *(each.place for each in known)]
    added = places or [each.place for each in desk.administered]
    return matrix_of(desk, desk.calls.access_of(found.user_id).access, found.requests, added)


def _added() -> list[Place]:
    """The place to add, if one was chosen."""
    practice = request.args.get("practice")
    tin, _, line = meant(practice, "place").partition("/") if practice else ("", "", "")
    return [Place(tin, line)] if tin else []


def _form(desk: Desk, found: User, form: FormView) -> Response:
    matrix = _matrix(desk, found, form.values)
    here = {column.place for column in matrix.columns}
    return page(
        "access/modify.html",
        section="access",
        user=found,
        matrix=matrix,
        choices=choices_of(matrix, form.values),
        further=[each for each in desk.administered if each.place not in here],
        roles=job_roles(api()),
        form=form,
    )
