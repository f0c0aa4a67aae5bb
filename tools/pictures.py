"""Makes the README's pictures of those that `make screenshots` took: few colours, so that they are small.

python -m tools.pictures [--of screenshots]
"""

from __future__ import annotations

import argparse
import struct
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

PICTURES = {
    "landing": "00-landing.en.1280",
    "register-tins": "14-step-2-filled.en.1280",
    "approve": "51-approve.en.1280",
    "dashboard-phone": "50-dashboard.en.320",
}
INTO = Path("docs/pictures")
LARGEST = 80_000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = 96
_CHANNELS = {2: 3, 6: 4}

Colour = tuple[int, int, int]


def pixels(png: bytes) -> tuple[int, int, list[Colour]]:
    """Width, height and colours of a PNG as browsers write them: eight bits a channel, not interlaced."""
    chunks = list(_chunks(png))
    width, height, depth, kind, *_, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or interlaced or kind not in _CHANNELS:  # noqa: PLR2004 (bits)
        raise ValueError("not a screenshot")
    size = _CHANNELS[kind]
    raw = zlib.decompress(b"".join(content for name, content in chunks if name == b"IDAT"))
    stride, above = width * size, bytearray(width * size)
    found: list[Colour] = []
    for start in range(0, len(raw), stride + 1):
        above = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + stride]), above, size)
        found += zip(above[0::size], above[1::size], above[2::size], strict=True)
    return width, height, found


def with_few_colours(png: bytes) -> bytes:
    """The picture with the commonest colours, the others replaced by the nearest of these (PNG, indexed)."""
    width, height, found = pixels(png)
    counted = Counter(found)
    palette = [colour for colour, _ in counted.most_common(_COLOURS)]
    index = {colour: min(range(len(palette)), key=lambda at: _distance(colour, palette[at])) for colour in counted}
    rows = (b"\0" + bytes(map(index.__getitem__, found[at : at + width])) for at in range(0, len(found), width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    table = b"".join(map(bytes, palette))
    body = zlib.compress(b"".join(rows), 9)
    return _SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"PLTE", table) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def _unfiltered(kind: int, row: bytearray, above: bytearray, size: int) -> bytearray:
    """A row as it was before it was filtered (PNG, third edition, 9.2)."""
    for at in range(len(row)) if kind else ():
        left = row[at - size] if at >= size else 0
        corner = above[at - size] if at >= size else 0
        guess = (0, left, above[at], (left + above[at]) // 2, _paeth(left, above[at], corner))[kind]
        row[at] = (row[at] + guess) & 255
    return row


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


def _distance(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def main() -> None:
    """Write them; one that is too large is an error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", type=Path, default=Path("screenshots"))
    folder: Path = parser.parse_args().of
    INTO.mkdir(parents=True, exist_ok=True)
    for name, taken in PICTURES.items():
        small = with_few_colours((folder / f"{taken}.png").read_bytes())
        if len(small) > LARGEST:
            raise SystemExit(f"{taken} is {len(small)} bytes as {name}: more than {LARGEST}")
        (INTO / f"{name}.png").write_bytes(small)
        print(f"{name}: {len(small)} bytes")


if __name__ == "__main__":
    main()
