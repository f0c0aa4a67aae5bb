"""QR codes (ISO/IEC 18004) as SVG that stands in the page itself: nothing is fetched, and no style is needed."""

from __future__ import annotations

from typing import Final

import segno

_QUIET_ZONE: Final = 4
"""Modules of white around it, without which cameras do not find it."""


def qr_code(text: str) -> str:
    """`QrCode`: black on white whatever the page's colours, as large as its place."""
    return str(segno.make_qr(text, error="m").svg_inline(border=_QUIET_ZONE, light="#fff", omitsize=True))
