"""How a page is answered: its template with what every page knows, or the way to another page."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Response, g, make_response, redirect, render_template, url_for

from services.portal.api.context import context

_UNPROCESSABLE = 422


def page(template: str, *, status: int = 200, **values: Any) -> Response:
    """A page of its own, or one that says what was wrong with a form (status 422)."""
    form = values.get("form")
    if form is not None and form.is_wrong and status == 200:  # noqa: PLR2004 (the default, not set by the caller)
        status = _UNPROCESSABLE
    response = make_response(render_template(template, **values), status)
    response.headers["Content-Language"] = context.language
    return response


def go_to(endpoint: str, **values: Any) -> Response:
    """After a form was taken: reloading the next page repeats nothing."""
    return make_response(redirect(url_for(endpoint, **values), 303))


def form_key() -> str:
    """Marks the forms of this page as rendered now: sent twice, a form has one effect."""
    if "form_key" not in g:
        g.form_key = secrets.token_urlsafe(18)
    key: str = g.form_key
    return key
