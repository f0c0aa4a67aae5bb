"""How long what holds, as the services are set: asked for once a minute, for all pages that say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from chassis.kernel.clock import Clock
from services.portal.application.errors import ProblemError
from services.portal.application.ports import Api

_PATHS: Final = ("/api/identity/v1/terms", "/api/registration/v1/terms")
_HOLDS_FOR: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """Whole minutes, hours and days, by the API's names; the rules' own numbers until a service has told its."""

    code_minutes: int = 10
    sign_in_minutes: int = 10
    lock_failures: int = 10
    lock_minutes: int = 15
    device_days: int = 30
    vouching_hours: int = 72
    invitation_days: int = 30


_NAMES: Final = frozenset(each.name for each in fields(Terms))


class KnownTerms:
    """The terms as last told; a service that cannot be asked leaves its own as they were."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._terms = Terms()
        self._asked_at: datetime | None = None

    def told_to(self, api: Api) -> Terms:
        """The terms now, asked of the API where they were not within a minute."""
        now = self._clock.now()
        if self._asked_at is None or not timedelta(0) <= now - self._asked_at < _HOLDS_FOR:
            self._asked_at = now
            for path in _PATHS:
                self._terms = replace(self._terms, **_told(api, path))
        return self._terms


def _told(api: Api, path: str) -> Mapping[str, Any]:
    try:
        body = api.get(path).body
    except ProblemError:
        return {}
    return {name: value for name, value in body.items() if name in _NAMES}
