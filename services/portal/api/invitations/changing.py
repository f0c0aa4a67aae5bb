"""Change an open invitation: the person and the matrix with what stands, one more look, done (REG-15)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.access.desk import Desk, matrix_of, open_desk
from services.portal.api.access.matrix_forms import form_values
from services.portal.api.access.shelf import Shelf
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import handle, meant
from services.portal.api.invitations import drafts
from services.portal.api.invitations.people import LABELS, NEEDED
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_items import Place, Violation
from services.portal.application.errors import ProblemError
from services.portal.application.invitation_calls import PERSON, Invitation, Invitations, Prepared
from services.portal.application.matrix import Choice, Matrix, as_prepared
from services.portal.application.problems import Fields

blueprint = Blueprint("invitation_change", __name__, url_prefix="/users/invitations")

_CONFLICT: Final = 409
_CHANGED_MEANWHILE: Final = 412
_FIELDS: Final = Fields({f"/person/{name}": name for name in PERSON})


@dataclass(frozen=True, slots=True)
class Change:
    """What an invitation is to be: `form` is all of it as typed, `version` that of the invitation it was typed for."""

    invitation: str
    version: str
    form: Mapping[str, Any] = field(default_factory=dict)
    access: Sequence[Mapping[str, Any]] = ()


WISHES: Final = Shelf("invitation.", Change)


@blueprint.get("/<string:invitation>/change")
@signed_in
def ask(invitation: str) -> Response:
    """What stands; `again` brings back what was filled in."""
    desk, again = open_desk(), request.args.get("again")
    found, version = Invitations(api()).seen(meant(invitation, "invitation"))
    if not found.is_changeable:
        return go_to("invitations.show", over=1)
    form = _form(WISHES.find(again).form if again else found.person)
    return _form_page(desk, found, version, form)


@blueprint.post("/<string:invitation>/change")
@signed_in
def take(invitation: str) -> Response:
    """To the last look."""
    desk = open_desk()
    found, version = Invitations(api()).seen(meant(invitation, "invitation"))
    if not found.is_changeable:
        return go_to("invitations.show", over=1)
    form = _form({name: request.form.get(name, "").strip() for name in PERSON} | form_values())
    for name in NEEDED:
        if not form.value(name):
            form.add_code(name, "required")
    access = [*_wished(_matrix(desk), form), *_kept(desk, found)]
    if not access and not form.is_wrong:
        form.add(None, gettext("Choose an access level for at least one practice."))
    if form.is_wrong:
        return _form_page(desk, found, version, form)
    wished = Change(found.id, request.form.get("version") or version, form.values, access)
    return go_to("invitation_change.review", wish=WISHES.begin(wished))


@blueprint.get("/changes/<string:wish>")
@signed_in
def review(wish: str) -> Response:
    """What it is to be; nothing is done yet."""
    return _review_page(open_desk(), wish, WISHES.find(wish))


@blueprint.post("/changes/<string:wish>")
@signed_in
def confirm(wish: str) -> Response:
    """Make it so; another address has other credentials, which are shown once."""
    desk, wished = open_desk(), WISHES.find(wish)
    try:
        changed = Invitations(api()).change(
            wished.invitation, wished.version, _person(wished), wished.access, context.form_key
        )
    except ProblemError as problem:
        return _refused(desk, wish, wished, problem)
    if changed.temporary_password is None:
        return go_to("invitations.show", changed=1)
    drafts.keep_credentials([changed])
    return go_to("credentials.show")


def _refused(desk: Desk, wish: str, wished: Change, problem: ProblemError) -> Response:
    violations = [Violation.of(each) for each in problem.members.get("violations", ())]
    if violations:
        return _review_page(desk, wish, wished, violations)
    if problem.status in {_CONFLICT, _CHANGED_MEANWHILE}:
        return go_to("invitations.show", over=1)
    if not problem.errors:
        raise problem
    form = _form(wished.form)
    form.refuse(problem)
    found, version = Invitations(api()).seen(wished.invitation)
    return _form_page(desk, found, version, form)


def _form(values: Mapping[str, Any]) -> FormView:
    return FormView(values, _FIELDS, labels={name: gettext(title) for name, title in LABELS.items()})


def _person(wished: Change) -> dict[str, str]:
    return {name: wished.form[name] for name in PERSON}


def _matrix(desk: Desk) -> Matrix:
    return matrix_of(desk, (), (), [each.place for each in desk.administered])


def _wished(matrix: Matrix, form: FormView) -> list[dict[str, Any]]:
    try:
        return [{"until": None, **each} for each in matrix.changes(matrix.chosen(form.values))]
    except ValueError:
        form.add(None, gettext("Write the last day as a date."))
        return []


def _kept(desk: Desk, found: Invitation) -> list[dict[str, Any]]:
    """What is prepared where the caller administers, but this site has no column for: it stays as it is (ENT-15)."""
    shown = {each.place for each in desk.administered}
    elsewhere = {each.place for each in desk.calls.my_practices()} - shown
    return [each.wish for each in found.access if each.place in elsewhere]


def _choices(matrix: Matrix, form: FormView, found: Invitation) -> dict[str, Choice]:
    filled_in = any(name.startswith("level-") for name in form.values)
    return matrix.chosen(form.values) if filled_in else as_prepared(matrix, found.access)


def _form_page(desk: Desk, found: Invitation, version: str, form: FormView) -> Response:
    matrix = _matrix(desk)
    return page(
        "invitations/change.html",
        section="access",
        form=form,
        invitation=found,
        version=version,
        matrix=matrix,
        choices=_choices(matrix, form, found),
    )


def _review_page(desk: Desk, wish: str, wished: Change, violations: Sequence[Violation] = ()) -> Response:
    found = Invitations(api()).one(wished.invitation)
    names = {each.place: each.practice for each in found.access}
    names |= {each.place: each.practice for each in desk.administered}
    functions, levels = desk.calls.functions(), desk.calls.levels()
    return page(
        "invitations/change_confirm.html",
        section="access",
        status=_CONFLICT if violations else 200,
        invitation=found,
        person=_person(wished),
        is_reissued=found.email.casefold() != wished.form["email"].casefold(),
        prepared=[Prepared.of({"practice": names.get(Place.of(each)), **each}) for each in wished.access],
        violations=violations,
        titles={each.code: each.title for each in (*functions, *levels)},
        fixed={each.code: sorted(each.of) for each in levels},
        back={"invitation": handle(wished.invitation, "invitation"), "again": wish},
    )
