"""Starts servers again that ended by themselves, as a container engine does."""

import threading
from collections.abc import Sequence
from contextlib import suppress

from deploy.native.errors import ServerError
from deploy.native.server import Server

_LOOK_EVERY = 0.5


class Keeper:
    """Looks after running servers until `close`."""

    def __init__(self, servers: Sequence[Server]) -> None:
        """Looks after them from now on."""
        self._servers = servers
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="keeper of servers", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Leave them to themselves."""
        self._closing.set()
        self._thread.join()

    def _keep(self) -> None:
        while not self._closing.wait(_LOOK_EVERY):
            for server in self._servers:
                if not server.running:
                    server.kill()  # what it left of itself
                    with suppress(ServerError):  # it is looked at again
                        server.start()
