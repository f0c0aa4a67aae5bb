"""Support → New addresses: what managers vouch for, confirmed or rejected, each with a reason (IDN-17)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api
from services.portal.api.step_up import STEP_UP_REQUIRED, keep_typed, typed_before
from services.portal.api.support.desk import for_support
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Fields
from services.portal.application.support_account_calls import SupportedAccounts
from services.portal.application.vouching_calls import Vouching, Vouchings

blueprint = Blueprint("vouchings", __name__, url_prefix="/support/new-addresses")

VIEWS: Final = ("waiting", "confirmed", "ended")
_PAGE: Final = 25
_FIELDS: Final = Fields({"/reason": "reason"})
_ACTS: Final = {"waiting": ("confirm", "reject"), "confirmed": ("reject",)}
_SHOWN: Final = frozenset({403, 409, 422})


@blueprint.get("")
@for_support
def show() -> Response:
    """A page of them, the newest first."""
    asked, after = request.args.get("view", ""), request.args.get("after")
    view = asked if asked in VIEWS else VIEWS[0]
    query = {"state": view, "cursor": meant(after, "cursor") if after else None, "limit": _PAGE}
    found, following = Vouchings(api()).list(query)
    return page("support/vouchings.html", section="vouchings", view=view, views=VIEWS, found=found, following=following)


@blueprint.get("/<string:user>/<string:vouching>")
@for_support
def one(user: str, vouching: str) -> Response:
    """Who, where to, who vouches, and what to decide."""
    return _page(_found(user, vouching), FormView(typed_before(), _FIELDS))


@blueprint.post("/<string:user>/<string:vouching>")
@for_support
def settle(user: str, vouching: str) -> Response:
    """Decide it, for the reason given."""
    found = _found(user, vouching)
    form = FormView({name: request.form.get(name, "").strip() for name in ("act", "reason")}, _FIELDS)
    act = str(form.value("act"))
    if act not in _ACTS.get(found.state, ()):
        form.add("act", gettext("Choose what to do."))
    if not form.value("reason"):
        form.add_code("reason", "reason_required")
    if form.is_wrong:
        return _page(found, form)
    try:
        Vouchings(api()).settle(found, act, str(form.value("reason")), context.form_key)
    except ProblemError as problem:
        if problem.code == STEP_UP_REQUIRED:
            keep_typed(form.values)
            raise
        if problem.status not in _SHOWN:
            raise
        form.refuse(problem)
        return _page(found, form)
    return go_to("vouchings.one", user=user, vouching=vouching, done=act)


def _found(user: str, vouching: str) -> Vouching:
    return Vouchings(api()).one_of(meant(vouching, "vouching"), meant(user, "user"))


def _page(found: Vouching, form: FormView) -> Response:
    form.labels = {"act": gettext("What to do"), "reason": gettext("Reason")}
    done = request.args.get("done")
    return page(
        "support/vouching.html",
        section="vouchings",
        vouching=found,
        account=SupportedAccounts(api()).one(found.user_id),
        acts=_ACTS.get(found.state, ()),
        form=form,
        done=done if done in {"confirm", "reject"} else None,
    )
