"""Vouching for a new address of somebody who lost their mailbox (IDN-17)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from services.portal.api.access.modification import find_user
from services.portal.api.access.password_reset import may_reset
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.api.step_up import STEP_UP_REQUIRED, keep_typed, typed_before
from services.portal.application.access_items import User
from services.portal.application.errors import ProblemError
from services.portal.application.message_calls import job_roles
from services.portal.application.problems import Fields
from services.portal.application.vouching_calls import Vouchings

blueprint = Blueprint("vouching", __name__, url_prefix="/users/<string:user>/new-address")

_FIELDS: Final = Fields({"/email": "email", "/reason": "reason"})
_SAID_HERE: Final = frozenset({403, 409, 422})


@blueprint.get("")
@signed_in
def show(user: str) -> Response:
    """Who it is, what comes of it, and what came of it before."""
    return _page(_vouchable(user), FormView(typed_before(), _FIELDS))


@blueprint.post("")
@signed_in
def vouch(user: str) -> Response:
    """Vouch, and let support decide."""
    found = _vouchable(user)
    form = FormView({name: request.form.get(name, "").strip() for name in ("email", "reason")}, _FIELDS)
    if "@" not in str(form.value("email")):
        form.add_code("email", "email_invalid")
    if not form.value("reason"):
        form.add_code("reason", "reason_required")
    if form.is_wrong:
        return _page(found, form)
    email, reason = str(form.value("email")), str(form.value("reason"))
    try:
        Vouchings(api()).vouch(found.user_id, email, reason, context.form_key)
    except ProblemError as problem:
        if problem.code == STEP_UP_REQUIRED:
            keep_typed(form.values)
            raise
        if problem.status not in _SAID_HERE:
            raise
        form.refuse(problem)
        return _page(found, form)
    return go_to("vouching.show", user=user, done="yes")


def _vouchable(name: str) -> User:
    """Whoever may reset a password sees this page; whether their word is taken the API decides."""
    desk, found = find_user(name)
    if not may_reset(desk, found):
        abort(403)
    return found


def _page(found: User, form: FormView) -> Response:
    form.labels = {"email": gettext("New e-mail address"), "reason": gettext("How do you know that it is this person?")}
    own: Any = Vouchings(api()).open_of(found.user_id)
    return page(
        "access/vouch.html",
        section="access",
        user=found,
        roles=job_roles(api()),
        form=form,
        vouching=own,
        done="done" in request.args,
    )
