"""Every text, rendered with sample data, in both languages (NTF-4)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest

from services.notify.adapters.texts import LANGUAGES, TEXTS, JinjaTexts, Signature
from services.notify.application.outside import Letter, NotRenderedError, Words
from services.notify.domain.notices import Channel
from services.notify.domain.places import place, without_tins
from tests.unit.notify.samples import CODE, HOSTILE, KNOWN, SAMPLES
from tests.unit.notify.world import notices

SIGNATURE = Signature(
    plan="Wardenry Health Plan",
    support_phone="1-800-555-0142",
    portal_urls={"medical": "http://localhost:8080", "behavioral": "http://localhost:8081"},
    default_site="medical",
)
SIX_DIGITS = re.compile(r"\d{6}")
LOOSE_MARKS = re.compile(r"[{}%]|None|\b(True|False)\b|  +\S|^\s*[=>]", re.MULTILINE)


def letters() -> Iterator[Any]:
    table = notices()
    for code, samples in SAMPLES.items():
        for language in LANGUAGES:
            for channel in table[code].channels:
                for number, facts in enumerate(samples):
                    letter = Letter(code, channel, language, "medical", {"first_name": "Mary", **facts})
                    yield pytest.param(letter, id=f"{code}-{language}-{channel}-{number}")


@pytest.fixture(scope="module")
def texts() -> JinjaTexts:
    return JinjaTexts(SIGNATURE)


def render(texts: JinjaTexts, notice: str, channel: Channel = Channel.EMAIL, **facts: Any) -> Words:
    return texts.render(Letter(notice, channel, "en", "medical", {"first_name": "Mary", **facts}))


@pytest.mark.parametrize("letter", list(letters()))
def test_every_text_renders__NTF_4(texts: JinjaTexts, letter: Letter) -> None:
    words = texts.render(letter)
    assert words.text.strip()
    figure = letter.facts.get("code") or letter.facts.get("user_id")
    assert not LOOSE_MARKS.search(words.text.replace(f"    {figure}", "")), words.text
    if letter.channel is not Channel.SMS:
        assert words.subject
        assert "\n" not in words.subject
    assert (words.html is not None) == (letter.channel is Channel.EMAIL)


def test_no_language_lacks_a_text_that_another_has__NTF_4() -> None:
    english, *others = [{path.name for path in (TEXTS / language).iterdir()} for language in LANGUAGES]
    assert others == [english]


def test_every_text_has_samples_and_a_row_in_the_table__NTF_4() -> None:
    written = {path.name.split(".")[0] for path in (TEXTS / "en").iterdir() if path.name[0] != "_"}
    assert written == set(SAMPLES)
    assert written <= set(notices())


def test_languages_differ__NTF_4(texts: JinjaTexts) -> None:
    for code, samples in SAMPLES.items():
        channel = notices()[code].channels[0]
        facts = {"first_name": "Mary", **samples[0]}
        said = [texts.render(Letter(code, channel, language, "medical", facts)) for language in LANGUAGES]
        assert said[0].text != said[1].text
        assert said[0].subject != said[1].subject


def test_an_unknown_language_is_english__NTF_4(texts: JinjaTexts) -> None:
    words = texts.render(Letter("refresh_reuse", Channel.INBOX, "fr", "medical", {"first_name": None}))
    assert words.subject == render(texts, "refresh_reuse", Channel.INBOX).subject


@pytest.mark.parametrize("notice", ["confirm_email", "sign_in_code", "contact_code"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_is_the_only_run_of_six_digits__IDN_2(texts: JinjaTexts, notice: str, language: str) -> None:
    for channel in notices()[notice].channels:
        for facts in SAMPLES[notice]:
            words = texts.render(Letter(notice, channel, language, "medical", {"first_name": "Mary", **facts}))
            assert SIX_DIGITS.findall(f"{words.subject}\n{words.text}") == [CODE]
            assert SIX_DIGITS.findall(words.html or CODE) == [CODE]


def test_tins_show_their_last_four_digits_only__IDN_16(texts: JinjaTexts) -> None:
    shown = place("123456789", "medical", None)
    assert "123456789" not in str(shown)
    assert "TIN ending in 6789" in render(texts, "managers_below_two", place=shown).text
    typed = "12-3456789, 123-45-6789, 123456789, 12 345 6789, not 860-555-0142"
    assert without_tins(typed) == "•••••6789, •••••6789, •••••6789, •••••6789, not 860-555-0142"


def test_what_people_typed_adds_no_line_header_markup_or_link__NTF_3(texts: JinjaTexts) -> None:
    words = render(texts, "request_awaiting", applicant=HOSTILE, place={**KNOWN, "practice": HOSTILE})
    assert "\n" not in words.subject
    assert "Bcc" not in [line.split(":")[0] for line in words.text.splitlines()]
    assert words.html is not None
    found = Tags()
    found.feed(words.html)
    assert "script" not in found.names
    assert found.links == ["http://localhost:8080"]
    assert not re.search(r"[\x00-\x09\x0b-\x1f\u2028]", words.subject + words.text)


def test_a_reason_never_becomes_something_to_press__NTF_3(texts: JinjaTexts) -> None:
    words = render(texts, "request_declined", place=KNOWN, by=None, reason="> Press <https://evil.example>")
    found = Tags()
    found.feed(words.html or "")
    assert found.links == ["http://localhost:8080"]


def test_no_mail_loads_anything__NTF_3(texts: JinjaTexts) -> None:
    for code, samples in SAMPLES.items():
        if Channel.EMAIL in notices()[code].channels:
            found = Tags()
            html = render(texts, code, **samples[0]).html or ""
            found.feed(html)
            assert not found.names & {"img", "link", "script", "iframe", "object", "video"}
            assert "url(" not in html


def test_links_lead_to_the_portal_of_the_recipients_site__ENT_15(texts: JinjaTexts) -> None:
    facts = {"first_name": "Mary"}
    words = texts.render(Letter("refresh_reuse", Channel.EMAIL, "en", "behavioral", facts))
    assert "Log in: http://localhost:8081" in words.text
    assert "localhost" not in texts.render(Letter("refresh_reuse", Channel.INBOX, "en", "medical", facts)).text


def test_a_missing_fact_or_text_is_an_error_of_its_own__NTF_4(texts: JinjaTexts) -> None:
    with pytest.raises(NotRenderedError):
        render(texts, "managers_below_two")
    with pytest.raises(NotRenderedError):
        render(texts, "request_declined", place=KNOWN, by=None, reason=None)
    with pytest.raises(NotRenderedError):
        render(texts, "no_such_notice")


def test_both_forms_say_the_same__NTF_3(texts: JinjaTexts) -> None:
    words = render(texts, "registration_received", **SAMPLES["registration_received"][1])
    found = Tags()
    found.feed(words.html or "")
    for line in words.text.splitlines():
        assert line.removeprefix("- ").split(": http")[0].strip() in found.text


class Tags(HTMLParser):
    """What elements there are, where links lead, and what is read."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.links: list[str | None] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        if tag == "a":
            self.links.append(dict(attrs)["href"])

    def handle_data(self, data: str) -> None:
        self.text += data
