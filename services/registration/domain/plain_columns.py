"""Whether a column of a directory file needs no closer look: so it is with nearly every row (REG-17).

Each asks about many texts at once, since the loop over them is then C's rather than ours.
"""

from __future__ import annotations

from collections.abc import Sequence

from services.registration.domain.tins import DIGITS


def are_plain_tins(tins: Sequence[str]) -> bool:
    """Whether each is nine digits and nothing else."""
    together = "".join(tins)
    return set(map(len, tins)) == {DIGITS} and together.isascii() and together.isdecimal()


def are_plain_names(names: Sequence[str], longest: int) -> bool:
    """Whether each is of 1 to `longest` printable characters, with single blanks between words and none around."""
    lines = "\n".join(["", *names, ""])
    blanks_apart = not ("  " in lines or "\n " in lines or " \n" in lines)
    return blanks_apart and all(names) and len(max(names, key=len)) <= longest and "".join(names).isprintable()


def are_plain_texts(texts: Sequence[str]) -> bool:
    """Whether each stands in JSON as it is: nothing in it needs an escape, and it is Unicode."""
    together = "".join(texts)
    return together.isprintable() and '"' not in together and "\\" not in together
