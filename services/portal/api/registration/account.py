"""Step 3: who registers, the account, and the security information (REG-5 to REG-8)."""

from __future__ import annotations

from typing import Any, Final

from flask import Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.registration.account_fields import labels, typed_account
from services.portal.api.registration.wizard import (
    FIELDS,
    before_account,
    blueprint,
    draft,
    goes_back,
    keep_account,
    missing_step,
    registering,
    step_titles,
)
from services.portal.application.errors import ProblemError
from services.portal.application.problems import fault_errors
from services.portal.application.registration_calls import Choice, why_not_free
from services.portal.application.registration_draft import account_body
from services.portal.domain.states import STATES

_TAKE: Final = "take-"
_CHECK: Final = "check-user-id"


@blueprint.get("/account")
def account() -> Response:
    """Ask."""
    missing = missing_step(3)
    if missing is not None:
        return missing
    now = draft()
    values: dict[str, Any] = {"language": context.language, **(now.account or {})}
    return _page(FormView(values, FIELDS), has_password=now.password is not None)


@blueprint.post("/account")
def take_account() -> Response:
    """Take the answers: look whether the user ID is free, go back, or go on."""
    missing = missing_step(3)
    if missing is not None:
        return missing
    typed, password = typed_account(request.form), request.form.get("password", "")
    go = request.form.get("go", "next")
    if go.startswith(_TAKE):
        typed["user_id"] = go.removeprefix(_TAKE)
    if go != "next":
        keep_account(typed, password)
        if goes_back():
            return go_to(before_account())
        return _checked(typed) if go == _CHECK else _again(typed)
    return _go_on(typed, password or draft().password or "")


def _go_on(typed: dict[str, str], password: str) -> Response:
    form = FormView(typed, FIELDS)
    review = registering().preview({**account_body(typed, context.language), "password": password})
    form.add_all(fault_errors(review.faults, FIELDS))
    if typed["email"].casefold() != typed["email_again"].casefold():
        form.add_code("email_again", "email_mismatch")
    form.suggestions = review.suggestions
    keep_account(typed, None if "password" in form.errors else password)
    if form.is_wrong:
        return _page(form, has_password="password" not in form.errors)
    return go_to("registration.review")


def _again(typed: dict[str, str]) -> Response:
    """The page once more, with a suggested user ID in its field."""
    return _page(FormView(typed, FIELDS), has_password=draft().password is not None)


def _checked(typed: dict[str, str]) -> Response:
    """Whether the user ID is free; nothing else is judged yet."""
    form = FormView(typed, FIELDS)
    is_free = False
    try:
        found = registering().availability(typed["user_id"])
    except ProblemError as problem:
        form.refuse(problem)
    else:
        is_free = found.available
        form.suggestions = found.suggestions
        if not found.available:
            form.add_code("user_id", why_not_free(found))
    return _page(form, has_password=draft().password is not None, is_free=is_free)


def _page(form: FormView, *, has_password: bool, is_free: bool = False) -> Response:
    form.labels = labels()
    calls = registering()
    return page(
        "registration/account.html",
        form=form,
        steps=step_titles(),
        job_roles=_titled(calls.job_roles()),
        questions=_titled(calls.security_questions()),
        states=list(STATES.items()),
        has_password=has_password,
        is_free=is_free,
    )


def _titled(choices: list[Choice]) -> list[tuple[str, str]]:
    return [(choice.code, gettext(choice.title)) for choice in choices]
