"""A small DNS server that answers for the names of replicas, as the one of a container engine does."""

from __future__ import annotations

import socket
import struct
import threading
from types import TracebackType
from typing import Self

_A, _IN = 1, 1


class Names:
    """Answers A questions from `table`, which may change at any time; a name without addresses does not exist."""

    def __init__(self, table: dict[str, list[str]]) -> None:
        self.table = table
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end:
            end.sendto(b"", self._socket.getsockname())
        self._thread.join(60)
        self._socket.close()

    def _serve(self) -> None:
        while question := self._socket.recvfrom(512):
            if not question[0]:
                return
            self._socket.sendto(self._answer(question[0]), question[1])

    def _answer(self, question: bytes) -> bytes:
        labels, position = [], 12
        while length := question[position]:
            labels.append(question[position + 1 : position + 1 + length].decode())
            position += 1 + length
        (kind,) = struct.unpack_from("!H", question, position + 1)
        asked = question[12 : position + 5]
        known = self.table.get(".".join(labels), [])
        found = known if kind == _A else []
        flags = 0x8180 if known else 0x8183
        head = struct.pack("!HHHHHH", *struct.unpack_from("!H", question), flags, 1, len(found), 0, 0)
        records = (struct.pack("!HHHIH", 0xC00C, _A, _IN, 1, 4) + socket.inet_aton(each) for each in found)
        return head + asked + b"".join(records)
