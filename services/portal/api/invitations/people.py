"""Add new users, step 1: who they are (REG-15)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flask import Blueprint, Response, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from services.portal.api.access.desk import open_desk
from services.portal.api.forms import FormView
from services.portal.api.invitations import drafts
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import signed_in
from services.portal.application.invitation_calls import PERSON
from services.portal.application.problems import Fields
from services.portal.domain.languages import mark

blueprint = Blueprint("new_people", __name__, url_prefix="/users/new")

STEPS: Final = (mark("Who"), mark("What they may do"), mark("Confirm"), mark("Credentials"))
FIELDS: Final = Fields({f"/people/*/{name}": f"{name}-{{}}" for name in PERSON})
MOST: Final = 20
"""So many at once by this form; more come from a file."""

_BLANK: Final = dict.fromkeys(PERSON, "")
NEEDED: Final = ("first_name", "last_name", "email")
_REMOVE: Final = "remove-"
LABELS: Final = {
    "first_name": mark("First name"),
    "middle_initial": mark("Middle initial"),
    "last_name": mark("Last name"),
    "email": mark("E-mail address"),
    "phone": mark("Work phone"),
    "extension": mark("Extension"),
}


@blueprint.get("")
@signed_in
def ask() -> Response:
    """Ask; coming back, they stand there as typed."""
    open_desk()
    return _page(list(drafts.draft().people) or [_BLANK])


@blueprint.post("")
@signed_in
def take() -> Response:
    """Take the people: add one, remove one, or go on."""
    open_desk()
    people, go = _read(request.form), request.form.get("go", "next")
    if go.startswith(_REMOVE):
        number = go.removeprefix(_REMOVE)
        people = [each for place, each in enumerate(people) if str(place) != number]
    people = [each for each in people if any(each.values())] or [_BLANK]
    drafts.keep(drafts.draft(), people=people)
    if go == "add":
        return _page([*people, _BLANK][:MOST])
    if go != "next":
        return _page(people)
    form = form_of(people)
    for place, each in enumerate(people):
        for name in NEEDED:
            if not each[name]:
                form.add_code(f"{name}-{place}", "required")
    return _page(people, form) if form.is_wrong else go_to("new_access.ask")


@blueprint.post("/cancel")
@signed_in
def cancel() -> Response:
    """Keep nothing of it."""
    drafts.forget()
    return go_to("users.show")


def form_of(people: list[Mapping[str, str]]) -> FormView:
    """The people as a form shows them."""
    values = {f"{name}-{place}": each[name] for place, each in enumerate(people) for name in PERSON}
    labels = {
        f"{name}-{place}": gettext("Person %(number)d, %(field)s", number=place + 1, field=gettext(title))
        for place in range(len(people))
        for name, title in LABELS.items()
    }
    return FormView(values, FIELDS, labels=labels)


def step_titles() -> list[str]:
    """The steps' names in the page's language."""
    return [gettext(title) for title in STEPS]


def _read(form: MultiDict[str, str]) -> list[Mapping[str, str]]:
    return [
        {name: form.get(f"{name}-{number}", "").strip() for name in PERSON} for number in sorted(_numbers(form))[:MOST]
    ]


def _numbers(form: MultiDict[str, str]) -> Iterator[int]:
    for name in form:
        field, _, number = name.partition("-")
        if field == "email" and number.isdecimal() and len(number) <= len(str(MOST)):
            yield int(number)


def _page(people: list[Mapping[str, str]], form: FormView | None = None) -> Response:
    return page(
        "invitations/people.html",
        section="access",
        form=form or form_of(people),
        count=len(people),
        most=MOST,
        steps=step_titles(),
    )
