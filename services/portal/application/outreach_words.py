"""Words for the codes of outreach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.portal.domain.languages import mark as _

REASONS: Final[Mapping[str, str]] = {
    "request_without_manager": _("Somebody asks for access, and there is no access manager"),
    "manager_lost": _("The last access manager is gone, disabled or suspended"),
    "managers_away": _("A request has waited for long, and no access manager has logged in since"),
    "asked_for": _("The practice, or somebody who works there, asked for it"),
    "wrong_manager": _("An access manager should not be one"),
}

OUTCOMES: Final[Mapping[str, str]] = {
    "manager_found": _("There is an access manager"),
    "manager_removed": _("The wrong access manager was removed"),
    "given_up": _("Closed by support"),
}

CHANNELS: Final[Mapping[str, str]] = {
    "phone": _("By phone"),
    "email": _("By e-mail"),
    "letter": _("By letter"),
    "visit": _("By a visit"),
    "other": _("In another way"),
}

PROPOSAL_STATES: Final[Mapping[str, str]] = {
    "proposed": _("Awaits a second agent"),
    "confirmed": _("Confirmed"),
    "rejected": _("Rejected"),
    "refused": _("Confirmed, but a rule forbids it"),
    "lapsed": _("Needless by now"),
}
