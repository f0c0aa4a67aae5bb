"""Sessions begin, go on and end here, for every way of signing in and out (IDN-10, IDN-12)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.errors import UnavailableError
from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.sign_in_steps import SignedIn
from services.identity.domain.accounts import Account
from services.identity.domain.devices import Whereabouts
from services.identity.domain.events import SessionEnded, SignInSucceeded
from services.identity.domain.grants import Grant
from services.identity.domain.logouts import OwedLogout
from services.identity.domain.risk import NO_RISK, Risk
from services.identity.domain.sessions import API_CLIENT, EndReason, RefreshToken, Session, Strength
from services.identity.domain.signing_keys import Algorithm, SigningKey


@dataclass(frozen=True, slots=True)
class Opening:
    """Who signed in at which site, and how strongly they showed who they are; `secret` is what their client carries the
    flow on with, `whereabouts` and `risk` where it came from and how unusual that was.
    """

    account: Account
    site: str
    strength: Strength
    secret: str | None = None
    whereabouts: Whereabouts | None = None
    risk: Risk = NO_RISK


def open_session(opening: Opening, work: UnitOfWork[Store], ports: Ports) -> SignedIn:
    """Begin a session of an account whose row is locked, for whoever talks to the API alone."""
    session = begin_session(opening, API_CLIENT, work, ports)
    return issue_tokens(Grant(opening.account.kind, session), str(new_id()), work, ports)


def begin_session(opening: Opening, client_id: str, work: UnitOfWork[Store], ports: Ports) -> Session:
    """Begin a session of an account whose row is locked; `client_id` is whom it was begun for."""
    store, now, account = work.writing(), ports.clock.now(), opening.account
    session = Session(
        id=str(new_id()),
        user_id=account.user_id,
        site=opening.site,
        strength=opening.strength,
        started_at=now,
        authenticated_at=now,
        used_at=now,
        ends_at=now + ports.rules.sessions.most,
        address=work.cause.address,
    )
    store.sessions.add(session)
    note_sign_in(account, SignInSucceeded(session, client_id, opening.risk), work, ports)
    return session


def note_sign_in(account: Account, fact: SignInSucceeded, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell that the owner of a session has just shown who they are."""
    work.writing().accounts.save(account.signed_in(ports.clock.now()))
    work.acting_as(account.actor)
    work.record(fact)


def issue_tokens(
    grant: Grant, family_id: str, work: UnitOfWork[Store], ports: Ports, narrowed: tuple[str, ...] | None = None
) -> SignedIn:
    """An access token, of `narrowed` scopes where less was asked for, and the next refresh token of its family."""
    store, now = work.writing(), ports.clock.now()
    key = signing_key(Algorithm.EDDSA, store, now)
    spoken = grant if narrowed is None else replace(grant, scopes=tuple(s for s in grant.scopes if s in narrowed))
    signed_in = tokens_for(spoken, key, now, ports)
    store.refresh_tokens.add(next_of_family(grant, family_id, signed_in, now, ports))
    return signed_in


def tokens_for(grant: Grant, key: SigningKey, now: datetime, ports: Ports) -> SignedIn:
    """An access token and the text of a refresh token, which is yet to be kept."""
    ends = min(now + ports.rules.sessions.access_token, grant.session.ends_at)
    access_token = ports.tokens.access_token(key, grant, now, ends)
    return SignedIn(access_token, int((ends - now).total_seconds()), ports.randomness.token(), " ".join(grant.scopes))


def next_of_family(grant: Grant, family_id: str, issued: SignedIn, now: datetime, ports: Ports) -> RefreshToken:
    """The refresh token of what was issued, as it is kept: for all that was granted."""
    return RefreshToken(
        digest=ports.digests.of_token(issued.refresh_token),
        family_id=family_id,
        session_id=grant.session.id,
        client_id=grant.client.client_id,
        issued_at=now,
        expires_at=grant.session.ends_at,
        scopes=grant.scopes,
    )


def signing_key(algorithm: Algorithm, store: Store, now: datetime) -> SigningKey:
    """The key that signs now; raises `UnavailableError` before the first one was made."""
    key = store.signing_keys.current(algorithm, now)
    if key is None:
        raise UnavailableError("There is no key to sign with yet.")
    return key


def end_session(session: Session, reason: EndReason, work: UnitOfWork[Store], ports: Ports) -> bool:
    """End a session here at once and, by its event, everywhere; False where it had ended already."""
    store, now = work.writing(), ports.clock.now()
    if not store.sessions.end(session.id, reason, now):
        return False
    _owe_logouts(session, store, now)
    remember_until = ports.rules.sessions.remember_until(now)
    store.refresh_tokens.void(session.id, now)
    store.ended_sessions.remember(session.id, remember_until)
    work.record(SessionEnded(session.id, session.user_id, reason, remember_until))
    return True


def _owe_logouts(session: Session, store: Store, now: datetime) -> None:
    """Whoever has had tokens of it and can be told is owed that it ended, in the same transaction."""
    for client_id in store.refresh_tokens.clients_of(session.id):
        client = store.clients.get(client_id)
        if client is not None and client.backchannel_logout_uri is not None:
            owed = OwedLogout(
                id=str(new_id()),
                client_id=client_id,
                user_id=session.user_id,
                session_id=session.id,
                ended_at=now,
                due_at=now,
            )
            store.logouts.add(owed)
