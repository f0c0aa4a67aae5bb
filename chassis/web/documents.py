"""The OpenAPI 3.1 document of a service, generated from its routes, and the page to browse it (`api.md`)."""

from __future__ import annotations

import importlib.resources
from html import escape
from typing import Any, Final

import flask
import orjson
from flask import Flask, Response
from flask_smorest import Api
from werkzeug.exceptions import NotFound

from chassis.web.access import machinery
from chassis.web.definition import ServiceApp
from chassis.web.operation_docs import COMPONENTS, complete_operation
from chassis.web.problems import PROBLEM_JSON, ProblemSchema, of_http

OPENAPI_VERSION: Final = "3.1.0"
_VERSION: Final = "1.0.0"
_ASSETS: Final = {
    "swagger-ui.css": ("flask_swagger_ui", "dist/swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": ("flask_swagger_ui", "dist/swagger-ui-bundle.js", "text/javascript"),
    "docs.js": ("chassis.web", "pages/docs.js", "text/javascript"),
}
_PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


class _Api(Api):
    """flask-smorest's application side, with problem documents for errors."""

    ERROR_SCHEMA = ProblemSchema  # type: ignore[assignment] # any schema will do

    def _register_responses(self) -> None:
        """Its components are lazy and cannot be changed once made: so the content type changes while it makes them."""
        self.DEFAULT_RESPONSE_CONTENT_TYPE = PROBLEM_JSON
        super()._register_responses()  # type: ignore[no-untyped-call]
        del self.DEFAULT_RESPONSE_CONTENT_TYPE

    def handle_http_exception(self, error: Any) -> Response:
        return of_http(error)


def add_documents(app: Flask, definition: ServiceApp[Any, Any]) -> None:
    """Register the public blueprints, and the document and page that describe them."""
    app.config["API_TITLE"] = definition.title
    app.config["API_VERSION"] = _VERSION
    app.config["OPENAPI_VERSION"] = OPENAPI_VERSION
    api = _Api(  # type: ignore[no-untyped-call]
        app, spec_kwargs={"info": {"description": definition.description}}
    )
    for blueprint in definition.blueprints:
        prefix = f"{definition.prefix}{blueprint.url_prefix or ''}"
        api.register_blueprint(blueprint, url_prefix=prefix)  # type: ignore[no-untyped-call]
    document = openapi_document(app, api)
    app.extensions["wardenry-openapi"] = document
    app.register_blueprint(_documents_blueprint(definition, orjson.dumps(document)))


def openapi_document(app: Flask, api: Api) -> dict[str, Any]:
    """The document as JSON, with what the doors, marks and headers add to each operation."""
    document: dict[str, Any] = api.spec.to_dict()
    for kind, components in COMPONENTS.items():
        document["components"].setdefault(kind, {}).update(components)
    for rule in app.url_map.iter_rules():
        path = api.flask_plugin.flaskpath2openapi(rule.rule)
        for method, operation in document["paths"].get(path, {}).items():
            if method.upper() in (rule.methods or ()):
                complete_operation(app, rule, method, operation)
    return document


def _documents_blueprint(definition: ServiceApp[Any, Any], document: bytes) -> flask.Blueprint:
    blueprint = flask.Blueprint("documents", __name__, url_prefix=definition.prefix)
    page = _read("chassis.web", "pages/docs.html").decode().replace("{title}", escape(definition.title)).encode()

    @blueprint.get("/openapi.json")
    @machinery
    def openapi_json() -> Response:
        return Response(document, content_type="application/json")

    @blueprint.get("/docs")
    @machinery
    def docs() -> Response:
        return Response(page, content_type="text/html", headers={"Content-Security-Policy": _PAGE_POLICY})

    @blueprint.get("/docs/<name>")
    @machinery
    def docs_asset(name: str) -> Response:
        if name not in _ASSETS:
            raise NotFound
        package, path, content_type = _ASSETS[name]
        headers = {"Cache-Control": "public, max-age=3600"}
        return Response(_read(package, path), content_type=content_type, headers=headers)

    return blueprint


def _read(package: str, path: str) -> bytes:
    return importlib.resources.files(package).joinpath(path).read_bytes()
