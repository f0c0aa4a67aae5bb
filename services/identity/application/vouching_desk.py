"""What everything about vouchings shares: who may vouch for whom, and what is told at which contact (IDN-17)."""

from __future__ import annotations

from collections.abc import Iterable

from chassis.kernel.errors import NotFoundError
from chassis.kernel.ids import new_id
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Ports, Store
from services.identity.domain.access import Reach, vouching_reach_of
from services.identity.domain.accounts import Account, Kind, State
from services.identity.domain.contacts import Contact
from services.identity.domain.vouching_events import VouchingWordDue, Word
from services.identity.domain.vouchings import Stop, Vouching

_STOPPED_BY_TOKEN = frozenset({Word.VOUCHED, Word.CONFIRMED})


def reach_of_voucher(by: str, account: Account | None, store: Store, ports: Ports) -> Reach:
    """How far the word of `by` reaches for that account."""
    if account is None:
        return Reach.UNSEEN
    held, now = store.held_access, ports.clock.now()
    reach = vouching_reach_of(held.of(by), held.of(account.user_id), now)
    is_own = account.user_id == by or account.kind is not Kind.USER
    return Reach.BARRED if reach is Reach.ALLOWED and is_own else reach


def is_good_voucher(vouching: Vouching, account: Account, store: Store, ports: Ports) -> bool:
    """Whether whoever vouched could still do so."""
    voucher = store.accounts.get(vouching.vouched_by)
    is_there = voucher is not None and voucher.state is State.ACTIVE
    return is_there and reach_of_voucher(vouching.vouched_by, account, store, ports) is Reach.ALLOWED


def lock_in_order(user_ids: Iterable[str], store: Store) -> None:
    """Lock these accounts in one order, lest two acts wait for each other."""
    for each in sorted(set(user_ids)):
        store.accounts.for_update(each)


def vouching_locked(vouching_id: str, store: Store) -> tuple[Vouching, Account]:
    """The vouching as it is under the lock of its account; raises `NotFoundError`."""
    found = store.vouchings.get(vouching_id)
    account = store.accounts.for_update(found.user_id) if found else None
    vouching = store.vouchings.get(vouching_id)
    if vouching is None or account is None:
        raise NotFoundError
    return vouching, account


def tell_old_contacts(word: Word, vouching: Vouching, account: Account, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell it at every verified contact of the account, each with a token of its own where that stops it."""
    for contact in account.contacts:
        if contact.verified_at is None:
            continue
        token = ports.randomness.token() if word in _STOPPED_BY_TOKEN else None
        if token is not None:
            digest = ports.digests.of_token(token)
            work.writing().vouchings.add_stop(Stop(digest, vouching.id, account.user_id, contact.id))
        work.record(_word(word, contact, token, (vouching, account), ports))


def tell_new_contact(word: Word, vouching: Vouching, account: Account, work: UnitOfWork[Store], ports: Ports) -> None:
    """Tell it at the address that was vouched for."""
    work.record(_word(word, vouching.contact, None, (vouching, account), ports))


def _word(
    word: Word, contact: Contact, token: str | None, of: tuple[Vouching, Account], ports: Ports
) -> VouchingWordDue:
    vouching, account = of
    word_id = str(new_id())
    return VouchingWordDue(
        id=word_id,
        user_id=account.user_id,
        word=word,
        kind=contact.kind,
        by=vouching.vouched_by,
        works_at=vouching.works_at,
        language=account.profile.language,
        site=vouching.site,
        sealed=ports.seal_vouching(word_id, token, contact.value, account.profile.first_name),
    )
