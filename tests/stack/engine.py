"""Which way the servers of integration tests come: private processes, or containers where an engine answers."""

import os
import socket
from urllib.parse import urlsplit

CHOICE = "WARDENRY_TEST_SERVERS"
_SECONDS = 5


def use_containers() -> bool:
    """Whether to use containers: as WARDENRY_TEST_SERVERS says (`native` or `containers`), or if they can be had.

    Raises ValueError for any other word.
    """
    choice = os.environ.get(CHOICE, "")
    if choice not in {"", "native", "containers"}:
        raise ValueError(f"{CHOICE} is native or containers, not {choice}")
    return choice == "containers" or (not choice and engine_answers())


def engine_answers() -> bool:
    """Whether a container engine listens where DOCKER_HOST says, or where it does by default."""
    address = urlsplit(os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")
    try:
        if address.scheme == "unix":
            with socket.socket(socket.AF_UNIX) as probe:
                probe.connect(address.path)
        else:
            socket.create_connection((address.hostname or "", address.port or 2375), _SECONDS).close()
    except OSError:
        return False
    return True
