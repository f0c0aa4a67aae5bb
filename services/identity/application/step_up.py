"""Step up: pass a second step anew within the session, for what a long-past one does not open (IDN-3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel.errors import NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.challenge_desk import account_behind, find_challenge
from services.identity.application.code_desk import Order, Sent, send_code
from services.identity.application.passkey_desk import ask_passkeys
from services.identity.application.passkey_ports import Json
from services.identity.application.ports import Ports, Store
from services.identity.application.second_step_desk import Attempt, pass_second_step
from services.identity.application.second_steps import contact_chosen, methods_of
from services.identity.application.sign_in_steps import SecondStep
from services.identity.application.step_up_desk import account_of_session
from services.identity.domain.challenges import Challenge, ChallengeKind
from services.identity.domain.codes import Purpose
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.events import SignInSteppedUp

STEP_UP = "step_up"
"""Why a second step is asked for: what the person is about to do needs a fresh one."""


@dataclass(frozen=True, slots=True)
class BeginStepUp(Command):
    """Who asks, in which session and at which site."""

    user_id: str
    session_id: str
    site: str


@dataclass(frozen=True, slots=True)
class SendStepUpCode(Command):
    """`method` is the identifier of one of the methods that were offered."""

    session_id: str
    challenge: str
    secret: str | None
    method: str


@dataclass(frozen=True, slots=True)
class VerifyStepUp(Command):
    """The code as typed, and the method by which it came; or the browser's answer for a passkey."""

    session_id: str
    challenge: str
    secret: str | None
    method: str
    code: str
    assertion: Json | None = None
    whereabouts: Whereabouts = NOWHERE


@dataclass(frozen=True, slots=True)
class SteppedUp:
    """How strong it was, and until when it counts as fresh."""

    acr: str
    amr: tuple[str, ...]
    fresh_until: datetime


def begin_step_up(command: BeginStepUp, work: UnitOfWork[Store], ports: Ports) -> SecondStep:
    """Begin a flow that this session alone carries on; raises what `account_of_session` raises."""
    store, now, secret = work.writing(), ports.clock.now(), ports.randomness.token()
    account = account_of_session(command.user_id, command.session_id, store, ports)
    means = store.second_steps.of(account.user_id)
    asked = ask_passkeys(means.passkeys, ports)
    challenge = Challenge(
        id=str(new_id()),
        kind=ChallengeKind.STEP_UP,
        user_id=account.user_id,
        secret_hash=ports.digests.of_token(secret),
        site=command.site,
        reason=STEP_UP,
        created_at=now,
        expires_at=now + ports.rules.challenge,
        session_id=command.session_id,
        passkey_challenge=asked.challenge if asked else None,
    )
    store.challenges.add(challenge)
    offer, options = methods_of(account, means, store, ports), asked.options if asked else None
    return SecondStep(challenge.id, secret, offer.methods, challenge.reason, options, not_offered=offer.not_offered)


def send_step_up_code(command: SendStepUpCode, work: UnitOfWork[Store], ports: Ports) -> Sent:
    """Send a code; raises `NotFoundError`, what `contact_chosen` raises, and `CodeSentLatelyError`."""
    store = work.writing()
    challenge = find_challenge(command.challenge, command.secret, ChallengeKind.STEP_UP, store, ports)
    if challenge.session_id != command.session_id:
        raise NotFoundError
    account = account_behind(challenge, store)
    contact = contact_chosen(account, command.method)
    return send_code(Order(account, contact, Purpose.STEP_UP, challenge.site, challenge.id), work, ports)


def verify_step_up(command: VerifyStepUp, work: UnitOfWork[Store], ports: Ports) -> SteppedUp:
    """Count the session's second step as passed now, as strong as this one was, be it stronger or weaker.

    Raises what `pass_second_step` raises, and `NotFoundError` where the session is over.
    """
    attempt = Attempt(
        kind=ChallengeKind.STEP_UP,
        challenge=command.challenge,
        secret=command.secret,
        method=command.method,
        typed=command.code,
        session_id=command.session_id,
        assertion=command.assertion,
        whereabouts=command.whereabouts,
    )
    passed = pass_second_step(attempt, work, ports)
    store, now, rules = work.writing(), ports.clock.now(), ports.rules.sessions
    session = store.sessions.for_update(command.session_id)
    if session is None or not session.is_alive_at(now, rules):
        raise NotFoundError
    strength = passed.strength.after(session.strength)
    renewed = replace(session, strength=strength, authenticated_at=now, used_at=now)
    store.sessions.renew(renewed)
    work.record(SignInSteppedUp(renewed))
    return SteppedUp(strength.acr, strength.amr, now + rules.fresh_step)
