"""Recoveries of a password under way: kept in the session, each under a name of its own, so that tabs do not mix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

from flask import g, request

from services.portal.api.context import context
from services.portal.api.waiting import seconds_until
from services.portal.application.errors import RecoveryOverError
from services.portal.application.recovery_calls import Challenge

_PREFIX: Final = "recovery."
_MOST: Final = 5


class Stage(StrEnum):
    """How far a recovery has come."""

    BEGUN = "begun"
    CODE_SENT = "code_sent"
    PROVEN = "proven"
    DONE = "done"


class News(StrEnum):
    """What came of the last question for a code, or of the code itself."""

    SENT = "sent"
    SENT_AGAIN = "sent_again"
    TOO_SOON = "too_soon"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Flow:
    """A recovery; its name opens nothing without this session. `challenge` is None once it is done.

    `method` is where the code went, or would have gone; `code` and `typed` are what was entered and not judged yet,
    kept for going back.
    """

    name: str
    stage: Stage
    user_id: str = ""
    challenge: Challenge | None = None
    method: str = ""
    again_at: str | None = None
    news: News = News.SENT
    code: str = field(default="", repr=False)
    typed: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Flow:
        """From what `kept` gave."""
        challenge = Challenge.parse(kept["challenge"]) if kept["challenge"] else None
        return cls(**{**kept, "stage": Stage(kept["stage"]), "news": News(kept["news"]), "challenge": challenge})

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        fields = {name: getattr(self, name) for name in ("name", "user_id", "method", "again_at", "code")}
        challenge = self.challenge.kept() if self.challenge else None
        typed = dict(self.typed)
        return {**fields, "stage": self.stage.value, "news": self.news.value, "challenge": challenge, "typed": typed}

    @property
    def open_challenge(self) -> Challenge:
        """The challenge; raises `RecoveryOverError` where it is done."""
        if self.challenge is None:
            raise RecoveryOverError
        return self.challenge

    @property
    def awaits_code(self) -> bool:
        """Whether nothing was proven yet."""
        return self.stage in {Stage.BEGUN, Stage.CODE_SENT}

    @property
    def wait(self) -> int:
        """The seconds until a code may be asked for again."""
        return seconds_until(self.again_at)

    def sent(self, method: str, seconds: int, news: News) -> Flow:
        """A code is on its way, and the next may follow after so many seconds; one typed before counts no more."""
        return replace(self._awaiting(method, seconds, news), stage=Stage.CODE_SENT, code="")

    def refused(self, method: str, seconds: int) -> Flow:
        """No code went out, since one did a short while ago: in this recovery, or in one before it."""
        return self._awaiting(method, seconds, News.TOO_SOON)

    def proven(self) -> Flow:
        """All was right; what was typed for it is forgotten."""
        return replace(self, stage=Stage.PROVEN, code="", typed={})

    def done(self) -> Flow:
        """There is a new password; nothing else is remembered."""
        return Flow(self.name, Stage.DONE)

    def _awaiting(self, method: str, seconds: int, news: News) -> Flow:
        return replace(self, method=method, again_at=(g.now + timedelta(seconds=seconds)).isoformat(), news=news)


def named() -> Flow:
    """The recovery that the page's address names; raises `RecoveryOverError` where this session has none such."""
    kept = context.session.get(f"{_PREFIX}{request.args.get('flow', '')}")
    if kept is None:
        raise RecoveryOverError
    return Flow.parse(kept["flow"])


def under_way(user_id: str) -> Flow | None:
    """The recovery of a user ID that this session has begun, and not proven yet."""
    flows = (Flow.parse(context.session[key]["flow"]) for key in _keys())
    return next((each for each in flows if each.awaits_code and each.user_id.casefold() == user_id.casefold()), None)


def begin(user_id: str, challenge: Challenge) -> Flow:
    """Keep a new one; of too many the oldest are forgotten."""
    keys = _keys()
    for key in keys[: max(0, len(keys) - _MOST + 1)]:
        del context.session[key]
    return keep(Flow(challenge.id, Stage.BEGUN, user_id, challenge))


def keep(flow: Flow) -> Flow:
    """Keep what has become of it."""
    context.session[f"{_PREFIX}{flow.name}"] = {"at": g.now.isoformat(), "flow": flow.kept()}
    return flow


def forget(flow: Flow) -> None:
    """It is over."""
    context.session.pop(f"{_PREFIX}{flow.name}", None)


def _keys() -> list[str]:
    """Those that were touched last at the end."""
    return sorted((key for key in context.session if key.startswith(_PREFIX)), key=_touched_at)


def _touched_at(key: str) -> str:
    return str(context.session[key]["at"])
