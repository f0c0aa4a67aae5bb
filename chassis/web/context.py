"""What a view may know of the request under way; each service has one, typed with its own store and ports."""

from __future__ import annotations

from typing import Generic, TypeVar, cast
from uuid import UUID

from chassis.kernel.cause import Cause
from chassis.kernel.errors import NotSignedInError
from chassis.kernel.work import UnitOfWork
from chassis.security.callers import Caller, ClientCaller, ServiceCaller
from chassis.web.exchange import current_exchange

Store = TypeVar("Store")
Ports = TypeVar("Ports")


class RequestContext(Generic[Store, Ports]):
    """Reads the exchange under way; it has no state, so that one instance per service serves every thread.

    `services/<name>/api/context.py` holds it: `context: RequestContext[Store, Ports] = RequestContext()`.
    """

    @property
    def work(self) -> UnitOfWork[Store]:
        """The request's one unit of work: the edge commits it after the answer was built."""
        return cast("UnitOfWork[Store]", current_exchange().work)

    @property
    def ports(self) -> Ports:
        """What else the service's use cases are handed."""
        return cast("Ports", current_exchange().definition.ports)

    @property
    def caller(self) -> Caller:
        """The person who calls; raises `NotSignedInError` where there is none."""
        caller = current_exchange().caller
        if caller is None:
            raise NotSignedInError
        return caller

    @property
    def caller_or_none(self) -> Caller | None:
        """The person who calls, None without a token; raises `NotSignedInError` for a token that is not valid."""
        return current_exchange().caller

    @property
    def client_or_none(self) -> ClientCaller | None:
        """The relying site's own program that calls, None where a person or nobody does."""
        return current_exchange().client

    @property
    def service(self) -> ServiceCaller:
        """The service that calls, in views marked `@internal`; raises `NotSignedInError` elsewhere."""
        service = current_exchange().service
        if service is None:
            raise NotSignedInError
        return service

    @property
    def site(self) -> str:
        """The site through which the call came (ENT-15)."""
        return current_exchange().site

    @property
    def address(self) -> str | None:
        """The network address of the person's client, None where it is not known."""
        return current_exchange().address

    @property
    def operation_id(self) -> UUID:
        """Names this operation: the same for every call with the same `Idempotency-Key`, caller, method and path,
        and so fit to be the identifier of what is made; random without a key.
        """
        return current_exchange().operation_id

    @property
    def cause(self) -> Cause:
        """Who brought this about, as `work.cause` has it too."""
        return current_exchange().cause
