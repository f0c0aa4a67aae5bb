"""The headers of every page: nothing from elsewhere runs, frames or leaks."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Response

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}


def content_policy(form_targets: Iterable[str]) -> str:
    """The content security policy; forms lead on, by redirect, to the issuer and back to the sites."""
    return "; ".join(
        (
            "default-src 'none'",
            *(f"{kind}-src 'self'" for kind in ("script", "style", "img", "font", "connect")),
            f"form-action 'self' {' '.join(sorted(set(form_targets)))}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def harden(response: Response, policy: str) -> Response:
    """Put them on; what the view set itself stays."""
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("Cache-Control", "no-store")
    return response
