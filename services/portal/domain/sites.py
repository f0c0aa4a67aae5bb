"""The sites that the portal serves: brand, lines of business and support, as data (ENT-15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

Texts = Mapping[str, str]
"""A text by language code; English is always there."""


def in_language(texts: Texts, language: str) -> str:
    """The text in a language, in English where it is not translated."""
    return texts.get(language) or texts["en"]


@dataclass(frozen=True, slots=True)
class Support:
    """How to reach the plan's people: an E.164 number, and when somebody answers it;
    `senders` and `short_codes` are where codes come from, by e-mail and by text.
    """

    phone: str
    hours: Texts
    senders: tuple[str, ...]
    short_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Site:
    """One web site: what it is called, where it is, and the lines of business that it shows."""

    name: str
    url: str
    brand: Texts
    plan: Texts
    tagline: Texts
    lines: tuple[str, ...]
    practice_types: tuple[str, ...]
    colour: str
    support: Support

    @classmethod
    def parse(cls, name: str, url: str, given: Mapping[str, Any]) -> Self:
        """From the form of `data/sites.json`; raises `KeyError` for one that lacks something."""
        return cls(
            name=name,
            url=url.rstrip("/"),
            brand=given["brand"],
            plan=given["plan"],
            tagline=given["tagline"],
            lines=tuple(given["lines"]),
            practice_types=tuple(given["practice_types"]),
            colour=given["colour"],
            support=Support(
                given["support"]["phone"],
                given["support"]["hours"],
                tuple(given["support"]["senders"]),
                tuple(given["support"]["short_codes"]),
            ),
        )

    @property
    def client_id(self) -> str:
        """The site's OpenID client."""
        return f"wardenry-portal-{self.name}"


class Sites:
    """All sites by name."""

    def __init__(self, sites: Mapping[str, Site], default: str) -> None:
        self._sites = dict(sites)
        self.default = self._sites[default]

    def named(self, name: str | None) -> Site:
        """The site of that name, the default one where there is none."""
        return self._sites.get(name or "", self.default)

    def others(self, site: Site) -> tuple[Site, ...]:
        """All but one."""
        return tuple(each for each in self._sites.values() if each != site)

    @property
    def all(self) -> tuple[Site, ...]:
        """Every site."""
        return tuple(self._sites.values())
