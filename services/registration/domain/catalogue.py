"""The two lists that registration offers to choose from: job roles and security questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Titles by code, each in the order in which it is offered (REG-5, REG-8)."""

    job_roles: Mapping[str, str]
    security_questions: Mapping[str, str]
