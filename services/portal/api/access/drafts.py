"""A change of one user's access on its way from the matrix over the preview to being done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.portal.api.access.shelf import Shelf


@dataclass(frozen=True, slots=True)
class Draft:
    """`changes` are the wishes of a matrix, None where access is to be removed, wholly or at `tin`.

    `version` is what the preview was shown for; `done` is what was done, once it was. `form` is the matrix as it was
    filled in, for going back.
    """

    user_id: str
    name: str
    changes: list[dict[str, Any]] | None = None
    request_id: str | None = None
    tin: str | None = None
    version: str = ""
    form: Mapping[str, Sequence[str]] = field(default_factory=dict)
    done: list[dict[str, Any]] | None = None

    @property
    def removes(self) -> bool:
        """Whether it is a removal (ENT-8)."""
        return self.changes is None


_SHELF: Final = Shelf("change.", Draft)
begin, find, keep = _SHELF.begin, _SHELF.find, _SHELF.keep
