"""Settings → Contacts: where I am reached, verified or not, and changed by a code to the new address (IDN-5)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from flask import Blueprint, Response, abort, g, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import handle, meant
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.api.step_up import confirmed_first
from services.portal.api.waiting import seconds_until
from services.portal.application.contact_calls import EMAIL, OwnContact, OwnContacts
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Fields

blueprint = Blueprint("contacts", __name__, url_prefix="/settings/contacts")

_FIELDS: Final = Fields({"/value": "value", "/code": "code"})
_DONE: Final = frozenset({"verified", "removed", "kept"})
_CODE: Final = "contact_code"
_KIND: Final = "contact"
_OF_THE_FORM: Final = frozenset({409, 422})
_TOO_MANY: Final = "too_many_attempts"


@blueprint.get("")
@signed_in
def show() -> Response:
    """Each with its state, and what may be done with it."""
    done, contacts = request.args.get("done"), OwnContacts(api()).all()
    verified = [each for each in contacts if each.is_email and each.is_verified]
    last = verified[0].id if len(verified) == 1 else None
    return _page("show", contacts=contacts, last=last, done=done if done in _DONE else None)


@blueprint.get("/<any(email, mobile):kind>/add")
@signed_in
@confirmed_first
def ask_new(kind: str) -> Response:
    """The address or number to add."""
    return _value_page(FormView(), kind)


@blueprint.post("/<any(email, mobile):kind>/add")
@signed_in
def add(kind: str) -> Response:
    """Add it, and have a code sent there at once."""
    form = _typed()
    try:
        added = OwnContacts(api()).add(kind, form.value("value"), context.form_key)
    except ProblemError as problem:
        return _value_page(_refused(form, problem), kind)
    return _sent(added)


@blueprint.get("/<string:contact>/change")
@signed_in
@confirmed_first
def ask_change(contact: str) -> Response:
    """What it is to be from now on."""
    found = _own(contact)
    return _value_page(FormView({"value": found.unproven or found.value}), found.kind, found)


@blueprint.post("/<string:contact>/change")
@signed_in
def change(contact: str) -> Response:
    """Note it, and have a code sent there at once; the value that it has gives a change up."""
    found, form = _own(contact), _typed()
    try:
        changed = OwnContacts(api()).change(found.id, form.value("value"), context.form_key)
    except ProblemError as problem:
        return _value_page(_refused(form, problem), found.kind, found)
    return _sent(changed) if changed.unproven else go_to("contacts.show", done="kept")


@blueprint.get("/<string:contact>/verify")
@signed_in
def ask_verification(contact: str) -> Response:
    """Where the code goes."""
    found = _own(contact)
    return _page("verify", own=found) if found.unproven else go_to("contacts.show")


@blueprint.post("/<string:contact>/verify")
@signed_in
def send(contact: str) -> Response:
    """Have a code sent."""
    return _sent(_own(contact))


@blueprint.get("/<string:contact>/code")
@signed_in
def ask_code(contact: str) -> Response:
    """The code that was sent there."""
    return _code_page(_own(contact), FormView())


@blueprint.post("/<string:contact>/code")
@signed_in
def take_code(contact: str) -> Response:
    """Look at it; once it is right, that is where I am reached."""
    found, form = _own(contact), FormView({"code": "".join(request.form.get("code", "").split())}, _FIELDS)
    try:
        OwnContacts(api()).verify(found.id, form.value("code"), context.form_key)
    except ProblemError as problem:
        if problem.code != _TOO_MANY:
            return _code_page(found, _refused(form, problem))
        form.refuse(problem)
        return _code_page(found, form)
    context.session.pop(_CODE, None)
    return go_to("contacts.show", done="verified")


@blueprint.get("/<string:contact>/remove")
@signed_in
def ask_removal(contact: str) -> Response:
    """Whether it is to go."""
    return _removal_page(_own(contact), FormView())


@blueprint.post("/<string:contact>/remove")
@signed_in
def remove(contact: str) -> Response:
    """Remove it."""
    found = _own(contact)
    try:
        OwnContacts(api()).remove(found.id, context.form_key)
    except ProblemError as problem:
        return _removal_page(found, _refused(FormView(), problem))
    return go_to("contacts.show", done="removed")


def _own(name: str) -> OwnContact:
    wanted = meant(name, _KIND)
    return next((each for each in OwnContacts(api()).all() if each.id == wanted), None) or abort(404)


def _sent(own: OwnContact) -> Response:
    """A code is on its way; one that was sent a moment ago still counts."""
    kept: dict[str, Any] = context.session.get(_CODE, {})
    news = "sent_again" if kept.get("to") == own.unproven else "sent"
    try:
        wait = OwnContacts(api()).send(own.id, context.form_key)
    except ProblemError as problem:
        if problem.code != _TOO_MANY or problem.retry_after is None:
            raise
        wait, news = problem.retry_after, "too_soon"
    again_at = (g.now + timedelta(seconds=wait)).isoformat()
    context.session[_CODE] = {"to": own.unproven, "again_at": again_at, "news": news}
    return go_to("contacts.ask_code", contact=handle(own.id, _KIND))


def _typed() -> FormView:
    return FormView({"value": request.form.get("value", "").strip()}, _FIELDS)


def _refused(form: FormView, problem: ProblemError) -> FormView:
    if problem.status not in _OF_THE_FORM:
        raise problem
    form.refuse(problem)
    return form


def _value_page(form: FormView, kind: str, own: OwnContact | None = None) -> Response:
    form.labels = {"value": gettext("E-mail address") if kind == EMAIL else gettext("Mobile phone")}
    return _page("value", form=form, kind=kind, own=own)


def _code_page(own: OwnContact, form: FormView) -> Response:
    kept: dict[str, Any] = context.session.get(_CODE, {})
    if own.unproven is None:
        return go_to("contacts.show")
    if kept.get("to") != own.unproven:
        return go_to("contacts.ask_verification", contact=handle(own.id, _KIND))
    form.labels = {"code": gettext("Code")}
    return _page("code", own=own, form=form, news=kept["news"], wait=seconds_until(kept["again_at"]))


def _removal_page(own: OwnContact, form: FormView) -> Response:
    return _page("remove", own=own, form=form)


def _page(name: str, **values: Any) -> Response:
    return page(f"contacts/{name}.html", section="contacts", **values)
