"""`accounts` for support: find, reactivate, lock, unlock, sign out, erase; each act with its reason, and a second step
passed a moment ago (IDN-14, IDN-15, IDN-3).
"""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from chassis.security.callers import SUPPORT_SCOPE
from chassis.web.access import needs_scope
from chassis.web.blueprints import Blueprint
from chassis.web.paging import PageQuery, page
from chassis.web.schemas import Instant, RequestSchema, ResponseSchema, list_of
from services.identity.api.context import context
from services.identity.api.typed import refuses, typed
from services.identity.application.end_account_sessions import EndAccountSessions, end_account_sessions
from services.identity.application.erase_on_request import EraseOnRequest, ErasureStands, erase_on_request
from services.identity.application.find_accounts import FindAccounts, FoundAccount, find_accounts, see_account
from services.identity.application.lock_account import LockAccount, lock_account
from services.identity.application.reactivate_account import ReactivateAccount, reactivate_account
from services.identity.application.unlock_account import UnlockAccount, unlock_account
from services.identity.domain.accounts import Account

blueprint = Blueprint("support", __name__, url_prefix="/accounts", description="Accounts as support works on them.")


class AccountsQuery(PageQuery):
    """What is sought."""

    query = fields.String(
        required=True,
        validate=validate.Length(2, 320),
        metadata={"description": "The beginning of a user ID or name, an e-mail address, or a phone number."},
    )


class ReasonSchema(RequestSchema):
    """Why."""

    reason = typed("Stays in the history.")


class FoundAccountSchema(ResponseSchema):
    """An account as support sees it."""

    user_id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    site = fields.String(required=True)
    first_name = fields.String(required=True)
    middle_initial = fields.String(required=True, allow_none=True)
    last_name = fields.String(required=True)
    job_role = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    extension = fields.String(required=True, allow_none=True)
    created_at = Instant(required=True)
    confirmed_at = Instant(required=True, allow_none=True)
    last_sign_in = Instant(required=True, allow_none=True)
    reactivated_at = Instant(required=True, allow_none=True)
    locked_until = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "After too many failures; support's own lock is a `state`."},
    )
    erasure_proposed_by = fields.String(required=True, allow_none=True)
    erasure_reason = fields.String(required=True, allow_none=True)


class ErasureSchema(ResponseSchema):
    """Whether it is done, or waits for a second agent until then."""

    user_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["proposed", "removed"]))
    expires_at = Instant(required=True, allow_none=True)


@blueprint.route("", methods=["GET"])
@needs_scope(SUPPORT_SCOPE)
@blueprint.arguments(AccountsQuery, location="query")
@blueprint.response(200, list_of(FoundAccountSchema))
def get_accounts(query: dict[str, Any]) -> dict[str, Any]:
    """Find accounts."""
    limit, after = query["limit"], str(query["cursor"][0]) if query["cursor"] else ""
    found = find_accounts(FindAccounts(query["query"], limit + 1, after), context.work, context.ports)
    shown = found[:limit]
    following = [shown[-1].account.user_id] if len(found) > limit else None
    return page(map(_shown, shown), following)


@blueprint.route("/<string:user_id>/reactivate", methods=["POST"])
@needs_scope(SUPPORT_SCOPE)
@refuses(403, 404, 409)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, FoundAccountSchema)
def reactivate(body: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Let a disabled account in again; its address is verified afresh at the next sign-in."""
    caller = context.caller
    command = ReactivateAccount(user_id, caller.user_id, caller.session_id, body["reason"])
    return _seen(reactivate_account(command, context.work, context.ports))


@blueprint.route("/<string:user_id>/lock", methods=["POST"])
@needs_scope(SUPPORT_SCOPE)
@refuses(403, 404, 409)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, FoundAccountSchema)
def lock(body: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Let nobody in until it is unlocked; every session ends."""
    caller = context.caller
    command = LockAccount(user_id, caller.user_id, caller.session_id, body["reason"])
    return _seen(lock_account(command, context.work, context.ports))


@blueprint.route("/<string:user_id>/unlock", methods=["POST"])
@needs_scope(SUPPORT_SCOPE)
@refuses(403, 404, 409)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, FoundAccountSchema)
def unlock(body: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Lift support's lock, and that of too many failures."""
    caller = context.caller
    command = UnlockAccount(user_id, caller.user_id, caller.session_id, body["reason"])
    return _seen(unlock_account(command, context.work, context.ports))


@blueprint.route("/<string:user_id>/end-sessions", methods=["POST"])
@needs_scope(SUPPORT_SCOPE)
@refuses(403, 404)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, FoundAccountSchema)
def end_sessions(body: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Sign the person out everywhere."""
    caller = context.caller
    command = EndAccountSessions(user_id, caller.user_id, caller.session_id, body["reason"])
    return _seen(end_account_sessions(command, context.work, context.ports))


@blueprint.route("/<string:user_id>/erase", methods=["POST"])
@needs_scope(SUPPORT_SCOPE)
@refuses(403, 404, 409)
@blueprint.arguments(ReasonSchema)
@blueprint.response(200, ErasureSchema)
def erase(body: dict[str, Any], user_id: str) -> ErasureStands:
    """Propose to erase the account on its owner's lawful request; a second agent's call has it done."""
    caller = context.caller
    command = EraseOnRequest(user_id, caller.user_id, caller.session_id, body["reason"])
    return erase_on_request(command, context.work, context.ports)


def _seen(account: Account) -> dict[str, Any]:
    return _shown(see_account(account, context.work, context.ports))


def _shown(found: FoundAccount) -> dict[str, Any]:
    account, profile = found.account, found.account.profile
    return {
        "user_id": account.user_id,
        "kind": account.kind,
        "state": account.state,
        "site": account.site,
        "first_name": profile.first_name,
        "middle_initial": profile.middle_initial,
        "last_name": profile.last_name,
        "job_role": profile.job_role,
        "email": account.email.value,
        "phone": profile.phone,
        "extension": profile.extension,
        "created_at": account.created_at,
        "confirmed_at": account.confirmed_at,
        "last_sign_in": account.last_sign_in_at,
        "reactivated_at": account.reactivated_at,
        "locked_until": found.locked_until,
        "erasure_proposed_by": found.erasure.by if found.erasure else None,
        "erasure_reason": found.erasure.reason if found.erasure else None,
    }
