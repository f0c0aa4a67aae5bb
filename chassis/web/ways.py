"""Ways past the framework, by what a plain call brings: JSON with an access token, or a form that says who calls."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from chassis.kernel.errors import NotSignedInError
from chassis.security.callers import Bearer
from chassis.web.exchange import bearer_in

Headers = Sequence[tuple[str, str]]


class Shortcut(Protocol):
    """The quicker twin of a view for those with an access token. It only reads."""

    def read(self, body: bytes) -> Any | None:
        """What a body asks; None where it needs the view's look. Never raises."""

    def answer(self, bearer: Bearer, asked: Any) -> bytes:
        """The JSON of the view's answer with status 200; what it raises the framework tells."""


class FormShortcut(Protocol):
    """The quicker twin of a protocol's view that takes a form and judges by itself who calls."""

    @property
    def headers(self) -> Headers:
        """Those of the view's answers beside the ones that every answer has."""

    def read(self, authorization: str, form: Mapping[str, str]) -> Any | None:
        """What a form asks, with the header that came with it; None where it needs the view's look. Never raises."""

    def answer(self, asked: Any) -> bytes | None:
        """The JSON of the view's answer with status 200; None, with nothing done, where the view is to answer. What it
        raises the framework tells, without asking the view.
        """


class Way(Protocol):
    """A shortcut, by what it is handed: see the two kinds."""

    @property
    def media(self) -> frozenset[str]:
        """The types of body that it takes."""

    @property
    def largest(self) -> int:
        """The bytes of the largest."""

    @property
    def headers(self) -> Headers:
        """Those of its answers beside the ones that every answer has."""

    def read(self, authorization: str, body: bytes) -> Any | None:
        """What is asked; None where the framework is to look."""

    def answer(self, authorization: str, asked: Any) -> bytes | None:
        """The answer; None where the framework is to give it."""


@dataclass(frozen=True, slots=True)
class TokenWay:
    """The way of `Shortcut`."""

    shortcut: Shortcut
    verify: Callable[[str], Bearer]
    largest: int
    media: frozenset[str] = frozenset({"application/json", "application/json; charset=utf-8"})
    headers: Headers = ()

    def read(self, authorization: str, body: bytes) -> Any | None:  # noqa: ARG002 -- who calls is judged last
        return self.shortcut.read(body)

    def answer(self, authorization: str, asked: Any) -> bytes | None:
        token = bearer_in(authorization)
        if token is None:
            raise NotSignedInError
        return self.shortcut.answer(self.verify(token), asked)


@dataclass(frozen=True, slots=True)
class FormWay:
    """The way of `FormShortcut`."""

    shortcut: FormShortcut
    largest: int = 8192
    media: frozenset[str] = frozenset({"application/x-www-form-urlencoded"})

    @property
    def headers(self) -> Headers:
        return self.shortcut.headers

    def read(self, authorization: str, body: bytes) -> Any | None:
        form = plain_form(body)
        return None if form is None else self.shortcut.read(authorization, form)

    def answer(self, authorization: str, asked: Any) -> bytes | None:  # noqa: ARG002 -- read has seen it
        return self.shortcut.answer(asked)


_FIELD: Final = rb"[A-Za-z0-9._~-]+=[A-Za-z0-9._~-]+"
_PLAIN: Final = re.compile(rb"%b(?:&%b)*" % (_FIELD, _FIELD))


def plain_form(body: bytes) -> dict[str, str] | None:
    """The fields of a form in which each stands once, and nothing needs to be read in a certain way; else None."""
    if _PLAIN.fullmatch(body) is None:
        return None
    pairs = [pair.split("=") for pair in body.decode("ascii").split("&")]
    form = {name: value for name, value in pairs}  # noqa: C416 -- a pair is a list
    return form if len(form) == len(pairs) else None
