"""Forgotten password, third step: the code, the date of birth and one of the two answers, together (IDN-7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.attempts import barriers_around, count_around, refuse_around, wait_for
from services.identity.application.code_desk import Redemption, redeem_code
from services.identity.application.ports import Ports, Store
from services.identity.application.recovery_desk import Entered, account_of, enter_recovery, find_recovery
from services.identity.domain.accounts import Account
from services.identity.domain.codes import Purpose
from services.identity.domain.devices import NOWHERE, Whereabouts
from services.identity.domain.errors import CodeWrongError, ProofsWrongError, TooManyAttemptsError
from services.identity.domain.events import SignInFailed
from services.identity.domain.security_questions import Answer
from services.identity.domain.throttle import NO_FAILURES
from services.identity.domain.user_ids import NOBODY


@dataclass(frozen=True, slots=True)
class ProveRecovery(Command):
    """The three proofs as typed."""

    challenge: str
    secret: str | None
    code: str
    date_of_birth: date
    answer: Answer
    whereabouts: Whereabouts = NOWHERE


def prove_recovery(command: ProveRecovery, work: UnitOfWork[Store], ports: Ports) -> None:
    """Let the password be set next. All three must be right at once, and nobody learns which was wrong.

    Raises `NotFoundError`, `OutOfOrderError`, `ProofsWrongError` (the fifth of a code ends the recovery),
    `CodeExpiredError` where all three were right, and `TooManyAttemptsError` for what comes too soon after failures:
    that is not looked at, but counts (IDN-9).
    """
    proven = _look_at(command, work, ports)
    entered = enter_recovery(command.challenge, command.secret, work, ports)
    entered.recovery.awaits_proofs()
    store = work.writing()
    account = account_of(entered.recovery, store.accounts.for_update)
    around = barriers_around(command.whereabouts, None, ports)
    _refuse_too_soon(entered, account, work, ports)
    refuse_around(around, store, ports)
    try:
        redeem_code(_redemption(command, entered, account, proven=proven), work, ports)
    except CodeWrongError as error:
        _count(entered, account, error.failures, work, ports)
        count_around(around, work, ports)
        raise ProofsWrongError from None
    store.failures.put(entered.recovery.key, NO_FAILURES)
    store.recoveries.save(entered.recovery.proven())


def _look_at(command: ProveRecovery, work: UnitOfWork[Store], ports: Ports) -> bool:
    """Whether date of birth and answer are right; one hash's work, but for attempts that are not looked at."""
    with work.reading() as store:
        now = ports.clock.now()
        recovery = find_recovery(command.challenge, command.secret, store, ports)
        recovery.awaits_proofs()
        held_back = wait_for(barriers_around(command.whereabouts, None, ports), store, ports)
        count = ports.rules.throttle.standing(store.failures.get(recovery.key), now)
        account = account_of(recovery, store.accounts.get)
        answers = store.answers.of(recovery.user_id or NOBODY)
    if held_back or count.blocked_for(now):
        return False
    hashed = next((each.hash for each in answers if each.question == command.answer.question), None)
    if account is None or hashed is None:
        return ports.hasher.verify_nobodys(command.answer.folded)
    return ports.hasher.verify(hashed, command.answer.folded) and account.date_of_birth == command.date_of_birth


def _refuse_too_soon(entered: Entered, account: Account | None, work: UnitOfWork[Store], ports: Ports) -> None:
    now = ports.clock.now()
    if not entered.count.blocked_for(now):
        return
    failed = ports.rules.throttle.failed(entered.count, now)
    work.writing().failures.put(entered.recovery.key, failed)
    if account is not None and failed.failures > entered.count.failures:
        work.record(SignInFailed(account.user_id, "recovery", failed.failures))
    raise TooManyAttemptsError(failed.blocked_for(now))


def _redemption(command: ProveRecovery, entered: Entered, account: Account | None, *, proven: bool) -> Redemption:
    return Redemption(
        typed_for=account.user_id if account else entered.recovery.key,
        account=account,
        purpose=Purpose.RECOVER_PASSWORD,
        typed=command.code,
        challenge_id=entered.recovery.id,
        proven=proven,
    )


def _count(entered: Entered, account: Account | None, tries: int, work: UnitOfWork[Store], ports: Ports) -> None:
    store, recovery = work.writing(), entered.recovery
    failed = ports.rules.throttle.failed(entered.count, ports.clock.now())
    store.failures.put(recovery.key, failed)
    if tries >= ports.rules.tries.most:
        store.recoveries.save(recovery.ended())
    if account is not None:
        work.record(SignInFailed(account.user_id, "recovery", failed.failures))
