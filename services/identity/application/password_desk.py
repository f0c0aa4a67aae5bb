"""What somebody who is signed in must show to change what opens their account (IDN-3)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.errors import NotSignedInError, StepUpRequiredError
from chassis.kernel.work import UnitOfWork
from services.identity.application.attempts import Attempt
from services.identity.application.password_gate import pass_gate
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.domain.accounts import Account
from services.identity.domain.devices import Whereabouts
from services.identity.domain.errors import PasswordWrongError, SignInFailedError


def account_read_fresh(user_id: str, session_id: str, work: UnitOfWork[Store], ports: Ports) -> Account:
    """The account as it stands, before slow hashes, which nobody may cause for nothing.

    Raises `StepUpRequiredError` where the session's second step is older than five minutes (IDN-3).
    """
    with work.reading() as store:
        session, account = store.sessions.get(session_id), store.accounts.get(user_id)
    if session is None or account is None or session.user_id != user_id:
        raise NotSignedInError
    if not session.is_fresh_at(ports.clock.now(), ports.rules.sessions):
        raise StepUpRequiredError
    return account


@dataclass(frozen=True, slots=True)
class PresentPassword:
    """The password as typed, in which session, and from where it came."""

    user_id: str
    session_id: str
    password: str
    whereabouts: Whereabouts


def prove_password(given: PresentPassword, work: UnitOfWork[Store], ports: Ports) -> Account:
    """The account, locked, whose present password was given in a session whose second step is fresh.

    A wrong one counts like one at sign-in, for account, address and network (IDN-9).
    Raises `PasswordWrongError`, `TooManyAttemptsError`, and what
    `fresh_account` raises.
    """
    try:
        account = pass_gate(Attempt(given.user_id, given.password, given.whereabouts), work, ports).account
    except SignInFailedError:
        raise PasswordWrongError from None
    return fresh_account(account.user_id, given.session_id, work.writing(), ports)
