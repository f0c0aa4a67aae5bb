"""A RabbitMQ server as those see it who need virtual hosts of it, whoever runs it."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx

_SECONDS = 20


@dataclass(frozen=True)
class VirtualHost:
    """One virtual host, into which the administrator is let with all permissions."""

    name: str
    url: str
    """`amqp://user:password@host:port/name`"""


class Broker:
    """Makes and deletes virtual hosts, users and policies through the management API.

    Every method raises httpx.HTTPError when the broker refuses or does not answer.
    """

    def __init__(self, host: str, port: int, management_port: int, user: str, password: str) -> None:
        """The server that speaks AMQP at `port`; `user` is its administrator."""
        self.host = host
        self.port = port
        self.management_url = f"http://{host}:{management_port}"
        self.user = user
        self._password = password
        self._api = httpx.Client(
            base_url=f"{self.management_url}/api/",
            auth=(user, password),
            timeout=_SECONDS,
            trust_env=False,  # a proxy has nothing to do with loopback
        )

    def url(self, virtual_host: str, user: str | None = None, password: str | None = None) -> str:
        """The AMQP URL of a virtual host, for the administrator or for somebody else."""
        names = [quote(part, safe="") for part in (user or self.user, password or self._password, virtual_host)]
        return f"amqp://{names[0]}:{names[1]}@{self.host}:{self.port}/{names[2]}"

    def create_virtual_host(self, name: str | None = None) -> VirtualHost:
        """An empty virtual host; takes about 10 ms."""
        name = name or f"test_{secrets.token_hex(6)}"
        self._call("PUT", "vhosts", name)
        self.permit(self.user, name)
        return VirtualHost(name, self.url(name))

    def delete_virtual_host(self, name: str) -> None:
        """Remove a virtual host with all that is in it; whoever is connected to it is cut off."""
        self._call("DELETE", "vhosts", name)

    def put_user(self, name: str, password: str, *, tags: str = "") -> None:
        """Add a user, who may do nothing yet, or change their password and tags."""
        self._call("PUT", "users", name, body={"password": password, "tags": tags})

    def delete_user(self, name: str) -> None:
        """Remove a user."""
        self._call("DELETE", "users", name)

    def permit(
        self, user: str, virtual_host: str, *, configure: str = ".*", write: str = ".*", read: str = ".*"
    ) -> None:
        """Say by patterns of names what a user may do in a virtual host; all, unless said."""
        body = {"configure": configure, "write": write, "read": read}
        self._call("PUT", "permissions", virtual_host, user, body=body)

    def permit_topics(self, user: str, virtual_host: str, exchange: str, *, write: str, read: str) -> None:
        """Say by patterns of routing keys what a user may publish to and bind from a topic exchange."""
        body = {"exchange": exchange, "write": write, "read": read}
        self._call("PUT", "topic-permissions", virtual_host, user, body=body)

    def put_policy(
        self, virtual_host: str, name: str, pattern: str, definition: Mapping[str, Any], *, to: str = "queues"
    ) -> None:
        """Set a policy for the queues or exchanges whose names match."""
        body = {"pattern": pattern, "definition": dict(definition), "apply-to": to}
        self._call("PUT", "policies", virtual_host, name, body=body)

    def ready(self, listener: int | None = None) -> bool:
        """Whether it listens for AMQP; inside a container the port is another than outside."""
        try:
            self._call("GET", "health", "checks", "port-listener", str(listener or self.port))
        except httpx.HTTPError:
            return False
        return True

    def close(self) -> None:
        """Let go of the connections to the management API."""
        self._api.close()

    def _call(self, method: str, *path: str, body: Mapping[str, Any] | None = None) -> None:
        address = "/".join(quote(part, safe="") for part in path)
        self._api.request(method, address, json=body).raise_for_status()
