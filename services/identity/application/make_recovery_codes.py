"""Make, count and remove one's recovery codes (IDN-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel.errors import NotFoundError, StepUpRequiredError
from chassis.kernel.messages import Command
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.application.step_up_desk import fresh_account
from services.identity.domain.events import RecoveryCodesMade, RecoveryCodesRemoved
from services.identity.domain.recovery_codes import ALPHABET, COUNT, LETTERS, RecoveryCode, left, printed


@dataclass(frozen=True, slots=True)
class MakeRecoveryCodes(Command):
    """For whom, and in which session."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class RemoveRecoveryCodes(Command):
    """Whose, and in which session."""

    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class RecoveryCodesStanding:
    """How many are still good, and since when there is this set; None where there is none."""

    left: int
    made_at: datetime | None


def recovery_codes_of(user_id: str, work: UnitOfWork[Store]) -> RecoveryCodesStanding:
    """How the account's stand."""
    with work.reading() as store:
        codes = store.recovery_codes.of(user_id)
    return RecoveryCodesStanding(left(codes), codes[0].made_at if codes else None)


def make_recovery_codes(command: MakeRecoveryCodes, work: UnitOfWork[Store], ports: Ports) -> list[str]:
    """Ten new ones as they are shown, once, in place of all former; raises what `fresh_account` raises."""
    now = ports.clock.now()
    with work.reading() as store:
        session = store.sessions.get(command.session_id)
    if session is None or not session.is_fresh_at(now, ports.rules.sessions):
        raise StepUpRequiredError  # before ten slow hashes, which nobody may cause for nothing
    made = [ports.randomness.letters(LETTERS, ALPHABET) for _ in range(COUNT)]
    codes = [RecoveryCode(number, ports.hasher.hash(letters), now) for number, letters in enumerate(made)]
    store = work.writing()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    store.recovery_codes.replace(account.user_id, codes)
    work.record(RecoveryCodesMade(account.user_id))
    return [printed(number, letters) for number, letters in enumerate(made)]


def remove_recovery_codes(command: RemoveRecoveryCodes, work: UnitOfWork[Store], ports: Ports) -> None:
    """Void them all; raises `NotFoundError` where there are none, and what `fresh_account` raises."""
    store = work.writing()
    account = fresh_account(command.user_id, command.session_id, store, ports)
    if not store.recovery_codes.of(account.user_id):
        raise NotFoundError
    store.recovery_codes.replace(account.user_id, [])
    work.record(RecoveryCodesRemoved(account.user_id))
