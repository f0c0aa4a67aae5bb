"""Support → Managers of a TIN: looked up for callers, and where a wrong one is proposed to be removed (REG-13)."""

from __future__ import annotations

from functools import partial
from typing import Final

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import handle, meant
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api
from services.portal.api.step_up import typed_before
from services.portal.api.support.desk import for_support, form_of, is_done, note_in
from services.portal.application.access_calls import Entitlements
from services.portal.application.access_items import Place
from services.portal.application.errors import ProblemError
from services.portal.application.message_calls import practice
from services.portal.application.outreach_calls import Outreach

blueprint = Blueprint("tin_managers", __name__, url_prefix="/support/managers")

_LINES: Final = ("medical", "behavioral", "dental")
_NOT_FOUND: Final = 404
_INVALID: Final = 422


@blueprint.get("")
@for_support
def ask() -> Response:
    """Of which TIN?"""
    return page("support/managers.html", section="tin_managers", form=FormView())


@blueprint.post("")
@for_support
def look_up() -> Response:
    """To the page of the TIN that was typed, which stands in no address."""
    form = form_of({"tin": gettext("TIN")})
    try:
        found = practice(api(), form.value("tin").strip() or "-")
    except ProblemError as problem:
        if problem.status != _INVALID:
            raise
        form.refuse(problem)
        return page("support/managers.html", section="tin_managers", form=form)
    return go_to("tin_managers.show", tin=handle(found.tin, "tin"))


@blueprint.get("/<string:tin>")
@for_support
def show(tin: str) -> Response:
    """By line who manages it, how they are reached, and whether support looks for one."""
    return _of_tin(meant(tin, "tin"), FormView())


@blueprint.post("/<string:tin>/case")
@for_support
def open_case(tin: str) -> Response:
    """Open an outreach case for a line."""
    form, line = FormView(), request.form.get("line", "")
    place = Place(meant(tin, "tin"), line)
    if not is_done(form, partial(Outreach(api()).open, place, context.form_key)):
        return _of_tin(place.tin, form)
    return go_to("outreach_case.show", tin=tin)


@blueprint.get("/<string:tin>/remove/<string:user>")
@for_support
def ask_removal(tin: str, user: str) -> Response:
    """Why should they be a manager no more?"""
    return _removal_page(meant(tin, "tin"), meant(user, "user"), None)


@blueprint.post("/<string:tin>/remove/<string:user>")
@for_support
def remove(tin: str, user: str) -> Response:
    """Propose it to a second agent."""
    whose, of_whom = meant(tin, "tin"), meant(user, "user")
    form = form_of({"lines": gettext("Lines"), "proof": gettext("Proof")})
    if not form.value("lines"):
        form.add("lines", gettext("Choose at least one line."))
    body = {"user_id": of_whom, "lines": form.value("lines"), "proof": note_in(form, "proof")}
    if not is_done(form, partial(Outreach(api()).remove_manager, whose, body, context.form_key)):
        return _removal_page(whose, of_whom, form)
    return go_to("outreach_case.show", tin=tin, done="proposed")


def _of_tin(tin: str, form: FormView) -> Response:
    managers, found = Entitlements(api()).managers_for_support(tin), practice(api(), tin)
    lines = found.lines or _LINES
    return page(
        "support/managers_of_tin.html",
        section="tin_managers",
        practice=found,
        lines=[line for line in _LINES if line in lines or any(each.line == line for each in managers)],
        managers=managers,
        open_lines=_open_lines(tin),
        form=form,
    )


def _open_lines(tin: str) -> frozenset[str]:
    try:
        return frozenset(case.place.line for case in Outreach(api()).of_tin(tin).open_cases)
    except ProblemError as problem:
        if problem.status != _NOT_FOUND:
            raise
        return frozenset()


def _removal_page(tin: str, of_whom: str, form: FormView | None) -> Response:
    managed = [each for each in Entitlements(api()).managers_for_support(tin) if each.user_id == of_whom]
    if not managed:
        abort(_NOT_FOUND)
    lines = [each.line for each in managed]
    return page(
        "support/remove_manager.html",
        section="tin_managers",
        practice=practice(api(), tin),
        manager=managed[0],
        lines=lines,
        form=form or FormView({"lines": lines if len(lines) == 1 else []} | typed_before()),
    )
