"""Step 4: everything as it was typed, to be looked at once more and sent (REG-9)."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any, Final

from flask import Response
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.registration.account_fields import labels
from services.portal.api.registration.tin_forms import form_of, shown_rows
from services.portal.api.registration.wizard import (
    DONE,
    FIELDS,
    blueprint,
    draft,
    forget_draft,
    goes_back,
    missing_step,
    registering,
    step_titles,
)
from services.portal.application.errors import ProblemError
from services.portal.application.problems import fault_errors
from services.portal.application.registration_calls import Choice, Review
from services.portal.application.registration_draft import ANSWERS, Draft, TinStep

_OF_TINS: Final = ("tin", "line", "nominate", "nominee")


@blueprint.get("/review")
def review() -> Response:
    """Show it, with whatever has become wrong meanwhile."""
    missing = missing_step(4)
    if missing is not None:
        return missing
    now = draft()
    found = registering().preview(now.body(context.language))
    form = FormView(fields=FIELDS)
    form.add_all(fault_errors(found.faults, FIELDS))
    return _page(now, found, form)


@blueprint.post("/review")
def submit() -> Response:
    """Send it: once, however often the button is pressed."""
    if DONE in context.session:
        return go_to("registration.done")
    missing = missing_step(4)
    if missing is not None:
        return missing
    if goes_back():
        return go_to("registration.account")
    now = draft()
    try:
        made = registering().submit(now.body(context.language), context.form_key or secrets.token_urlsafe(18))
    except ProblemError as problem:
        return _refused(now, problem)
    account = now.account or {}
    context.session[DONE] = {
        "id": made["id"],
        "user_id": made["user_id"],
        "email": account["email"],
        "requests": made["requests"],
        "no_tin": bool(now.tins and now.tins.no_tin),
        "access": list(now.invited.access) if now.invited else [],
        "confirmed": False,
    }
    forget_draft()
    return go_to("registration.done")


def _refused(now: Draft, problem: ProblemError) -> Response:
    form = FormView(fields=FIELDS)
    form.refuse(problem)
    return _page(now, registering().preview(now.body(context.language)), form)


def _page(now: Draft, found: Review, form: FormView) -> Response:
    tins = now.tins or TinStep()
    form.labels = {"temporary_id": gettext("Temporary ID"), **labels(), **form_of(tins).labels}
    form.places = {name: _place_of(name) for name in form.errors}
    calls = registering()
    account: dict[str, Any] = dict(now.account or {})
    questions = _titles(calls.security_questions())
    return page(
        "registration/review.html",
        form=form,
        steps=step_titles(),
        practice_type=now.practice_type,
        no_tin=tins.no_tin,
        invited=now.invited,
        rows=shown_rows(TinStep(tins.filled), found),
        account=account,
        job_role=_titles(calls.job_roles()).get(account.get("job_role", ""), ""),
        answers=[(questions.get(account[f"question_{n}"], ""), account[f"answer_{n}"]) for n in range(ANSWERS)],
        birth=_birth(account),
    )


def _place_of(name: str) -> str:
    """The step where a field is mended."""
    if name == "temporary_id":
        return "registration.temporary_id"
    field = name.partition("-")[0].partition("_")[0]
    if field == "practice":
        return "registration.practice_type"
    return "registration.tins" if field in _OF_TINS else "registration.account"


def _titles(choices: list[Choice]) -> dict[str, str]:
    return {choice.code: gettext(choice.title) for choice in choices}


def _birth(account: dict[str, Any]) -> date | None:
    try:
        return date(int(account["birth_year"]), int(account["birth_month"]), int(account["birth_day"]))
    except (KeyError, ValueError):
        return None
