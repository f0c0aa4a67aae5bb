"""The members of an answer that brings tokens (RFC 6749 section 5.1)."""

from __future__ import annotations

from typing import Any

from services.identity.application.sign_in_steps import SignedIn


def members_of(tokens: SignedIn) -> dict[str, Any]:
    """By name; `scope` where there is something to tell."""
    members = {
        "access_token": tokens.access_token,
        "token_type": tokens.token_type,
        "expires_in": tokens.expires_in,
        "refresh_token": tokens.refresh_token,
    }
    return members | ({"scope": tokens.scope} if tokens.scope else {})
