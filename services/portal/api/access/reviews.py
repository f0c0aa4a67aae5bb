"""Access reviews (ENT-13): how far they are; decide row by row or several at once; take the outcome along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from services.portal.api.access.shelf import Shelf
from services.portal.api.context import context
from services.portal.api.forms import FormView, translated
from services.portal.api.handles import handle, meant
from services.portal.api.navigation import forget_reach
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import Administered
from services.portal.application.errors import ProblemError
from services.portal.application.message_calls import job_roles
from services.portal.application.problems import sentence_of
from services.portal.application.review_calls import (
    ReviewedAccess,
    decide,
    export,
    open_review,
    review,
    reviews,
)
from services.portal.application.standing import at_tins, by_tin, shown_tins

blueprint = Blueprint("reviews", __name__, url_prefix="/reviews")

_PRIMARY: Final = "primary"
_VERDICTS: Final = ("keep", "remove")
_ROWS: Final = 100
_REFUSED: Final = frozenset({403, 409, 412, 422})


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was chosen in one review, to be looked at once more: by item, with the version that was seen."""

    review_id: str
    chosen: Sequence[Mapping[str, Any]]


_SHELF: Final = Shelf("review.", Decisions)


@blueprint.get("")
@signed_in
def show() -> Response:
    """Those that one sees; 403 for somebody who manages nothing and reviews nothing."""
    return _list_page(FormView())


@blueprint.post("")
@signed_in
def begin() -> Response:
    """Open one."""
    form, practice = FormView(values=request.form.to_dict()), request.form.get("practice", "")
    if not practice:
        form.add("practice", gettext("Choose a practice."))
        return _list_page(form)
    try:
        opened = open_review(api(), meant(practice, "tin"), context.form_key)
    except ProblemError as problem:
        if problem.code != "review_already_open":
            raise
        form.add("practice", translated(sentence_of(problem)))
        return _list_page(form)
    return go_to("reviews.one", review_handle=handle(opened.id, "review"))


@blueprint.get("/<string:review_handle>")
@signed_in
def one(review_handle: str) -> Response:
    """Its progress, what waits for one's decision, and what was decided."""
    return _page_of(review_handle, FormView())


@blueprint.post("/<string:review_handle>")
@signed_in
def choose(review_handle: str) -> Response:
    """To the confirmation."""
    review_id = meant(review_handle, "review")
    _, rows = review(api(), review_id)
    rest = request.form.get("rest", "")
    chosen = [
        {"item": row.id, "decision": verdict, "version": row.version}
        for row in _waiting(rows)
        if (verdict := request.form.get(f"row-{row.id}") or rest) in _VERDICTS
    ]
    if not chosen:
        form = FormView(values=request.form.to_dict())
        form.add(None, gettext("Nothing was chosen: there is nothing to confirm."))
        return _page_of(review_handle, form)
    return go_to("reviews.look", review_handle=review_handle, draft=_SHELF.begin(Decisions(review_id, chosen)))


@blueprint.get("/<string:review_handle>/decisions/<string:draft>")
@signed_in
def look(review_handle: str, draft: str) -> Response:
    """What would be kept and removed; nothing is done yet."""
    return _confirmation(review_handle, _kept(review_handle, draft))


@blueprint.post("/<string:review_handle>/decisions/<string:draft>")
@signed_in
def confirm(review_handle: str, draft: str) -> Response:
    """Decide, all of it or nothing."""
    kept = _kept(review_handle, draft)
    try:
        decide(api(), kept.review_id, kept.chosen, context.form_key)
    except ProblemError as problem:
        if problem.status not in _REFUSED:
            raise
        return _confirmation(review_handle, kept, refused=translated(sentence_of(problem)))
    forget_reach()
    return go_to("reviews.one", review_handle=review_handle, done="yes")


@blueprint.get("/<string:review_handle>/access-review.xlsx")
@signed_in
def file(review_handle: str) -> Response:
    """The outcome as a workbook."""
    found = export(api(), meant(review_handle, "review"))
    response = Response(found.chunks, content_type=found.content_type)
    response.headers.set("Content-Disposition", "attachment", filename="access-review.xlsx")
    return response


def _list_page(form: FormView) -> Response:
    calls = Entitlements(api())
    found, practices = reviews(api()), _practices(calls)
    if not found and not practices:
        abort(403)
    under_way = {each.tin for each in found if each.is_open}
    return page(
        "access/reviews.html",
        section="reviews",
        reviews=found,
        practices={tin: name for tin, name in by_tin(practices).items() if tin not in under_way},
        form=form,
    )


def _page_of(review_handle: str, form: FormView) -> Response:
    found, rows = review(api(), meant(review_handle, "review"))
    waiting = _waiting(rows)
    return page(
        "access/review.html",
        section="reviews",
        name=review_handle,
        review=found,
        waiting=waiting,
        rest=[row for row in rows if row not in waiting],
        more=sum(row.may_decide for row in rows) - len(waiting),
        done="done" in request.args,
        titles=_titles(),
        roles=job_roles(api()),
        form=form,
    )


def _confirmation(review_handle: str, kept: Decisions, *, refused: str = "") -> Response:
    found, rows = review(api(), kept.review_id)
    verdicts = {each["item"]: each["decision"] for each in kept.chosen}
    return page(
        "access/review_confirm.html",
        status=409 if refused else 200,
        section="reviews",
        name=review_handle,
        review=found,
        kept=[row for row in rows if verdicts.get(row.id) == "keep"],
        removed=[row for row in rows if verdicts.get(row.id) == "remove"],
        refused=refused,
        titles=_titles(),
    )


def _kept(review_handle: str, draft: str) -> Decisions:
    kept = _SHELF.find(draft)
    if kept.review_id != meant(review_handle, "review"):
        abort(404)
    return kept


def _waiting(rows: Sequence[ReviewedAccess]) -> list[ReviewedAccess]:
    """A page of what waits for one's decision."""
    return [row for row in rows if row.may_decide][:_ROWS]


def _practices(calls: Entitlements) -> list[Administered]:
    managed = [each for each in calls.my_practices() if each.level == _PRIMARY]
    return list(at_tins(managed, shown_tins(managed, context.site.lines)))


def _titles() -> dict[str, str]:
    calls = Entitlements(api())
    return {each.code: each.title for each in (*calls.functions(), *calls.levels())}
