"""The blueprints of entitlements, in the order of its document."""

from __future__ import annotations

from services.entitlements.api import (
    access,
    bulk,
    catalogue,
    checks,
    me,
    practices,
    prepared_access,
    requests,
    reviews,
    users,
)

BLUEPRINTS = (
    catalogue.blueprint,
    users.blueprint,
    access.blueprint,
    bulk.blueprint,
    requests.blueprint,
    me.blueprint,
    practices.blueprint,
    reviews.blueprint,
    checks.blueprint,
)

INTERNAL_BLUEPRINTS = (prepared_access.blueprint,)
"""For the other services alone."""
