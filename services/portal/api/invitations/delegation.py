"""Add new users, steps 2 and 3: what they may do, by the same matrix as for users, and one more look (REG-15)."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext

from services.portal.api.access.desk import Desk, matrix_of, open_desk
from services.portal.api.access.matrix_forms import form_values
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.invitations import drafts
from services.portal.api.invitations.people import form_of, step_titles
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_items import Place, Violation
from services.portal.application.errors import ProblemError
from services.portal.application.invitation_calls import Invitations, Prepared
from services.portal.application.matrix import Choice, Matrix, to_begin_with

blueprint = Blueprint("new_access", __name__, url_prefix="/users/new")


@blueprint.get("/access")
@signed_in
def ask() -> Response:
    """The matrix: patient coverage is ticked to begin with."""
    desk, now = open_desk(), drafts.draft()
    if not now.people:
        return go_to("new_people.ask")
    return _matrix_page(desk, FormView(values=now.form))


@blueprint.post("/access")
@signed_in
def take() -> Response:
    """To the last look."""
    desk, now = open_desk(), drafts.draft()
    if not now.people:
        return go_to("new_people.ask")
    form = FormView(values=form_values())
    access = _wished(_matrix(desk), form)
    drafts.keep(now, form=form.values, access=access)
    return _matrix_page(desk, form) if form.is_wrong else go_to("new_access.review")


@blueprint.get("/confirm")
@signed_in
def review() -> Response:
    """Who gets what; nothing is done yet."""
    desk, now = open_desk(), drafts.draft()
    if not now.people or not now.access:
        return go_to("new_access.ask" if now.people else "new_people.ask")
    return _review_page(desk, now, FormView())


@blueprint.post("/confirm")
@signed_in
def confirm() -> Response:
    """Invite them, once however often the button is pressed."""
    desk, now = open_desk(), drafts.draft()
    if not now.people or not now.access:
        return go_to("credentials.show")
    try:
        made = Invitations(api()).create(now.people, now.access, context.form_key)
    except ProblemError as problem:
        return _refused(desk, now, problem)
    drafts.keep_credentials(made)
    drafts.forget()
    return go_to("credentials.show")


def _refused(desk: Desk, now: drafts.Draft, problem: ProblemError) -> Response:
    """What is wrong with the people stands at the first step, what rules forbid here, place by place."""
    violations = [Violation.of(each) for each in problem.members.get("violations", ())]
    form = form_of(list(now.people))
    if not violations:
        if not problem.errors:
            raise problem
        form.refuse(problem)
        form.places = dict.fromkeys(form.errors, "new_people.ask")
    return _review_page(desk, now, form, violations)


def _matrix(desk: Desk) -> Matrix:
    return matrix_of(desk, (), (), [each.place for each in desk.administered])


def _choices(matrix: Matrix, form: FormView) -> dict[str, Choice]:
    return matrix.chosen(form.values) if form.values else to_begin_with(matrix)


def _wished(matrix: Matrix, form: FormView) -> list[dict[str, object]]:
    try:
        changes = matrix.changes(matrix.chosen(form.values))
    except ValueError:
        form.add(None, gettext("Write the last day as a date."))
        return []
    if not changes:
        form.add(None, gettext("Choose an access level for at least one practice."))
    return [{"until": None, **change} for change in changes]


def _matrix_page(desk: Desk, form: FormView) -> Response:
    matrix = _matrix(desk)
    return page(
        "invitations/access.html",
        section="access",
        form=form,
        matrix=matrix,
        choices=_choices(matrix, form),
        people=drafts.draft().people,
        steps=step_titles(),
    )


def _review_page(desk: Desk, now: drafts.Draft, form: FormView, violations: list[Violation] | None = None) -> Response:
    names = {each.place: each.practice for each in desk.administered}
    prepared = [Prepared.of({"practice": names.get(Place.of(each)), **each}) for each in now.access]
    functions, levels = desk.calls.functions(), desk.calls.levels()
    return page(
        "invitations/confirm.html",
        section="access",
        form=form,
        people=now.people,
        prepared=prepared,
        violations=violations or [],
        titles={each.code: each.title for each in (*functions, *levels)},
        fixed={each.code: sorted(each.of) for each in levels},
        steps=step_titles(),
    )
