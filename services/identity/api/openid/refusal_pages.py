"""A refusal that a person meets in a browser: the sign-in pages say it, in their language and with a way on."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from flask import Response, request

from chassis.web.problems import PROBLEM_JSON
from services.identity.api.context import context
from services.identity.api.openid.provider import to_address

PAGE: Final = "/sign-in/stopped"
_HTML: Final = "text/html"


def led_to_page(response: Response) -> Response:
    """Lead a browser that wants a page to the one about this problem; all other clients are given the problem itself.

    The stable code goes along; whatever a client sent does not, so that nobody has the page say what they like.
    """
    if response.mimetype != PROBLEM_JSON or request.accept_mimetypes.best_match([PROBLEM_JSON, _HTML]) != _HTML:
        return response
    code = (response.get_json(silent=True) or {}).get("code", "")
    page = to_address(f"{context.ports.tokens.issuer}{PAGE}?{urlencode({'why': code})}", 303)
    page.headers.setlist("Set-Cookie", response.headers.getlist("Set-Cookie"))
    return page
