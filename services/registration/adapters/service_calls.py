"""Calls to another service: in limited time, with one repeat, and a breaker that spares it while it is down (OPS-8)."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import structlog

from chassis.calling.breaker import Breaker, BreakerOpenError
from chassis.calling.deadline import within
from chassis.kernel.errors import UnavailableError


@dataclass(frozen=True, slots=True)
class TimeLimits:
    """Seconds: to be let in, for each wait for an answer, and for the whole of a call, its repeat included."""

    connect: float = 2.0
    answer: float = 6.0
    whole: float = 8.0

    @property
    def of_each_wait(self) -> httpx.Timeout:
        """As the client takes them."""
        return httpx.Timeout(self.answer, connect=self.connect, pool=self.connect)


_ATTEMPTS = 2
_RETRY_AFTER = 5
_GONE_ON_THE_WAY = (502, 504)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Callee:
    """Whom the calls go to, and what a person is told while it cannot be asked."""

    name: str
    away: str


class ServiceCalls:
    """Calls one service's internal API; `client` knows the way there, `token` makes a service token for a call.

    `client` has a `BoundedTransport`, or one that cannot wait. Every call may be repeated: nothing is done twice.
    """

    def __init__(
        self, callee: Callee, client: httpx.Client, token: Callable[[], str], breaker: Breaker, limits: TimeLimits
    ) -> None:
        self._callee = callee
        self._client = client
        self._token = token
        self._breaker = breaker
        self._whole = limits.whole

    def get(self, path: str, correlation_id: str) -> httpx.Response:
        """As `post`, of what is only read."""
        return self._called("GET", path, None, correlation_id)

    def post(self, path: str, body: Mapping[str, Any], correlation_id: str) -> httpx.Response:
        """An answer that says something; raises `UnavailableError` where there is none, or the breaker is open."""
        return self._called("POST", path, body, correlation_id)

    def _called(self, method: str, path: str, body: Mapping[str, Any] | None, correlation_id: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token()}", "X-Correlation-ID": correlation_id}
        try:
            with self._breaker.calling(httpx.HTTPError), within(self._whole):
                return self._send(method, path, body, headers)
        except httpx.HTTPError as error:
            log.warning("service_unavailable", callee=self._callee.name, path=path, reason=type(error).__name__)
            raise self._unavailable() from error
        except BreakerOpenError as error:
            log.warning("service_unavailable", callee=self._callee.name, path=path, reason="breaker open")
            raise self._unavailable(math.ceil(error.retry_after)) from error

    @contextmanager
    def understood(self, answer: httpx.Response) -> Iterator[None]:
        """What the block reads of an answer is there; an answer in another form is no answer."""
        try:
            yield
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise self.unexpected(answer) from error

    def unexpected(self, answer: httpx.Response) -> UnavailableError:
        """What an answer comes to that is none of those promised."""
        log.error("service_answered_unexpectedly", callee=self._callee.name, status=answer.status_code)
        return self._unavailable(_seconds(answer.headers.get("Retry-After", "")))

    def _send(
        self, method: str, path: str, body: Mapping[str, Any] | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        for _ in range(_ATTEMPTS - 1):
            try:
                return _spoken(self._client.request(method, path, json=body, headers=headers))
            except httpx.HTTPError:
                continue
        return _spoken(self._client.request(method, path, json=body, headers=headers))

    def _unavailable(self, retry_after: int = _RETRY_AFTER) -> UnavailableError:
        return UnavailableError(self._callee.away, retry_after=retry_after)


def _spoken(answer: httpx.Response) -> httpx.Response:
    """The answer, unless only a gateway answered; raises `httpx.HTTPStatusError` then."""
    return answer.raise_for_status() if answer.status_code in _GONE_ON_THE_WAY else answer


def _seconds(text: str) -> int:
    return int(text) if text.isdecimal() else _RETRY_AFTER
