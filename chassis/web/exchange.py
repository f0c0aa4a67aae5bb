"""One request and its answer: what the edge knows of it, kept for as long as it lasts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from uuid import UUID

from flask import g, request
from sqlalchemy import Connection

from chassis.kernel.cause import Cause
from chassis.kernel.errors import NotSignedInError
from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from chassis.security.callers import Bearer, Caller, ClientCaller, ServiceCaller
from chassis.telemetry.tracing import current_traceparent

if TYPE_CHECKING:
    from chassis.web.definition import ServiceApp

Store_co = TypeVar("Store_co", covariant=True)

OnBegin = Callable[[Connection], None]
"""Runs as the first thing inside the writing transaction, before the use case sees it."""

NOBODY = "system:visitor"
"""The actor of a call that nobody has signed."""


class RequestWork(UnitOfWork[Store_co], Protocol[Store_co]):
    """A unit of work with what the edge alone may do to it."""

    @property
    def connection(self) -> Connection | None:
        """The writing transaction's connection, once `writing` was called."""

    @property
    def wrote(self) -> bool:
        """Whether the writing transaction was ever begun, however it ended."""

    def commit(self) -> None:
        """Write the recorded events to the outbox and commit; without a writing transaction does nothing."""

    def rollback(self) -> None:
        """Undo everything and let the connection go; harmless after a commit and when called twice."""


@dataclass
class Exchange:
    """What is known of the request under way; `chassis.web.context` is how views see it."""

    definition: ServiceApp[Any, Any]
    correlation_id: str
    address: str | None
    gateway_site: str | None
    begun: float
    service: ServiceCaller | None = None
    on_begin: OnBegin | None = None
    etag: str | None = None
    operation_id: UUID = field(default_factory=new_id)
    _bearer: Bearer | NotSignedInError | None = field(default=None, init=False)
    _looked: bool = field(default=False, init=False)
    _work: RequestWork[Any] | None = field(default=None, init=False)

    @property
    def bearer(self) -> Bearer | None:
        """Whoever the access token stands for, None without a token; raises `NotSignedInError` for a bad one."""
        if not self._looked:
            self._looked, self._bearer = True, self._verify()
        if isinstance(self._bearer, NotSignedInError):
            raise self._bearer
        return self._bearer

    @property
    def bearer_if_valid(self) -> Bearer | None:
        """As `bearer`, but a bad token counts as none: for what is open to everybody."""
        try:
            return self.bearer
        except NotSignedInError:
            return None

    @property
    def caller(self) -> Caller | None:
        """The person who calls, None where there is none."""
        return self.bearer if isinstance(self.bearer, Caller) else None

    @property
    def client(self) -> ClientCaller | None:
        """The relying site's program that calls, None where a person calls or nobody."""
        return self.bearer if isinstance(self.bearer, ClientCaller) else None

    @property
    def site(self) -> str:
        """The site of the caller's token, else the gateway's word, else the setting (ENT-15)."""
        bearer = self.bearer_if_valid
        if isinstance(bearer, Caller):
            return bearer.site
        return self.gateway_site or self.definition.default_site

    @cached_property
    def cause(self) -> Cause:
        """Who brought this about, as events will tell it."""
        who = self.service or self.bearer_if_valid
        return Cause(
            actor=who.actor if who else NOBODY,
            correlation_id=self.correlation_id,
            site=self.gateway_site if self.service else self.site,
            address=self.address,
            traceparent=current_traceparent(),
        )

    @property
    def work(self) -> RequestWork[Any]:
        """The request's one unit of work, made at its first use."""
        if self._work is None:
            self._work = self.definition.begin(self.cause, self.on_begin)
        return self._work

    @property
    def work_begun(self) -> RequestWork[Any] | None:
        """The unit of work if anybody used it."""
        return self._work

    def _verify(self) -> Bearer | NotSignedInError | None:
        token = bearer_token()
        if token is None or self.service is not None:
            return None
        try:
            return self.definition.verify_token(token)
        except NotSignedInError as error:
            return error


def bearer_token() -> str | None:
    """What stands behind `Authorization: Bearer`, None where the header is absent or of another scheme."""
    return bearer_in(request.headers.get("Authorization", ""))


def bearer_in(header: str) -> str | None:
    """The bearer's token of an `Authorization` header, None for none and for another scheme."""
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def current_exchange() -> Exchange:
    """The exchange under way; raises `RuntimeError` outside a request."""
    exchange: Exchange = g.exchange
    return exchange
