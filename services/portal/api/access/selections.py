"""Several users who were ticked, on their way over matrix and preview to being changed as one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.portal.api.access.shelf import Shelf
from services.portal.application.bulk_items import BulkWish


@dataclass(frozen=True, slots=True)
class Selection:
    """Who; `add` and `remove` are what the matrix wished, `form` the matrix as it was filled in, `places` the columns
    that were added to it; `version` is what the preview was shown for, `done` what was done, once it was, which can be
    undone by `change_id` until `undo_until`, and `undone` whether it was.
    """

    user_ids: Sequence[str]
    add: Sequence[Mapping[str, Any]] = ()
    remove: Sequence[Mapping[str, Any]] = ()
    form: Mapping[str, str] = field(default_factory=dict)
    places: Sequence[str] = ()
    version: str = ""
    done: Sequence[Mapping[str, Any]] | None = None
    change_id: str | None = None
    undo_until: str | None = None
    undone: bool = False

    @property
    def wish(self) -> BulkWish:
        """What is to be asked of entitlements."""
        return BulkWish(self.user_ids, self.add, self.remove)


_SHELF: Final = Shelf("selection.", Selection)
begin, find, keep = _SHELF.begin, _SHELF.find, _SHELF.keep
