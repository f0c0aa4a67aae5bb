"""Who stands behind a call, once the token that they brought has been verified (IDN-12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.kernel.errors import StepUpRequiredError

SUPPORT_SCOPE = "support"
FRESH_STEP = timedelta(minutes=5)
"""How long a second step opens what asks for a fresh one (IDN-3)."""

_PASSWORD_ALONE = ("pwd",)


@dataclass(frozen=True, slots=True)
class Caller:
    """A person, signed in: what their access token says, and nothing about what they may do.

    `user_id` is canonical; `acr` and `amr` tell how strongly they showed who they are, `auth_time` when.
    """

    user_id: str
    session_id: str
    site: str
    acr: str
    amr: tuple[str, ...]
    auth_time: datetime
    scopes: frozenset[str]
    client_id: str

    @property
    def is_support(self) -> bool:
        """Whether this is a support agent of the plan."""
        return SUPPORT_SCOPE in self.scopes

    @property
    def actor(self) -> str:
        """The caller as `Cause.actor` names them."""
        return f"support:{self.user_id}" if self.is_support else f"user:{self.user_id}"

    def show_fresh_step(self, now: datetime) -> None:
        """Raises `StepUpRequiredError` where their second step, as the token tells it, is older than five minutes, or a
        trusted device stood for one. After stepping up the token is to be refreshed.
        """
        if self.amr == _PASSWORD_ALONE or now > self.auth_time + FRESH_STEP:
            raise StepUpRequiredError


@dataclass(frozen=True, slots=True)
class ClientCaller:
    """A relying site's own program, by its client credentials: there is no person behind the call."""

    client_id: str
    scopes: frozenset[str]

    @property
    def actor(self) -> str:
        """The caller as `Cause.actor` names them."""
        return f"client:{self.client_id}"


@dataclass(frozen=True, slots=True)
class ServiceCaller:
    """Another service of Wardenry; `on_behalf_of` is the actor of the call that made it call, where there was one."""

    service: str
    on_behalf_of: str | None = None

    @property
    def actor(self) -> str:
        """The caller as `Cause.actor` names them: whoever the other service acts for, else the service."""
        return self.on_behalf_of or f"system:{self.service}"


Bearer = Caller | ClientCaller
"""Whoever an access token can stand for."""
