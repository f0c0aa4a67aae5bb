"""A TCP proxy on loopback that delays, cuts and half-opens what runs through it, at a precise moment if need be."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from socket import SOL_SOCKET
from types import TracebackType
from typing import Self

from deploy.native.ports import HOST, free

_CHUNK = 65_536
_LONGEST_PATTERN = 200

# A socket filter (classic BPF) of one instruction: keep nothing.
_SO_ATTACH_FILTER = 26
_RETURN_NOTHING = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
_DROP_ALL = struct.pack("HL", 1, ctypes.addressof(_RETURN_NOTHING))


class Toward(StrEnum):
    """Which way bytes go."""

    SERVER = "server"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class Moment:
    """When the bytes toward the server hold these, one after the other, on one connection.

    `passing` lets the last of them through and holds back the answer alone.
    """

    patterns: tuple[bytes, ...]
    passing: bool


class Proxy:
    """Stands before one server. Its methods may be called from any thread, and act on what is open and what comes."""

    def __init__(self, port: int) -> None:
        """The server's port; `port` is where the proxy listens."""
        self._server_port = port
        (self.port,) = free(1)
        self._loop = asyncio.new_event_loop()
        self._links: set[_Link] = set()
        self._open = dict.fromkeys(Toward, True)
        self._accepting = True
        self._delay = 0.0
        self._moment: Moment | None = None
        self._caught = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"proxy {self.port}", daemon=True)
        self._ready = threading.Event()

    def start(self) -> Self:
        """Listen."""
        self._thread.start()
        self._ready.wait(60)
        return self

    def close(self) -> None:
        """Cut everything and listen no more."""
        self.refuse()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def through(self, url: str) -> str:
        """The URL of something on the server, by way of this proxy."""
        return url.replace(f":{self._server_port}/", f":{self.port}/")

    def cut(self) -> None:
        """Reset every connection; new ones may be made at once."""
        self._do(self._cut)

    def refuse(self) -> None:
        """Reset every connection, and each that comes, until `heal`."""
        self._accepting = False
        self.cut()

    def hold(self, *directions: Toward) -> None:
        """Let nothing through (either way, unless said) though every connection stays open: half-open, until `heal`."""
        for direction in directions or Toward:
            self._open[direction] = False
        self._do(self._set_gates)

    def delay(self, seconds: float) -> None:
        """Let each chunk wait so long, until `heal`."""
        self._delay = seconds

    def freeze(self) -> None:
        """Have every connection that is open now die without a word; new ones run through.

        What comes to the proxy's end of them is dropped before TCP sees it, so nothing is acknowledged any more: as if
        the other machine had lost its power.
        """
        self._do(self._freeze)

    def catch(self, *patterns: bytes, passing: bool) -> None:
        """Hold the first connection on which these come by, one after the other: before the last arrives, or after."""
        self._caught.clear()
        self._moment = Moment(patterns, passing)

    def await_caught(self, within: float = 180.0) -> None:
        """Wait for what `catch` is to hold; raises `AssertionError` where it does not come by."""
        assert self._caught.wait(within), f"{self._moment} did not come by within {within} s"

    def heal(self) -> None:
        """Let everything through again, what was held back first."""
        self._accepting, self._delay, self._moment = True, 0.0, None
        self._open = dict.fromkeys(Toward, True)
        self._do(self._set_gates)

    @property
    def connections(self) -> int:
        """How many are open."""
        return len(self._links)

    def _do(self, act: Callable[[], None]) -> None:
        done = threading.Event()

        def run() -> None:
            act()
            done.set()

        self._loop.call_soon_threadsafe(run)
        done.wait(60)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._accept, HOST, self.port))
        self._ready.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def _cut(self) -> None:
        for link in list(self._links):
            link.abort()

    def _set_gates(self) -> None:
        for link in self._links:
            link.set_gates(self._open)

    def _freeze(self) -> None:
        for link in self._links:
            link.freeze()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if not self._accepting:
                raise ConnectionRefusedError
            onward = await asyncio.open_connection(HOST, self._server_port)
        except OSError:
            writer.transport.abort()
            return
        link = _Link(writer, onward[1])
        link.set_gates(self._open)
        self._links.add(link)
        ways = ((reader, onward[1], Toward.SERVER), (onward[0], writer, Toward.CLIENT))
        pumps = [asyncio.create_task(self._pump(link, *way)) for way in ways]
        with contextlib.suppress(asyncio.CancelledError):  # the proxy closes
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        for pump in pumps:
            pump.cancel()
        await asyncio.gather(*pumps, return_exceptions=True)
        self._links.discard(link)
        link.close()

    async def _pump(
        self, link: _Link, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, toward: Toward
    ) -> None:
        with contextlib.suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                if toward is Toward.SERVER:
                    self._watch(link, chunk)
                if self._delay:
                    await asyncio.sleep(self._delay)
                await link.gates[toward].wait()
                writer.write(chunk)
                await writer.drain()

    def _watch(self, link: _Link, chunk: bytes) -> None:
        """Close the link's gate where the awaited bytes come by."""
        moment = self._moment
        if moment is not None and link.has_sent(moment, chunk):
            self._moment = None
            link.gates[Toward.CLIENT if moment.passing else Toward.SERVER].clear()
            self._caught.set()


class _Link:
    """One connection, from its client to the server."""

    def __init__(self, *writers: asyncio.StreamWriter) -> None:
        self._writers = writers
        self._moment: Moment | None = None
        self._seen = b""
        self._awaited: list[bytes] = []
        self._frozen = False
        self.gates = {direction: asyncio.Event() for direction in Toward}

    def has_sent(self, moment: Moment, chunk: bytes) -> bool:
        """Whether with this chunk all of the moment's patterns have come by, one after the other."""
        if moment is not self._moment:
            self._moment, self._seen, self._awaited = moment, b"", list(moment.patterns)
        self._seen += chunk
        while self._awaited and (at := self._seen.find(self._awaited[0])) >= 0:
            self._seen = self._seen[at + len(self._awaited.pop(0)) :]
        self._seen = self._seen[-_LONGEST_PATTERN:]
        return not self._awaited

    def set_gates(self, is_open: dict[Toward, bool]) -> None:
        for direction, gate in self.gates.items():
            if is_open[direction] and not self._frozen:
                gate.set()
            else:
                gate.clear()

    def freeze(self) -> None:
        self._frozen = True
        self.set_gates(dict.fromkeys(Toward, False))
        for writer in self._writers:
            socket = writer.get_extra_info("socket")
            socket.setsockopt(SOL_SOCKET, _SO_ATTACH_FILTER, _DROP_ALL)

    def abort(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    def close(self) -> None:
        for writer in self._writers:
            writer.close()
