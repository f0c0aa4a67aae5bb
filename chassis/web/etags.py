"""Changes on condition that nobody changed it meanwhile (ENT-7; RFC 9110, sections 8.8.3, 13.1)."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar

from flask import request

from chassis.kernel.errors import Category, WardenryError
from chassis.web.exchange import current_exchange
from chassis.web.parsing import MalformedError

View = TypeVar("View", bound=Callable[..., Any])

_TAG: Final = re.compile(r'\s*(?P<weak>W/)?"(?P<opaque>[\x21\x23-\x7e\x80-\xff]*)"\s*(?:,|$)')
_MARK: Final = "_wardenry_if_match"
_ASKING_MARK: Final = "_wardenry_if_match_unless_previewed"


class PreconditionMissingError(WardenryError):
    """The change must name the version that it is meant for."""

    category: ClassVar[Category] = Category.PRECONDITION_MISSING
    code: ClassVar[str] = "precondition_required"


def takes_if_match(view: View) -> View:
    """The view needs `If-Match`: without it 428, before the view runs; it is in the OpenAPI document."""
    setattr(view, _MARK, True)
    return view


def takes_if_match_unless_previewed(view: View) -> View:
    """The view asks for `matching_versions` itself, but for a preview, which may do without; it is in the document."""
    setattr(view, _ASKING_MARK, True)
    return view


def asks_for_if_match(view: Callable[..., Any]) -> bool:
    """Whether the view bears the mark of `takes_if_match_unless_previewed`."""
    return bool(getattr(view, _ASKING_MARK, False))


def needs_if_match(view: Callable[..., Any]) -> bool:
    """Whether the view bears the mark of `takes_if_match`."""
    return bool(getattr(view, _MARK, False))


def show(version: str | int) -> None:
    """Put the strong `ETag` of this version on the answer under way."""
    current_exchange().etag = quoted(version)


def quoted(version: str | int) -> str:
    """A version as a strong entity tag; raises `ValueError` for one with characters that a tag cannot have."""
    tag = f'"{version}"'
    if not _TAG.fullmatch(tag):
        raise ValueError("a version is visible ASCII without quotes")
    return tag


def matching_versions() -> frozenset[str] | None:
    """The versions that `If-Match` admits, None for `*`; compare under the lock, and raise `ChangedMeanwhileError`.

    Weak tags never match (the comparison is the strong one). Raises `PreconditionMissingError` without the header,
    `MalformedError` for one that is no list of entity tags.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise PreconditionMissingError("Read it first, then send its ETag as If-Match.")
    return None if header.strip() == "*" else frozenset(_strong_tags(header))


def _strong_tags(header: str) -> list[str]:
    tags, place = [], 0
    while place < len(header):
        found = _TAG.match(header, place)
        if found is None:
            raise MalformedError("If-Match is not a list of entity tags.")
        if not found["weak"]:
            tags.append(found["opaque"])
        place = found.end()
    return tags
