"""Who may call a view at all: every view bears exactly one of these marks, checked when the app is made.

What the caller may do with the thing called stays the rules' business, in the domain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])

_MARK = "_wardenry_access"


class Door(StrEnum):
    """Which credential opens a view."""

    PUBLIC = "public"
    PERSON = "person"
    ANYONE_WITH_TOKEN = "anyone_with_token"  # noqa: S105 -- the name of a kind of door
    SERVICE = "service"
    MACHINERY = "machinery"


@dataclass(frozen=True, slots=True)
class Access:
    """A view's door, and the scope that the token must carry besides."""

    door: Door
    scope: str | None = None


def public(view: View) -> View:
    """Open to everybody; a token that is brought along is looked at only if the view asks who calls."""
    return _mark(view, Access(Door.PUBLIC))


def signed_in(view: View) -> View:
    """Needs the access token of a person: 401 `not_signed_in` without one."""
    return _mark(view, Access(Door.PERSON))


def signed_in_or_client(view: View) -> View:
    """Needs an access token, of a person or of a relying site's own program (`context.client_or_none`)."""
    return _mark(view, Access(Door.ANYONE_WITH_TOKEN))


def needs_scope(scope: str) -> Callable[[View], View]:
    """Needs an access token that carries `scope`: 401 without a token, 403 `scope_missing` without the scope."""

    def decorate(view: View) -> View:
        return _mark(view, Access(Door.ANYONE_WITH_TOKEN, scope))

    return decorate


def internal(view: View) -> View:
    """Needs the service token of another service of Wardenry; never in the public document, never routed."""
    return _mark(view, Access(Door.SERVICE))


def machinery(view: View) -> View:
    """Open to everybody and outside of any unit of work: health and documents, for the chassis' own views alone."""
    return _mark(view, Access(Door.MACHINERY))


def access_of(view: Callable[..., Any]) -> Access | None:
    """The mark of a view function, seen through whatever wraps it."""
    mark: Access | None = getattr(view, _MARK, None)
    return mark


def _mark(view: View, access: Access) -> View:
    if access_of(view) is not None:
        raise TypeError(f"{view.__qualname__} has two marks of who may call it: one is right.")
    setattr(view, _MARK, access)
    return view
