"""The errand that tells clients of sessions that ended, by POST, and never inside the operators' own network."""

from __future__ import annotations

import socket
from collections.abc import Callable
from functools import partial
from ipaddress import ip_address
from typing import Any, Final

import httpcore
import httpx
import structlog

from chassis.calling.deadline import BoundedTransport, within
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.tell_logout import Notice, SettleLogout, claim_logout, settle_logout

_WHOLE_CALL: Final = 10.0
_EACH_WAIT: Final = 5.0
_LIMITS: Final = httpx.Limits(max_connections=2, max_keepalive_connections=0)

Run = Callable[[Callable[[UnitOfWork[Store]], Any]], Any]
"""Runs a use case in a transaction of its own."""

log = structlog.get_logger(__name__)


class LogoutSender:
    """Tells one client of one session a step. Any number may run, in any number of processes.

    A killed sender's claim runs out; the client may then be told twice, which ends nothing twice.
    """

    def __init__(self, run: Run, ports: Ports, *, to_private_addresses: bool = False) -> None:
        self._run = run
        self._ports = ports
        self._look_up = _any_address if to_private_addresses else public_address

    def step(self) -> bool:
        """Claim, send, settle; False where nothing is due."""
        notice: Notice | None = self._run(lambda work: claim_logout(work, self._ports))
        if notice is None:
            return False
        taken = notice.uri is None or self._post(notice.uri, notice)
        owed = self._run(partial(_settled, SettleLogout(notice.owed, taken), self._ports))
        if not taken and not owed:
            log.warning("logout_given_up", client_id=notice.owed.client_id, session_id=notice.owed.session_id)
        return True

    def _post(self, uri: str, notice: Notice) -> bool:
        """Whether the client took it: what it answers besides is not read, and where it would send us not gone to."""
        try:
            form = {"logout_token": notice.token}
            with within(_WHOLE_CALL), self._client() as client, client.stream("POST", uri, data=form) as answer:
                status = answer.status_code
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            log.warning("logout_not_told", client_id=notice.owed.client_id, reason=type(error).__name__)
            return False
        if status not in {200, 204}:
            log.warning("logout_not_taken", client_id=notice.owed.client_id, status=status)
            return False
        return True

    def _client(self) -> httpx.Client:
        transport = BoundedTransport(_LIMITS, look_up=self._look_up)
        return httpx.Client(transport=transport, timeout=_EACH_WAIT, trust_env=False, follow_redirects=False)


def public_address(host: str) -> str:
    """An address of the host, looked up once and then connected to; raises `httpcore.ConnectError`.

    All its addresses must be public: a name that also leads inside is nobody's site.
    """
    try:
        found = [entry[4][0] for entry in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]
    except OSError as error:
        raise httpcore.ConnectError("the host has no address") from error
    addresses = [str(address) for address in found]
    if not addresses or not all(_is_public(address) for address in addresses):
        raise httpcore.ConnectError("the host is not on the public network")
    return addresses[0]


def _is_public(address: str) -> bool:
    read = ip_address(address.partition("%")[0])
    inner = getattr(read, "ipv4_mapped", None) or getattr(read, "sixtofour", None)
    return read.is_global and not read.is_multicast and (inner is None or inner.is_global)


def _any_address(host: str) -> str:
    return host


def _settled(command: SettleLogout, ports: Ports, work: UnitOfWork[Store]) -> bool:
    return settle_logout(command, work, ports)
