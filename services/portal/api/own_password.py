"""Settings → Sign-in: one's own password and security questions, after confirming who one is (REG-7, REG-8, IDN-3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import api, signed_in, user_id
from services.portal.api.step_up import STEP_UP_REQUIRED, confirmed_first
from services.portal.application.errors import ProblemError
from services.portal.application.own_account_calls import GivenAnswer, OwnAccount
from services.portal.application.problems import Fields
from services.portal.application.registration_calls import Registering

blueprint = Blueprint("own_password", __name__, url_prefix="/settings/sign-in")

_FIELDS: Final = Fields(
    {
        "/current_password": "current_password",
        "/new_password": "new_password",
        "/security_answers": "question_0",
        "/security_answers/*/question": "question_{}",
        "/security_answers/*/answer": "answer_{}",
    }
)
_QUESTIONS: Final = range(2)


@blueprint.get("/password")
@signed_in
@confirmed_first
def ask_password() -> Response:
    """The present password, and the new one."""
    return _password_page(FormView())


@blueprint.post("/password")
@signed_in
def change_password() -> Response:
    """Set it."""
    current, new = request.form.get("current_password", ""), request.form.get("new_password", "")
    form = FormView({}, _FIELDS)
    _need(form, current_password=current, new_password=new)
    if not form.is_wrong and _taken(form, lambda: OwnAccount(api()).change_password(current, new, context.form_key)):
        return go_to("second_steps.show", done="password_changed")
    return _password_page(form)


@blueprint.get("/questions")
@signed_in
@confirmed_first
def ask_questions() -> Response:
    """Two questions, those that were chosen before first; their answers are never shown."""
    chosen = OwnAccount(api()).questions()
    return _questions_page(FormView({f"question_{place}": code for place, code in enumerate(chosen)}))


@blueprint.post("/questions")
@signed_in
def answer_questions() -> Response:
    """Keep the answers."""
    typed = {name: request.form.get(name, "").strip() for name in _names()}
    current = request.form.get("current_password", "")
    form = FormView(typed, _FIELDS)
    _need(form, current_password=current)
    answers = [GivenAnswer(typed[f"question_{place}"], typed[f"answer_{place}"]) for place in _QUESTIONS]
    if not form.is_wrong and _taken(
        form, lambda: OwnAccount(api()).answer_questions(current, answers, context.form_key)
    ):
        return go_to("second_steps.show", done="questions_changed")
    return _questions_page(form)


def _names() -> list[str]:
    return [f"{part}_{place}" for place in _QUESTIONS for part in ("question", "answer")]


def _need(form: FormView, **typed: str) -> None:
    for name, value in typed.items():
        if not value:
            form.add_code(name, "required")


def _taken(form: FormView, change: Callable[[], None]) -> bool:
    """Whether the change was made; what is wrong with it stands on the form."""
    try:
        change()
    except ProblemError as problem:
        if problem.code == STEP_UP_REQUIRED or problem.status not in {422, 429}:
            raise
        form.refuse(problem)
    return not form.is_wrong


def _password_page(form: FormView) -> Response:
    form.labels = {"current_password": gettext("Present password"), "new_password": gettext("New password")}
    return page("own_password/password.html", section="second_steps", form=form, user_id=user_id())


def _questions_page(form: FormView) -> Response:
    form.labels = {
        "question_0": gettext("First question"),
        "answer_0": gettext("First answer"),
        "question_1": gettext("Second question"),
        "answer_1": gettext("Second answer"),
        "current_password": gettext("Present password"),
    }
    questions = [(each.code, gettext(each.title)) for each in Registering(context.visitor_api).security_questions()]
    return page("own_password/questions.html", section="second_steps", form=form, questions=questions)
