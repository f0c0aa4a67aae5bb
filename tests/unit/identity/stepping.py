"""Somebody who is signed in, and what they add for the second step; the app's codes are made as an app makes them."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from services.identity.application.add_authenticator import (
    BeginAuthenticator,
    ConfirmAuthenticator,
    begin_authenticator,
    confirm_authenticator,
)
from services.identity.application.add_passkey import (
    BeginPasskey,
    ConfirmPasskey,
    begin_passkey,
    confirm_passkey,
)
from services.identity.application.make_recovery_codes import MakeRecoveryCodes, make_recovery_codes
from services.identity.application.passkey_ports import Json
from services.identity.application.send_sign_in_code import SendSignInCode, send_sign_in_code
from services.identity.application.sign_in import SignIn, sign_in
from services.identity.application.sign_in_steps import PasskeyAsked, SecondStep, SignedIn
from services.identity.application.sign_in_with_passkey import (
    BeginPasskeySignIn,
    SignInWithPasskey,
    begin_passkey_sign_in,
    sign_in_with_passkey,
)
from services.identity.application.step_up import (
    BeginStepUp,
    SendStepUpCode,
    SteppedUp,
    VerifyStepUp,
    begin_step_up,
    send_step_up_code,
    verify_step_up,
)
from services.identity.application.verify_sign_in_code import VerifySignInCode, verify_sign_in_code
from services.identity.domain.sessions import Session
from services.identity.domain.totp import code_of, step_at
from tests.unit.identity.security_key import SecurityKey
from tests.unit.identity.world import ORIGINS, PASSWORD, World

PAPER = "recovery_code"


@dataclass(frozen=True, slots=True)
class App:
    """An authenticator app on a phone whose clock is right."""

    id: str
    secret: bytes

    def code(self, world: World, steps: int = 0) -> str:
        """What it shows now, or will show some steps on."""
        return code_of(self.secret, step_at(world.clock.now()) + steps)


def begin(world: World, user_id: str = "mmartin5") -> SecondStep:
    step = world.run(sign_in, SignIn(user_id, PASSWORD, "medical"))
    assert isinstance(step, SecondStep)
    return step


def method_of(step: SecondStep, kind: str) -> str:
    return next(method.id for method in step.methods if method.kind == kind)


def verify(world: World, step: SecondStep, method: str, code: str) -> Session:
    """Sign in with that, and give the session."""
    command = VerifySignInCode(step.challenge, step.challenge_secret, method, code)
    signed_in = world.run(verify_sign_in_code, command)
    assert isinstance(signed_in, SignedIn)
    return list(world.store.sessions.kept.values())[-1]


def signed_in(world: World, user_id: str = "mmartin5") -> Session:
    """Signed in by a code that was mailed, hence fresh for five minutes."""
    world.clock.advance(minutes=1)
    step = begin(world, user_id)
    method = method_of(step, "email")
    world.run(send_sign_in_code, SendSignInCode(step.challenge, step.challenge_secret, method))
    return verify(world, step, method, world.code)


def with_app(world: World, session: Session, name: str = "My phone") -> App:
    """With an app that was added and whose first code is spent."""
    begun = world.run(begin_authenticator, BeginAuthenticator(session.user_id, session.id, name))
    app = App(begun.id, base64.b32decode(begun.secret))
    confirm(world, session, app, app.code(world))
    world.clock.advance(seconds=60)
    return app


def confirm(world: World, session: Session, app: App, code: str) -> None:
    world.run(confirm_authenticator, ConfirmAuthenticator(session.user_id, session.id, app.id, code))


def with_paper(world: World, session: Session) -> list[str]:
    return world.run(make_recovery_codes, MakeRecoveryCodes(session.user_id, session.id))


def with_passkey(
    world: World, session: Session, name: str = "My laptop", key: SecurityKey | None = None
) -> SecurityKey:
    """With a passkey that was added, and has not passed anything yet."""
    key = key or SecurityKey(ORIGINS[0])
    begun = world.run(begin_passkey, BeginPasskey(session.user_id, session.id, name))
    attestation = key.create(begun.options)
    world.run(confirm_passkey, ConfirmPasskey(session.user_id, session.id, begun.id, attestation))
    return key


def verify_by_passkey(world: World, step: SecondStep, assertion: Json) -> Session:
    """Sign in with that as the second step, and give the session."""
    command = VerifySignInCode(step.challenge, step.challenge_secret, "passkey", "", assertion=assertion)
    assert isinstance(world.run(verify_sign_in_code, command), SignedIn)
    return list(world.store.sessions.kept.values())[-1]


def asked(world: World) -> PasskeyAsked:
    return world.run(begin_passkey_sign_in, BeginPasskeySignIn("medical"))


def answer(world: World, flow: PasskeyAsked, assertion: Json) -> Session:
    """Sign in with that alone, and give the session."""
    command = SignInWithPasskey(flow.challenge, flow.challenge_secret, assertion)
    assert isinstance(world.run(sign_in_with_passkey, command), SignedIn)
    return list(world.store.sessions.kept.values())[-1]


def by_passkey_alone(world: World, key: SecurityKey, **wrong: Any) -> Session:
    flow = asked(world)
    return answer(world, flow, key.sign(flow.passkey_options, **wrong))


def begin_up(world: World, session: Session) -> SecondStep:
    return world.run(begin_step_up, BeginStepUp(session.user_id, session.id, "medical"))


def send_up(world: World, session: Session, step: SecondStep, method: str) -> None:
    world.run(send_step_up_code, SendStepUpCode(session.id, step.challenge, step.challenge_secret, method))


def verify_up(world: World, session: Session, step: SecondStep, method: str, code: str) -> SteppedUp:
    command = VerifyStepUp(session.id, step.challenge, step.challenge_secret, method, code)
    return world.run(verify_step_up, command)


def verify_up_by_passkey(world: World, session: Session, step: SecondStep, assertion: Json) -> SteppedUp:
    command = VerifyStepUp(session.id, step.challenge, step.challenge_secret, "passkey", "", assertion)
    return world.run(verify_step_up, command)
