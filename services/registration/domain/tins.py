"""The Taxpayer Identification Number: nine digits, however they are written (REG-2)."""

from __future__ import annotations

import re

from services.registration.domain.values import RefusedError

DIGITS = 9
_FORM = re.compile(r"[0-9]{9}")
_DASHES_AND_BLANKS = str.maketrans("", "", "-\u2010\u2011\u2012\u2013 \u00a0")


def bare_tin(text: str) -> str:
    """The nine digits alone; dashes and blanks are form. Raises `RefusedError` (`tin_invalid`) for anything else."""
    bare = text.translate(_DASHES_AND_BLANKS)
    if not _FORM.fullmatch(bare):
        raise RefusedError("tin_invalid", "A TIN has nine digits; dashes and blanks may stand between them.")
    return bare


def masked(tin: str) -> str:
    """The TIN as logs and mails may show it: it may be a person's own number (IDN-16)."""
    return f"•••••{tin[-4:]}"
