"""The portal as one process, with everything around it made by hand, seen in a real browser."""

from __future__ import annotations

from playwright.sync_api import Route

from tests.unit.portal.world import World

ADDRESS = "http://medical.test"
_FOR_HTTPS_ALONE = "Cross-Origin-Opener-Policy"
"""A header about which the browser complains at an address that is neither encrypted nor this machine's."""


def pass_on(route: Route, world: World) -> None:
    """Ask the portal what the browser asks for."""
    path = route.request.url.removeprefix(ADDRESS)
    found = world.browser.get(path, base_url=ADDRESS, headers={"X-Wardenry-Site": "medical"})
    answer(route, found.status_code, found.data, dict(found.headers))


def answer(route: Route, status: int, body: bytes, headers: dict[str, str]) -> None:
    """Answer the browser."""
    headers.pop(_FOR_HTTPS_ALONE, None)
    route.fulfill(status=status, body=body, headers=headers)
