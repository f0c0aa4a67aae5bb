"""Temporary files for documents."""

from __future__ import annotations

import tempfile
from typing import BinaryIO, cast


def new_file() -> BinaryIO:
    """An open file without a name: it is gone once it is closed, or once the process is killed."""
    return cast("BinaryIO", tempfile.TemporaryFile(prefix="wardenry-audit-"))
