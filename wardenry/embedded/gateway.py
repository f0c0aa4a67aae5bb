"""Stands in for nginx in the embedded mode: one door for all services, and nothing passes that nginx would stop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from wardenry.embedded.problems import NOT_FOUND, NOT_PLAIN, not_found, refuse

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

_UNTRUSTED = re.compile(r"HTTP_(X_(WARDENRY|FORWARDED|REAL_IP)|FORWARDED$)")
_ODD_PATH = re.compile(r"//|/\.{1,2}(/|$)|[\x00-\x1f\\]")
_ENCODED = re.compile(r"^//|%(2e|2f|5c|00)", re.IGNORECASE)
_INSIDE = ("/api", "/internal", "/livez", "/readyz", "/metrics")


def site_routes(apis: Mapping[str, WsgiApp], portal: WsgiApp) -> dict[str, WsgiApp]:
    """The routes of `deploy/gateway`, to the applications of the services by name, and to the portal."""
    routes = {f"/api/{name}": app for name, app in apis.items()}
    routes |= {"/oidc": apis["identity"], "/.well-known": apis["identity"], "/": portal}
    return routes | dict.fromkeys(_INSIDE, not_found)


class Gateway:
    """Routes by the longest matching prefix; says which site it is, and from which address the client came.

    `routes` maps path prefixes to applications; what matches none is a problem document with status 404.
    """

    def __init__(self, site: str, routes: Mapping[str, WsgiApp]) -> None:
        self._site = site
        self._routes = sorted(routes.items(), key=lambda route: -len(route[0]))

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """One request."""
        path = environ.get("PATH_INFO", "")
        if _ODD_PATH.search(path) or _ENCODED.search(environ.get("REQUEST_URI", "").partition("?")[0]):
            return refuse(environ, start_response, NOT_PLAIN)
        for name in [name for name in environ if _UNTRUSTED.match(name)]:
            del environ[name]
        environ["HTTP_X_WARDENRY_SITE"] = self._site
        environ["HTTP_X_WARDENRY_ADDRESS"] = environ.get("REMOTE_ADDR", "")
        for prefix, app in self._routes:
            if path == prefix or path.startswith(prefix.rstrip("/") + "/"):
                return app(environ, start_response)
        return refuse(environ, start_response, NOT_FOUND)
