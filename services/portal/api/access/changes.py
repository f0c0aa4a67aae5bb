"""Confirm these changes (ENT-7, ENT-8): the preview, the change itself, and what was done, to print."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from services.portal.api.access import drafts
from services.portal.api.access.approval import DECIDED, decided
from services.portal.api.access.desk import Desk, is_oneself, open_desk
from services.portal.api.access.drafts import Draft
from services.portal.api.context import context
from services.portal.api.handles import handle
from services.portal.api.navigation import forget_reach
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import Outcome, Place
from services.portal.application.differences import Difference, differences
from services.portal.application.errors import ProblemError

blueprint = Blueprint("changes", __name__, url_prefix="/users/changes/<string:draft>")

_CHANGED = "changed_meanwhile"
_CONFLICT = 409


@blueprint.get("")
@signed_in
def show(draft: str) -> Response:
    """What would be added, removed and kept, and what rules forbid; nothing is changed yet."""
    kept = drafts.find(draft)
    if kept.done is not None:
        return go_to("changes.done", draft=draft)
    return _preview(open_desk(), draft, kept)


@blueprint.post("")
@signed_in
def confirm(draft: str) -> Response:
    """Make it so, as it was shown; whatever changed since, it is shown again first."""
    kept, desk = drafts.find(draft), open_desk()
    if kept.done is not None:
        return go_to("changes.done", draft=draft)
    try:
        outcome = _carried_out(desk, kept)
    except ProblemError as problem:
        if problem.code != _CHANGED and "violations" not in problem.members:
            return _refused(desk, kept, problem)
        return _preview(desk, draft, kept, changed=True)
    shown = differences(outcome, order_of(desk.calls))
    drafts.keep(draft, kept, done=[each.plain() for each in shown])
    forget_reach()
    return go_to("changes.done", draft=draft)


@blueprint.get("/done")
@signed_in
def done(draft: str) -> Response:
    """What was done, to print."""
    kept = drafts.find(draft)
    if kept.done is None:
        return go_to("changes.show", draft=draft)
    shown = [Difference(**each) for each in kept.done]
    titles = titles_of(Entitlements(api()))  # whoever stepped down themselves sees it too
    return page("access/done.html", section="access", draft=kept, differences=shown, titles=titles)


def _preview(desk: Desk, name: str, kept: Draft, *, changed: bool = False) -> Response:
    try:
        outcome = _previewed(desk, kept)
    except ProblemError as problem:
        return _refused(desk, kept, problem)
    drafts.keep(name, kept, version=outcome.version)
    asked = {Place.of(change) for change in kept.changes or ()}
    shown = differences(outcome, order_of(desk.calls), asked)
    return page(
        "access/preview.html",
        status=_CONFLICT if changed else 200,
        section="access",
        draft=kept,
        name=name,
        differences=shown,
        is_forbidden=bool(outcome.violations),
        changed=changed,
        oneself=is_oneself(kept.user_id),
        titles=titles_of(desk.calls),
        back=_back(name, kept),
    )


def _previewed(desk: Desk, kept: Draft) -> Outcome:
    if kept.changes is None:
        return desk.calls.preview_removal(kept.user_id, kept.tin)
    return desk.calls.preview_change(kept.user_id, kept.changes, kept.request_id)


def _carried_out(desk: Desk, kept: Draft) -> Outcome:
    if kept.changes is None:
        return desk.calls.remove(kept.user_id, kept.tin, kept.version, context.form_key)
    return desk.calls.change(kept.user_id, kept.changes, kept.request_id, kept.version, context.form_key)


def _refused(desk: Desk, kept: Draft, problem: ProblemError) -> Response:
    if problem.code == DECIDED and kept.request_id:
        return decided(desk.calls.request(kept.request_id))
    raise problem


def _back(name: str, kept: Draft) -> str:
    if kept.request_id:
        return url_for("approval.show", request_handle=handle(kept.request_id, "request"), again=name)
    user = handle(kept.user_id, "user")
    return url_for("removal.show" if kept.removes else "modification.show", user=user, again=name)


def order_of(calls: Entitlements) -> list[str]:
    """The functions' codes in the catalogue's order."""
    return [each.code for each in calls.functions()]


def titles_of(calls: Entitlements) -> dict[str, str]:
    """The titles of functions and levels."""
    return {each.code: each.title for each in (*calls.functions(), *calls.levels())}
