"""The portal's translations: what is to be translated, what is, and the compiled catalogues that pages use.

English is the source. A language's texts stand in several `.po` files, one for each group of pages; they are compiled
into one `messages.mo`, which is not committed.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PORTAL = Path(__file__).resolve().parent.parent / "services" / "portal"
TRANSLATIONS = PORTAL / "translations"
LANGUAGES = ("es",)

_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
_OPTIONS = {"templates/**.html": {"extensions": "jinja2.ext.do", "trimmed": "true", "silent": "false"}}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "mark": None}

Key = str | tuple[str, str]


def wanted() -> dict[Key, str]:
    """Every text of the pages, with a place where it stands."""
    found: dict[Key, str] = {}
    for name, line, message, _comments, _context in extract_from_dir(PORTAL, _METHODS, _OPTIONS, keywords=_KEYWORDS):
        key = message if isinstance(message, str) else (message[0], message[1])
        found.setdefault(key, f"{name}:{line}")
    return found


def files_of(language: str) -> list[Path]:
    """The language's `.po` files."""
    return sorted((TRANSLATIONS / language / "LC_MESSAGES").glob("*.po"))


def messages_of(path: Path, language: str) -> Iterator[Message]:
    """The texts of one file."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    return (message for message in catalogue if message.id)


def translated(language: str) -> Catalog:
    """All of a language's texts that are done."""
    merged = Catalog(locale=language, fuzzy=False)
    for path in files_of(language):
        for message in messages_of(path, language):
            texts = message.string if isinstance(message.string, (list, tuple)) else [message.string]
            if not message.fuzzy and all(texts):
                merged.add(message.id, message.string, flags=message.flags)
    return merged


def missing(language: str) -> Iterator[str]:
    """What is not translated, with a place where it stands."""
    done = translated(language)
    for key, place in wanted().items():
        if done.get(key) is None:
            yield f"{place}: {key!r}"


def compile_all() -> None:
    """Write each language's `messages.mo`, where it is older than what it is made from."""
    for language in LANGUAGES:
        target = TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo"
        newest = max(path.stat().st_mtime for path in files_of(language))
        if not target.exists() or target.stat().st_mtime < newest:
            with target.open("wb") as file:
                write_mo(file, translated(language))


def main() -> None:
    """For `make`: compile; with `--missing`, tell what is not translated, and end with 1 if there is any."""
    compile_all()
    if "--missing" in sys.argv[1:]:
        lacks = [f"{language}: {text}" for language in LANGUAGES for text in missing(language)]
        print("\n".join(lacks))
        sys.exit(bool(lacks))


if __name__ == "__main__":
    main()
