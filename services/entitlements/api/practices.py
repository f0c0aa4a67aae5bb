"""`practices/{tin}`: its managers' names, and who had access when (ENT-9, ENT-12)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, part_of
from chassis.web.schemas import Instant, RequestSchema, ResponseSchema, list_of
from services.entitlements.api.context import context
from services.entitlements.api.places import level_field, line_field, tin_in_path
from services.entitlements.application.ask_for_manager import AskForManager, ask_for_manager
from services.entitlements.application.read_access_at import PastAccess, ReadAccessAt, read_access_at
from services.entitlements.application.read_managers import ReadManagers, read_managers
from services.entitlements.domain.access import AccessState
from services.entitlements.domain.places import Place

blueprint = Blueprint("practices", __name__, url_prefix="/practices/<string:tin>", description="A practice's people.")


class ManagerSchema(ResponseSchema):
    """Somebody who can give access; all but name and line are for support alone, and null to others."""

    name = fields.String(required=True)
    line = line_field(required=True)
    user_id = fields.String(required=True, allow_none=True)
    email = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    extension = fields.String(required=True, allow_none=True)
    since = Instant(required=True, allow_none=True)
    state = fields.Enum(AccessState, by_value=True, required=True, allow_none=True)


class ManagerWantedSchema(RequestSchema):
    """For which line support is to look for a manager."""

    line = line_field(required=True)


class AsOfQuery(PageQuery):
    """At which moment."""

    as_of = Instant(load_default=None, metadata={"description": "A moment, not after now; without it, now."})


class PastAccessSchema(ResponseSchema):
    """What somebody could do at that moment, unchanged from `since` to `ended_at`."""

    user_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    line = line_field(required=True)
    level = level_field(required=True)
    functions = fields.List(fields.String(), required=True)
    since = Instant(required=True)
    until = Instant(required=True, allow_none=True)
    given_by = fields.String(required=True)
    ended_at = Instant(required=True, allow_none=True)
    ended_by = fields.String(required=True, allow_none=True)


@blueprint.route("/managers")
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(ManagerSchema))
def get_managers(query: dict[str, Any], tin: str) -> dict[str, Any]:
    """The access managers' names, for those who have access there or wait for it; for support, how to reach them, and
    those who are suspended, too.
    """
    caller = context.caller
    command = ReadManagers(caller.user_id, tin_in_path(tin), caller.is_support)
    found = read_managers(command, context.work, context.ports)
    return part_of(found, query, lambda item: (item.line.value, item.name))


@blueprint.route("/manager-wanted", methods=["POST"])
@signed_in
@blueprint.arguments(ManagerWantedSchema)
@blueprint.response(204)
def post_manager_wanted(body: dict[str, Any], tin: str) -> None:
    """Ask support to find an access manager for a TIN at which you have access, or wait for it."""
    place = Place(tin_in_path(tin), body["line"])
    ask_for_manager(AskForManager(context.caller.user_id, place), context.work, context.ports)


@blueprint.route("/access")
@signed_in
@blueprint.arguments(AsOfQuery, location="query")
@blueprint.response(200, list_of(PastAccessSchema))
def get_access_at(query: dict[str, Any], tin: str) -> dict[str, Any]:
    """Who had access at a moment, in the lines that you administer."""
    command = ReadAccessAt(context.caller.user_id, tin_in_path(tin), query["as_of"])
    found = read_access_at(command, context.work, context.ports)
    answer = part_of(found, query, lambda past: (past.access.place.line.value, past.access.user_id, past.access.since))
    return answer | {"items": map(_shown, answer["items"])}


def _shown(past: PastAccess) -> dict[str, Any]:
    access = past.access
    return {
        "user_id": access.user_id,
        "name": past.person.profile.name if past.person else None,
        "line": access.place.line,
        "level": access.grant.level,
        "functions": sorted(access.grant.functions),
        "since": access.since,
        "until": access.grant.until,
        "given_by": access.given_by,
        "ended_at": access.ended_at,
        "ended_by": access.ended_by,
    }
