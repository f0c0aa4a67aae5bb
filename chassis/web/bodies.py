"""What a view takes as its body and query, known from its declaration, and checked before the view runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final, TypeVar

from flask import Request, request
from webargs.core import is_json
from werkzeug.exceptions import RequestEntityTooLarge

from chassis.kernel.errors import Category, Fault, InvalidError, NotFoundError, WardenryError
from chassis.web.parsing import MalformedError
from chassis.web.pointers import escaped

View = TypeVar("View", bound=Callable[..., Any])

_FORM_TYPES: Final = {
    "form": ("application/x-www-form-urlencoded", "multipart/form-data"),
    "files": ("multipart/form-data",),
}
_BODIES: Final = frozenset({"json", "form", "files"})
_LARGEST: Final = "_wardenry_largest_body"


class BoundedRequest(Request):
    """A request whose body is whole or refused: the framework cuts one that comes without a length at the limit."""

    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Any:  # noqa: FBT001, FBT002 -- as the framework has it
        """The body; raises `RequestEntityTooLarge` past `max_content_length`."""
        data: bytes | str = super().get_data(cache, as_text, parse_form_data)  # type: ignore[call-overload]
        limit = self.max_content_length
        if self.content_length is None and limit is not None and len(data) >= limit:
            raise RequestEntityTooLarge
        return data


class MediaTypeError(WardenryError):
    """The body comes in a content type that the view does not take."""

    category: ClassVar[Category] = Category.UNSUPPORTED
    code: ClassVar[str] = "unsupported_media_type"


def takes_up_to(size: int) -> Callable[[View], View]:
    """The view takes bodies of up to so many bytes, in place of the app's limit: for uploads."""

    def decorate(view: View) -> View:
        setattr(view, _LARGEST, size)
        return view

    return decorate


def largest_body(view: Callable[..., Any]) -> int | None:
    """The view's own limit, if it has one."""
    size: int | None = getattr(view, _LARGEST, None)
    return size


def check_characters() -> None:
    """Refuse a path or header with a NUL in it, which no database takes."""
    if "\0" in request.path:
        raise NotFoundError
    if any("\0" in value for value in request.headers.values()):
        raise MalformedError("A header has a character (NUL) that none may have.")


def check_size(limit: int) -> None:
    """Refuse a body that says it is larger than `limit`, and bind the reading of one that does not say."""
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        raise RequestEntityTooLarge


def check_form(view: Callable[..., Any]) -> None:
    """Raise `MediaTypeError` for a body of another content type than the view's, and `InvalidError` for query
    parameters where it takes none. Views without a declaration take what they like.
    """
    declared = getattr(view, "_apidoc", None)
    if declared is None:
        return
    locations = {part["in"] for part in declared.get("arguments", {}).get("parameters", ())}
    _check_body(locations & _BODIES)
    if "query" not in locations and request.args:
        raise InvalidError(
            [Fault(f"/{escaped(name)}", "unknown_field", "There is no such parameter here.") for name in request.args]
        )


def _check_body(locations: set[str]) -> None:
    if not locations or not (request.content_length or request.headers.get("Transfer-Encoding")):
        return
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise MediaTypeError("Send the body without a content encoding.")
    if "json" in locations and is_json(request.mimetype):
        return
    if any(request.mimetype in _FORM_TYPES.get(location, ()) for location in locations):
        return
    wanted = "application/json" if "json" in locations else _FORM_TYPES[min(locations)][0]
    raise MediaTypeError(f"Send the body as {wanted}.")
