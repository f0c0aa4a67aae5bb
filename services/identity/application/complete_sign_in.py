"""The end of every way of signing in: tokens for whoever talks to the API, a ticket for whoever came from a site."""

from __future__ import annotations

from chassis.kernel.work import UnitOfWork
from services.identity.application.demand_password import demand_password
from services.identity.application.device_desk import note_whereabouts
from services.identity.application.ports import Ports, Store
from services.identity.application.session_desk import Opening, open_session
from services.identity.application.sign_in_steps import PasswordChangeRequired, SignedIn, ToBeCarriedOn
from services.identity.domain.authorizations import SignInTicket
from services.identity.domain.errors import AuthorizationOverError

CONTINUE_AT = "/oidc/continue"


def complete_sign_in(
    opening: Opening, authorization: str | None, work: UnitOfWork[Store], ports: Ports
) -> SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """Begin a session for the API; or, given the handle of a kept request, let its browser go on to one. Whoever has a
    temporary password is asked for one of their own first (IDN-8).

    Raises `AuthorizationOverError` where there is no such request any more: then nothing of the step counts.
    """
    if opening.account.has_temporary_password:
        return demand_password(opening, work, ports)
    if opening.whereabouts is not None:
        note_whereabouts(opening.account, opening.whereabouts, opening.site, work, ports)
    if authorization is None:
        return open_session(opening, work, ports)
    store, now = work.writing(), ports.clock.now()
    request = store.authorization_requests.get(ports.digests.of_token(authorization))
    if request is None or request.expires_at <= now:
        raise AuthorizationOverError
    ticket = ports.randomness.token()
    store.sign_in_tickets.add(
        SignInTicket(
            digest=ports.digests.of_token(ticket),
            request_digest=request.digest,
            user_id=opening.account.user_id,
            strength=opening.strength,
            authenticated_at=now,
            expires_at=now + ports.rules.openid.ticket,
            risk=opening.risk,
        )
    )
    return ToBeCarriedOn(f"{CONTINUE_AT}?ticket={ticket}")
