"""The static files, under one name that changes with any of them: browsers may keep them for ever."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_TEXT: Final = frozenset({".css", ".js", ".svg", ".json", ".txt"})
_TYPES: Final = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml", ".ico": "image/x-icon"}


@dataclass(frozen=True, slots=True)
class Asset:
    """One file: its type, its content, and the same compressed where that pays."""

    content_type: str
    content: bytes
    compressed: bytes | None


class Assets:
    """The files below a folder; `version` names all their contents."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        self._paths = {path.relative_to(folder).as_posix(): path for path in paths}
        digest = hashlib.sha256()
        for name, path in self._paths.items():
            digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
        self.version = digest.hexdigest()[:16]
        self._read: dict[str, Asset] = {}
        self._lock = threading.Lock()

    def find(self, name: str) -> Asset | None:
        """The file of that name, None where there is none; read and compressed once."""
        path = self._paths.get(name)
        if path is None:
            return None
        with self._lock:
            if name not in self._read:
                self._read[name] = _asset(path)
            return self._read[name]


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if path.suffix not in _TEXT:
        return Asset(kind, content, None)
    return Asset(f"{kind}; charset=utf-8", content, gzip.compress(content, 9, mtime=0))
