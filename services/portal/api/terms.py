"""How long what holds, for every page: `terms()`, and the filters `minutes`, `hours`, `days` that say so in words."""

from __future__ import annotations

from typing import Final

from flask import Flask, current_app
from flask_babel import ngettext

from services.portal.api.context import context
from services.portal.application.ports import Ports
from services.portal.application.term_calls import KnownTerms, Terms

_KNOWN: Final = "wardenry_terms"


def install(app: Flask, ports: Ports) -> None:
    """Give them to the templates of an application."""
    app.extensions[_KNOWN] = KnownTerms(ports.clock)
    app.jinja_env.filters.update(minutes=minutes, hours=hours, days=days)
    app.jinja_env.globals.update(terms=terms)


def terms() -> Terms:
    """As the services are set now, or were within the last minute."""
    known: KnownTerms = current_app.extensions[_KNOWN]
    return known.told_to(context.visitor_api)


def minutes(count: int) -> str:
    """So many minutes in words."""
    return str(ngettext("%(num)d minute", "%(num)d minutes", count))


def hours(count: int) -> str:
    """So many hours in words."""
    return str(ngettext("%(num)d hour", "%(num)d hours", count))


def days(count: int) -> str:
    """So many days in words."""
    return str(ngettext("%(num)d day", "%(num)d days", count))
