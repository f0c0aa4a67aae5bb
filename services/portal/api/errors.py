"""Pages for what goes wrong: said plainly, with a way on, in the language and look of the rest."""

from __future__ import annotations

import logging
from typing import Final

from flask import Flask, Response, g, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from services.portal.api.context import context
from services.portal.api.forms import translated
from services.portal.api.pages import go_to, page
from services.portal.api.sessions import cookie_name
from services.portal.api.step_up import STEP_UP_REQUIRED, step_up_first
from services.portal.application.errors import ProblemError, SignInBrokenError, SignInNeededError
from services.portal.application.problems import Sentence, sentence_of
from services.portal.application.sentences import SENTENCES

_log = logging.getLogger(__name__)

GOING_TO: Final = "going_to"
_PAGES: Final = {401: "signed_out", 403: "not_allowed", 404: "not_found", 410: "not_found", 429: "busy", 503: "down"}
_TOO_LARGE: Final = 413
_READING: Final = frozenset({"GET", "HEAD"})
_FOR_VISITORS: Final = frozenset({"registration", "recovery", "contact_undo", "new_address"})


def install(app: Flask) -> None:
    """Answer every refusal and every failure by a page."""
    app.register_error_handler(SignInNeededError, sign_in_first)
    app.register_error_handler(SignInBrokenError, _sign_in_again)
    app.register_error_handler(ProblemError, of_problem)
    app.register_error_handler(CSRFError, of_expired_form)
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(Exception, _of_failure)


def sign_in_first(_: SignInNeededError) -> Response:
    """Off to sign in, and back to this page afterwards; a form that was sent has to be sent again."""
    context.session.end()
    if request.method in _READING:
        context.session[GOING_TO] = request.full_path.rstrip("?")
        return go_to("sign_in.begin")
    return page("errors/signed_out.html", status=401)


def of_problem(problem: ProblemError) -> Response:
    """What the API refused and the view could not say better."""
    if problem.code == STEP_UP_REQUIRED and request.method not in _READING:
        return step_up_first()
    if problem.status == 401:  # noqa: PLR2004 (the session is over, wherever it was ended)
        return sign_in_first(SignInNeededError())
    name = _PAGES.get(problem.status, "refused")
    response = page(f"errors/{name}.html", status=problem.status, sentence=translated(sentence_of(problem)))
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def _sign_in_again(_: SignInBrokenError) -> Response:
    return page("errors/sign_in_broken.html", status=400, again=url_for("sign_in.begin"))


def of_expired_form(_: CSRFError) -> Response:
    """The form's session is over, if the browser still names one that is not here any more; else the form is amiss."""
    if context.session.token is not None or not has_cookie():
        return page("errors/expired_form.html", status=400)
    if request.blueprint not in _FOR_VISITORS:
        return page("errors/signed_out.html", status=401)
    forgotten = gettext("What you had entered is forgotten, and nobody else can see it: please begin again.")
    return page("errors/timed_out.html", status=401, sentence=forgotten)


def has_cookie() -> bool:
    """Whether the browser names a session: it does so to forms of this site alone (`SameSite`)."""
    return cookie_name(context.site) in request.cookies


def _of_http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:  # noqa: PLR2004 (a redirect)
        return Response(error.get_body(), error.code, error.get_headers())
    status = error.code or 500
    sentence = translated(Sentence(SENTENCES["too_large"])) if status == _TOO_LARGE else None
    response = page(f"errors/{_PAGES.get(status, 'refused')}.html", status=status, sentence=sentence)
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _of_failure(error: Exception) -> Response:
    is_outage = isinstance(error, DBAPIError | PoolTimeoutError)
    _log.log(logging.WARNING if is_outage else logging.ERROR, "page_failed", exc_info=error)
    if "language" in g and not is_outage:
        try:
            return page("errors/failed.html", status=500)
        except Exception as again:  # noqa: BLE001 (what failed is what every page has: say it without)
            _log.error("page_failed", exc_info=again)
    return Response(_PLAIN, 503, content_type="text/html; charset=utf-8", headers={"Retry-After": "5"})


_PLAIN: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Down for a moment</title>"
    "<h1>Down for a moment</h1><p>Nothing was changed. Please try again shortly.</p>"
    "<p lang=es>Fuera de servicio por un momento. No se cambió nada: inténtelo de nuevo en breve.</p></html>"
)
