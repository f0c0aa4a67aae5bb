"""Show somebody their own account; contacts are masked, and nothing secret is in it."""

from __future__ import annotations

from chassis.kernel.errors import NotSignedInError
from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Store
from services.identity.domain.accounts import Account, State


def view_account(user_id: str, work: UnitOfWork[Store]) -> Account:
    """The caller's account; raises `NotSignedInError` where it has been disabled or removed."""
    with work.reading() as store:
        account = store.accounts.get(user_id)
    if account is None or account.state is not State.ACTIVE:
        raise NotSignedInError
    return account
