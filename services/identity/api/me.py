"""`me`: one's own account."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import fields

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.schemas import Instant, RequestSchema, ResponseSchema
from services.identity.api.context import context
from services.identity.api.typed import refuses, typed
from services.identity.application.change_profile import ChangeProfile, change_profile
from services.identity.application.view_account import view_account
from services.identity.domain.accounts import Account

blueprint = Blueprint("me", __name__, url_prefix="/me", description="One's own account.")


class AddressChangeSchema(RequestSchema):
    """A business address, whole."""

    line1 = typed("Street and number, or post box.")
    line2 = typed("Suite, floor, building.", required=False, load_default=None, allow_none=True)
    city = typed("The city.")
    state = typed("The state's two letters.")
    zip = typed("ZIP or ZIP+4.")


class ProfileChangeSchema(RequestSchema):
    """What is to change; what is left out stays. Null empties a field that may be empty."""

    job_role = typed("The code of a job role.", required=False)
    phone = typed("With area code.", required=False)
    extension = typed("1 to 8 digits.", required=False, allow_none=True)
    mobile = typed("With area code; a verified number changes under contacts.", required=False, allow_none=True)
    address = fields.Nested(AddressChangeSchema)
    language = typed("`en` or `es`.", required=False)


class AccountChangeSchema(RequestSchema):
    """The part of one's account that changes here."""

    profile = fields.Nested(ProfileChangeSchema, required=True)


class AddressSchema(ResponseSchema):
    """A business address."""

    line1 = fields.String(required=True)
    line2 = fields.String(required=True, allow_none=True)
    city = fields.String(required=True)
    state = fields.String(required=True)
    zip = fields.String(required=True)


class ProfileSchema(ResponseSchema):
    """What somebody says of themselves."""

    first_name = fields.String(required=True)
    middle_initial = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True)
    job_role = fields.String(required=True)
    address = fields.Nested(AddressSchema, required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    extension = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)


class ContactSchema(ResponseSchema):
    """An address or number, masked."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    hint = fields.String(required=True)
    verified = fields.Boolean(required=True)


class AccountSchema(ResponseSchema):
    """One's own account."""

    user_id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    profile = fields.Nested(ProfileSchema, required=True)
    contacts = fields.List(fields.Nested(ContactSchema), required=True)
    last_sign_in = Instant(required=True, allow_none=True)


@blueprint.route("", methods=["GET"])
@signed_in
@blueprint.response(200, AccountSchema)
def get_me() -> dict[str, Any]:
    """Profile, contacts, state and last sign-in."""
    return _shown(view_account(context.caller.user_id, context.work))


@blueprint.route("", methods=["PATCH"])
@signed_in
@refuses(409)
@blueprint.arguments(AccountChangeSchema)
@blueprint.response(200, AccountSchema)
def patch_me(body: dict[str, Any]) -> dict[str, Any]:
    """Change the profile; the e-mail address is a contact."""
    command = ChangeProfile(context.caller.user_id, body["profile"])
    return _shown(change_profile(command, context.work, context.ports))


def _shown(account: Account) -> dict[str, Any]:
    return {
        "user_id": account.user_id,
        "kind": account.kind,
        "state": account.state,
        "profile": asdict(account.profile),
        "contacts": [
            {"id": each.id, "kind": each.kind, "hint": each.hint, "verified": each.verified_at is not None}
            for each in account.contacts
        ],
        "last_sign_in": account.last_sign_in_at,
    }
