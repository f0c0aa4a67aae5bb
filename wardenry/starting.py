"""The start of a process that stays: mostly imports, and so kept free of what would look at them over and over."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage is looked for in the block, and never again in what it made: that lives as long as the process.

    Workers that are forked behind it share its memory for good.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
