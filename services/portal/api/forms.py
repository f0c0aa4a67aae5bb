"""Forms as templates show them: what was typed, and what is wrong with it, on top and beside each field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from flask_babel import gettext

from services.portal.application.errors import ProblemError
from services.portal.application.problems import FieldError, Fields, Sentence, field_errors
from services.portal.application.sentences import SENTENCES


def translated(sentence: Sentence) -> str:
    """A sentence in the page's language."""
    return str(gettext(sentence.text, **sentence.values))


@dataclass
class FormView:
    """What a template needs to show a form.

    `values` are by field name, lists for fields with several; `refuse` and `add` put errors on it. `fields` says
    which pointers of the API mean which field, `labels` what a field is called in the summary on top, in the order
    of the page, and `places` the endpoints of fields that stand on another page.
    """

    values: Mapping[str, Any] = field(default_factory=dict)
    fields: Fields = field(default_factory=lambda: Fields({}))
    errors: dict[str, list[str]] = field(default_factory=dict)
    page_errors: list[str] = field(default_factory=list)
    labels: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    suggestions: Sequence[str] = ()

    def value(self, name: str) -> Any:
        """What stands in a field."""
        return self.values.get(name, "")

    def has(self, name: str, value: str) -> bool:
        """Whether a value is among those chosen in a field."""
        chosen = self.values.get(name, ())
        return value == chosen or (not isinstance(chosen, str) and value in chosen)

    def error(self, name: str) -> str | None:
        """The first thing wrong at a field."""
        return next(iter(self.errors.get(name, ())), None)

    @property
    def summary(self) -> list[tuple[str, str | None, str]]:
        """Each field with an error: where the link leads, what the field is called, and what is wrong."""
        order = {name: number for number, name in enumerate(self.labels)}
        names = sorted(self.errors, key=lambda name: order.get(name, len(order)))
        return [(self._link(name), self.labels.get(name), self.errors[name][0]) for name in names]

    @property
    def is_wrong(self) -> bool:
        """Whether anything is."""
        return bool(self.errors or self.page_errors)

    def add(self, name: str | None, text: str) -> None:
        """Note an error, translated already, once."""
        found = self.page_errors if name is None else self.errors.setdefault(name, [])
        if text not in found:
            found.append(text)

    def add_code(self, name: str | None, code: str) -> None:
        """Note what a stable code means."""
        self.add(name, translated(Sentence(SENTENCES[code])))

    def add_all(self, errors: Iterable[FieldError]) -> None:
        """Note the errors that the API found."""
        for each in errors:
            self.add(each.field, translated(each.sentence))

    def _link(self, name: str) -> str:
        place = self.places.get(name)
        return f"{url_for(place) if place else ''}#{name}"

    def refuse(self, problem: ProblemError) -> None:
        """Note what a refusal says."""
        self.add_all(field_errors(problem, self.fields))
        self.suggestions = tuple(problem.members.get("suggestions", ()))
