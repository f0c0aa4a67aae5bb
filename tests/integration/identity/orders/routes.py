"""Which of identity's routes the walks try, and why the others need not be."""

from __future__ import annotations

from typing import Final

_CHALLENGE = "<uuid:challenge>"
_USER = "/accounts/<string:user_id>"
_CONTACT = "/me/contacts/<uuid:contact>"

TRIED: Final = {
    "POST /sign-in": True,
    f"POST /sign-in/{_CHALLENGE}/send": True,
    f"POST /sign-in/{_CHALLENGE}/verify": True,
    f"POST /sign-in/{_CHALLENGE}/password": True,
    "POST /sign-in/passkey": True,
    "POST /me/step-up": True,
    f"POST /me/step-up/{_CHALLENGE}/send": True,
    f"POST /me/step-up/{_CHALLENGE}/verify": True,
    "POST /recovery/user-id": False,
    "POST /recovery/password": False,
    f"POST /recovery/{_CHALLENGE}/send": True,
    f"POST /recovery/{_CHALLENGE}/verify": True,
    f"POST /recovery/{_CHALLENGE}/password": True,
    f"POST {_USER}/confirm": True,
    f"POST {_USER}/confirm/send": True,
    "POST /me/password": True,
    "PUT /me/security-questions": True,
    "POST /me/contacts": True,
    f"PUT {_CONTACT}": True,
    f"DELETE {_CONTACT}": True,
    f"POST {_CONTACT}/send": True,
    f"POST {_CONTACT}/verify": True,
    "POST /contacts/undo": True,
    "POST /me/authenticators": True,
    "POST /me/authenticators/<uuid:authenticator>/confirm": True,
    "DELETE /me/authenticators/<uuid:authenticator>": True,
    "POST /me/recovery-codes": True,
    f"POST {_USER}/password-reset": True,
    f"POST {_USER}/vouch": True,
    "POST /vouchings/<uuid:vouching>/confirm": True,
    "POST /vouchings/<uuid:vouching>/reject": True,
    "POST /vouchings/stop": True,
    f"POST {_USER}/vouched-contact/send": False,
    f"POST {_USER}/vouched-contact/verify": True,
    f"POST {_USER}/lock": True,
    f"POST {_USER}/unlock": True,
    f"POST {_USER}/reactivate": True,
    f"POST {_USER}/end-sessions": True,
    f"POST {_USER}/erase": True,
    "GET /me": True,
    "PATCH /me": True,
    "POST /me/session/extend": True,
    "POST /sign-out": True,
    "DELETE /me/sessions": True,
    "DELETE /me/sessions/<uuid:session>": True,
    "DELETE /me/devices": True,
    "POST /oidc/token": True,
    "POST /oidc/introspect": False,
    "POST /oidc/revoke": False,
    "GET /oidc/authorize": False,
    "GET /oidc/continue": True,
}
"""Each must have been seen to do what it is for and, where it can, to refuse it."""

_READS = "it reads, and changes nothing"
_TAKES = "it takes away a way in, and opens none"

LEADS_NOWHERE: Final = {
    **dict.fromkeys(
        (
            "GET /.well-known/openid-configuration",
            "GET /.well-known/webauthn",
            "GET /accounts",
            "GET /docs",
            "GET /docs/<name>",
            "GET /livez",
            "GET /me/authenticators",
            "GET /me/contacts",
            "GET /me/devices",
            "GET /me/recovery-codes",
            "GET /me/security-questions",
            "GET /me/session",
            "GET /me/sessions",
            "GET /metrics",
            "GET /oidc/jwks.json",
            "GET /oidc/userinfo",
            "GET /openapi.json",
            "GET /readyz",
            "GET /terms",
            "GET /vouchings",
            "POST /accounts/availability",
            "POST /internal/v1/availability",
            "POST /internal/v1/reservations/check",
            "POST /oidc/userinfo",
        ),
        _READS,
    ),
    **dict.fromkeys(
        ("DELETE /me/devices/<uuid:device>", "DELETE /me/recovery-codes", "GET /oidc/logout", "POST /oidc/logout"),
        _TAKES,
    ),
    "PATCH /me/authenticators/<uuid:authenticator>": "it names what is there",
    "POST /internal/v1/reservations": "it is registration's alone, by a service token; every newcomer comes by it",
    "POST /oidc/authorize": "it is what GET is, by a form",
}
