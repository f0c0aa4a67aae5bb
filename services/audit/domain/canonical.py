"""RFC 8785 (JCS): the one way in which a value becomes the bytes that are hashed, here and at whoever checks."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

import orjson
import rfc8785

LARGEST_INTEGER = 2**53 - 1
"""Beyond it JSON's numbers are not exact (RFC 7493, section 2.2), and RFC 8785 has no form for them."""

_SEALED = "sealed"
_CONTAINERS = (dict, list, tuple)
_AS_RFC_8785 = orjson.OPT_SORT_KEYS | orjson.OPT_STRICT_INTEGER
_SORTED_OTHERWISE = re.compile(rb"[\xee-\xff]")
"""The first bytes of letters from U+E000 on, which orjson sorts by code point instead of by UTF-16 unit."""


def canonical(value: Any) -> bytes:
    """The RFC 8785 form of a JSON value; raises `ValueError` for what it has no form for.

    orjson writes the same bytes many times as fast, but for fractions, whose digits it rounds to other forms, and
    for the order of some letters in member names: those go to the package that does all of it.
    """
    if type(value) is float or (type(value) in _CONTAINERS and _has_fraction(value)):
        return rfc8785.dumps(value)
    try:
        quick = orjson.dumps(value, option=_AS_RFC_8785)
    except orjson.JSONEncodeError:
        return rfc8785.dumps(value)
    if quick.isascii() or not _SORTED_OTHERWISE.search(quick):
        return quick
    return rfc8785.dumps(value)


def representable(value: Any) -> Any:
    """The value without any member named `sealed` (NTF-8), and with numbers that have no exact form as text.

    Such a number becomes `{"$number": "9007199254740993"}`: whatever arrives has a leaf (AUD-1).
    """
    if isinstance(value, dict):
        return {name: _inner(inner) for name, inner in value.items() if name != _SEALED}
    if isinstance(value, list | tuple):
        return [_inner(inner) for inner in value]
    return _inner(value)


def _inner(value: Any) -> Any:
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind in _CONTAINERS:
        return representable(value)
    if (kind is int and not -LARGEST_INTEGER <= value <= LARGEST_INTEGER) or (
        kind is float and not math.isfinite(value)
    ):
        return {"$number": str(value)}
    return value


def _has_fraction(value: Any) -> bool:
    parts: Iterable[Any] = value.values() if type(value) is dict else value
    for part in parts:
        kind = type(part)
        if kind is float or (kind in _CONTAINERS and _has_fraction(part)):
            return True
    return False
