"""Words of the API in the page's language, for templates: filters `titled`, `line`, `state_word`, `given_by`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint
from flask_babel import gettext

from services.portal.api.templating import day
from services.portal.application.access_calls import Titled
from services.portal.application.access_items import Access
from services.portal.application.catalogue_words import (
    CAUSES,
    INVITATION_STATES,
    LEVELS,
    LINES,
    REQUEST_STATES,
    VIOLATIONS,
)
from services.portal.application.matrix import NOT_GIVEN

blueprint = Blueprint("wording", __name__)


@blueprint.app_template_filter()
def titled(title: str | None) -> str:
    """A title of a catalogue, in the page's language where it came with the product."""
    return str(gettext(title)) if title else ""


@blueprint.app_template_filter()
def line(code: str) -> str:
    """A line of business."""
    return titled(LINES.get(code, code))


@blueprint.app_template_filter()
def state_word(code: str) -> str:
    """What has become of a request."""
    return titled(REQUEST_STATES.get(code, code))


@blueprint.app_template_filter()
def level_word(code: str) -> str:
    """An access level."""
    return titled(LEVELS.get(code, code))


@blueprint.app_template_filter()
def invitation_word(code: str) -> str:
    """What has become of an invitation."""
    return titled(INVITATION_STATES.get(code, code))


@blueprint.app_template_filter()
def violation_word(code: str) -> str:
    """What a rule forbids."""
    return titled(VIOLATIONS.get(code, VIOLATIONS["not_yours_to_give"]))


@blueprint.app_template_filter()
def cause_word(code: str) -> str:
    """Why access is suspended."""
    return titled(CAUSES.get(code, code))


@blueprint.app_template_filter()
def given_by(actor: str) -> str:
    """Who gave it: a user ID, or a part of the plan."""
    kind, separator, name = actor.partition(":")
    if not separator:
        return actor
    return gettext("the plan’s support") if kind == "support" else name if kind == "user" else gettext("the plan")


@blueprint.app_template_filter()
def last_day(until: str | datetime) -> str:
    """The last day on which something holds that ends at a moment."""
    moment = datetime.fromisoformat(until) if isinstance(until, str) else until
    return day_of(moment - timedelta(microseconds=1))


@blueprint.app_template_filter()
def day_of(moment: datetime) -> str:
    """The day of a moment in the plan's time zone."""
    return day(moment.isoformat())


@blueprint.app_template_filter()
def lacking(access: Access, functions: Sequence[Titled]) -> list[str]:
    """The functions of its line that somebody's access does not have (GO-6)."""
    has = access.functions | {NOT_GIVEN}
    return [each.code for each in functions if access.place.line in each.of and each.code not in has]
