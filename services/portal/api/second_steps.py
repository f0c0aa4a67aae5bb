"""Settings → Sign-in: all by which one logs in; and one's authenticator apps and recovery codes (IDN-3)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, abort, request
from flask_babel import gettext
from markupsafe import Markup

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.pages import go_to, page
from services.portal.api.second_step_flow import refuse_code
from services.portal.api.signed_in import api, signed_in
from services.portal.application.device_calls import trusted_devices
from services.portal.application.errors import ProblemError
from services.portal.application.own_account_calls import OwnAccount
from services.portal.application.problems import Fields
from services.portal.application.second_step_calls import Authenticator, NewApp, SecondSteps
from services.portal.application.session_calls import own_sessions
from services.portal.application.sign_in_calls import Method

blueprint = Blueprint("second_steps", __name__, url_prefix="/settings/sign-in")

_FIELDS: Final = Fields({"/name": "name", "/code": "code"})
_DONE: Final = frozenset(
    {
        "added",
        "renamed",
        "removed",
        "codes_removed",
        "passkey_added",
        "passkey_renamed",
        "passkey_removed",
        "password_changed",
        "questions_changed",
        "device_forgotten",
        "devices_forgotten",
    }
)
_WAYS: Final = {"app": "totp", "passkey": "passkey"}
_ADDING: Final = "adding_app"
_NAME: Final = "app_name"
_ANY_APP: Final = Method("", "totp", "")
_OF_THE_FORM: Final = frozenset({409, 422})


@blueprint.get("")
@signed_in
def show() -> Response:
    """Password and questions, second steps, and where I am logged in."""
    calls, done = SecondSteps(api()), request.args.get("done")
    return _page(
        "show",
        done=done if done in _DONE else None,
        has_questions=bool(OwnAccount(api()).questions()),
        own=calls.authenticators(),
        codes_left=calls.codes_left(),
        devices=trusted_devices(api()),
        sessions=own_sessions(api()),
        brands={site.name: site.brand for site in context.ports.sites.all},
    )


@blueprint.get("/app")
@signed_in
def ask_app() -> Response:
    """What to call a new app; a name that was typed before confirming who one is stands there still."""
    return _app_page(FormView({"name": context.session.get(_NAME, "")}))


@blueprint.post("/app")
@signed_in
def begin_app() -> Response:
    """Have its key made."""
    form = _named()
    context.session[_NAME] = form.value("name")
    try:
        new = SecondSteps(api()).begin_app(form.value("name"), context.form_key)
    except ProblemError as problem:
        return _app_page(_refused(form, problem))
    context.session.pop(_NAME, None)
    context.session[_ADDING] = new.kept()
    return go_to("second_steps.show_key")


@blueprint.get("/app/key")
@signed_in
def show_key() -> Response:
    """The key, as QR code and as text, until its first code came."""
    return _key_page(FormView())


@blueprint.post("/app/key")
@signed_in
def confirm_app() -> Response:
    """Look at the first code."""
    new = _adding()
    if new is None:
        return go_to("second_steps.ask_app")
    code = "".join(request.form.get("code", "").split())
    form = FormView({"code": code}, _FIELDS)
    try:
        SecondSteps(api()).confirm_app(new.id, code, context.form_key)
    except ProblemError as problem:
        if problem.status == 404:  # noqa: PLR2004 (it took too long, or another was begun)
            context.session.pop(_ADDING, None)
            return go_to("second_steps.ask_app")
        if problem.status not in _OF_THE_FORM:
            raise
        refuse_code(form, problem, _ANY_APP)
        return _key_page(form)
    context.session.pop(_ADDING, None)
    return go_to("second_steps.show", done="added")


@blueprint.get("/<any(app, passkey):way>/<string:own>/name")
@signed_in
def ask_name(way: str, own: str) -> Response:
    """What to call it from now on."""
    found = _own(way, own)
    return _name_page(found, FormView({"name": found.name}))


@blueprint.post("/<any(app, passkey):way>/<string:own>/name")
@signed_in
def rename(way: str, own: str) -> Response:
    """Call it that."""
    found, form = _own(way, own), _named()
    try:
        SecondSteps(api()).rename(found.id, form.value("name"), context.form_key)
    except ProblemError as problem:
        return _name_page(found, _refused(form, problem))
    return go_to("second_steps.show", done=_done(way, "renamed"))


@blueprint.get("/<any(app, passkey):way>/<string:own>/remove")
@signed_in
def ask_removal(way: str, own: str) -> Response:
    """Whether it is to go."""
    return _page("remove", own=_own(way, own))


@blueprint.post("/<any(app, passkey):way>/<string:own>/remove")
@signed_in
def remove(way: str, own: str) -> Response:
    """Remove it."""
    SecondSteps(api()).remove(_own(way, own).id, context.form_key)
    return go_to("second_steps.show", done=_done(way, "removed"))


@blueprint.get("/recovery-codes")
@signed_in
def ask_codes() -> Response:
    """What recovery codes are, and whether to make new ones."""
    return _page("ask_codes", codes_left=SecondSteps(api()).codes_left())


@blueprint.post("/recovery-codes")
@signed_in
def make_codes() -> Response:
    """Make them, and show them once: no other page has them."""
    return _page("codes", codes=SecondSteps(api()).make_codes(context.form_key))


@blueprint.get("/recovery-codes/remove")
@signed_in
def ask_codes_removal() -> Response:
    """Whether they are to go."""
    return _page("remove_codes", codes_left=SecondSteps(api()).codes_left())


@blueprint.post("/recovery-codes/remove")
@signed_in
def remove_codes() -> Response:
    """Void them all."""
    SecondSteps(api()).remove_codes(context.form_key)
    return go_to("second_steps.show", done="codes_removed")


def _own(way: str, name: str) -> Authenticator:
    wanted = (meant(name, "authenticator"), _WAYS[way])
    found = (each for each in SecondSteps(api()).authenticators() if (each.id, each.kind) == wanted)
    return next(found, None) or abort(404)


def _done(way: str, what: str) -> str:
    return f"passkey_{what}" if way == "passkey" else what


def _adding() -> NewApp | None:
    kept = context.session.get(_ADDING)
    return NewApp.parse(kept) if kept else None


def _named() -> FormView:
    return FormView({"name": request.form.get("name", "").strip()}, _FIELDS)


def _refused(form: FormView, problem: ProblemError) -> FormView:
    if problem.status not in _OF_THE_FORM:
        raise problem
    form.refuse(problem)
    return form


def _app_page(form: FormView) -> Response:
    form.labels = {"name": gettext("Name")}
    return _page("add", form=form)


def _name_page(own: Authenticator, form: FormView) -> Response:
    form.labels = {"name": gettext("Name")}
    return _page("rename", own=own, form=form)


def _key_page(form: FormView) -> Response:
    new = _adding()
    if new is None:
        return go_to("second_steps.ask_app")
    form.labels = {"code": gettext("Code")}
    drawn = Markup(context.ports.qr_code(new.uri))  # noqa: S704 (drawn here: it holds no text of anybody's)
    return _page("key", new=new, drawn=drawn, form=form)


def _page(name: str, **values: Any) -> Response:
    return page(f"second_steps/{name}.html", section="second_steps", **values)
