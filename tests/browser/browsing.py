"""A person at a real browser, who notices what no person should have to: errors, violations, doors that stay shut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

from chassis.testing.waiting import eventually
from deploy.native.packages import CHROMIUM
from tests.e2e.deployments import Sites
from tests.e2e.people import CODE

DESKTOP = 1280
PHONE = 320
PAPER = 720
"""As wide as what is printed on a sheet between its margins."""

PATIENCE = 180
"""Seconds that a page may take on a machine that is busy with others."""

_PART = re.compile("[?#]")
_SAID = """main => {
  const aside = ".no-print, .step-buttons, button, select, thead";
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT), said = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const within = node.parentElement;
    if (node.data.trim() && within.checkVisibility() && !within.closest(aside)) said.push(node.data.trim());
  }
  return said;
}"""
"""What a page says, but for what one works with, and columns' titles, which narrow tables say beside each cell."""
_REFUSED_FORM = re.compile(r"Failed to load resource: the server responded with a status of [45]\d\d")


def launch(playwright: Any) -> Browser:
    """Debian's Chromium, installed first where it is missing."""
    flags = ["--no-sandbox", "--disable-dev-shm-usage"]
    browser: Browser = playwright.chromium.launch(executable_path=str(CHROMIUM.path()), args=flags)
    return browser


@dataclass
class Visitor:
    """One browser of its own: `page` is its first tab. Complaints of the browser are collected in `troubles`.

    `patience` is how many seconds a mail may take.
    """

    deployment: Sites
    context: BrowserContext
    page: Page
    runs_scripts: bool = True
    troubles: list[str] = field(default_factory=list)
    patience: float = PATIENCE

    def go(self, path: str, *, site: str = "medical") -> None:
        """Open a page of a site."""
        self.page.goto(self.address(path, site=site))

    def address(self, path: str, *, site: str = "medical") -> str:
        return f"http://localhost:{self.deployment.port + (site != 'medical')}{path}"

    def press(self, name: str) -> None:
        """Press a button by what it says, and wait for the page it leads to."""
        self.click(self.page.get_by_role("button", name=name, exact=True))

    def follow(self, name: str) -> None:
        """The same with the first such link of the page itself."""
        self.click(self.page.locator("main").get_by_role("link", name=name).first)

    def next(self) -> None:
        """Press the button that leads on, wherever one is in a sequence, and wait for the page it leads to."""
        self.click(self.page.locator(".step-buttons button").first)

    def click(self, what: Locator) -> None:
        """Click, and wait until the document that this leads to stands whole, be its address new or the same."""
        with self.page.expect_navigation(wait_until="load"):
            what.click()

    def field(self, label: str) -> Locator:
        """A field by its label."""
        return self.page.get_by_label(label, exact=True)

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def text(self) -> str:
        """What the page itself says."""
        return self.page.locator("main").inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.address("")).partition("?")[0]

    def arrives(self, path: str) -> None:
        """Wait for the page at an address of the medical site."""
        self.page.wait_for_url(lambda url: _PART.split(url)[0] == self.address(path))

    def sees(self, selector: str) -> None:
        """Wait for a part of the page."""
        expect(self.page.locator(selector).first).to_be_visible(timeout=PATIENCE * 1000)

    def code(self, address: str, notice: str, *, after: int = 0) -> str:
        """The code of the newest mail of that kind, once there are more than `after`."""
        mails: list[dict[str, Any]] = []

        def arrived() -> bool:
            mails[:] = [mail for mail in self.deployment.mails(address) if mail["notice"] == notice]
            return len(mails) > after

        eventually(arrived, within=self.patience)
        found = CODE.search(mails[0]["text"])
        assert found is not None
        return found.group()

    def codes_sent(self, address: str, notice: str) -> int:
        return sum(mail["notice"] == notice for mail in self.deployment.mails(address))

    def check(self) -> None:
        """The page as it stands shuts nobody out, fits the window, and asks nothing of another host."""
        self.page.wait_for_load_state("load")
        assert self.troubles == []
        if self.runs_scripts:
            found = barriers(self.page)
            assert found == [], f"{self.path}: {found}"

    def check_wide_and_narrow(self) -> None:
        """The same in the window of a desktop and on a phone."""
        for width in (PHONE, DESKTOP):
            self.page.set_viewport_size({"width": width, "height": 900})
            self.check()

    def prints(self, *shown: str) -> None:
        """On paper there are these parts of the page, and nothing to press or to go elsewhere by."""
        self.page.emulate_media(media="print")
        for selector in shown:
            expect(self.page.locator(selector).first).to_be_visible()
        for each in self.page.locator("nav, button, summary, dialog, .usa-step-indicator, .usa-skipnav").all():
            expect(each).to_be_hidden()
        self.page.emulate_media(media="screen")

    def prints_whole(self) -> None:
        """On paper there is all that the page says; where scripts run, it has a button that prints it."""
        button = self.page.get_by_role("button", name="Print this page")
        expect(button).to_have_count(int(self.runs_scripts))
        if self.runs_scripts:
            self.page.evaluate("window.print = () => { window.printed = true; }")
            button.click()
            assert self.page.evaluate("window.printed") is True
        self.prints("h1")
        said = self._said()
        self.page.set_viewport_size({"width": PAPER, "height": 900})
        self.page.emulate_media(media="print")
        missing, too_wide = said - self._said(), overflow(self.page)
        self.page.emulate_media(media="screen")
        self.page.set_viewport_size({"width": DESKTOP, "height": 900})
        assert self.heading in said
        assert missing == set()
        assert too_wide <= 0

    def _said(self) -> set[str]:
        found: list[str] = self.page.locator("main").evaluate(_SAID)
        return set(found)

    def note_message(self, message: ConsoleMessage) -> None:
        if is_complaint(message):
            self.troubles.append(f"{message.type}: {message.text}")

    def note_request(self, request: Request) -> None:
        if not request.url.startswith((self.address("/"), self.address("/", site="behavioral"))):
            self.troubles.append(f"asked another host: {request.url}")


@contextmanager
def visiting(
    browser: Browser,
    deployment: Sites,
    *,
    scripts: bool = True,
    width: int = DESKTOP,
    locale: str = "en-US",
    state: Any = None,
) -> Iterator[Visitor]:
    """A new browser, with nothing kept from others but the cookies of `state`."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        java_script_enabled=scripts,
        locale=locale,
        reduced_motion="reduce",
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    visitor = Visitor(deployment, context, page, scripts)
    context.on("console", visitor.note_message)
    context.on("weberror", lambda error: visitor.troubles.append(f"error: {error.error}"))
    context.on("request", visitor.note_request)
    try:
        yield visitor
    finally:
        context.close()


def barriers(page: Page) -> list[str]:
    """What shuts somebody out of the page as it stands, or does not fit its window."""
    page.wait_for_load_state("load")
    too_wide = overflow(page)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [*map(_told, found), *([f"{too_wide} px wider than the window"] if too_wide > 0 else [])]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def is_complaint(message: ConsoleMessage) -> bool:
    """Whether the browser complains; that a page itself is a refusal or a failure is none."""
    return message.type in ("error", "warning") and not _REFUSED_FORM.search(message.text)


def _told(violation: dict[str, Any]) -> str:
    places = ", ".join(str(node["target"]) for node in violation["nodes"])
    return f"{violation['id']}: {violation['help']} ({places})"
