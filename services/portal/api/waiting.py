"""How long somebody still has to wait before they may ask for the same again (IDN-2)."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flask import g
from flask_babel import ngettext

_MINUTE: Final = 60
_SHORT: Final = 2 * _MINUTE


def seconds_until(moment: str | None) -> int:
    """From now until a moment in ISO form, none where it has passed or was never named."""
    if moment is None:
        return 0
    now: datetime = g.now
    return max(0, round((datetime.fromisoformat(moment) - now).total_seconds()))


def wait_words(seconds: int) -> str:
    """That long in words: in seconds up to two minutes, else in minutes."""
    if seconds <= _SHORT:
        return str(ngettext("%(num)d second", "%(num)d seconds", seconds))
    return str(ngettext("%(num)d minute", "%(num)d minutes", -(-seconds // _MINUTE)))
