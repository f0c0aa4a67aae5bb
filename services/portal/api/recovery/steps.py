"""What the steps of a forgotten password share: their order, and what becomes of a recovery that is over (IDN-7)."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.pages import go_to, page
from services.portal.api.recovery import state
from services.portal.api.recovery.state import Flow, Stage
from services.portal.application.errors import ProblemError, RecoveryOverError
from services.portal.application.problems import Fields
from services.portal.application.recovery_calls import Recovering
from services.portal.domain.languages import mark

blueprint = Blueprint("recovery", __name__)

FIELDS: Final = Fields(
    {
        "/user_id": "user_id",
        "/email": "email",
        "/method": "method",
        "/code": "code",
        "/date_of_birth": "date_of_birth",
        "/answer/question": "question",
        "/answer/text": "answer",
        "/answer": "answer",
        "/new_password": "new_password",
    }
)
_TITLES: Final = (mark("User ID"), mark("Code"), mark("Security information"), mark("New password"))
_OVER: Final = "not_found"
_OUT_OF_ORDER: Final = "step_out_of_order"


def recovering() -> Recovering:
    """The API for somebody who cannot sign in."""
    return Recovering(context.visitor_api)


def step_titles() -> list[str]:
    """The steps' names in the page's language."""
    return [gettext(title) for title in _TITLES]


def goes_back() -> bool:
    """Whether *Previous* was pressed: what was typed is kept, and not judged."""
    return request.form.get("go") == "previous"


def on(endpoint: str, flow: Flow) -> Response:
    """On to a page of the recovery."""
    return go_to(endpoint, flow=flow.name)


def place_of(flow: Flow) -> Response:
    """The way to the page that the recovery waits at."""
    if flow.stage is Stage.DONE:
        return go_to("recovery.done")
    if flow.stage is Stage.PROVEN:
        return on("recovery.new_password", flow)
    return on("recovery.ask_code" if flow.method else "recovery.choose", flow)


def refused(problem: ProblemError, form: FormView, flow: Flow) -> bool:
    """Note what a refusal says; False for a step that was taken already, by another form or tab.

    Raises `RecoveryOverError` where the recovery took too long or too many tries: it is forgotten then.
    """
    if problem.code == _OVER:
        state.forget(flow)
        raise RecoveryOverError from problem
    if problem.code == _OUT_OF_ORDER:
        return False
    form.refuse(problem)
    return True


@blueprint.errorhandler(RecoveryOverError)
def over(_: RecoveryOverError) -> Response:
    """Begin anew."""
    return page("recovery/over.html", status=400)
