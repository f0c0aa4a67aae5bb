"""Every word of the pages comes in every language (NTF-4 for mails; the pages likewise)."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from tools.translations import LANGUAGES, files_of, messages_of, missing, translated, wanted

ROOT = Path(__file__).resolve().parents[3]
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_untranslated(language: str) -> None:
    assert list(missing(language)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_translated_that_no_page_says(language: str) -> None:
    known = {key if isinstance(key, str) else key[0] for key in wanted()}
    for path in files_of(language):
        texts = [each.id if isinstance(each.id, str) else each.id[0] for each in messages_of(path, language)]
        assert [text for text in texts if text not in known] == [], path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_what_the_original_names(language: str) -> None:
    for message in translated(language):
        originals = [message.id] if isinstance(message.id, str) else list(message.id)
        texts = list(message.string) if isinstance(message.string, (list, tuple)) else [str(message.string)]
        named = set(_PLACEHOLDER.findall(originals[-1]))
        found = [set(_PLACEHOLDER.findall(str(text))) for text in texts]
        assert found[-1] == named, message.id
        assert all(each <= named for each in found), message.id


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_text_has_one_translation(language: str) -> None:
    seen: dict[str, object] = {}
    for path in files_of(language):
        for message in messages_of(path, language):
            assert seen.setdefault(repr(message.id), message.string) == message.string, message.id


@pytest.mark.parametrize("name", ["job_roles.csv", "security_questions.csv"])
def test_what_applicants_choose_from_is_translated__REG_5(name: str) -> None:
    (path,) = (ROOT / "services" / "registration" / "data").glob(name)
    with path.open(encoding="utf-8") as file:
        titles = [row["title"] for row in csv.DictReader(file)]
    for language in LANGUAGES:
        done = translated(language)
        assert [title for title in titles if done.get(title) is None] == []


ACCESS_MANAGER = re.compile(r"administradora?s?(es)? de acceso\b|administra(r)? el acceso", re.IGNORECASE)
OTHER_WORDS = re.compile(
    r"(responsable|encargad[oa]|gestora?|gerente|supervisora?)(e?s)? de(l| los)? accesos?"
    r"|administrador\w* de(l| los) acceso|administrador\w* de accesos",
    re.IGNORECASE,
)


def test_pages_and_mails_have_one_spanish_word_for_an_access_manager() -> None:
    texts = [*ROOT.glob("services/*/texts/es/*"), *ROOT.glob("services/*/data/*.json"), *files_of("es")]
    assert len(texts) > 20
    assert [(path.name, found[0]) for path in texts for found in OTHER_WORDS.finditer(path.read_text("utf-8"))] == []
    for path in ROOT.glob("services/*/texts/en/*.txt"):
        spanish = (path.parent.parent / "es" / path.name).read_text("utf-8")
        assert bool(ACCESS_MANAGER.search(spanish)) == ("access manager" in path.read_text("utf-8").lower()), path.name
    for message in translated("es"):
        if "access manager" in str(message.id):
            assert ACCESS_MANAGER.search(str(message.string)), message.id
