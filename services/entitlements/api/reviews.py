"""`reviews`: open one, decide row by row or several at once, take the outcome along (ENT-13)."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from flask import Response, make_response

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import part_of
from chassis.web.schemas import list_of
from services.entitlements.api.context import context
from services.entitlements.api.review_schemas import (
    DecisionsSchema,
    OpenSchema,
    ReviewPageSchema,
    ReviewQuery,
    ReviewSchema,
    ReviewsQuery,
    shown_rows,
    shown_summary,
)
from services.entitlements.application.decide_review import DecideReview, decide_review
from services.entitlements.application.export_review import export_review
from services.entitlements.application.open_review import OpenReview, open_review
from services.entitlements.application.read_reviews import (
    ListReviews,
    ReadReview,
    ReviewRead,
    list_reviews,
    read_review,
)
from services.entitlements.domain.reviews import ReviewState

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("reviews", __name__, url_prefix="/reviews", description="Whether everybody still needs it all.")


@blueprint.route("", methods=["GET"])
@signed_in
@blueprint.arguments(ReviewsQuery, location="query")
@blueprint.response(200, list_of(ReviewSchema))
def get_reviews(query: dict[str, Any]) -> dict[str, Any]:
    """The reviews of the TINs that you manage, newest first; for support those in which an only manager waits."""
    states = frozenset({query["state"]} if query["state"] else ReviewState)
    caller = context.caller
    found = list_reviews(
        ListReviews(caller.user_id, caller.is_support, query["tin"], states), context.work, context.ports
    )
    answer = part_of(found, query, lambda each: (-int(each.review.opened_at.timestamp()), each.review.review_id))
    return answer | {"items": map(shown_summary, answer["items"])}


@blueprint.route("", methods=["POST"])
@signed_in
@blueprint.arguments(OpenSchema)
@blueprint.response(201, ReviewSchema)
@blueprint.refuses(404, 409)
def post_review(body: dict[str, Any]) -> dict[str, Any]:
    """Open a review of a TIN, in the lines that you manage; everybody's access there is to be decided about."""
    caller = context.caller
    review = open_review(OpenReview(caller.user_id, body["tin"]), context.work, context.ports)
    read = read_review(ReadReview(caller.user_id, review.review_id), context.work, context.ports)
    return shown_summary(read.summary)


@blueprint.route("/<uuid:review_id>", methods=["GET"])
@signed_in
@blueprint.arguments(ReviewQuery, location="query")
@blueprint.response(200, ReviewPageSchema)
@blueprint.refuses(404)
def get_review(query: dict[str, Any], review_id: UUID) -> dict[str, Any]:
    """A review with the accesses that you may see."""
    return _page(_read(review_id), query)


@blueprint.route("/<uuid:review_id>/decisions", methods=["POST"])
@signed_in
@blueprint.arguments(DecisionsSchema)
@blueprint.response(200, ReviewPageSchema)
@blueprint.refuses(403, 404, 409, 412)
def post_decisions(body: dict[str, Any], review_id: UUID) -> dict[str, Any]:
    """Keep or remove, all of it or nothing; the last decision ends the review. Nobody decides about themselves."""
    caller = context.caller
    command = DecideReview(caller.user_id, str(review_id), tuple(body["decisions"]), caller.is_support)
    read = decide_review(command, context.work, context.ports)
    decided = {decision.item_id for decision in body["decisions"]}
    rows = [row for row in read.rows if row.item.item_id in decided]
    return shown_summary(read.summary) | {"items": shown_rows(rows), "next": None}


@blueprint.route("/<uuid:review_id>/export.xlsx", methods=["GET"])
@signed_in
@blueprint.response(200)
@blueprint.refuses(404)
@blueprint.doc(
    responses={
        "200": {
            "description": "The document.",
            "content": {_XLSX: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
)
def get_export(review_id: UUID) -> Response:
    """A review with its outcome, as a workbook."""
    response = make_response(export_review(_read(review_id), context.ports))
    response.headers["Content-Type"] = _XLSX
    response.headers["Content-Disposition"] = "attachment; filename=access-review.xlsx"
    return response


def _read(review_id: UUID) -> ReviewRead:
    caller = context.caller
    return read_review(ReadReview(caller.user_id, str(review_id), caller.is_support), context.work, context.ports)


def _page(read: ReviewRead, query: dict[str, Any]) -> dict[str, Any]:
    rows = [row for row in read.rows if query["state"] in {None, row.state}]
    answer = part_of(rows, query, lambda row: (row.line.value, row.item.user_id))
    return shown_summary(read.summary) | {"items": shown_rows(answer["items"]), "next": answer["next"]}
