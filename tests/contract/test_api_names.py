"""The names that frontends and tests from outside build on stand in the OpenAPI documents as `api.md` fixes them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tools.generate_contracts import ROOT

PROFILE: Final = (
    "profile.first_name profile.middle_initial profile.last_name profile.job_role profile.address.line1 "
    "profile.address.line2 profile.address.city profile.address.state profile.address.zip profile.phone "
    "profile.extension profile.mobile profile.email profile.language"
)
FORM: Final = (
    f"practice_type tins.tin tins.line tins.nominate no_tin {PROFILE} user_id password date_of_birth "
    "security_answers.question security_answers.answer temporary_id temporary_password"
)
STEP: Final = (
    "state challenge challenge_secret methods.id methods.kind methods.hint reason access_token token_type expires_in "
    "refresh_token"
)
ACCESS: Final = "tin line practice level functions since until given_by state"
REQUEST: Final = "id user_id name email phone job_role tin practice line state since"
CASE: Final = (
    "tin line state due_at reason closed_at outcome waiting requests.user_id requests.nominee.email attempts.at "
    "attempts.note proposals.id proposals.user_id proposals.state"
)
REVIEW: Final = "id tin practice lines state opened_by opened_at due_at closed_at total undecided yours"
REVIEWED: Final = (
    "id user_id name job_role line level functions sensitive since until given_by state decided_by decided_at version "
    "may_decide"
)
VOUCHING: Final = (
    "id user_id state email reason vouched_by vouched_at expires_at confirmed_by confirmed_at verified_at works_at "
    "ended_at"
)
CHANGE: Final = (
    "at changed_by type type_title user_id first_name middle_initial last_name temporary_id registered email phone "
    "tin line details"
)

INVITEE: Final = "first_name middle_initial last_name phone extension email"
PREPARED: Final = "tin line level functions until"


def items(names: str) -> str:
    """The names of a list whose items have these."""
    return f"next {within('items', names)}"


def within(part: str, names: str) -> str:
    return " ".join(f"{part}.{name}" for name in names.split())


CELL: Final = "tin line level functions"
INVITATION: Final = (
    f"id temporary_id state invited_by created_at expires_at ended_at user_id {within('person', INVITEE)} "
    f"{within('access', PREPARED)}"
)
CONTACT: Final = "id kind value hint verified pending"
IMPORT: Final = f"id state rows people done wrong {within('errors', 'row column code detail')}"
OUTCOME: Final = (
    f"{within('before', ACCESS)} {within('after', ACCESS)} {within('violations', 'tin line function code detail')}"
)

CALLS: Final[dict[str, tuple[str, str, int, str]]] = {
    # service, method and path: query or body that it takes, its status, what it answers
    "identity GET terms": (
        "",
        "",
        200,
        "code_minutes sign_in_minutes lock_failures lock_minutes device_days contact_undo_hours vouching_hours",
    ),
    "registration GET terms": ("", "", 200, "invitation_days"),
    "identity POST accounts/availability": ("user_id", "", 200, "available suggestions"),
    "identity POST accounts/{user_id}/confirm": ("code", "", 204, ""),
    "identity POST accounts/{user_id}/confirm/send": ("password email", "", 202, "resend_after"),
    "identity POST sign-in": ("user_id password device_token", "", 200, STEP),
    "identity POST sign-in/{challenge}/send": ("method", "", 202, "resend_after"),
    "identity POST sign-in/{challenge}/verify": ("method code assertion remember_device", "", 200, STEP),
    "identity POST sign-in/passkey": (
        "challenge assertion",
        "",
        200,
        "state challenge challenge_secret passkey_options access_token token_type expires_in refresh_token continue_to",
    ),
    "identity POST sign-in/{challenge}/password": ("new_password", "", 200, STEP),
    "identity POST accounts/{user_id}/password-reset": ("", "", 200, "temporary_password expires_at"),
    "identity GET accounts": ("", "query limit cursor", 200, items("user_id state first_name last_name last_sign_in")),
    **{
        f"identity POST accounts/{{user_id}}/{act}": ("reason", "", 200, "user_id state")
        for act in ("reactivate", "lock", "unlock", "end-sessions", "erase")
    },
    "identity POST accounts/{user_id}/vouch": ("email reason", "", 201, VOUCHING),
    "identity GET vouchings": ("", "state user_id limit cursor", 200, items(VOUCHING)),
    "identity POST vouchings/{vouching}/confirm": ("reason", "", 200, VOUCHING),
    "identity POST vouchings/{vouching}/reject": ("reason", "", 200, VOUCHING),
    "identity POST vouchings/stop": ("token", "", 204, ""),
    "identity POST accounts/{user_id}/vouched-contact/send": ("", "", 202, "resend_after"),
    "identity POST accounts/{user_id}/vouched-contact/verify": ("code", "", 204, ""),
    "identity POST sign-out": ("", "", 204, ""),
    "identity POST recovery/user-id": ("email date_of_birth", "", 202, ""),
    "identity POST recovery/password": (
        "user_id",
        "",
        200,
        "challenge challenge_secret methods.id methods.kind methods.hint",
    ),
    "identity POST recovery/{challenge}/send": ("method", "", 202, "resend_after"),
    "identity POST recovery/{challenge}/verify": ("code date_of_birth answer.question answer.text", "", 204, ""),
    "identity POST recovery/{challenge}/password": ("new_password", "", 204, ""),
    "identity GET me/authenticators": ("", "limit cursor", 200, items("id kind name created_at used_at suspended_at")),
    "identity POST me/authenticators": ("kind name", "", 201, "id kind name secret otpauth_uri options"),
    "identity POST me/authenticators/{authenticator}/confirm": ("code attestation", "", 200, "id kind name"),
    "identity PATCH me/authenticators/{authenticator}": ("name", "", 200, "id kind name"),
    "identity DELETE me/authenticators/{authenticator}": ("", "", 204, ""),
    "identity GET me/recovery-codes": ("", "", 200, "left made_at"),
    "identity POST me/recovery-codes": ("", "", 200, "codes"),
    "identity DELETE me/recovery-codes": ("", "", 204, ""),
    "identity POST me/password": ("current_password new_password", "", 204, ""),
    "identity GET me/security-questions": ("", "", 200, "questions"),
    "identity PUT me/security-questions": (
        "current_password security_answers.question security_answers.answer",
        "",
        204,
        "",
    ),
    "identity POST me/step-up": (
        "",
        "",
        200,
        "challenge challenge_secret methods.id methods.kind methods.hint reason passkey_options",
    ),
    "identity POST me/step-up/{challenge}/send": ("method", "", 202, "resend_after"),
    "identity POST me/step-up/{challenge}/verify": ("method code assertion", "", 200, "acr amr fresh_until"),
    "identity GET me/contacts": ("", "limit cursor", 200, items(CONTACT)),
    "identity POST me/contacts": ("kind value", "", 201, CONTACT),
    "identity PUT me/contacts/{contact}": ("kind value", "", 200, CONTACT),
    "identity DELETE me/contacts/{contact}": ("", "", 204, ""),
    "identity POST me/contacts/{contact}/send": ("", "", 202, "resend_after"),
    "identity POST me/contacts/{contact}/verify": ("code", "", 200, CONTACT),
    "identity POST contacts/undo": ("token", "", 204, ""),
    "identity GET me": ("", "", 200, "user_id state profile.first_name contacts.id contacts.kind last_sign_in"),
    "identity PATCH me": ("profile.phone", "", 200, "user_id"),
    "identity GET me/session": ("", "", 200, "idle_ends_at ends_at"),
    "identity POST me/session/extend": ("", "", 200, "idle_ends_at ends_at"),
    "identity GET me/sessions": ("", "limit cursor", 200, items("id")),
    "identity DELETE me/sessions": ("", "", 204, ""),
    "identity DELETE me/sessions/{session}": ("", "", 204, ""),
    "registration GET job-roles": ("", "", 200, items("code title")),
    "registration GET security-questions": ("", "", 200, items("code title")),
    "registration GET practices/{tin}": ("", "", 200, "tin associated name lines"),
    "registration POST registrations/preview": (
        FORM,
        "",
        200,
        "tins.tin tins.name tins.lines_offered tins.manager_count errors.pointer errors.code errors.detail",
    ),
    "registration POST registrations": (
        FORM,
        "",
        201,
        "id user_id requests.tin requests.line requests.state requests.practice requests.manager_count open_today",
    ),
    "registration GET registrations/{registration_id}": ("", "", 200, "id requests.tin requests.line requests.state"),
    "registration POST invitations": (
        f"{within('people', INVITEE)} {within('access', PREPARED)}",
        "",
        201,
        items(f"{INVITATION} temporary_password"),
    ),
    "registration GET invitations": ("", "state limit cursor", 200, items(INVITATION)),
    "registration GET invitations/{invitation_id}": ("", "", 200, INVITATION),
    "registration PUT invitations/{invitation_id}": (
        f"{within('person', INVITEE)} {within('access', PREPARED)}",
        "",
        200,
        f"{INVITATION} temporary_password",
    ),
    "registration POST invitations/{invitation_id}/renew": ("", "", 200, f"{INVITATION} temporary_password"),
    "registration POST invitations/{invitation_id}/revoke": ("", "", 200, INVITATION),
    "registration POST invitations/redeem": (
        "temporary_id temporary_password",
        "",
        200,
        f"state {within('person', INVITEE)} {within('access', PREPARED)} expires_at",
    ),
    "registration POST imports": ("", "", 201, IMPORT),
    "registration GET imports": ("", "limit cursor", 200, items("id state file_name rows people done wrong")),
    "registration GET imports/{import_id}": ("", "", 200, IMPORT),
    "registration POST imports/{import_id}/confirm": ("", "", 202, IMPORT),
    "registration GET outreach": ("", "state query limit cursor", 200, items(CASE)),
    "registration POST outreach": ("tin line", "", 201, items(CASE)),
    "registration GET outreach/{tin}": ("", "", 200, items(CASE)),
    "registration POST outreach/{tin}/attempts": ("channel reached note", "", 201, items(CASE)),
    "registration POST outreach/{tin}/appoint": ("user_id lines proof", "", 201, items(CASE)),
    "registration POST outreach/{tin}/remove-manager": ("user_id lines proof", "", 201, items(CASE)),
    "registration POST outreach/{tin}/confirm": ("proposal_id", "", 200, items(CASE)),
    "registration POST outreach/{tin}/reject": ("proposal_id reason", "", 200, items(CASE)),
    "registration POST outreach/{tin}/close": ("lines reason", "", 200, items(CASE)),
    "entitlements GET functions": ("", "", 200, items("code title lines description sensitive")),
    "entitlements GET levels": ("", "", 200, items("code title")),
    "entitlements GET users": ("", "view tin query sort limit cursor", 200, items("user_id name state")),
    "entitlements GET users/counts": ("", "tin", 200, "awaiting active inactive all"),
    "entitlements GET users/{user_id}/access": ("", "", 200, items(ACCESS)),
    "entitlements PUT users/{user_id}/access": (
        f"{within('changes', 'tin line level functions until')} request_id dry_run",
        "",
        200,
        OUTCOME,
    ),
    "entitlements POST access/bulk": (
        f"user_ids dry_run {within('add', f'{CELL} until')} {within('remove', CELL)}",
        "",
        200,
        f"id undo_until next {within('items', f'user_id name {OUTCOME}')}",
    ),
    "entitlements POST access/bulk/{change_id}/undo": (
        "dry_run",
        "",
        200,
        f"id undo_until next {within('items', f'user_id name {OUTCOME}')}",
    ),
    "entitlements POST reviews": ("tin", "", 201, REVIEW),
    "entitlements GET reviews": ("", "state tin limit cursor", 200, items(REVIEW)),
    "entitlements GET reviews/{review_id}": ("", "state limit cursor", 200, f"{REVIEW} {items(REVIEWED)}"),
    "entitlements POST reviews/{review_id}/decisions": (
        within("decisions", "item decision version"),
        "",
        200,
        f"{REVIEW} {items(REVIEWED)}",
    ),
    "entitlements DELETE users/{user_id}/access": ("", "tin dry_run", 200, OUTCOME),
    "entitlements GET requests": ("", "state tin query mine limit cursor", 200, items(REQUEST)),
    "entitlements GET requests/{request_id}": ("", "", 200, REQUEST),
    "entitlements POST requests": ("tin line", "", 201, REQUEST),
    "entitlements POST requests/{request_id}/decline": ("reason", "", 200, REQUEST),
    "entitlements POST requests/{request_id}/withdraw": ("", "", 200, REQUEST),
    "entitlements GET me/practices": ("", "", 200, items("tin line practice level managers awaiting")),
    "entitlements GET me/access": ("", "", 200, items(ACCESS)),
    "entitlements GET practices/{tin}/managers": ("", "", 200, items("name line user_id email phone state")),
    "entitlements POST practices/{tin}/manager-wanted": ("line", "", 204, ""),
    "entitlements GET practices/{tin}/access": ("", "as_of", 200, items("user_id line level functions")),
    "entitlements POST check": ("user_id function tin line", "", 200, "allowed reason"),
    "entitlements POST check/batch": (
        within("checks", "user_id function tin line"),
        "",
        200,
        "results.allowed results.reason",
    ),
    "entitlements GET explain": ("", "user_id function tin line", 200, "allowed reason chain.given_by chain.since"),
    "notify GET me/messages": ("", "limit cursor", 200, items("id notice read")),
    "notify POST me/messages/{message_id}/read": ("", "", 204, ""),
    "audit GET history": ("", "tin from to user type reason limit cursor", 200, items(CHANGE)),
    "audit GET history.csv": ("", "tin from to user type reason", 200, ""),
    "audit GET history.xlsx": ("", "tin from to user type reason", 200, ""),
    "audit GET entries": ("", "from to limit cursor", 200, items("id type subject sequence")),
}
DOCUMENTS: Final = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "openapi").glob("*.json"))
}


@pytest.mark.parametrize("call", CALLS)
def test_names_are_as_the_contract_fixes_them(call: str) -> None:
    service, method, path = call.split()
    taken, queried, status, answered = CALLS[call]
    document = DOCUMENTS[service]
    item = document["paths"][f"/api/{service}/v1/{path}"]
    operation = item[method.lower()]
    parameters = {each["name"] for each in operation["parameters"] if each.get("in") == "query"}
    assert set(queried.split()) <= parameters
    body = operation.get("requestBody", {"content": {}})["content"].get("application/json", {"schema": {}})
    assert set(taken.split()) <= set(_names(document, body["schema"]))
    answer = operation["responses"][str(status)].get("content", {}).get("application/json", {"schema": {}})
    assert set(answered.split()) <= set(_names(document, answer["schema"]))


def _names(document: dict[str, Any], schema: dict[str, Any], place: str = "") -> Iterator[str]:
    """The dotted names of all members, those of lists' items without a number."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for kind in ("anyOf", "oneOf", "allOf"):
        for choice in schema.get(kind, []):
            yield from _names(document, choice, place)
    if "items" in schema:
        yield from _names(document, schema["items"], place)
    for name, inner in schema.get("properties", {}).items():
        yield f"{place}{name}"
        yield from _names(document, inner, f"{place}{name}.")
