"""The blocks of a letter: what the template files' few marks mean, told once for plain text and for HTML.

A line that begins with `- ` is an item of a list, with `= ` a figure to be copied, with `> ` a link, as in
`> Label <address>`. Everything else is a paragraph, whose lines are joined. Blank lines divide blocks.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

_BLANK_LINES = re.compile(r"\n\s*\n")
_LINK = re.compile(r"> (?P<label>.+) <(?P<url>\S+)>")


class Kind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    BULLETS = "bullets"
    FIGURE = "figure"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Block:
    """One block; only bullets have more than one line, only links an address."""

    kind: Kind
    lines: tuple[str, ...]
    url: str | None = None


def blocks_of(text: str, portal_url: str) -> list[Block]:
    """The blocks of a rendered template. A link that does not lead to the portal is left as the text that it is:
    what people typed never becomes something to press.
    """
    return [_block(part.strip(), portal_url) for part in _BLANK_LINES.split(text) if part.strip()]


def as_text(blocks: Sequence[Block]) -> str:
    """The plain form."""
    return "\n\n".join(_plain(block) for block in blocks)


def _block(part: str, portal_url: str) -> Block:
    lines = [line.strip() for line in part.splitlines()]
    if all(line.startswith("- ") for line in lines):
        return Block(Kind.BULLETS, tuple(line[2:] for line in lines))
    joined = " ".join(line for line in lines if line)
    link = _LINK.fullmatch(joined)
    if link and link["url"].startswith(portal_url):
        return Block(Kind.LINK, (link["label"],), link["url"])
    if joined.startswith("= "):
        return Block(Kind.FIGURE, (joined[2:],))
    return Block(Kind.PARAGRAPH, (joined,))


def _plain(block: Block) -> str:
    if block.kind is Kind.BULLETS:
        return "\n".join(f"- {line}" for line in block.lines)
    if block.kind is Kind.FIGURE:
        return f"    {block.lines[0]}"
    if block.kind is Kind.LINK:
        return f"{block.lines[0]}: {block.url}"
    return block.lines[0]
