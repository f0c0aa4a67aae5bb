"""Reads which metrics an expression of PromQL names."""

from __future__ import annotations

import re

_TEXT = re.compile(r'"(?:\\.|[^"\\])*"')
_MATCHERS = re.compile(r"\{[^{}]*\}")
_RANGE = re.compile(r"\[[^\]]*\]")
_GROUPING = re.compile(r"\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
_NAME = re.compile(r"(?<![\w:.])([A-Za-z_:][\w:]*)(\s*\()?")
_WORDS = frozenset({"and", "or", "unless", "bool", "offset", "inf", "nan", "by", "without", "on", "ignoring"})
_RESERVED = frozenset({"sum", "max", "min", "avg", "count", "topk", "bottomk", "quantile", "stddev"})


def metrics_in(expression: str) -> set[str]:
    """Their names: what is neither a function, a label, a word of the language nor inside of quotes."""
    bare = _TEXT.sub('""', expression)
    for hidden in (_MATCHERS, _RANGE, _GROUPING):
        bare = hidden.sub(" ", bare)
    return {
        name
        for name, call in _NAME.findall(bare)
        if not call and name.lower() not in _WORDS and name.lower() not in _RESERVED
    }
