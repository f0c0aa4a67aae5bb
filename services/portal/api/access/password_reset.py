"""Resetting somebody's password: who it is, then the temporary one to hand over, shown once (IDN-8)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, abort

from services.portal.api.access.desk import Desk, is_oneself
from services.portal.api.access.modification import find_user
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_items import User
from services.portal.application.errors import ProblemError
from services.portal.application.matrix import PRIMARY
from services.portal.application.message_calls import job_roles
from services.portal.application.password_calls import reset_password

blueprint = Blueprint("password_reset", __name__, url_prefix="/users/<string:user>/reset-password")

_SAID_HERE: Final = frozenset({"not_yours_to_reset", "account_not_active", "already_shown"})


@blueprint.get("")
@signed_in
def show(user: str) -> Response:
    """Whose password it is, and what comes of it."""
    return _page(_resettable(user), "ask", form=FormView())


@blueprint.post("")
@signed_in
def reset(user: str) -> Response:
    """Reset it, and show the temporary one."""
    found, form = _resettable(user), FormView()
    try:
        password = reset_password(api(), found.user_id, context.form_key)
    except ProblemError as problem:
        if problem.code not in _SAID_HERE:
            raise
        form.refuse(problem)
        return _page(found, "ask", form=form)
    return _page(found, "shown", password=password)


def may_reset(desk: Desk, user: User) -> bool:
    """Whether it is offered; the API decides again (`delegation.md`)."""
    standing = [access.place for access in user.access if access.is_active]
    at = [desk.at(place) for place in standing]
    return not is_oneself(user.user_id) and any(each is not None and each.level == PRIMARY for each in at)


def _resettable(name: str) -> User:
    desk, found = find_user(name)
    if not may_reset(desk, found):
        abort(403)
    return found


def _page(found: User, name: str, **values: Any) -> Response:
    template = f"access/reset_password_{name}.html"
    return page(template, section="access", user=found, roles=job_roles(api()), **values)
