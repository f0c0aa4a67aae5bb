"""Where a call came from: the connection's peer, or the gateway's word where the gateway is trusted."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from flask import request

ADDRESS_HEADER: Final = "X-Wardenry-Address"
SITE_HEADER: Final = "X-Wardenry-Site"

_SITE: Final = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_V4_NETWORK: Final = 24
_V6_HOME: Final = 64
_V6_NETWORK: Final = 48


def client_address(*, trust_gateway: bool) -> str | None:
    """The person's network address in its shortest form, None where nobody knows one."""
    told = request.headers.get(ADDRESS_HEADER) if trust_gateway else None
    found = _parsed(told or request.remote_addr)
    return None if found is None else str(found)


def gateway_site(*, trust_gateway: bool) -> str | None:
    """The site that the gateway says the call belongs to, None where it says nothing fit to be a site."""
    told = request.headers.get(SITE_HEADER, "") if trust_gateway else ""
    return told if _SITE.fullmatch(told) else None


def counted_as(address: str) -> str:
    """What one client is counted by: an IPv4 address, or an IPv6 network of 64 bits, which one home has whole."""
    found = ip_address(address)
    return str(found) if isinstance(found, IPv4Address) else _network(found, _V6_HOME)


def network_of(address: str) -> str:
    """The network around an address: /24 of IPv4, /48 of IPv6."""
    found = ip_address(address)
    return _network(found, _V4_NETWORK if isinstance(found, IPv4Address) else _V6_NETWORK)


def _parsed(text: str | None) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text or "")
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def _network(address: IPv4Address | IPv6Address, length: int) -> str:
    return str(ip_network(f"{address}/{length}", strict=False))
