"""Settings → Sign-in: adding a passkey or security key, which the browser makes (IDN-3)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.second_step_flow import browsers_answer
from services.portal.api.signed_in import api, signed_in
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Fields
from services.portal.application.second_step_calls import NewPasskey, SecondSteps

blueprint = Blueprint("passkeys", __name__, url_prefix="/settings/sign-in/passkey")

_FIELDS: Final = Fields({"/name": "name"})
_ADDING: Final = "adding_passkey"
_NAME: Final = "passkey_name"
_OF_THE_FORM: Final = frozenset({409, 422})
_GONE: Final = "not_found"


@blueprint.get("")
@signed_in
def ask() -> Response:
    """What to call it; a name that was typed before confirming who one is stands there still."""
    return _name_page(FormView({"name": context.session.get(_NAME, "")}))


@blueprint.post("")
@signed_in
def begin() -> Response:
    """Have the browser asked for a key."""
    form = FormView({"name": request.form.get("name", "").strip()}, _FIELDS)
    context.session[_NAME] = form.value("name")
    try:
        new = SecondSteps(api()).begin_passkey(form.value("name"), context.form_key)
    except ProblemError as problem:
        return _name_page(_refused(form, problem))
    context.session.pop(_NAME, None)
    context.session[_ADDING] = new.kept()
    return go_to("passkeys.show")


@blueprint.get("/key")
@signed_in
def show() -> Response:
    """Where the browser makes it."""
    return _key_page(FormView())


@blueprint.post("/key")
@signed_in
def confirm() -> Response:
    """Look at what it made."""
    new = _adding()
    if new is None:
        return go_to("passkeys.ask")
    form = FormView({}, _FIELDS)
    try:
        SecondSteps(api()).confirm_passkey(new.id, browsers_answer(), context.form_key)
    except ProblemError as problem:
        if problem.code == _GONE:  # it took too long, or another was begun
            context.session.pop(_ADDING, None)
            return go_to("passkeys.ask")
        return _key_page(_refused(form, problem))
    context.session.pop(_ADDING, None)
    return go_to("second_steps.show", done="passkey_added")


def _adding() -> NewPasskey | None:
    kept = context.session.get(_ADDING)
    return NewPasskey.parse(kept) if kept else None


def _refused(form: FormView, problem: ProblemError) -> FormView:
    if problem.status not in _OF_THE_FORM:
        raise problem
    form.refuse(problem)
    return form


def _name_page(form: FormView) -> Response:
    form.labels = {"name": gettext("Name")}
    return _page("add_passkey", form=form)


def _key_page(form: FormView) -> Response:
    new = _adding()
    if new is None:
        return go_to("passkeys.ask")
    return _page("make_passkey", new=new, form=form)


def _page(name: str, **values: Any) -> Response:
    return page(f"second_steps/{name}.html", section="second_steps", **values)
