"""Support's accounts: find one, and reactivate, lock, unlock, log out or erase it, with a reason (IDN-14, IDN-15)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import handle, meant
from services.portal.api.navigation import reach
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.api.step_up import STEP_UP_REQUIRED, keep_typed, typed_before
from services.portal.application.errors import ProblemError
from services.portal.application.message_calls import job_roles
from services.portal.application.problems import Fields
from services.portal.application.support_account_calls import Act, SupportedAccount, SupportedAccounts

blueprint = Blueprint("accounts", __name__, url_prefix="/support/accounts")

_PAGE: Final = 25
_LONGEST: Final = 320
_SHORTEST: Final = 2
_FIELDS: Final = Fields({"/reason": "reason", "/query": "search"})
_SHOWN: Final = frozenset({403, 409, 422})
_ERASED: Final = "removed"


@blueprint.get("")
@signed_in
def show() -> Response:
    """What was sought, and what was found."""
    calls, search, cursor = _calls(), _meant("search"), _meant("after", "cursor")
    if not search:
        return _list(FormView())
    found, following = calls.find(search, cursor, _PAGE)
    return _list(FormView({"search": search}), found=found, following=following)


@blueprint.post("/search")
@signed_in
def search() -> Response:
    """Look for it: what was typed may be anything about a person, and stands in no address."""
    _calls()
    typed = request.form.get("search", "").strip()[:_LONGEST]
    if len(typed) < _SHORTEST:
        form = FormView({"search": typed}, _FIELDS)
        form.add("search", gettext("Write at least two letters."))
        return _list(form)
    return go_to("accounts.show", search=handle(typed, "search"))


@blueprint.get("/<string:user>")
@signed_in
def one(user: str) -> Response:
    """An account, and what can be done to it."""
    return _account(_calls().one(meant(user, "user")), FormView(typed_before(), _FIELDS))


@blueprint.post("/<string:user>")
@signed_in
def act(user: str) -> Response:
    """Do it, for the reason given."""
    calls = _calls()
    found = calls.one(meant(user, "user"))
    form = FormView({name: request.form.get(name, "").strip() for name in ("act", "reason")}, _FIELDS)
    chosen = next((each for each in found.acts() if each == form.value("act")), None)
    if chosen is None:
        form.add("act", gettext("Choose what to do."))
    if not form.value("reason"):
        form.add("reason", gettext("Write a few words: they stay in the history."))
    if form.is_wrong or chosen is None:
        return _account(found, form)
    try:
        state = calls.do(chosen, found.user_id, str(form.value("reason")), context.form_key)
    except ProblemError as problem:
        if problem.code == STEP_UP_REQUIRED:
            keep_typed(form.values)
            raise
        if problem.status not in _SHOWN:
            raise
        form.refuse(problem)
        return _account(found, form)
    if state == _ERASED:
        return page("support/account_erased.html", section="accounts", user_id=found.user_id)
    return go_to("accounts.one", user=user, done=chosen)


def _calls() -> SupportedAccounts:
    if not reach().is_support:
        abort(403)
    return SupportedAccounts(api())


def _meant(name: str, kind: str | None = None) -> str | None:
    given = request.args.get(name)
    return meant(given, kind or name) if given else None


def _list(form: FormView, **values: Any) -> Response:
    form.labels = {"search": gettext("User ID, name, e-mail address or phone number")}
    return page("support/accounts.html", section="accounts", form=form, **values)


def _account(found: SupportedAccount, form: FormView) -> Response:
    form.labels = {"act": gettext("What to do"), "reason": gettext("Reason")}
    done = next((each for each in Act if each == request.args.get("done")), None)
    roles = job_roles(api())
    return page("support/account.html", section="accounts", account=found, form=form, done=done, roles=roles)
