"""Registration's imports as the pages meet them."""

from __future__ import annotations

from typing import Any

from services.portal.application.ports import Answer
from tests.unit.portal.practices import listed, manager
from tests.unit.portal.world import World

IMPORTS = "/api/registration/v1/imports"
IMPORT = "01a20371-7796-7131-bff1-726d59491d0e"


def an_import(state: str = "ready", *errors: tuple[int, str | None, str], **more: Any) -> dict[str, Any]:
    told = [{"row": row, "column": column, "code": code, "detail": ""} for row, column, code in errors]
    return {
        "id": IMPORT,
        "state": state,
        "file_name": "people.xlsx",
        "rows": 1240,
        "people": 1200,
        "done": {"done": 1240, "running": 500}.get(state, 0),
        "wrong": len(errors),
        "errors": told,
        "created_at": "2026-03-02T15:00:00Z",
        "confirmed_at": None,
        "ended_at": None,
        "credentials_shown_at": None,
        **more,
    }


def importing(world: World, state: str = "ready", *errors: tuple[int, str | None, str], **more: Any) -> World:
    """A manager with an upload that stands like this."""
    manager(world)
    uploaded(world, state, *errors, **more)
    return world


def uploaded(world: World, state: str = "ready", *errors: tuple[int, str | None, str], **more: Any) -> None:
    """Whoever is signed in has an upload that stands like this."""
    found = an_import(state, *errors, **more)
    listing = {name: value for name, value in found.items() if name != "errors"}
    world.api.says("GET", IMPORTS, listed(listing))
    world.api.says("GET", f"{IMPORTS}/{IMPORT}", found)
    world.api.says("GET", f"{IMPORTS}/.*[.]xlsx", b"PK")
    world.api.says("POST", IMPORTS, Answer(201, found, {}))
    world.api.says("POST", f"{IMPORTS}/{IMPORT}/confirm", Answer(202, an_import("running"), {}))
    world.api.says("POST", f"{IMPORTS}/{IMPORT}/credentials", b"first_name\r\n")
