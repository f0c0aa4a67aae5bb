"""The delegation history report (AUD-2): on screen a page at a time, and as a file."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.pages import page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import Access
from services.portal.application.errors import ProblemError
from services.portal.application.history_calls import KINDS, Change, HistoryQuery, download, history
from services.portal.application.problems import Fields

blueprint = Blueprint("history", __name__, url_prefix="/history")

FORMATS: Final = ("xlsx", "csv")
_RIGHT: Final = "history_report"
_PAGE: Final = 25
_PERIOD: Final = frozenset({400, 422})


@blueprint.get("")
@signed_in
def show() -> Response:
    """Newest first."""
    seen = _seen()
    form = FormView(values=request.args.to_dict(), fields=Fields({"/to": "to", "/from": "from"}))
    query, after = _query(form), request.args.get("after")
    changes: list[Change] = []
    following = None
    if not form.is_wrong:
        try:
            changes, following = history(api(), _parameters(query), meant(after, "cursor") if after else None, _PAGE)
        except ProblemError as problem:
            if problem.status not in _PERIOD:
                raise
            form.refuse(problem)
    calls = Entitlements(api())
    return page(
        "history/show.html",
        section="history",
        practices={access.place.tin: access.practice for access in seen},
        kinds=KINDS,
        changes=changes,
        following=following,
        is_first=not after,
        kept={name: request.args.get(name) or None for name in ("practice", "from", "to", "type")},
        titles={each.code: each.title for each in (*calls.functions(), *calls.levels())},
        form=form,
    )


@blueprint.get("/delegation-history.<string:form>")
@signed_in
def file(form: str) -> Response:
    """The same, all of it, as a file; it passes through here a piece at a time."""
    if form not in FORMATS:
        abort(404)
    _seen()
    asked = FormView(values=request.args.to_dict())
    query = _query(asked)
    if asked.is_wrong:
        abort(404)
    found = download(api(), _parameters(query), form)
    response = Response(found.chunks, content_type=found.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=f"delegation-history.{form}")
    return response


def _seen() -> list[Access]:
    """Where the caller may see the history, by practice; 403 for somebody who may nowhere."""
    access = [each for each in Entitlements(api()).my_access() if each.is_active and _RIGHT in each.functions]
    if not access:
        abort(403)
    return sorted(access, key=lambda each: (each.practice or "", each.place))


def _query(form: FormView) -> HistoryQuery:
    practice, kind = form.value("practice"), form.value("type")
    return HistoryQuery(
        tin=meant(practice, "tin") if practice else None,
        first=_day(form, "from"),
        last=_day(form, "to"),
        kind=kind if kind in KINDS else None,
    )


def _parameters(query: HistoryQuery) -> dict[str, Any]:
    return query.parameters(context.ports.time_zone)


def _day(form: FormView, name: str) -> date | None:
    try:
        return date.fromisoformat(form.value(name)) if form.value(name) else None
    except ValueError:
        form.add(name, gettext("Write this as a date."))
        return None
