"""The lists that the rules refer to; they lie in `data/` and are handed in."""

from __future__ import annotations

from dataclasses import dataclass

from services.identity.domain.passwords import CommonPasswords


@dataclass(frozen=True, slots=True)
class Lists:
    """Reserved user IDs, common passwords, and the codes of security questions and job roles."""

    reserved_user_ids: frozenset[str]
    common_passwords: CommonPasswords
    security_questions: frozenset[str]
    job_roles: frozenset[str]
