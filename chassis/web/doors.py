"""Opens a view to those whom its mark admits, before anything else of the request is looked at."""

from __future__ import annotations

from typing import ClassVar

from chassis.kernel.errors import ForbiddenError, NotFoundError, NotSignedInError
from chassis.security.callers import ServiceCaller
from chassis.web.access import Access, Door
from chassis.web.exchange import Exchange, bearer_token


class ScopeMissingError(ForbiddenError):
    """The token is valid and does not reach this far."""

    code: ClassVar[str] = "scope_missing"


def open_door(access: Access, exchange: Exchange) -> None:
    """Return if the call may go on; raises `NotSignedInError`, `ScopeMissingError`."""
    if access.door is Door.SERVICE:
        exchange.service = _service(exchange)
    elif access.door is Door.PERSON:
        if exchange.caller is None:
            raise NotSignedInError
    elif access.door is Door.ANYONE_WITH_TOKEN:
        _check_token(access.scope, exchange)


def _service(exchange: Exchange) -> ServiceCaller:
    verify, token = exchange.definition.verify_service, bearer_token()
    if verify is None:
        raise NotFoundError
    if token is None:
        raise NotSignedInError
    return verify(token)


def _check_token(scope: str | None, exchange: Exchange) -> None:
    bearer = exchange.bearer
    if bearer is None:
        raise NotSignedInError
    if scope is not None and scope not in bearer.scopes:
        raise ScopeMissingError(f"This needs the scope {scope}, which the access token does not carry.")
