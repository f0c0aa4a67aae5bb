"""Codes, given out and taken back: the limits of IDN-2, for every purpose alike."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.identity.application.code_ways import refuse_opted_out
from services.identity.application.ports import Ports, Store
from services.identity.domain.accounts import Account
from services.identity.domain.codes import CHANNELS, Code, Purpose, digits_of
from services.identity.domain.contacts import Contact
from services.identity.domain.errors import (
    CodeExpiredError,
    CodeSentLatelyError,
    CodeWrongError,
    TooManyAttemptsError,
)
from services.identity.domain.events import CodeRequested
from services.identity.domain.throttle import NO_FAILURES
from services.identity.domain.user_ids import NOBODY

_AFTER_A_PASSWORD = frozenset({Purpose.SIGN_IN, Purpose.STEP_UP})


@dataclass(frozen=True, slots=True)
class Order:
    """A code to be sent to a contact of an account whose row is locked; `challenge_id` is the flow it is for."""

    account: Account
    contact: Contact
    purpose: Purpose
    site: str
    challenge_id: str | None = None
    is_familiar: bool = True
    """Whether it is asked for from where the account's owner has signed in before."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A code is on its way; another may be asked for after so many seconds."""

    resend_after: int


@dataclass(frozen=True, slots=True)
class Redemption:
    """A code that came back: `typed_for` is the folded user ID that was named, `account` whom it belongs to, if any.

    Where the code was sent to a contact or in a flow, it must come back with the same. `proven` says whether what
    else must be right was so: if not, the code is not either.
    """

    typed_for: str
    account: Account | None
    purpose: Purpose
    typed: str
    contact_id: str | None = None
    challenge_id: str | None = None
    proven: bool = True


def send_code(order: Order, work: UnitOfWork[Store], ports: Ports) -> Sent:
    """Issue a code, which voids the former of its purpose and gives new tries.

    Raises `NumberOptedOutError` and `CodeSentLatelyError`.
    """
    store, now, rules = work.writing(), ports.clock.now(), ports.rules.codes
    account, contact = order.account, order.contact
    refuse_opted_out(contact, store, ports)
    channel = CHANNELS[contact.kind]
    issued = store.codes.issued_since(account.user_id, order.purpose, channel, now - rules.period)
    wait = rules.wait(issued, now, is_familiar=order.is_familiar)
    if wait:
        raise CodeSentLatelyError(wait)
    code_id, digits = str(new_id()), ports.randomness.code()
    code = Code(
        id=code_id,
        user_id=account.user_id,
        purpose=order.purpose,
        channel=channel,
        contact_id=contact.id,
        challenge_id=order.challenge_id,
        digest=_digest(code_id, digits, ports),
        issued_at=now,
        expires_at=now + rules.lifetime,
    )
    store.codes.add(code)
    store.failures.put(_tries_key(order.purpose, account.user_id, ports), NO_FAILURES)
    if order.purpose in _AFTER_A_PASSWORD:
        store.failures.put(_elsewhere_key(order.purpose, account.user_id, ports), NO_FAILURES)
    sealed = ports.seal_code(code_id, digits, contact.value, account.profile.first_name)
    work.record(_requested(code, account, order.site, sealed))
    return Sent(int(rules.pause.total_seconds()))


def send_nothing(typed_for: str, purpose: Purpose, work: UnitOfWork[Store], ports: Ports) -> Sent:
    """What whoever asks can tell of `send_code`, where there is no account: new tries, and the time of a seal."""
    ports.seal_code(str(new_id()), ports.randomness.code(), NOBODY, NOBODY)
    work.writing().failures.put(_tries_key(purpose, typed_for, ports), NO_FAILURES)
    return Sent(int(ports.rules.codes.pause.total_seconds()))


def redeem_code(redemption: Redemption, work: UnitOfWork[Store], ports: Ports) -> Account:
    """Take a code back, once, and say whose it was; the same work and answers whether there is such an account or not.

    Raises `CodeWrongError`, `CodeExpiredError` (for the right one alone), and after five wrong tries
    `TooManyAttemptsError` whatever is tried, until a new code is sent.
    """
    store, now, rules = work.writing(), ports.clock.now(), ports.rules.tries
    key = _tries_key(redemption.purpose, redemption.typed_for, ports)
    count = rules.standing(store.failures.for_update(key), now)
    if count.blocked_for(now):
        raise TooManyAttemptsError(count.blocked_for(now))
    account = redemption.account
    code = store.codes.open_one(account.user_id if account else NOBODY, redemption.purpose)
    if code is not None and _cannot_be_it(code, redemption) and not _spares(redemption, store, ports):
        raise CodeWrongError(count.failures)
    if account is None or code is None or not _is_right(code, redemption, ports):
        failed = rules.failed(count, now)
        store.failures.put(key, failed)
        raise CodeWrongError(failed.failures)
    if code.expires_at <= now:
        raise CodeExpiredError
    store.codes.redeem(code.id, now)
    store.failures.put(key, NO_FAILURES)
    return account


def _cannot_be_it(code: Code, redemption: Redemption) -> bool:
    """Whether it was sent in another flow of somebody who has shown a password."""
    return redemption.purpose in _AFTER_A_PASSWORD and code.challenge_id != redemption.challenge_id


def _spares(redemption: Redemption, store: Store, ports: Ports) -> bool:
    """Count a try of a flow that the code was not sent in; False where such flows have used up what they may.

    They guess at nothing, and whoever knows a password alone must leave its owner some tries.
    """
    now, rules = ports.clock.now(), ports.rules.tries
    key = _elsewhere_key(redemption.purpose, redemption.typed_for, ports)
    count = rules.standing(store.failures.for_update(key), now)
    if count.failures >= rules.elsewhere:
        return False
    store.failures.put(key, rules.failed(count, now))
    return True


def _is_right(code: Code, redemption: Redemption, ports: Ports) -> bool:
    same_flow = code.challenge_id == redemption.challenge_id
    same_contact = redemption.contact_id in {None, code.contact_id}
    digest = _digest(code.id, digits_of(redemption.typed), ports)
    return hmac.compare_digest(digest, code.digest) and same_flow and same_contact and redemption.proven


def _digest(code_id: str, digits: str, ports: Ports) -> str:
    return ports.digests.keyed("code", f"{code_id}:{digits}")


def _tries_key(purpose: Purpose, user_id: str, ports: Ports) -> str:
    return ports.digests.keyed(f"tries:{purpose}", user_id)


def _elsewhere_key(purpose: Purpose, user_id: str, ports: Ports) -> str:
    return ports.digests.keyed(f"tries:elsewhere:{purpose}", user_id)


def _requested(code: Code, account: Account, site: str, sealed: str) -> CodeRequested:
    return CodeRequested(
        code_id=code.id,
        user_id=code.user_id,
        purpose=code.purpose,
        channel=code.channel,
        language=account.profile.language,
        site=site,
        expires_at=code.expires_at,
        sealed=sealed,
    )
