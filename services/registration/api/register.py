"""Registration's routes."""

from __future__ import annotations

from services.registration.api import catalogue, imports, invitations, outreach, practices, registrations

BLUEPRINTS = (
    practices.blueprint,
    catalogue.blueprint,
    registrations.blueprint,
    invitations.blueprint,
    imports.blueprint,
    outreach.blueprint,
)
