"""What happens around every request: the exchange is begun, the answer gets its headers, the log its line."""

from __future__ import annotations

import time
from typing import Any, Final

import structlog
from flask import Response, g, request

from chassis.web import addresses, correlation
from chassis.web.definition import ServiceApp
from chassis.web.exchange import Exchange, current_exchange
from chassis.web.headers import ALWAYS
from chassis.web.health import MACHINERY

_log = structlog.get_logger("wardenry.requests")

_HEADERS: Final = {name.lower(): (name, value) for name, value in ALWAYS.items()}


def begin_exchange(definition: ServiceApp[Any, Any]) -> None:
    """Make the exchange of the request that has just come in."""
    exchange = Exchange(
        definition,
        correlation_id=correlation.correlation_id(),
        address=addresses.client_address(trust_gateway=definition.trust_gateway),
        gateway_site=addresses.gateway_site(trust_gateway=definition.trust_gateway),
        begun=time.perf_counter(),
    )
    g.exchange = exchange
    g.log_context = structlog.contextvars.bind_contextvars(
        correlation_id=exchange.correlation_id, service=definition.name
    )


def finish_answer(response: Response) -> Response:
    """Put on the headers that every answer has; what a view set itself stays."""
    exchange = current_exchange()
    response.headers[correlation.HEADER] = exchange.correlation_id
    present = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 -- iterating gives pairs
    response.headers.extend([pair for name, pair in _HEADERS.items() if name not in present])
    _write_line(exchange, response)
    return response


def end_exchange(_: BaseException | None) -> None:
    """Leave nothing behind in a thread that will serve others."""
    context = g.pop("log_context", None)
    if context:
        structlog.contextvars.reset_contextvars(**context)


def _write_line(exchange: Exchange, response: Response) -> None:
    """The route stands in the log, never the path: paths hold user IDs and TINs (IDN-16). Probes leave no line."""
    if request.blueprint == MACHINERY:
        return
    _log.info(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - exchange.begun) * 1000, 1),
    )
