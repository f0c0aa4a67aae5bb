"""Free ports on loopback, from a range that outgoing connections do not take from."""

import secrets
import socket
from pathlib import Path

from deploy.native.errors import ServerError

HOST = "127.0.0.1"
_EPHEMERAL = Path("/proc/sys/net/ipv4/ip_local_port_range")
_LOWEST = 10_000
_TRIES = 1_000


def free(count: int) -> tuple[int, ...]:
    """So many different ports on which nothing listens now.

    They are drawn at random below the range that the kernel hands out by itself, so that a server that
    stops can have its port again, and two test runs at once hardly ever meet. Raises ServerError when there
    are too few.
    """
    found: dict[int, None] = {}
    for _ in range(_TRIES):
        if len(found) == count:
            return tuple(found)
        port = _LOWEST + secrets.randbelow(_highest() - _LOWEST)
        if is_free(port):
            found[port] = None
    raise ServerError(f"no {count} free ports between {_LOWEST} and {_highest()} on {HOST}")


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _highest() -> int:
    try:
        return max(int(_EPHEMERAL.read_text().split()[0]), _LOWEST + 1_000)
    except OSError:
        return 32_768
