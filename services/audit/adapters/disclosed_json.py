"""Personal values as they are kept beside the log: `[[path, salt in hexadecimal, value], ...]` in JSON."""

from __future__ import annotations

from collections.abc import Sequence

import orjson

from services.audit.domain.personal import Disclosed


def dumps(disclosed: Sequence[Disclosed]) -> bytes | None:
    """None for no values. Bytes, and not the database's own JSON, which refuses some texts that may come (NUL)."""
    if not disclosed:
        return None
    return orjson.dumps([(path, salt.hex(), value) for path, salt, value in disclosed])


def loads(kept: bytes) -> Sequence[Disclosed]:
    """What `dumps` wrote."""
    return [Disclosed(path, bytes.fromhex(salt), value) for path, salt, value in orjson.loads(kept)]
