"""Settings → Online access: what I may do for a TIN, who can give me more, and asking for a further TIN (ENT-9)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Response, abort, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.dashboard import managers_of
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.navigation import forget_reach
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in, user_id
from services.portal.application.access_calls import Entitlements
from services.portal.application.errors import ProblemError
from services.portal.application.message_calls import Practice, practice
from services.portal.application.problems import Fields
from services.portal.application.standing import read_standing

blueprint = Blueprint("online_access", __name__, url_prefix="/settings/online-access")

_FIELDS = {"/tin": "tin", "/line": "line"}
_LINES = ("medical", "behavioral", "dental")
_DIGITS = 9


@blueprint.get("")
@signed_in
def show() -> Response:
    """One TIN at a time, chosen from the list."""
    calls = Entitlements(api())
    practices = read_standing(calls, context.site.lines).practices
    chosen = request.args.get("practice")
    tin = meant(chosen, "tin") if chosen else next((each.tin for each in practices), None)
    if chosen and tin not in {each.tin for each in practices}:
        abort(404)
    return page(
        "online_access/show.html",
        section="online_access",
        practices=practices,
        shown=next((each for each in practices if each.tin == tin), None),
        managers=managers_of(calls, [tin])[tin] if tin else [],
        functions=calls.functions(),
        levels={each.code: each.title for each in calls.levels()},
        wanted="wanted" in request.args,
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed to ask for access; `practice` is what the directory says of the TIN, once it could be read."""

    form: FormView
    practice: Practice | None = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines to choose from; any where the plan does not know the TIN (REG-2)."""
        return (self.practice.lines if self.practice and self.practice.is_associated else ()) or _LINES

    @property
    def line(self) -> str | None:
        """The line that was chosen, or the only one there is."""
        wished = self.form.value("line") or (self.lines[0] if len(self.lines) == 1 else "")
        return wished if wished in self.lines else None


@blueprint.get("/ask")
@signed_in
def ask() -> Response:
    """For which TIN?"""
    return _ask_page(Asked(FormView()))


@blueprint.post("/ask")
@signed_in
def ask_for() -> Response:
    """Ask for it, or which line it is for where the practice has several."""
    asked = _read()
    if asked.practice is None or asked.form.is_wrong:
        return _ask_page(asked)
    if asked.line is None:
        if request.form.get("step") == "line":
            asked.form.add("line", gettext("Choose the one that you work in most."))
        return _ask_page(asked)
    try:
        Entitlements(api()).ask(asked.practice.tin, asked.line, context.form_key)
    except ProblemError as problem:
        if problem.status not in {409, 422}:
            raise
        asked.form.refuse(problem)
        return _ask_page(asked)
    forget_reach()
    wish = {"of": user_id(), "tin": asked.practice.tin, "line": asked.line, "name": asked.practice.name}
    context.session["asked_for"] = wish
    return go_to("online_access.asked")


@blueprint.get("/asked")
@signed_in
def asked() -> Response:
    """It was asked for; who decides."""
    wish = context.session.get("asked_for")
    if wish is None or wish["of"] != user_id():
        return go_to("online_access.show")
    found = managers_of(Entitlements(api()), [wish["tin"]])[wish["tin"]]
    names = [name for name, line in found if line == wish["line"]]
    return page("online_access/asked.html", section="online_access", wish=wish, managers=names)


@blueprint.post("/requests/<string:request_handle>/withdraw")
@signed_in
def withdraw(request_handle: str) -> Response:
    """Take my own request back; one that was decided meanwhile is seen as it is."""
    try:
        Entitlements(api()).withdraw(meant(request_handle, "request"), context.form_key)
    except ProblemError as problem:
        if problem.status != 409:  # noqa: PLR2004 (decided already)
            raise
    return go_to("online_access.show")


@blueprint.post("/<string:practice>/manager-wanted")
@signed_in
def want_manager(practice: str) -> Response:
    """Ask support to look for an access manager where I work or wait (REG-13)."""
    Entitlements(api()).want_manager(meant(practice, "tin"), request.form.get("line", ""), context.form_key)
    return go_to("online_access.show", practice=practice, wanted="yes")


def _read() -> Asked:
    form = FormView(values=request.form.to_dict(), fields=Fields(_FIELDS), labels={"tin": gettext("TIN")})
    tin = "".join(letter for letter in form.value("tin") if letter not in " -–")
    if len(tin) != _DIGITS or not (tin.isascii() and tin.isdecimal()):
        form.add("tin", gettext("A TIN has nine digits."))
        return Asked(form)
    return Asked(form, practice(api(), tin))


def _ask_page(asked: Asked) -> Response:
    return page("online_access/ask.html", section="online_access", asked=asked, form=asked.form)
