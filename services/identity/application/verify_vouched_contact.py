"""The address that was vouched for is verified by a code, for whoever names the user ID (IDN-2, IDN-17)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel.messages import Command
from chassis.kernel.user_ids import fold
from chassis.kernel.work import UnitOfWork
from services.identity.application.code_desk import Order, Redemption, Sent, redeem_code, send_code, send_nothing
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account, State
from services.identity.domain.codes import Purpose
from services.identity.domain.errors import CodeSentLatelyError
from services.identity.domain.throttle import TryRules
from services.identity.domain.user_ids import findable
from services.identity.domain.vouching_events import VouchingVerified
from services.identity.domain.vouchings import Vouching


@dataclass(frozen=True, slots=True)
class SendVouchedContactCode(Command):
    """The user ID as typed."""

    user_id: str
    site: str


@dataclass(frozen=True, slots=True)
class VerifyVouchedContact(Command):
    """User ID and code as typed."""

    user_id: str
    code: str


def send_vouched_contact_code(command: SendVouchedContactCode, work: UnitOfWork[Store], ports: Ports) -> Sent:
    """Send it, where an address waits for one; the same answer and the same limits where none does, or nobody is.

    Raises `CodeSentLatelyError`.
    """
    typed_for, store = fold(command.user_id), work.writing()
    _count(typed_for, store, ports)
    account, vouching = _awaiting(typed_for, store, ports)
    if account is None or vouching is None:
        return send_nothing(typed_for, Purpose.VOUCHED_CONTACT, work, ports)
    return send_code(Order(account, vouching.contact, Purpose.VOUCHED_CONTACT, command.site), work, ports)


def verify_vouched_contact(command: VerifyVouchedContact, work: UnitOfWork[Store], ports: Ports) -> None:
    """Note that the address is its owner's; raises what `redeem_code` raises, the same where there is none."""
    typed_for, store, now = fold(command.user_id), work.writing(), ports.clock.now()
    account, vouching = _awaiting(typed_for, store, ports)
    redemption = Redemption(
        typed_for=typed_for,
        account=account if vouching else None,
        purpose=Purpose.VOUCHED_CONTACT,
        typed=command.code,
        contact_id=vouching.contact_id if vouching else None,
    )
    owner = redeem_code(redemption, work, ports)
    if vouching is not None:
        verified = vouching.verified(now)
        store.vouchings.save(verified)
        work.acting_as(owner.actor)
        work.record(VouchingVerified(verified))


def _awaiting(typed_for: str, store: Store, ports: Ports) -> tuple[Account | None, Vouching | None]:
    """The account, locked, and the vouching whose address waits for its code, if there is one."""
    account = store.accounts.for_update(findable(typed_for))
    found = store.vouchings.open_of(findable(typed_for))
    is_theirs = account is not None and account.state is State.ACTIVE
    return account, found if is_theirs and found and found.awaits_code_at(ports.clock.now()) else None


def _count(typed_for: str, store: Store, ports: Ports) -> None:
    """One more is asked for: known or not, so that limits tell nobody which accounts wait for one.

    Half as many an hour as codes may go out, lest those ever refuse what this lets through.
    """
    codes, now = ports.rules.codes, ports.clock.now()
    limits = {"pause": TryRules(1, window=codes.pause), "hour": TryRules(max(1, codes.most // 2), window=codes.period)}
    by_key = {ports.digests.keyed(f"vouched_contact:{name}", typed_for): rules for name, rules in limits.items()}
    found = {key: rules.standing(store.failures.for_update(key), now) for key, rules in by_key.items()}
    if wait := max(count.blocked_for(now) for count in found.values()):
        raise CodeSentLatelyError(wait)
    for key, rules in by_key.items():
        store.failures.put(key, rules.failed(found[key], now))
