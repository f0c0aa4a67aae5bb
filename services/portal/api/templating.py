"""What every template knows: the site, the languages, where things are, and how values are written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from importlib.resources import files
from typing import Any

import orjson
import phonenumbers
from babel.dates import get_month_names
from flask import Flask, request
from flask_babel import format_date, format_datetime, format_decimal, get_locale, gettext
from markupsafe import Markup
from phonenumbers import NumberParseException, PhoneNumberFormat

from services.portal.api.assets import asset_url
from services.portal.api.context import context
from services.portal.api.handles import handle
from services.portal.api.pages import form_key
from services.portal.api.session_time import ends_by_idling
from services.portal.api.signed_in import is_signed_in
from services.portal.api.waiting import wait_words
from services.portal.domain.languages import LANGUAGES, mark
from services.portal.domain.sites import Texts, in_language

_HOME_COUNTRY = 1
_TIN_LENGTH = 9
_MOMENT = {"en": "MMM d, y, h:mm a z", "es": "d MMM y, h:mm a (vvvv)"}  # Spanish has no short names of these zones
_LINES = {"medical": mark("Medical"), "behavioral": mark("Behavioral health"), "dental": mark("Dental")}


def install(app: Flask) -> None:
    """Give it to the templates of an application."""
    environment = app.jinja_env
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.add_extension("jinja2.ext.do")
    environment.filters.update(
        month_name=month_name,
        phone=phone,
        tin=tin,
        moment=moment,
        country_name=country_name,
        day=day,
        number=format_decimal,
        wait_words=wait_words,
        local=local,
        handle=handle,
    )
    environment.globals.update(
        asset_url=asset_url,
        form_key=form_key,
        languages=LANGUAGES,
        line_options=line_options,
        line_title=line_title,
    )
    demo = orjson.loads((files("services.portal") / "data" / "demo_users.json").read_bytes())

    @app.context_processor
    def every_page() -> dict[str, Any]:
        password = context.ports.demo_password
        return {
            "site": context.site,
            "other_sites": context.ports.sites.others(context.site),
            "language": context.language,
            "signed_in": is_signed_in(),
            "ends_by_idling": ends_by_idling(),
            "idle_minutes": context.ports.idle // timedelta(minutes=1),
            "here": request.full_path.rstrip("?") if request.method == "GET" else request.path,
            "trying_out": {"users": demo, "password": password} if password else None,
        }


def line_title(line: str) -> str:
    """A line of business in the page's language."""
    return str(gettext(_LINES.get(line, line)))


def line_options(lines: Sequence[str]) -> list[tuple[str, str, None]]:
    """Lines to choose from, as a field's options."""
    return [(line, line_title(line), None) for line in lines]


def month_name(month: int) -> str:
    """A month's name in the page's language."""
    return str(get_month_names("wide", context="stand-alone", locale=get_locale())[month])


def local(texts: Texts) -> str:
    """A text of data in the page's language."""
    return in_language(texts, context.language)


def phone(number: str | None) -> str:
    """A number as people write it: the country's own way at home, with the country's prefix from abroad."""
    try:
        parsed = phonenumbers.parse(number or "", "US")
    except NumberParseException:
        return number or ""
    home = parsed.country_code == _HOME_COUNTRY
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL)


def tin(digits: str) -> Markup:
    """A TIN as printed on tax forms, kept on one line."""
    shown = f"{digits[:2]}-{digits[2:]}" if len(digits) == _TIN_LENGTH and digits.isdecimal() else digits
    return Markup('<span class="tin">{}</span>').format(shown)


def country_name(code: str) -> str:
    """A country's name in the page's language, by its two letters (ISO 3166-1)."""
    locale = get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def moment(at: str | datetime) -> str:
    """A moment of the API in the page's language, in the plan's time zone, which is named."""
    pattern = _MOMENT.get(context.language, _MOMENT["en"])
    return str(format_datetime(datetime.fromisoformat(at) if isinstance(at, str) else at, pattern))


def day(at: str | date) -> str:
    """A day in the page's language."""
    if isinstance(at, str):
        at = datetime.fromisoformat(at) if "T" in at else date.fromisoformat(at)
    return str(format_date(at, "long"))
