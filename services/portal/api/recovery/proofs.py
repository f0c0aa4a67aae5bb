"""Forgot password, second and third step: the code, then the date of birth and one answer (IDN-7).

They are judged together, so that nobody learns which was wrong: the code waits in the session for the other two.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import page
from services.portal.api.recovery import state
from services.portal.api.recovery.birth import date_of_birth, typed_birth
from services.portal.api.recovery.state import Flow, News, Stage
from services.portal.api.recovery.steps import (
    FIELDS,
    blueprint,
    goes_back,
    on,
    place_of,
    recovering,
    refused,
    step_titles,
)
from services.portal.application.errors import ProblemError
from services.portal.application.recovery_calls import Proofs
from services.portal.application.registration_calls import Registering
from services.portal.domain.languages import mark

_DIGITS: Final = 6
_WRONG: Final = "code_wrong"
_EXPIRED: Final = "code_expired"
_DO_NOT_BELONG: Final = mark(
    "The code, the date of birth and the answer do not all belong together. Check each: “Previous” leads to the code."
)


@blueprint.get("/forgot-password/code")
def ask_code() -> Response:
    """Ask for the code."""
    flow = state.named()
    if not (flow.awaits_code and flow.method):
        return place_of(flow)
    return _code_page(flow, FormView({"code": flow.code}))


@blueprint.post("/forgot-password/code")
def take_code() -> Response:
    """Keep it for the next step; nothing can be said of it alone."""
    flow = state.named()
    if flow.stage is not Stage.CODE_SENT:
        return place_of(flow)
    code = "".join(request.form.get("code", "").split())
    flow = state.keep(replace(flow, code=code))
    if goes_back():
        return on("recovery.begin", flow)
    form = FormView({"code": code}, FIELDS)
    if not (code.isdecimal() and len(code) == _DIGITS):
        form.add("code", gettext("Enter the six digits of our latest message."))
        return _code_page(flow, form)
    return on("recovery.ask_proofs", flow)


@blueprint.get("/forgot-password/proofs")
def ask_proofs() -> Response:
    """Ask for the date of birth and one answer."""
    flow = state.named()
    if not (flow.stage is Stage.CODE_SENT and flow.code):
        return place_of(flow)
    return _proofs_page(flow, FormView(flow.typed))


@blueprint.post("/forgot-password/proofs")
def take_proofs() -> Response:
    """Have all three looked at."""
    flow = state.named()
    if not (flow.stage is Stage.CODE_SENT and flow.code):
        return place_of(flow)
    typed = {**typed_birth(), **{name: request.form.get(name, "").strip() for name in ("question", "answer")}}
    flow = state.keep(replace(flow, typed=typed))
    if goes_back():
        return on("recovery.ask_code", flow)
    form = FormView(typed, FIELDS)
    born = date_of_birth(form)
    for name, code in (("question", "question_unknown"), ("answer", "answer_invalid")):
        if not typed[name]:
            form.add_code(name, code)
    if form.is_wrong:
        return _proofs_page(flow, form)
    return _judged(flow, form, Proofs(flow.code, born, typed["question"], typed["answer"]))


def _judged(flow: Flow, form: FormView, proofs: Proofs) -> Response:
    try:
        recovering().verify(flow.open_challenge, proofs, context.form_key)
    except ProblemError as problem:
        if problem.errors and problem.errors[0].code == _EXPIRED:
            return on("recovery.ask_code", state.keep(replace(flow, code="", news=News.EXPIRED)))
        if problem.errors and problem.errors[0].code == _WRONG:
            form.add(None, gettext(_DO_NOT_BELONG))
            return _proofs_page(flow, form)
        if refused(problem, form, flow):
            return _proofs_page(flow, form)
    return place_of(state.keep(flow.proven()))


def _code_page(flow: Flow, form: FormView) -> Response:
    form.labels = {"code": gettext("Code")}
    several = len(flow.open_challenge.methods) > 1
    method = flow.open_challenge.method(flow.method)
    if method is None:
        return on("recovery.choose", flow)
    return page("recovery/code.html", form=form, steps=step_titles(), flow=flow, method=method, several=several)


def _proofs_page(flow: Flow, form: FormView) -> Response:
    form.labels = {
        "date_of_birth": gettext("Date of birth"),
        "question": gettext("Question"),
        "answer": gettext("Answer"),
    }
    questions = Registering(context.visitor_api).security_questions()
    choices = [(each.code, gettext(each.title)) for each in questions]
    return page("recovery/proofs.html", form=form, steps=step_titles(), flow=flow, questions=choices)
