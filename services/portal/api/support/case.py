"""Support → Outreach → the cases of a TIN: who waits, what was tried, and what two agents decide (REG-13)."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import meant
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, user_id
from services.portal.api.step_up import STEP_UP_REQUIRED, step_up_first, typed_before
from services.portal.api.support.desk import for_support, form_of, is_done, note_in
from services.portal.application.errors import ProblemError
from services.portal.application.outreach_calls import CasesOfTin, Outreach
from services.portal.application.outreach_words import CHANNELS, OUTCOMES, PROPOSAL_STATES, REASONS

blueprint = Blueprint("outreach_case", __name__, url_prefix="/support/outreach/<string:tin>")


@blueprint.get("")
@for_support
def show(tin: str) -> Response:
    """The cases, with what can be done in them."""
    return _case_page(_found(tin), FormView())


@blueprint.post("/attempts")
@for_support
def attempt(tin: str) -> Response:
    """Record an attempt."""
    found = _found(tin)
    form = form_of({"channel": gettext("How you tried"), "reached": "", "note": gettext("What came of it")})
    reached, note = form.value("reached") == "yes", note_in(form, "note")
    body = {"channel": form.value("channel") or "phone", "reached": reached, "note": note}
    if not is_done(form, partial(Outreach(api()).attempt, found.tin, body, context.form_key)):
        return _case_page(found, form)
    return go_to("outreach_case.show", tin=tin)


@blueprint.post("/confirm")
@for_support
def confirm(tin: str) -> Response:
    """Confirm the proposal that was shown; what became of it meanwhile is seen."""
    found, form = _found(tin), FormView()
    proposal = meant(request.form.get("proposal", ""), "proposal")
    try:
        done = is_done(form, partial(Outreach(api()).confirm, found.tin, proposal, context.form_key))
    except ProblemError as problem:
        if problem.code != STEP_UP_REQUIRED:
            raise
        return step_up_first(url_for("outreach_case.show", tin=tin))
    if not done:
        return _case_page(_found(tin), form)
    return go_to("outreach_case.show", tin=tin, done="confirmed")


@blueprint.get("/appoint")
@for_support
def ask_whom(tin: str) -> Response:
    """Who is to be the access manager?"""
    found = _found(tin)
    lines = [case.place.line for case in found.open_cases]
    return _page("appoint", found, FormView({"lines": lines if len(lines) == 1 else []} | typed_before()))


@blueprint.post("/appoint")
@for_support
def appoint(tin: str) -> Response:
    """Propose them."""
    found = _found(tin)
    form = form_of({"user_id": gettext("User ID"), "lines": gettext("Lines"), "proof": gettext("Proof")})
    if not form.value("user_id").strip():
        form.add("user_id", gettext("Write the user ID with which the person registered."))
    if not form.value("lines"):
        form.add("lines", gettext("Choose at least one line."))
    body = {"user_id": form.value("user_id").strip(), "lines": form.value("lines"), "proof": note_in(form, "proof")}
    if not is_done(form, partial(Outreach(api()).appoint, found.tin, body, context.form_key)):
        return _page("appoint", found, form)
    return go_to("outreach_case.show", tin=tin, done="proposed")


@blueprint.get("/reject")
@for_support
def ask_why_not(tin: str) -> Response:
    """Why is it not to be done?"""
    return _page("reject", _found(tin), FormView())


@blueprint.post("/reject")
@for_support
def reject(tin: str) -> Response:
    """Reject the proposal that was shown."""
    found = _found(tin)
    form = form_of({"reason": gettext("Reason")})
    body = {"proposal_id": meant(request.form.get("proposal", ""), "proposal"), "reason": note_in(form, "reason")}
    if not is_done(form, partial(Outreach(api()).reject, found.tin, body, context.form_key)):
        return _page("reject", found, form)
    return go_to("outreach_case.show", tin=tin, done="rejected")


@blueprint.get("/close")
@for_support
def ask_why_closed(tin: str) -> Response:
    """Why does support look no further?"""
    return _page("close", _found(tin), FormView())


@blueprint.post("/close")
@for_support
def close(tin: str) -> Response:
    """Close every open case of the TIN."""
    found = _found(tin)
    form = form_of({"reason": gettext("Reason")})
    body = {"reason": note_in(form, "reason")}
    if not is_done(form, partial(Outreach(api()).close, found.tin, body, context.form_key)):
        return _page("close", found, form)
    return go_to("outreach_case.show", tin=tin, done="closed")


def _found(tin: str) -> CasesOfTin:
    return Outreach(api()).of_tin(meant(tin, "tin"))


def _case_page(found: CasesOfTin, form: FormView) -> Response:
    return page(
        "support/case.html",
        section="outreach",
        found=found,
        reasons=REASONS,
        outcomes=OUTCOMES,
        channels=CHANNELS,
        states=PROPOSAL_STATES,
        form=form,
        done=request.args.get("done"),
        me=user_id(),
    )


def _page(name: str, found: CasesOfTin, form: FormView) -> Response:
    return page(f"support/{name}.html", section="outreach", found=found, form=form)
