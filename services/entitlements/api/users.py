"""`users`: the people around the caller's places (ENT-6)."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from chassis.kernel.user_ids import fold
from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, page
from chassis.web.schemas import Instant, QuerySchema, ResponseSchema, list_of
from services.entitlements.api.access_schemas import AccessItemSchema
from services.entitlements.api.context import context
from services.entitlements.api.places import line_field, lines_field, tin_field
from services.entitlements.application.count_users import CountUsers, count_users
from services.entitlements.application.list_users import (
    ListUsers,
    ReadUser,
    UserItem,
    list_users,
    read_user,
)
from services.entitlements.application.listings import Slice, Sort, View
from services.entitlements.domain.access import AccessState
from services.entitlements.domain.places import Line

blueprint = Blueprint("users", __name__, url_prefix="/users", description="Manage user access.")


def _shown_lines() -> fields.List[Line]:
    description = "Only at TINs that have one of these lines, as a site shows them; without it, at all."
    return lines_field(load_default=(), validate=validate.Length(max=len(Line)), metadata={"description": description})


class UsersQuery(PageQuery):
    """Which users, in which order."""

    view = fields.Enum(View, by_value=True, load_default=View.ALL)
    tin = tin_field(load_default=None)
    lines = _shown_lines()
    query = fields.String(
        load_default="",
        validate=validate.Length(max=100),
        metadata={"description": "The beginning of a first or last name or of a user ID, or a TIN."},
    )
    sort = fields.Enum(Sort, by_value=True, load_default=Sort.NAME)


class CountsQuery(QuerySchema):
    """At which TINs."""

    tin = tin_field(load_default=None)
    lines = _shown_lines()


class UserQuery(QuerySchema):
    """What of the user."""

    lines = _shown_lines()


class WaitingSchema(ResponseSchema):
    """A request of the user that waits."""

    id = fields.String(required=True)
    tin = fields.String(required=True)
    line = line_field(required=True)
    practice = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, attribute="state.value")
    since = Instant(required=True)


class UserItemSchema(ResponseSchema):
    """A user with what they have, and wait for, at the caller's TINs."""

    user_id = fields.String(required=True)
    name = fields.String(required=True)
    first_name = fields.String(required=True)
    middle_initial = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    extension = fields.String(required=True, allow_none=True)
    job_role = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(["active", "awaiting", "inactive"]))
    since = Instant(required=True, allow_none=True)
    access = fields.List(fields.Nested(AccessItemSchema), required=True)
    requests = fields.List(fields.Nested(WaitingSchema), required=True)


class CountsSchema(ResponseSchema):
    """How many users each view has."""

    awaiting = fields.Integer(required=True)
    active = fields.Integer(required=True)
    inactive = fields.Integer(required=True)
    all = fields.Integer(required=True)


@blueprint.route("")
@signed_in
@blueprint.arguments(UsersQuery, location="query")
@blueprint.response(200, list_of(UserItemSchema))
def get_users(query: dict[str, Any]) -> dict[str, Any]:
    """The users whom you may see: those who have, had or wait for access at the TINs that you administer."""
    part = Slice(query["limit"], query["cursor"])
    lines = frozenset(query["lines"])
    command = ListUsers(context.caller.user_id, query["view"], query["tin"], lines, query["query"], query["sort"], part)
    users, following = list_users(command, context.work, context.ports)
    return page(map(_shown, users), following)


@blueprint.route("/counts")
@signed_in
@blueprint.arguments(CountsQuery, location="query")
@blueprint.response(200, CountsSchema)
def get_counts(query: dict[str, Any]) -> dict[str, int]:
    """How many users each view has."""
    command = CountUsers(context.caller.user_id, query["tin"], frozenset(query["lines"]))
    counts = count_users(command, context.work, context.ports)
    return {view.value: number for view, number in counts.items()}


@blueprint.route("/<string:user_id>")
@signed_in
@blueprint.arguments(UserQuery, location="query")
@blueprint.response(200, UserItemSchema)
def get_user(query: dict[str, Any], user_id: str) -> dict[str, Any]:
    """One of the users whom you may see."""
    command = ReadUser(context.caller.user_id, fold(user_id), frozenset(query["lines"]))
    return _shown(read_user(command, context.work, context.ports))


def _shown(item: UserItem) -> dict[str, Any]:
    profile = item.person.profile
    return {
        "user_id": item.person.user_id,
        "name": profile.name,
        "first_name": profile.first_name,
        "middle_initial": profile.middle_initial,
        "last_name": profile.last_name,
        "email": profile.email,
        "phone": profile.phone,
        "extension": profile.extension,
        "job_role": profile.job_role,
        "state": _state(item),
        "since": item.since,
        "access": item.access,
        "requests": item.requests,
    }


def _state(item: UserItem) -> str:
    if any(access.state is AccessState.ACTIVE for access in item.access):
        return View.ACTIVE.value
    return View.AWAITING.value if item.requests else View.INACTIVE.value
