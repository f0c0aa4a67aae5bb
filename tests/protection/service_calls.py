"""What is sent with each call of `routes/`: words in braces are names of things that `service_world.py` left lying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.e2e.people import registration
from tests.protection.service_world import INVITING, OTHER_WITHOUT, OURS, PEOPLE_FILE, WITHOUT


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, but for who sends it. `at` has the names in the address that the call alone gives a meaning."""

    json: Any = None
    form: Mapping[str, str] | None = None
    files: Mapping[str, Any] | None = None
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    at: Mapping[str, str] = field(default_factory=dict)


_ZOE: Final = {"user_id": "zoe.obrien"}
_ANY: Final = {"If-Match": "*"}
_REASON: Final = {"reason": "The practice asked for it."}
_CELL: Final = {"tin": OURS, "line": "medical", "level": "processor", "functions": ["claim_status", "eft_view"]}
_QUESTION: Final = {"user_id": "zoe.obrien", "function": "claim_status", "tin": OURS, "line": "medical"}
_ANSWERS: Final = [{"question": "first_pet", "answer": "Rex"}, {"question": "birth_city", "answer": "Lima"}]
_NEW_PASSWORD: Final = "brisk-Willow-anchors-3"
_WITHOUT: Final = {"tin": WITHOUT}


def _flow(name: str) -> dict[str, Any]:
    return {"at": {"challenge": f"{{{name}}}"}, "headers": {"X-Challenge-Secret": f"{{{name}_secret}}"}}


def _proof(name: str, **more: Any) -> dict[str, Any]:
    return {"json": {"method": f"{{{name}_method}}", **more}} | _flow(name)


_BASIC: Final = {"Authorization": "Basic {basic}"}

EVERY: Final[dict[str, Ask]] = {"GET /docs/{name}": Ask(at={"name": "swagger-ui.css"})}

