"""Letters from the template files in `texts/`: a folder for each language, a file for each notice (NTF-4)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, TemplateError, select_autoescape

from services.notify.adapters.layout import Block, Kind, as_text, blocks_of
from services.notify.application.outside import Letter, NotRenderedError, Words
from services.notify.domain.notices import Channel
from services.notify.domain.recipients import DEFAULT_LANGUAGE

LANGUAGES = ("en", "es")
TEXTS = Path(__file__).parent.parent / "texts"
_SUBJECT = "Subject: "
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\s]+")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who writes: the plan's name, its telephone, and where each site's portal is."""

    plan: str
    support_phone: str
    portal_urls: Mapping[str, str]
    default_site: str

    def portal_url(self, site: str) -> str:
        """The address of a site's portal; that of the default site for one unknown."""
        return self.portal_urls.get(site) or self.portal_urls[self.default_site]


class JinjaTexts:
    """`Texts` from files. A value can neither add a line to a text (or a header to a mail) nor markup to HTML."""

    def __init__(self, signature: Signature, folder: Path = TEXTS) -> None:
        self._signature = signature
        self._folder = folder
        self._environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            finalize=_one_line,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._template = lru_cache(maxsize=None)(self._environment.get_template)

    def render(self, letter: Letter) -> Words:
        """Put into words; raises `NotRenderedError` for what is missing: a template, or a fact that it needs."""
        try:
            return self._render(letter)
        except TemplateError as error:
            raise NotRenderedError(f"the text of {letter.notice!r} over {letter.channel}: {error}") from error

    def _render(self, letter: Letter) -> Words:
        language = letter.language if letter.language in LANGUAGES else DEFAULT_LANGUAGE
        portal_url = self._signature.portal_url(letter.site)
        facts = {
            **letter.facts,
            "plan": self._signature.plan,
            "support_phone": self._signature.support_phone,
            "portal_url": portal_url,
            "language": language,
            "say": self._template(f"{language}/_words.txt").module,
        }
        if letter.channel is Channel.SMS:
            return Words("", self._template(f"{language}/{letter.notice}.sms.txt").render(facts).strip(), None)
        subject, body = _divided(self._template(f"{language}/{letter.notice}.txt").render(facts))
        blocks = blocks_of(body, portal_url)
        if letter.channel is Channel.INBOX:
            return Words(subject, as_text([block for block in blocks if block.kind is not Kind.LINK]), None)
        return self._mail(subject, blocks, facts)

    def _mail(self, subject: str, blocks: list[Block], facts: dict[str, Any]) -> Words:
        greeting, closing = (
            blocks_of(self._part(name, facts), facts["portal_url"]) for name in ("_greeting", "_closing")
        )
        html = self._template("base.html").render(
            {**facts, "subject": subject, "letter": [*greeting, *blocks], "closing": closing}
        )
        return Words(subject, as_text([*greeting, *blocks, *closing]) + "\n", html)

    def _part(self, name: str, facts: Mapping[str, Any]) -> str:
        template: Template = self._template(f"{facts['language']}/{name}.txt")
        return template.render(facts)


def _divided(text: str) -> tuple[str, str]:
    first, _, body = text.strip().partition("\n")
    if not first.startswith(_SUBJECT):
        raise NotRenderedError(f"a text begins with a line {_SUBJECT!r}, not with {first!r}")
    return first.removeprefix(_SUBJECT).strip(), body


def _one_line(value: Any) -> Any:
    """Whatever a template shows of a value stands on one line; nothing is shown of what is not there."""
    if value is None:
        raise NotRenderedError("a text shows a value that is not there")
    return _NO_TEXT.sub(" ", value) if type(value) is str else value
