"""Tokens for codes: Authlib's grant over this service's use cases (RFC 6749 section 4.1, RFC 7636, RFC 9700)."""

from __future__ import annotations

import re
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, InvalidGrantError, InvalidRequestError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import OpenIDCode

from services.identity.api.context import context
from services.identity.api.openid.client_authentication import METHODS
from services.identity.api.openid.members import members_of
from services.identity.api.openid.named_claims import widened
from services.identity.application.grant_code import GrantCode, grant_code
from services.identity.application.redeem_authorization_code import (
    RedeemAuthorizationCode,
    Redeemed,
    find_code,
    redeem_authorization_code,
)
from services.identity.domain.authorizations import AuthorizationCode
from services.identity.domain.errors import GrantRefusedError

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_S256 = "S256"


class PresentedCode(AuthorizationCodeMixin):  # type: ignore[misc] # Authlib is not annotated
    """A code that a client brought, with what it is bound to; `text` is what is spent."""

    code_challenge_method = _S256

    def __init__(self, text: str, code: AuthorizationCode) -> None:
        self.text = text
        self._code = code
        self.code_challenge = code.code_challenge

    def get_redirect_uri(self) -> str:
        return self._code.redirect_uri

    def get_scope(self) -> str:
        return " ".join(self._code.scopes)


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc] # Authlib is not annotated
    """Codes for somebody with a session, and tokens for codes. The use case spends the code, last of all."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    @staticmethod
    def validate_authorization_redirect_uri(request: Any, client: Any) -> str:
        """The redirect URI, which must be there and be registered, to the letter."""
        wished = request.payload.redirect_uri
        if not wished or not client.check_redirect_uri(wished):
            raise InvalidRequestError("The redirect_uri is not one of this client.")
        return str(wished)

    def generate_authorization_code(self) -> str:
        return context.ports.randomness.token()

    def save_authorization_code(self, code: str, request: Any) -> None:
        data = request.payload.data
        command = GrantCode(
            code=code,
            client_id=request.client.get_client_id(),
            session=request.user,
            redirect_uri=data["redirect_uri"],
            scopes=request.client.client.grantable(widened(request.scope, data.get("claims"))),
            nonce=data.get("nonce"),
            code_challenge=data.get("code_challenge"),
        )
        grant_code(command, context.work, context.ports)

    def query_authorization_code(self, code: str, client: Any) -> PresentedCode:
        command = RedeemAuthorizationCode(code, client.get_client_id())
        found = find_code(command, context.work, context.ports)
        if found is None:
            _redeemed(command)  # which knows one that was used before
            raise InvalidGrantError
        return PresentedCode(code, found)

    def authenticate_user(self, authorization_code: PresentedCode) -> Redeemed:
        return _redeemed(RedeemAuthorizationCode(authorization_code.text, self.request.client.get_client_id()))

    def generate_token(self, *, user: Redeemed, **_: Any) -> dict[str, Any]:
        return members_of(user.tokens)

    def save_token(self, token: dict[str, Any]) -> None:
        """The use case has kept it."""

    def delete_authorization_code(self, authorization_code: PresentedCode) -> None:
        """The use case has spent it."""


class S256Challenge(CodeChallenge):  # type: ignore[misc] # Authlib is not annotated
    """PKCE, judged where the code is asked for, so that none is handed out that could be redeemed without."""

    SUPPORTED_CODE_CHALLENGE_METHOD = (_S256,)
    DEFAULT_CODE_CHALLENGE_METHOD = _S256

    def validate_code_challenge(self, grant: Any, redirect_uri: Any) -> None:  # noqa: ARG002 -- Authlib's signature
        data = grant.request.payload.data
        challenge, method = data.get("code_challenge"), data.get("code_challenge_method")
        if not challenge and not method and not grant.request.client.client.pkce:
            return
        if method != _S256 or not challenge or _CHALLENGE.fullmatch(challenge) is None:
            raise InvalidRequestError("A code_challenge with the code_challenge_method S256 is required.")


class IdentityCode(OpenIDCode):  # type: ignore[misc] # Authlib is not annotated
    """OpenID Connect on top of the code grant; the use case has made the ID token."""

    def exists_nonce(self, nonce: str, request: Any) -> bool:  # noqa: ARG002 -- the client's to judge: it is bound to its own session
        return False

    def encode_id_token(self, token: dict[str, Any], request: Any) -> str:  # noqa: ARG002
        redeemed: Redeemed = request.user
        if redeemed.id_token is None:
            raise RuntimeError("a code with the scope openid brings an ID token")
        return redeemed.id_token


def _redeemed(command: RedeemAuthorizationCode) -> Redeemed:
    try:
        return redeem_authorization_code(command, context.work, context.ports)
    except GrantRefusedError as error:  # answered by the protocol, so that the edge keeps what a replay has ended
        raise InvalidGrantError(error.detail) from None
