"""Audit's routes."""

from __future__ import annotations

from services.audit.api import entries, history

BLUEPRINTS = (history.blueprint, entries.blueprint)
