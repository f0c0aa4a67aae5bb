"""The embedded mode's own secrets: made at first start and kept in the data folder, for its owner alone (OPS-1)."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable

from chassis.security.sealing import make_recipient_key
from wardenry.embedded.folder import DataFolder

_FILE = "secrets.json"


class OwnSecrets:
    """Secrets by name: each is made when it is first asked for, and is the same from then on."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder
        path = folder.path / _FILE
        self._kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def secret(self, name: str) -> str:
        """256 random bits."""
        return self._get(name, lambda: secrets.token_hex(32))

    def key_ring(self, name: str) -> str:
        """A ring of one sealing key."""
        return self._get(name, lambda: f"first:{secrets.token_urlsafe(32)}")

    def recipient_key(self, name: str) -> str:
        """A key pair for sealed fields: the private JWK, as JSON."""
        return self._get(name, lambda: json.dumps(make_recipient_key().as_dict(private=True)))

    def _get(self, name: str, make: Callable[[], str]) -> str:
        if name not in self._kept:
            self._kept[name] = make()
            self._folder.write_private(_FILE, json.dumps(self._kept, indent=2, sort_keys=True))
        return self._kept[name]
