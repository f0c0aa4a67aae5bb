"""Identity's routes."""

from __future__ import annotations

from services.identity.api import (
    accounts,
    authenticators,
    contacts,
    devices,
    me,
    own_password,
    passkey_sign_in,
    password_resets,
    recovery,
    reservations,
    sessions,
    sign_in,
    step_up,
    support,
    terms,
    vouchings,
)
from services.identity.api.openid import authorization, discovery, logout, token, userinfo

BLUEPRINTS = (
    terms.blueprint,
    accounts.blueprint,
    sign_in.blueprint,
    passkey_sign_in.blueprint,
    recovery.blueprint,
    sessions.blueprint,
    me.blueprint,
    step_up.blueprint,
    authenticators.blueprint,
    devices.blueprint,
    contacts.blueprint,
    contacts.public_blueprint,
    own_password.blueprint,
    password_resets.blueprint,
    support.blueprint,
    vouchings.blueprint,
)
INTERNAL_BLUEPRINTS = (reservations.blueprint,)
ROOT_BLUEPRINTS = (
    discovery.blueprint,
    authorization.blueprint,
    token.blueprint,
    userinfo.blueprint,
    logout.blueprint,
)
