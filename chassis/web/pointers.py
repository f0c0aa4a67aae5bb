"""From marshmallow's tree of messages to the flat list of faults that a problem document shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow.exceptions import SCHEMA

from chassis.kernel.errors import Fault
from chassis.web.codes import CODE_MARK, code_of

_LOCATIONS = frozenset({"json", "query", "querystring", "form", "files", "headers", "path", "view_args", "cookies"})


def faults_of(messages: Any) -> list[Fault]:
    """Every wrong place, as an RFC 6901 pointer into the body, or `/name` of a parameter."""
    if isinstance(messages, Mapping) and len(messages) == 1:
        location, inner = next(iter(messages.items()))
        if location in _LOCATIONS:
            messages = inner
    return list(_walk("", messages))


def escaped(name: object) -> str:
    """A member's name as one step of a JSON pointer (RFC 6901, section 3)."""
    return str(name).replace("~", "~0").replace("/", "~1")


def _walk(pointer: str, messages: Any) -> Iterator[Fault]:
    if isinstance(messages, Mapping) and CODE_MARK in messages:
        yield Fault(pointer, messages[CODE_MARK], messages["detail"])
    elif isinstance(messages, Mapping):
        for name, inner in messages.items():
            yield from _walk(pointer if name == SCHEMA else f"{pointer}/{escaped(name)}", inner)
    elif isinstance(messages, list):
        for inner in messages:
            yield from _walk(pointer, inner)
    else:
        yield Fault(pointer, code_of(str(messages)), str(messages))
