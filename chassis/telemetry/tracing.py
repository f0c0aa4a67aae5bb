"""Traces through HTTP, outbox, bus and mail (OPS-5): spans by route and type, with nothing personal in them.

A trace travels as the text of its W3C `traceparent`, in headers, in the outbox and in events. The tracer here makes no
spans: it hands on what came in, so that traces of others do not break at Wardenry.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar, Token
from enum import Enum, auto
from types import TracebackType
from typing import Protocol, Self

from chassis.telemetry.traceparent import TraceParent

Attributes = Mapping[str, str | int | bool]

_current: ContextVar[TraceParent | None] = ContextVar("wardenry_trace", default=None)


class Kind(Enum):
    """What a span is to the one before it (OpenTelemetry, SpanKind)."""

    INTERNAL = auto()
    SERVER = auto()
    CLIENT = auto()
    PRODUCER = auto()
    CONSUMER = auto()


def current_trace() -> TraceParent | None:
    """Where in which trace this thread is at work."""
    return _current.get()


def current_traceparent() -> str | None:
    """The same as the text that goes into headers and events."""
    current = _current.get()
    return None if current is None else str(current)


class Scope(Protocol):
    """A span while its work lasts: a context manager."""

    def __enter__(self) -> Self:
        """Begin; what happens inside belongs to it."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End; an error marks it as failed, by its class alone."""

    @property
    def traceparent(self) -> str | None:
        """What to hand on with whatever this work brings about."""

    def tell(self, attributes: Attributes) -> None:
        """Add what came out meanwhile."""

    def fail(self, kind: str) -> None:
        """Mark it as failed, with the kind of error."""


class Tracer:
    """Makes no spans, and hands on what came in."""

    @property
    def records(self) -> bool:
        """Whether spans go anywhere: what costs time to prepare for one can be left out otherwise."""
        return False

    def span(
        self, name: str, kind: Kind = Kind.INTERNAL, *, parent: str | None = None, attributes: Attributes | None = None
    ) -> Scope:
        """A span to be entered; below `parent`, else below the one under way, else the first of a new trace."""
        del name, kind, attributes
        return HandingOn(TraceParent.parse(parent) or current_trace())

    def note(
        self, name: str, kind: Kind, *, parent: str | None, begun: float, attributes: Attributes | None = None
    ) -> None:
        """A span that is over already: it began at `begun` (`time.time`) and ends now. Nothing without a parent."""

    def start(self) -> None:
        """Begin to send."""

    def stop(self) -> None:
        """Send what is left, within a second, and end."""


class HandingOn:
    """No span of its own: the one that came in stays the current one."""

    __slots__ = ("_parent", "_token")

    def __init__(self, parent: TraceParent | None) -> None:
        self._parent = parent
        self._token: Token[TraceParent | None] | None = None

    def __enter__(self) -> Self:
        self._token = _current.set(self._parent)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._token is not None:
            _current.reset(self._token)

    @property
    def traceparent(self) -> str | None:
        return None if self._parent is None else str(self._parent)

    def tell(self, attributes: Attributes) -> None:
        """Nobody to tell."""

    def fail(self, kind: str) -> None:
        """Nobody to tell."""
