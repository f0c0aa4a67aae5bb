"""Who calls the services: each column of `routes/`, with the credential that it brings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from chassis.security.scopes import CHECK
from tests.protection.service_world import Practice

Credential = Callable[[Practice, str], str | None]
"""The token of a practice's somebody, for a call of that name; None: none is brought."""

_APPLICANTS: Final = ("{request_id}", "{registration_id}", "to approve")


def _nobody(practice: Practice, call: str) -> None:
    return None


def _person(user_id: str) -> Credential:
    return lambda practice, call: practice.tokens[user_id]


def _themselves(practice: Practice, call: str) -> str:
    """Of a request and a registration that is the applicant; of everything else the processor Zoë."""
    return practice.tokens["wanda.waits" if any(each in call for each in _APPLICANTS) else "zoe.obrien"]


def _client(*scopes: str) -> Credential:
    return lambda practice, call: practice.client_token(*scopes)


ROLES: Final[Mapping[str, Credential]] = {
    "nobody": _nobody,
    "no access": _person("nora.nothing"),
    "themselves": _themselves,
    "processor": _person("paul.works"),
    "auditor": _person("audit001"),
    "secondary": _person("secadm01"),
    "primary": _person("mmartin5"),
    "other primary": _person("petra.peer"),
    "other line": _person("linda.line"),
    "other TIN": _person("geogym1"),
    "support": _person("support1"),
    "site": _client(),
    "site, check": _client(CHECK),
}
"""The service comes last, and depends on whom it calls."""

LATER: Final = "support, a while ago"
CREDENTIALS: Final[Mapping[str, Credential]] = {**ROLES, LATER: lambda practice, call: practice.token_of_before}
"""And an agent whose second step is older than five minutes, who is let in as any other, save where that counts."""

SERVICE: Final = "service"
