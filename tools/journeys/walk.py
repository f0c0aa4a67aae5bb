"""One person at one browser, in one language: what every journey does on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Embedded
from tests.e2e.people import CODE

LANGUAGES: Final = {"en": "en-US", "es": "es-US"}
"""Each language with the locale of a browser that asks for it."""

PASSWORD: Final = "quiet-Falcon-orbits-9"  # noqa: S105 (of people made up on the way)
NEXT: Final = ".step-buttons button[value=next]"
SEND: Final = "main form button[type=submit]"
_APPLICANTS: Final = {"en": ("Zoë", "O’Brien-Núñez", "zoe.obrien"), "es": ("Íñigo", "Peña Ibáñez", "inigo.pena")}


@dataclass(frozen=True, slots=True)
class Walk:
    """`take` makes the picture of a page as it is."""

    wardenry: Embedded
    page: Page
    language: str
    take: Callable[[Page, str], None]

    @property
    def applicant(self) -> tuple[str, str, str]:
        """First name, last name and user ID of who registers in this language."""
        return _APPLICANTS[self.language]

    def go(self, path: str, *, site: str = "medical") -> None:
        """To an address of a site."""
        self.page.goto(f"http://localhost:{self.wardenry.port + (site != 'medical')}{path}")

    def shot(self, name: str) -> None:
        """A picture of the page as it is."""
        self.take(self.page, name)

    def visit(self, path: str, name: str, *, site: str = "medical") -> None:
        """Go there, and take a picture."""
        self.go(path, site=site)
        self.shot(name)

    def click(self, selector: str, name: str = "") -> None:
        """Click the first, wait for where it leads, and take a picture if it has a name."""
        self.page.locator(selector).first.click()
        self.page.wait_for_load_state("networkidle")
        if name:
            self.shot(name)

    def tick(self, *ids: str) -> None:
        """Click the labels of boxes and buttons."""
        for each in ids:
            self.page.click(f'label[for="{each}"]')

    def fill(self, fields: dict[str, str]) -> None:
        """Type into fields by their names."""
        for name, value in fields.items():
            self.page.fill(f'[name="{name}"]', value)

    def choose(self, fields: dict[str, str]) -> None:
        """Choose from lists by their IDs."""
        for name, value in fields.items():
            self.page.select_option(f'[id="{name}"]', value)

    def unfold(self) -> None:
        """Open everything that folds out."""
        self.page.locator("main details").evaluate_all("all => all.forEach(each => each.open = true)")

    def has(self, selector: str) -> bool:
        """Whether the page has it."""
        return self.page.locator(selector).count() > 0

    def codes(self, email: str, notice: str) -> list[str]:
        """The codes that an address was sent, newest first."""
        mails = [mail for mail in self.wardenry.mails(email) if mail["notice"] == notice]
        return [found[0] for mail in mails if (found := CODE.search(mail["text"]))]

    def newest_code(self, email: str, notice: str, *, after: int = 0) -> str:
        """The newest, once there are more than `after`."""
        return eventually(lambda: self.codes(email, notice)[: -after or None], within=20)[0]
