"""Sign in, second step: a code that was sent, that an app shows, or off paper, or a passkey (IDN-1, IDN-2, IDN-3)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.complete_sign_in import complete_sign_in
from services.identity.application.device_desk import confirm_device, trust_device
from services.identity.application.passkey_ports import Json
from services.identity.application.ports import Ports, Store
from services.identity.application.second_step_desk import Attempt, pass_second_step
from services.identity.application.session_desk import Opening
from services.identity.application.sign_in_steps import PasswordChangeRequired, SignedIn, ToBeCarriedOn
from services.identity.domain.challenges import ChallengeKind
from services.identity.domain.devices import NOWHERE, Whereabouts


@dataclass(frozen=True, slots=True)
class VerifySignInCode(Command):
    """The code as typed, and the method by which it came; `remember_device` trusts the device from now on (IDN-4).

    `authorization` is the handle of what a client asked for, where somebody signs in for a site; `assertion` the
    browser's answer for a passkey.
    """

    challenge: str
    secret: str | None
    method: str
    code: str
    whereabouts: Whereabouts = NOWHERE
    remember_device: bool = False
    authorization: str | None = None
    assertion: Json | None = None


def verify_sign_in_code(
    command: VerifySignInCode, work: UnitOfWork[Store], ports: Ports
) -> SignedIn | ToBeCarriedOn | PasswordChangeRequired:
    """End the sign-in; a challenge succeeds once. A device is not trusted before a temporary password is replaced.

    Raises what `pass_second_step` and `complete_sign_in` raise.
    """
    attempt = Attempt(
        kind=ChallengeKind.SIGN_IN,
        challenge=command.challenge,
        secret=command.secret,
        method=command.method,
        typed=command.code,
        assertion=command.assertion,
        whereabouts=command.whereabouts,
    )
    passed = pass_second_step(attempt, work, ports)
    challenge, whereabouts = passed.challenge, command.whereabouts
    opening = Opening(passed.account, challenge.site, passed.strength, command.secret, whereabouts, challenge.risk)
    done = complete_sign_in(opening, command.authorization, work, ports)
    confirm_device(challenge, whereabouts, work, ports)
    if isinstance(done, PasswordChangeRequired) or not command.remember_device:
        return done
    return replace(done, device_token=trust_device(challenge, whereabouts, work, ports))
