"""The steps from a site to a session and back, driven by hand."""

from __future__ import annotations

from services.identity.application.add_client import AddClient, Registered, add_client
from services.identity.application.complete_sign_in import complete_sign_in
from services.identity.application.continue_authorization import (
    ContinueAuthorization,
    Continued,
    continue_authorization,
)
from services.identity.application.grant_code import GrantCode, grant_code
from services.identity.application.keep_authorization import KeepAuthorization, Kept, keep_authorization
from services.identity.application.redeem_authorization_code import (
    RedeemAuthorizationCode,
    Redeemed,
    redeem_authorization_code,
)
from services.identity.application.session_desk import Opening
from services.identity.application.sign_in_steps import ToBeCarriedOn
from services.identity.domain.sessions import EMAIL_CODE, Session
from tests.unit.identity.world import FakeWork, World

URI = "https://rp.example/back"
SCOPES = ("openid", "email")


def registered(world: World, name: str = "relying-site", **options: object) -> Registered:
    command = AddClient(name, "medical", (URI,), **options)  # type: ignore[arg-type]
    return world.run(add_client, command)


def kept(world: World, client_id: str = "relying-site", browser: str | None = None) -> Kept:
    return world.run(keep_authorization, KeepAuthorization(client_id, {"client_id": client_id}, browser))


def ticket(world: World, handle: str, user_id: str = "mmartin5") -> str:
    opening = Opening(world.store.accounts.kept[user_id], "medical", EMAIL_CODE)
    work = FakeWork(world.store)
    ended = complete_sign_in(opening, handle, work, world.ports)
    world.events.extend(work.recorded)
    assert isinstance(ended, ToBeCarriedOn)
    return ended.continue_to.partition("?ticket=")[2]


def carried_on(world: World, ticket: str, browser: str | None, session: str | None = None) -> Continued:
    return world.run(continue_authorization, ContinueAuthorization(ticket, browser, session))


def signed_in(world: World, user_id: str = "mmartin5", session: str | None = None) -> Continued:
    """A browser's session, from nothing; `session` is the cookie that the browser has already."""
    request = kept(world)
    return carried_on(world, ticket(world, request.handle, user_id), request.browser, session)


def code(world: World, session: Session, text: str = "the-code", client_id: str = "relying-site") -> str:
    command = GrantCode(text, client_id, session, URI, SCOPES, "the-nonce", "c" * 43)
    world.run(grant_code, command)
    return text


def redeemed(world: World, text: str, client_id: str = "relying-site") -> Redeemed:
    return world.run(redeem_authorization_code, RedeemAuthorizationCode(text, client_id))
