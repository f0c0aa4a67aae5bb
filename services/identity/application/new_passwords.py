"""What a new password must be for an account, whatever way it comes (REG-7)."""

from __future__ import annotations

from chassis.kernel.errors import InvalidError
from services.identity.domain.accounts import Account
from services.identity.domain.lists import Lists
from services.identity.domain.passwords import fault_of, personal_words, weakness_of


def refuse_weak(password: str, account: Account, lists: Lists) -> None:
    """Raises `InvalidError` at `/new_password` for one that REG-7 refuses."""
    profile = account.profile
    personal = personal_words(account.user_id, account.email.value, (profile.first_name, profile.last_name))
    weakness = weakness_of(password, common=lists.common_passwords, personal=personal)
    if weakness:
        raise InvalidError([fault_of(weakness, "/new_password")])
