"""How the portal reaches its own gateways in the embedded mode: as over the network, without leaving the process."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from wardenry.embedded.gateway import WsgiApp

_FORWARDED = "X-Forwarded-For"


class Inside(httpx.BaseTransport):
    """Sends each request to the gateway of its port; `open` says which there are.

    As nginx does for the portal's address alone, it believes the portal whose address the call is made for.
    """

    def __init__(self) -> None:
        self._gateways: dict[int, WsgiApp] = {}

    def open(self, gateways: Mapping[int, WsgiApp]) -> None:
        """From now on these answer, by port."""
        self._gateways = dict(gateways)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One call; raises `httpx.ConnectError` where nobody answers."""
        gateway = self._gateways.get(request.url.port or 0)
        if gateway is None:
            raise httpx.ConnectError("nobody answers at this port", request=request)
        address = request.headers.get(_FORWARDED, "127.0.0.1")
        return httpx.WSGITransport(app=gateway, remote_addr=address).handle_request(request)
