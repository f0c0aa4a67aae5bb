"""The broker's management API, for what AMQP cannot tell or do: bindings, policies, users (`/api/` of RabbitMQ)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx

_SECONDS = 10.0


class ManagementError(Exception):
    """The management API does not answer, or refuses; the message says what it said."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """Patterns of names, and for the exchange of routing keys, that say what a user may do in the virtual host."""

    configure: str
    write: str
    read: str
    exchange: str
    keys_written: str
    keys_read: str


class Management:
    """One virtual host, as the management API shows it. Every method raises `ManagementError`."""

    def __init__(self, client: httpx.Client, virtual_host: str) -> None:
        self._client = client
        self._virtual_host = virtual_host

    def queue(self, name: str) -> Mapping[str, Any] | None:
        """A queue with its `arguments`, `policy` and `effective_policy_definition`; None where there is none."""
        found: Mapping[str, Any] | None = self._get("queues", self._virtual_host, name)
        return found

    def queue_names(self) -> list[str]:
        """Every queue of the virtual host."""
        return sorted(each["name"] for each in self._get("queues", self._virtual_host, columns="name") or ())

    def keys(self, queue: str, exchange: str) -> frozenset[str]:
        """By which keys a queue is bound to an exchange."""
        found = self._get("bindings", self._virtual_host, "e", exchange, "q", queue) or ()
        return frozenset(each["routing_key"] for each in found)

    def policy(self, name: str) -> Mapping[str, Any] | None:
        """A policy with its `pattern`, `definition`, `priority` and `apply-to`; None where there is none."""
        found: Mapping[str, Any] | None = self._get("policies", self._virtual_host, name)
        return found

    def put_policy(self, name: str, policy: Mapping[str, Any]) -> None:
        """Set a policy."""
        self._send("PUT", "policies", self._virtual_host, name, body=policy)

    def user(self, name: str) -> Mapping[str, Any] | None:
        """A user, of whichever virtual host; None where there is none."""
        found: Mapping[str, Any] | None = self._get("users", name)
        return found

    def put_user(self, name: str, password: str) -> None:
        """Make a user who may do nothing yet and nothing by management, or give them another password."""
        self._send("PUT", "users", name, body={"password": password, "tags": ""})

    def limit_user(self, name: str, limits: Mapping[str, int]) -> None:
        """Set limits of a user, such as `max-connections`."""
        for limit, value in limits.items():
            self._send("PUT", "user-limits", name, limit, body={"value": value})

    def delete_user(self, name: str) -> None:
        """Remove a user; whoever is connected in their name is cut off."""
        self._send("DELETE", "users", name)

    def users_permitted(self) -> list[str]:
        """Who may do anything in the virtual host."""
        return sorted(each["user"] for each in self._get("vhosts", self._virtual_host, "permissions") or ())

    def keys_readable(self, user: str, exchange: str) -> str | None:
        """The pattern of keys that a user may bind from an exchange; None where nothing is said, which means all."""
        found = self._get("topic-permissions", self._virtual_host, user) or ()
        return next((str(each["read"]) for each in found if each["exchange"] == exchange), None)

    def permit(self, user: str, given: Permissions) -> None:
        """Say what a user may do; by routing key first, since without a word there they may bind all."""
        keys = {"exchange": given.exchange, "write": given.keys_written, "read": given.keys_read}
        self._send("PUT", "topic-permissions", self._virtual_host, user, body=keys)
        names = {"configure": given.configure, "write": given.write, "read": given.read}
        self._send("PUT", "permissions", self._virtual_host, user, body=names)

    def _get(self, *path: str, columns: str = "") -> Any:
        parameters = {"columns": columns} if columns else None
        answer = self._request("GET", path, params=parameters)
        return None if answer.status_code == HTTPStatus.NOT_FOUND else _checked(answer).json()

    def _send(self, method: str, *path: str, body: Mapping[str, Any] | None = None) -> None:
        _checked(self._request(method, path, json=body))

    def _request(self, method: str, path: tuple[str, ...], **more: Any) -> httpx.Response:
        address = "/".join(("api", *(quote(part, safe="") for part in path)))
        try:
            return self._client.request(method, address, **more)
        except httpx.TransportError as error:
            where = f"{self._client.base_url.host}:{self._client.base_url.port}"
            raise ManagementError(f"The broker's management API at {where} does not answer: {error}.") from error


@contextmanager
def managed(url: str, broker_url: str) -> Iterator[Management]:
    """The management API at `url` (`https://user:password@host:15671`) for the virtual host of `broker_url`.

    Where `url` names no user, it is the user of `broker_url`.
    """
    broker, address = urlsplit(broker_url), urlsplit(url)
    named = address if address.username else broker
    who = (unquote(named.username or ""), unquote(named.password or ""))
    base = address._replace(netloc=address.netloc.rpartition("@")[2]).geturl()
    with httpx.Client(base_url=base, auth=who, timeout=_SECONDS, trust_env=False) as client:
        yield Management(client, unquote(broker.path[1:]) or "/")


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success:
        return answer
    if answer.status_code in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise ManagementError(
            "The broker's management API does not let this user do that: it needs a user tagged `administrator`"
            " (for limits alone `policymaker`) in WARDENRY_BROKER_MANAGEMENT_URL."
        )
    raise ManagementError(f"The broker's management API refuses ({answer.status_code}): {answer.text[:300]}")
