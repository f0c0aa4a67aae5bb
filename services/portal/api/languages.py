"""The language of a page: the one chosen on it before, else the browser's first that is offered."""

from __future__ import annotations

from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel

from services.portal.domain.languages import DEFAULT, LANGUAGES

CHOSEN = "language"


def choose_language() -> None:
    """Settle it for this request."""
    chosen = session.get(CHOSEN)
    if chosen not in LANGUAGES:
        chosen = request.accept_languages.best_match(tuple(LANGUAGES), DEFAULT)
    g.language = chosen


def speak(wished: str) -> None:
    """From here on in the first of these that is offered: what the site spoke that the person comes from."""
    language = next((code for code in wished.split() if code in LANGUAGES), None)
    if language is not None:
        session[CHOSEN] = language


def install(app: Flask, folder: str, time_zone: str) -> None:
    """Translate this application's pages."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = folder
    Babel(app, locale_selector=_language, default_timezone=time_zone)


def _language() -> str:
    return str(g.get("language", DEFAULT)) if has_request_context() else DEFAULT
