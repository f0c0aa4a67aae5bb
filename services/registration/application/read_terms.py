"""For how long, as this deployment is set: for frontends that say so to people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from services.registration.application.ports import Ports


@dataclass(frozen=True, slots=True)
class Terms:
    """For how many days a temporary ID is good (REG-14)."""

    invitation_days: int


def read_terms(ports: Ports) -> Terms:
    """The terms that its rules come to."""
    return Terms(ports.invitations.valid // timedelta(days=1))
