"""By what, and from where, the request under way came (IDN-4)."""

from __future__ import annotations

from flask import request

from chassis.web.addresses import network_of
from services.identity.api.context import context
from services.identity.domain.devices import Browser, Whereabouts


def whereabouts() -> Whereabouts:
    """As the request tells; a frontend calls with the `User-Agent` of the browser that it calls for."""
    browser, address = Browser.parse(request.headers.get("User-Agent")), context.address
    if address is None:
        return Whereabouts(browser)
    return Whereabouts(browser, address, network_of(address), context.ports.countries.country_of(address))
