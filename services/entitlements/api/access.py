"""`users/{user_id}/access`: see it, change it, take it away (ENT-7, ENT-8)."""

from __future__ import annotations

from typing import Any

from flask import request

from chassis.kernel.user_ids import fold
from chassis.web import etags
from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, part_of
from chassis.web.schemas import list_of
from services.entitlements.api.access_schemas import (
    AccessItemSchema,
    ChangesSchema,
    OutcomeSchema,
    RemovalQuery,
    shown,
)
from services.entitlements.api.context import context
from services.entitlements.application.change_access import ChangeAccess, Outcome, change_access
from services.entitlements.application.read_access import ReadAccess, read_access
from services.entitlements.application.remove_access import RemoveAccess, remove_access

blueprint = Blueprint("access", __name__, url_prefix="/users/<string:user_id>", description="Who may do what.")

_ETAG = {"ETag": {"description": "For `If-Match` of a change.", "schema": {"type": "string"}}}


@blueprint.route("/access", methods=["GET"])
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(AccessItemSchema), headers=_ETAG)
def get_access(query: dict[str, Any], user_id: str) -> dict[str, Any]:
    """See what a user may do at the TINs that you administer; your own everywhere. The `ETag` is of all pages."""
    found = read_access(ReadAccess(context.caller.user_id, fold(user_id)), context.work, context.ports)
    etags.show(found.version)
    return part_of(found.items, query, lambda item: (item.tin, item.line.value))


@blueprint.route("/access", methods=["PUT"])
@signed_in
@blueprint.arguments(ChangesSchema)
@blueprint.response(200, OutcomeSchema, headers=_ETAG)
@etags.takes_if_match_unless_previewed
@blueprint.refuses(403, 409)
def put_access(body: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Change a user's access at some TINs and lines, all of it or nothing; elsewhere it stays."""
    command = ChangeAccess(
        giver=context.caller.user_id,
        user_id=fold(user_id),
        changes=tuple(body["changes"]),
        request_id=str(body["request_id"]) if body["request_id"] else None,
        dry_run=body["dry_run"],
        versions=_versions(dry_run=body["dry_run"]),
    )
    return _answer(change_access(command, context.work, context.ports))


@blueprint.route("/access", methods=["DELETE"])
@signed_in
@blueprint.arguments(RemovalQuery, location="query")
@blueprint.response(200, OutcomeSchema, headers=_ETAG)
@etags.takes_if_match_unless_previewed
@blueprint.refuses(403, 409)
def delete_access(query: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Take away what your TINs gave a user, or one of them; what others gave stays."""
    command = RemoveAccess(
        giver=context.caller.user_id,
        user_id=fold(user_id),
        tin=query["tin"],
        dry_run=query["dry_run"],
        versions=_versions(dry_run=query["dry_run"]),
    )
    return _answer(remove_access(command, context.work, context.ports))


def _versions(*, dry_run: bool) -> frozenset[str] | None:
    return None if dry_run and "If-Match" not in request.headers else etags.matching_versions()


def _answer(outcome: Outcome) -> dict[str, Any]:
    etags.show(outcome.version)
    return shown(outcome)
