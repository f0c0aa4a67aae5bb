"""The web application of one service: made from its definition, and from nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import flask
import orjson
from flask import Flask, Response, request
from flask.json.provider import JSONProvider
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from chassis.kernel.errors import UnavailableError, WardenryError
from chassis.telemetry.health import Health
from chassis.web import edge, problems
from chassis.web.access import Access, Door, access_of
from chassis.web.bodies import BoundedRequest, check_characters, check_form, check_size, largest_body
from chassis.web.definition import ServiceApp
from chassis.web.documents import add_documents
from chassis.web.doors import open_door
from chassis.web.etags import matching_versions, needs_if_match
from chassis.web.exchange import Exchange, current_exchange
from chassis.web.health import health_blueprint
from chassis.web.idempotency import shows_secret
from chassis.web.operations import operation_of
from chassis.web.rates import count_call, rate_of
from chassis.web.shortcuts import RAISED, Environ, Shortcuts, StartResponse
from chassis.web.transaction import RequestTransaction
from chassis.web.views import all_views, view_behind
from chassis.web.watching import watch
from chassis.web.ways import FormWay, TokenWay, Way

_log = logging.getLogger(__name__)

_INTERNAL_PREFIX: Final = "/internal/v1"
_BODILESS: Final = frozenset({204, 304})
_READ_ONLY_TRANSACTION: Final = "25006"  # a primary that has just become a replica


class OrjsonProvider(JSONProvider):
    """JSON as the contract has it: UTF-8, moments in UTC with `Z`."""

    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj, option=orjson.OPT_UTC_Z).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


class WardenryApp(Flask):
    """Runs every view behind its door and inside its one transaction."""

    json_provider_class = OrjsonProvider
    request_class = BoundedRequest

    def __init__(self, definition: ServiceApp[Any, Any]) -> None:
        super().__init__(__name__, static_folder=None, template_folder=None)
        self.definition = definition
        self.config["MAX_FORM_PARTS"] = 100
        self.url_map.merge_slashes = False
        watch(self, definition.telemetry)
        self.before_request(partial(edge.begin_exchange, definition))
        self.after_request(edge.finish_answer)
        self.teardown_request(edge.end_exchange)
        self._shortcuts = Shortcuts(definition.name, _ways(definition), definition.telemetry)
        self.register_error_handler(WardenryError, problems.of_refusal)
        self.register_error_handler(HTTPException, problems.of_http)
        self.register_error_handler(Exception, _answer_unexpected)

    def wsgi_app(self, environ: Environ, start_response: StartResponse) -> Any:
        """A call's answer, by a shortcut where it is plain and there is one."""
        return self._shortcuts(environ, start_response) or super().wsgi_app(environ, start_response)

    def dispatch_request(self) -> flask.typing.ResponseReturnValue:
        """The view's answer, after its work is committed."""
        if RAISED in request.environ:
            raise request.environ[RAISED]
        if request.routing_exception is not None:
            return super().dispatch_request()
        if request.method == "OPTIONS":
            return _without_type(self.make_default_options_response())
        view = self._view_called()
        access = _access(view)
        if access.door is Door.MACHINERY:
            return super().dispatch_request()
        exchange = current_exchange()
        _check_call(view, access, exchange)
        operation = None
        if request.blueprint not in self.definition.root_names:
            operation = operation_of(exchange, shows_secret=shows_secret(view))
        return RequestTransaction(exchange, operation).run(partial(self._respond, exchange))

    def _respond(self, exchange: Exchange) -> Response:
        response = self.make_response(super().dispatch_request())
        if exchange.etag is not None:
            response.headers["ETag"] = exchange.etag
        if response.status_code in _BODILESS:
            response.set_data(b"")
            _without_type(response)
        if request.method in ("GET", "HEAD") and "ETag" in response.headers:
            response.make_conditional(request)
        return response

    def _view_called(self) -> Callable[..., Any]:
        rule = request.url_rule
        if rule is None:
            raise RuntimeError("a request without a routing exception has a rule")
        return view_behind(self, rule, request.method)


def create_app(definition: ServiceApp[Any, Any]) -> WardenryApp:
    """The service's WSGI application; raises `TypeError` for a view without a mark of who may call it."""
    app = WardenryApp(definition)
    health = Health(definition.ready, definition.telemetry.drain)
    app.register_blueprint(health_blueprint(health, definition.telemetry))
    for blueprint in definition.root_blueprints:
        app.register_blueprint(blueprint)
    for internal in definition.internal_blueprints:
        app.register_blueprint(internal, url_prefix=f"{_INTERNAL_PREFIX}{internal.url_prefix or ''}")
    add_documents(app, definition)
    for view, rule in all_views(app):
        _access(view)
        if rule.rule.endswith("/"):
            raise TypeError(f"{rule.rule} ends in a slash: it would answer other paths by redirect.")
    for path in definition.shortcuts:
        _check_shortcut(app, definition.prefix + path, Door.ANYONE_WITH_TOKEN)
    for path in definition.root_shortcuts:
        _check_shortcut(app, path, Door.PUBLIC)
    return app


def _ways(definition: ServiceApp[Any, Any]) -> dict[str, Way]:
    """Past the framework, by path."""
    verify, largest = definition.verify_token, definition.limits.body
    ways: dict[str, Way] = {
        definition.prefix + path: TokenWay(shortcut, verify, largest) for path, shortcut in definition.shortcuts.items()
    }
    return ways | {path: FormWay(shortcut) for path, shortcut in definition.root_shortcuts.items()}


def _check_shortcut(app: WardenryApp, path: str, door: Door) -> None:
    """A shortcut judges no scope, counts no call and compares no version: its view must not, either."""
    endpoint, _ = app.url_map.bind("").match(path, method="POST")
    view = app.view_functions[endpoint]
    if (
        _access(view) != Access(door)
        or rate_of(view)
        or needs_if_match(view)
        or largest_body(view)
        or shows_secret(view)
    ):
        raise TypeError(f"{path} cannot have a shortcut: its view asks for more than {door} does.")


def _access(view: Callable[..., Any]) -> Access:
    access = access_of(view)
    if access is None:
        raise TypeError(f"{view.__module__}.{view.__qualname__} does not say who may call it.")
    return access


def _check_call(view: Callable[..., Any], access: Access, exchange: Exchange) -> None:
    """Everything that can be refused without running the view, the cheapest and the most telling first."""
    check_characters()
    check_size(largest_body(view) or exchange.definition.limits.body)
    rate = rate_of(view)
    if rate is not None:
        count_call(rate, exchange)
    open_door(access, exchange)
    if needs_if_match(view):
        matching_versions()
    check_form(view)


def _without_type(response: Response) -> Response:
    response.headers.pop("Content-Type", None)
    return response


def _answer_unexpected(error: Exception) -> Response:
    if _is_outage(error):
        _log.warning("part_down", exc_info=error)
        return problems.of_refusal(UnavailableError("The database is down or busy; try again."))
    _log.error("request_failed", exc_info=error)
    return problems.of_unexpected()


def _is_outage(error: Exception) -> bool:
    if isinstance(error, OperationalError | InterfaceError | PoolTimeoutError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) == _READ_ONLY_TRANSACTION
