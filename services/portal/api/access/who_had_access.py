"""Who had access to a practice at a past moment, and who gave somebody a function there (ENT-12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, g, request
from flask_babel import gettext

from services.portal.api.access.desk import Desk, open_desk
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.pages import page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_items import Place
from services.portal.application.matrix import NOT_GIVEN
from services.portal.application.past_access_calls import REASONS, PastAccess, PastAccesses
from services.portal.application.standing import by_tin

blueprint = Blueprint("who_had_access", __name__, url_prefix="/who-had-access")

_PAGE: Final = 100
_END_OF_DAY: Final = time(23, 59, 59)
_UNKNOWN: Final = 404

When = TypeVar("When", date, time)


@blueprint.get("")
@signed_in
def show() -> Response:
    """Of which practice, on which day? And whoever had access then."""
    desk = open_desk()
    practices = by_tin(desk.administered)
    form = FormView(_typed(), labels={"practice": gettext("Practice"), "day": gettext("Day"), "time": gettext("Time")})
    found: list[PastAccess] = []
    following = tin = moment = None
    if request.args:
        tin, moment = _practice(form, practices), _moment(form)
    if tin and moment:
        after = request.args.get("after")
        found, following = PastAccesses(api()).at(tin, moment, meant(after, "cursor") if after else None, _PAGE)
    return page(
        "access/who_had_access.html",
        section="access",
        practices=practices,
        tin=tin,
        moment=moment,
        found=found,
        names={each.user_id: each.name for each in found if each.name},
        following=following,
        is_first="after" not in request.args,
        titles=_titles(desk),
        kept={name: value for name, value in form.values.items() if value},
        form=form,
    )


@blueprint.get("/<string:practice>/<string:user>")
@signed_in
def chain(practice: str, user: str) -> Response:
    """Whether somebody may do something there now, and everybody who gave it or took it away."""
    desk = open_desk()
    tin, whose = meant(practice, "tin"), meant(user, "user")
    lines = [each.place.line for each in desk.administered if each.place.tin == tin]
    if not lines:
        abort(_UNKNOWN)
    place = Place(tin, request.args["line"] if request.args.get("line") in lines else lines[0])
    functions = [each for each in desk.calls.functions() if place.line in each.of and each.code != NOT_GIVEN]
    codes = [each.code for each in functions]
    function = request.args["function"] if request.args.get("function") in codes else codes[0]
    explanation = PastAccesses(api()).explain(whose, function, place)
    return page(
        "access/chain.html",
        section="access",
        shown=desk.calls.user(whose, ()).name or whose,
        place=place,
        name=by_tin(desk.administered)[tin],
        lines=lines,
        functions=functions,
        function=function,
        explanation=explanation,
        sentence=REASONS.get(explanation.reason, REASONS["not_granted"]),
        titles=_titles(desk),
        back={"practice": practice, "day": request.args.get("day"), "time": request.args.get("time")},
    )


def _typed() -> dict[str, str]:
    return {name: request.args.get(name, "") for name in ("practice", "day", "time")}


def _practice(form: FormView, practices: Mapping[str, str | None]) -> str | None:
    """The TIN that was chosen; 404 for one that the caller does not administer."""
    if not form.value("practice"):
        form.add("practice", gettext("Choose a practice."))
        return None
    tin = meant(form.value("practice"), "tin")
    if tin not in practices:
        abort(_UNKNOWN)
    return tin


def _moment(form: FormView) -> datetime | None:
    """The moment that is meant, in the plan's time zone; without a time the end of the day, of today: now."""
    day = _read(form, "day", date.fromisoformat, gettext("Write this as a date."))
    at = _read(form, "time", time.fromisoformat, gettext("Write this as a time.")) if form.value("time") else None
    if form.is_wrong or day is None:
        return None
    zone = ZoneInfo(context.ports.time_zone)
    now: datetime = g.now
    if day > now.astimezone(zone).date():
        form.add("day", gettext("Choose a day that is not ahead."))
        return None
    moment = datetime.combine(day, (at or _END_OF_DAY).replace(tzinfo=None), zone)
    if at and moment > now:
        form.add("time", gettext("Choose a time that is not ahead."))
        return None
    return min(now, moment)


def _read(form: FormView, name: str, reader: Callable[[str], When], wrong: str) -> When | None:
    try:
        return reader(form.value(name))
    except ValueError:
        form.add(name, wrong)
        return None


def _titles(desk: Desk) -> dict[str, str]:
    return {each.code: each.title for each in (*desk.calls.functions(), *desk.calls.levels())}
