"""Tell a client who somebody is, as far as its scopes go (OpenID Connect Core, section 5.4)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from chassis.kernel.work import UnitOfWork
from services.identity.application.ports import Store
from services.identity.application.view_account import view_account
from services.identity.domain.accounts import Account
from services.identity.domain.clients import Scope

CLAIMS = {
    Scope.OPENID: ("sub",),
    Scope.PROFILE: ("name", "given_name", "family_name", "preferred_username", "locale"),
    Scope.EMAIL: ("email", "email_verified"),
    Scope.PHONE: ("phone_number", "phone_number_verified"),
    Scope.ADDRESS: ("address",),
}
"""What each scope opens; an account may lack some of it."""


def view_claims(user_id: str, scopes: Collection[str], work: UnitOfWork[Store]) -> dict[str, Any]:
    """The claims; raises `NotSignedInError` where the account has been disabled or removed."""
    account = view_account(user_id, work)
    told = {name for scope, names in CLAIMS.items() if scope in scopes for name in names}
    return {name: value for name, value in _claims(account).items() if name in told and value is not None}


def _claims(account: Account) -> dict[str, Any]:
    profile = account.profile
    return {
        "sub": account.user_id,
        "name": f"{profile.first_name} {profile.last_name}",
        "given_name": profile.first_name,
        "family_name": profile.last_name,
        "preferred_username": account.user_id,
        "locale": profile.language,
        "email": account.email.value,
        "email_verified": account.email.verified_at is not None,
        "phone_number": profile.phone,
        "phone_number_verified": None if profile.phone is None else False,
        "address": _address(account),
    }


def _address(account: Account) -> dict[str, str] | None:
    address = account.profile.address
    if address is None:
        return None
    street = "\n".join(line for line in (address.line1, address.line2) if line)
    return {
        "street_address": street,
        "locality": address.city,
        "region": address.state,
        "postal_code": address.zip,
        "country": "US",
    }
