"""`access/bulk`: many users at once, as one, and back again (ENT-6, ENT-7, GO-3)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import request

from chassis.web import etags
from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from services.entitlements.api.bulk_schemas import BulkOutcomeSchema, BulkSchema, UndoSchema, shown_bulk
from services.entitlements.api.context import context
from services.entitlements.application.change_in_bulk import BulkOutcome, ChangeInBulk, change_in_bulk
from services.entitlements.application.undo_bulk_change import UndoBulkChange, undo_bulk_change

blueprint = Blueprint("bulk", __name__, url_prefix="/access/bulk", description="Many users at once.")

_ETAG = {"ETag": {"description": "For `If-Match` of the change.", "schema": {"type": "string"}}}


@blueprint.route("", methods=["POST"])
@signed_in
@blueprint.arguments(BulkSchema)
@blueprint.response(200, BulkOutcomeSchema, headers=_ETAG)
@etags.takes_if_match_unless_previewed
@blueprint.refuses(403, 409)
def post_bulk(body: dict[str, Any]) -> dict[str, Any]:
    """Give and take away for many users, all of it or nothing; a preview's `ETag` goes into `If-Match`."""
    command = ChangeInBulk(
        giver=context.caller.user_id,
        user_ids=tuple(body["user_ids"]),
        add=tuple(body["add"]),
        remove=tuple(body["remove"]),
        dry_run=body["dry_run"],
        versions=_versions(dry_run=body["dry_run"]),
    )
    return _answer(change_in_bulk(command, context.work, context.ports))


@blueprint.route("/<uuid:change_id>/undo", methods=["POST"])
@signed_in
@blueprint.arguments(UndoSchema)
@blueprint.response(200, BulkOutcomeSchema, headers=_ETAG)
@blueprint.refuses(403, 409, 412)
def post_undo(body: dict[str, Any], change_id: UUID) -> dict[str, Any]:
    """Undo your own change as one, for 24 hours, where nothing else of it changed since."""
    command = UndoBulkChange(context.caller.user_id, str(change_id), body["dry_run"])
    return _answer(undo_bulk_change(command, context.work, context.ports))


def _versions(*, dry_run: bool) -> frozenset[str] | None:
    return None if dry_run and "If-Match" not in request.headers else etags.matching_versions()


def _answer(outcome: BulkOutcome) -> dict[str, Any]:
    etags.show(outcome.version)
    return shown_bulk(outcome)
