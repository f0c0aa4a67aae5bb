"""Registration's routes."""

from __future__ import annotations

from services.registration.api import catalogue, imports, invitations, outreach, practices, registrations, terms

BLUEPRINTS = (
    terms.blueprint,
    practices.blueprint,
    catalogue.blueprint,
    registrations.blueprint,
    invitations.blueprint,
    imports.blueprint,
    outreach.blueprint,
)