IDENTITY: Final[dict[str, Ask]] = {
    "POST /accounts/availability": Ask({"user_id": "somebody.new"}),
    "POST /accounts/{user_id}/confirm": Ask({"code": "000000"}, at=_ZOE),
    "POST /accounts/{user_id}/confirm/send": Ask({"password": "not-the-password-1"}, at=_ZOE),
    "POST /sign-in": Ask({"user_id": "paul.works", "password": "quiet-Falcon-orbits-9"}),
    "POST /sign-in/passkey": Ask({}),
    "POST /sign-in/{challenge}/send": Ask(**_proof("sign_in")),
    "POST /sign-in/{challenge}/verify": Ask(**_proof("sign_in", code="000000")),
    "POST /sign-in/{challenge}/password": Ask({"new_password": _NEW_PASSWORD}, **_flow("sign_in")),
    "POST /recovery/user-id": Ask({"email": "nobody@example.com", "date_of_birth": "1984-05-17"}),
    "POST /recovery/password": Ask({"user_id": "paul.works"}),
    "POST /recovery/{challenge}/send": Ask(**_proof("recovery")),
    "POST /recovery/{challenge}/verify": Ask(
        {"code": "000000", "date_of_birth": "1984-05-17", "answer": {"question": "first_pet", "text": "Rex"}},
        **_flow("recovery"),
    ),
    "POST /recovery/{challenge}/password": Ask({"new_password": _NEW_PASSWORD}, **_flow("recovery")),
    "DELETE /me/sessions/{session}": Ask(at={"session": "{session}"}),
    "PATCH /me": Ask({"profile": {"phone": "860-555-0199"}}),
    "POST /me/step-up/{challenge}/send": Ask(**_proof("step_up")),
    "POST /me/step-up/{challenge}/verify": Ask(**_proof("step_up", code="000000")),
    "POST /me/authenticators": Ask({"kind": "totp", "name": "watch"}),
    "POST /me/authenticators/{authenticator}/confirm": Ask(
        {"code": "000000"}, at={"authenticator": "{unconfirmed_app}"}
    ),
    "PATCH /me/authenticators/{authenticator}": Ask({"name": "old phone"}, at={"authenticator": "{app}"}),
    "DELETE /me/authenticators/{authenticator}": Ask(at={"authenticator": "{app}"}),
    "DELETE /me/devices/{device}": Ask(at={"device": "{device}"}),
    "POST /me/contacts": Ask({"kind": "email", "value": "further@example.com"}),
    "PUT /me/contacts/{contact}": Ask({"value": "changed@example.com"}, at={"contact": "{contact}"}),
    "DELETE /me/contacts/{contact}": Ask(at={"contact": "{pending_contact}"}),
    "POST /me/contacts/{contact}/send": Ask(at={"contact": "{pending_contact}"}),
    "POST /me/contacts/{contact}/verify": Ask({"code": "000000"}, at={"contact": "{pending_contact}"}),
    "POST /contacts/undo": Ask({"token": "not-a-token-that-anybody-was-sent"}),
    "POST /me/password": Ask({"current_password": "not-the-password-1", "new_password": _NEW_PASSWORD}),
    "PUT /me/security-questions": Ask({"current_password": "not-the-password-1", "security_answers": _ANSWERS}),
    "POST /accounts/{user_id}/password-reset": Ask(at=_ZOE),
    "GET /accounts": Ask(query={"query": "zoe"}),
    **{
        f"POST /accounts/{{user_id}}/{act}": Ask(_REASON, at=_ZOE)
        for act in ("reactivate", "lock", "unlock", "end-sessions", "erase")
    },
    "POST /accounts/{user_id}/vouch": Ask({"email": "zoe@new.example.com", **_REASON}, at=_ZOE),
    "POST /vouchings/{vouching}/confirm": Ask(_REASON, at={"vouching": "{vouching}"}),
    "POST /vouchings/{vouching}/reject": Ask(_REASON, at={"vouching": "{vouching}"}),
    "POST /vouchings/stop": Ask({"token": "not-a-token-that-anybody-was-sent"}),
    "POST /accounts/{user_id}/vouched-contact/send": Ask(at=_ZOE),
    "POST /accounts/{user_id}/vouched-contact/verify": Ask({"code": "000000"}, at=_ZOE),
    "POST /internal/v1/availability": Ask({"user_id": "somebody.new"}),
    "POST /internal/v1/reservations": Ask(
        {
            "registration_id": "01890000-0000-7000-8000-000000000001",
            "user_id": "somebody.new",
            "password": _NEW_PASSWORD,
            "date_of_birth": "1980-02-29",
            "security_answers": _ANSWERS,
            "site": "medical",
            "language": "en",
            "person": {
                "first_name": "Nora",
                "last_name": "Person",
                "email": "nora@practice.example",
                "job_role": "credentialing",
            },
        }
    ),
    "POST /internal/v1/reservations/check": Ask({"user_id": "somebody.new"}),
    "GET /oidc/authorize": Ask(query={"client_id": "nobodys", "response_type": "code"}),
    "POST /oidc/authorize": Ask(form={"client_id": "nobodys", "response_type": "code"}),
    "GET /oidc/continue": Ask(query={"ticket": "nobodys"}),
    "POST /oidc/token": Ask(
        form={"grant_type": "refresh_token", "client_id": "wardenry-api", "refresh_token": "nobodys"}
    ),
    "POST /oidc/introspect": Ask(form={"token": "nobodys"}),
    "POST /oidc/introspect with a client's secret": Ask(form={"token": "nobodys"}, headers=_BASIC),
    "POST /oidc/revoke": Ask(form={"token": "nobodys"}),
    "POST /oidc/revoke with a client's secret": Ask(form={"token": "nobodys"}, headers=_BASIC),
    "POST /oidc/userinfo": Ask(form={}),
    "POST /oidc/logout": Ask(form={}),
}

