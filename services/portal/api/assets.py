"""`/assets/<version>/…`: the static files, kept by browsers for as long as they like."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, abort, request, url_for

from services.portal.api.context import context

blueprint = Blueprint("assets", __name__, url_prefix="/assets")

_FOR_EVER: Final = "public, max-age=31536000, immutable"


@blueprint.get("/<string:version>/<path:name>")
def get_asset(version: str, name: str) -> Response:
    """One file; under a former version's name the present one, which is not kept."""
    assets = context.definition.assets
    asset = assets.find(name)
    if asset is None:
        abort(404)
    zipped = asset.compressed is not None and "gzip" in request.headers.get("Accept-Encoding", "")
    response = Response(asset.compressed if zipped else asset.content, content_type=asset.content_type)
    if asset.compressed is not None:
        response.headers["Vary"] = "Accept-Encoding"
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = _FOR_EVER if version == assets.version else "no-cache"
    return response


def asset_url(name: str) -> str:
    """Where a file of `static/` is."""
    return url_for("assets.get_asset", version=context.definition.assets.version, name=name)
