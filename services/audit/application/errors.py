"""Audit's own refusals."""

from __future__ import annotations

from typing import ClassVar

from chassis.kernel.errors import ConflictError, ForbiddenError


class NotYoursToSeeError(ForbiddenError):
    """The caller neither administers nor audits any TIN (AUD-2)."""

    code: ClassVar[str] = "not_yours_to_see"


class ForkedSequenceError(ConflictError):
    """Two different events claim one place in their subject's order: a publisher was restored from a backup."""

    code: ClassVar[str] = "forked_sequence"
