"""The hashing of RFC 9162, section 2.1, which makes of many entries one short, provable value (AUD-3)."""

from __future__ import annotations

from hashlib import sha256

_LEAF = b"\x00"


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one entry's bytes: SHA-256(0x00 ‖ leaf) (RFC 9162, section 2.1.1)."""
    return sha256(_LEAF + leaf).digest()
