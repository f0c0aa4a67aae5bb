"""What is on its way from a form over a preview to being done: kept in the session, each under a random name."""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from flask import abort, g

from services.portal.api.context import context
from services.portal.api.signed_in import user_id

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Draft = TypeVar("Draft", bound="DataclassInstance")

_MOST: Final = 12


class Shelf(Generic[Draft]):
    """Drafts of one kind, a dataclass of JSON's kinds alone; of too many the oldest are forgotten."""

    def __init__(self, prefix: str, kind: type[Draft]) -> None:
        self._prefix = prefix
        self._kind = kind

    def begin(self, draft: Draft) -> str:
        """Keep a new one; returns its name."""
        name = secrets.token_urlsafe(12)
        kept = sorted((key for key in context.session if key.startswith(self._prefix)), key=_begun_at)
        for key in kept[: max(0, len(kept) - _MOST + 1)]:
            del context.session[key]
        self.keep(name, draft)
        return name

    def find(self, name: str) -> Draft:
        """The person's own draft of that name in this very session; 404 where there is none."""
        kept = context.session.get(f"{self._prefix}{name}")
        if kept is None or kept["of"] != user_id():
            abort(404)
        return self._kind(**kept["draft"])

    def keep(self, name: str, draft: Draft, **changes: Any) -> Draft:
        """Keep it, with these fields changed."""
        changed = replace(draft, **changes)
        kept = {"of": user_id(), "at": g.now.isoformat(), "draft": asdict(changed)}
        context.session[f"{self._prefix}{name}"] = kept
        return changed


def _begun_at(key: str) -> str:
    return str(context.session[key]["at"])
