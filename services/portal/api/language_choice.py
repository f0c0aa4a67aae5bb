"""The switch of language that every page has."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, request

from services.portal.api.context import context
from services.portal.api.languages import CHOSEN
from services.portal.domain.languages import LANGUAGES

blueprint = Blueprint("language", __name__)


@blueprint.get("/language/<string:code>")
def choose(code: str) -> Response:
    """From here on in that language, on the page where the link stood."""
    if code not in LANGUAGES:
        abort(404)
    context.session[CHOSEN] = code
    back = request.args.get("back", "/")
    return make_response(redirect(context.site.url + (back if back.startswith("/") else "/"), 303))
