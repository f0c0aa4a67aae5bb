"""The first page: log in, register, and what else a visitor may look for."""

from __future__ import annotations

from flask import Blueprint, Response

from services.portal.api.context import context
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import is_signed_in

blueprint = Blueprint("landing", __name__)


@blueprint.get("/")
def show() -> Response:
    """The site's landing page; whoever is signed in goes on to the dashboard."""
    if is_signed_in():
        return go_to("dashboard.show")
    return page("landing.html", can_type_here=context.site.url == context.ports.issuer_url)
