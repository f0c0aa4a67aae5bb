"""Keep what a client asks for while the person signs in, for the browser that brought it alone (IDN-11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.authorizations import AuthorizationRequest


@dataclass(frozen=True, slots=True)
class KeepAuthorization(Command):
    """A request that has been judged; `browser` is the cookie that came with it, if any did."""

    client_id: str
    parameters: Mapping[str, str]
    browser: str | None


@dataclass(frozen=True, slots=True)
class Kept:
    """The handle for the sign-in pages' address, and the cookie for the browser."""

    handle: str
    browser: str


def keep_authorization(command: KeepAuthorization, work: UnitOfWork[Store], ports: Ports) -> Kept:
    """Keep it. A browser that has another request open keeps its cookie, so that both can be finished in it."""
    store, now = work.writing(), ports.clock.now()
    browser = _known(command.browser, store, ports) or ports.randomness.token()
    handle = ports.randomness.token()
    request = AuthorizationRequest(
        digest=ports.digests.of_token(handle),
        browser_digest=ports.digests.of_token(browser),
        client_id=command.client_id,
        parameters=command.parameters,
        created_at=now,
        expires_at=now + ports.rules.openid.request,
    )
    store.authorization_requests.add(request)
    return Kept(handle, browser)


def _known(cookie: str | None, store: Store, ports: Ports) -> str | None:
    """The cookie, if it was given out here: nobody chooses what a request is bound to."""
    if cookie is None:
        return None
    digest = ports.digests.of_token(cookie)
    return cookie if store.authorization_requests.knows_browser(digest, ports.clock.now()) else None