REGISTRATION: Final[dict[str, Ask]] = {
    "GET /practices/{tin}": Ask(),
    "POST /registrations/preview": Ask({"practice_type": ["medical"], "tins": [{"tin": OURS}]}),
    "POST /registrations": Ask(registration("somebody.new", [{"tin": OURS, "line": "medical"}])),
    "GET /registrations/{registration_id}": Ask(at={"registration_id": "{registration_id}"}),
    "POST /invitations": Ask(INVITING),
    "GET /invitations/{invitation_id}": Ask(),
    "PUT /invitations/{invitation_id}": Ask({"person": INVITING["people"][0], "access": INVITING["access"]}),
    "POST /invitations/redeem": Ask({"temporary_id": "{temporary_id}", "temporary_password": "{temporary_password}"}),
    "POST /imports": Ask(files=PEOPLE_FILE),
    "POST /outreach": Ask({"tin": "310000044", "line": "medical"}),
    "GET /outreach/{tin}": Ask(at=_WITHOUT),
    "POST /outreach/{tin}/attempts": Ask({"note": "Nobody answered."}, at=_WITHOUT),
    "POST /outreach/{tin}/appoint": Ask(
        {"user_id": "paul.works", "lines": ["medical"], "proof": "A letter."}, at={"tin": OTHER_WITHOUT}
    ),
    "POST /outreach/{tin}/remove-manager": Ask({"user_id": "petra.peer", "proof": "A letter."}),
    "POST /outreach/{tin}/confirm": Ask({}, at=_WITHOUT),
    "POST /outreach/{tin}/reject": Ask(_REASON, at=_WITHOUT),
    "POST /outreach/{tin}/confirm with another TIN's proposal": Ask(
        {"proposal_id": "{proposal_id}"}, at={"tin": OTHER_WITHOUT}
    ),
    "POST /outreach/{tin}/reject with another TIN's proposal": Ask(
        {"proposal_id": "{proposal_id}", **_REASON}, at={"tin": OTHER_WITHOUT}
    ),
    "POST /outreach/{tin}/close": Ask(_REASON, at={"tin": OTHER_WITHOUT}),
}

ENTITLEMENTS: Final[dict[str, Ask]] = {
    "GET /users": Ask(query={"query": "zoe.obrien"}),
    "GET /users/counts": Ask(query={"tin": OURS}),
    "GET /users/{user_id}": Ask(at=_ZOE),
    "GET /users/{user_id}/access": Ask(at=_ZOE),
    "PUT /users/{user_id}/access": Ask({"changes": [_CELL]}, headers=_ANY, at=_ZOE),
    "PUT /users/{user_id}/access to make a manager": Ask(
        {"changes": [_CELL | {"level": "primary", "functions": []}]}, headers=_ANY, at=_ZOE
    ),
    "PUT /users/{user_id}/access to approve": Ask(
        {"changes": [_CELL | {"functions": ["claim_status"]}], "request_id": "{request_id}"},
        headers=_ANY,
        at={"user_id": "wanda.waits"},
    ),
    "PUT /users/{user_id}/access with another's request": Ask(
        {"changes": [_CELL], "request_id": "{request_id}"}, headers=_ANY, at=_ZOE
    ),
    "DELETE /users/{user_id}/access": Ask(headers=_ANY, at=_ZOE),
    "POST /access/bulk": Ask({"user_ids": ["zoe.obrien"], "add": [_CELL], "remove": []}, headers=_ANY),
    "POST /access/bulk/{change_id}/undo": Ask({}),
    "GET /requests": Ask(query={"tin": OURS}),
    "POST /requests": Ask({"tin": "310000044", "line": "medical"}),
    "POST /requests/{request_id}/decline": Ask(_REASON),
    "POST /reviews": Ask({"tin": OURS}),
    "GET /reviews/{review_id}": Ask(),
    "POST /reviews/{review_id}/decisions": Ask({"decisions": [{"item": "{review_item}", "decision": "keep"}]}),
    "POST /reviews/{review_id}/decisions with another review's item": Ask(
        {"decisions": [{"item": "{other_review_item}", "decision": "keep"}]}
    ),
    "POST /practices/{tin}/manager-wanted": Ask({"line": "medical"}),
    "POST /check": Ask(_QUESTION),
    "POST /check/batch": Ask({"checks": [_QUESTION]}),
    "GET /explain": Ask(query=_QUESTION),
    "POST /internal/v1/prepared-access/judge": Ask(
        {"giver": "mmartin5", "prepared": [{"access": [_CELL | {"until": None}]}]}
    ),
}

NOTIFY: Final[dict[str, Ask]] = {
    "POST /sms/inbound": Ask(form={"MessageSid": "SM1", "From": "+18605550142", "To": "55501", "Body": "STOP"}),
    "POST /dev/mailbox/{mail_id}/answer": Ask(form={"text": "STOP"}),
}

AUDIT: Final[dict[str, Ask]] = {
    **{
        f"GET /{document} of a TIN": Ask(query={"tin": OURS}) for document in ("history", "history.csv", "history.xlsx")
    },
    **{
        f"GET /{document} with a reason": Ask(query={"reason": "The practice asked."})
        for document in ("history", "history.csv", "history.xlsx")
    },
}

CALLS: Final = {
    "identity": IDENTITY,
    "registration": REGISTRATION,
    "entitlements": ENTITLEMENTS,
    "notify": NOTIFY,
    "audit": AUDIT,
}
