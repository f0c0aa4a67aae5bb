"""What is settled as a request arrives, before anything else: the site, the time, the address, the browser."""

from __future__ import annotations

import re
import time
from typing import Final

import structlog
from flask import Response, g, redirect, request
from werkzeug.exceptions import Forbidden
from werkzeug.wrappers import Response as AnyResponse

from chassis.web.addresses import client_address, gateway_site
from chassis.web.correlation import HEADER, correlation_id
from chassis.web.health import MACHINERY
from services.portal.api.definition import PortalApp

_log = structlog.get_logger("wardenry.requests")

_MACHINERY: Final = frozenset({"/livez", "/readyz", "/metrics"})
_READING: Final = frozenset({"GET", "HEAD"})
_NOT_PLAIN: Final = re.compile(r"[^ -~]")
_LONGEST_AGENT: Final = 400


def note_arrival(definition: PortalApp) -> None:
    """Settle it; Flask opens the session right after."""
    g.begun = time.perf_counter()
    g.now = definition.ports.clock.now()
    g.site = definition.ports.sites.named(gateway_site(trust_gateway=definition.trust_gateway))
    g.address = client_address(trust_gateway=definition.trust_gateway)
    g.browser = _NOT_PLAIN.sub("", request.headers.get("User-Agent", ""))[:_LONGEST_AGENT] or None
    g.correlation_id = correlation_id()
    g.log_context = structlog.contextvars.bind_contextvars(correlation_id=g.correlation_id, service="portal")


def needs_no_session() -> bool:
    """Whether the request is for a file or a probe."""
    return request.path.startswith("/assets/") or request.path in _MACHINERY


def send_to_own_address() -> AnyResponse | None:
    """A site has one address: cookies, redirects and the issuer know no other, whatever the `Host` says."""
    if needs_no_session() or request.host == g.site.url.partition("://")[2]:
        return None
    if request.method not in _READING:
        raise Forbidden
    return redirect(f"{g.site.url}{request.full_path.rstrip('?')}", 302)


def refuse_other_origins() -> None:
    """A form comes from a page of this very site, or it is forged; browsers tell."""
    origin = request.headers.get("Origin")
    if request.method in _READING or origin in (None, g.site.url):
        return
    raise Forbidden


def note_departure(response: Response) -> Response:
    """The log's line; the route stands in it, never the path. Probes leave none."""
    response.headers[HEADER] = g.correlation_id
    if request.blueprint == MACHINERY:
        return response
    _log.info(
        "request",
        method=request.method,
        route=request.url_rule.rule if request.url_rule else None,
        status=response.status_code,
        milliseconds=round((time.perf_counter() - g.begun) * 1000, 1),
    )
    return response


def leave_nothing(_: BaseException | None) -> None:
    """The thread will serve others."""
    kept = g.pop("log_context", None)
    if kept:
        structlog.contextvars.reset_contextvars(**kept)
