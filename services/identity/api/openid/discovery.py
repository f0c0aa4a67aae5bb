"""What a client can find out by itself: the provider's metadata and keys (OpenID Connect Discovery, RFC 7517)."""

from __future__ import annotations

from typing import Any

import flask
from flask import Response, jsonify

from chassis.web.access import public
from services.identity.api.context import context
from services.identity.api.openid.client_authentication import METHODS, SECRET_METHODS
from services.identity.application.published_keys import published_keys
from services.identity.application.view_claims import CLAIMS
from services.identity.domain.clients import Scope
from services.identity.domain.sessions import STRENGTHS
from services.identity.domain.signing_keys import Algorithm

blueprint = flask.Blueprint("openid-discovery", __name__)

_FRESH_FOR = 300
_OF_ID_TOKENS = ("iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash")


@blueprint.get("/.well-known/openid-configuration")
@public
def configuration() -> Response:
    """What there is; nothing that there is not."""
    return _fresh_for_a_while(_metadata(context.ports.tokens.issuer))


@blueprint.get("/oidc/jwks.json")
@public
def jwks() -> Response:
    """The public keys that tokens are verified with."""
    return _fresh_for_a_while({"keys": published_keys(context.work, context.ports)})


@blueprint.get("/.well-known/webauthn")
@public
def related_origins() -> Response:
    """The sites whose pages may ask for passkeys that were made for this host (WebAuthn Level 3, section 5.11)."""
    return _fresh_for_a_while({"origins": list(context.ports.passkey_proofs.origins)})


def _metadata(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/oidc/authorize",
        "token_endpoint": f"{issuer}/oidc/token",
        "userinfo_endpoint": f"{issuer}/oidc/userinfo",
        "introspection_endpoint": f"{issuer}/oidc/introspect",
        "revocation_endpoint": f"{issuer}/oidc/revoke",
        "end_session_endpoint": f"{issuer}/oidc/logout",
        "jwks_uri": f"{issuer}/oidc/jwks.json",
        "scopes_supported": sorted(Scope),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [Algorithm.RS256, Algorithm.EDDSA],
        "token_endpoint_auth_methods_supported": list(METHODS),
        "introspection_endpoint_auth_methods_supported": list(SECRET_METHODS),
        "revocation_endpoint_auth_methods_supported": list(METHODS),
        "code_challenge_methods_supported": ["S256"],
        "acr_values_supported": [each.acr for each in STRENGTHS],
        "claims_supported": [*_OF_ID_TOKENS, *(name for names in CLAIMS.values() for name in names)],
        "ui_locales_supported": ["en", "es"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
        "backchannel_logout_supported": True,
        "backchannel_logout_session_supported": True,
        "authorization_response_iss_parameter_supported": True,
    }


def _fresh_for_a_while(document: dict[str, Any]) -> Response:
    response = jsonify(document)
    response.headers["Cache-Control"] = f"public, max-age={_FRESH_FOR}"
    return response
