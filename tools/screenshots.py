"""Takes a picture of every page of the portal, in English and Spanish, wide and narrow, by walking its journeys.

    python -m tools.screenshots [--into screenshots] [--only NAME]

A `wardenry up` of its own is started with demo data; for each language one person registers, is looked at, and is
approved (`tools/journeys`). `index.html` in the folder shows the four forms of a page side by side.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.e2e.deployments import Embedded
from tools.journeys.forgetting import forget
from tools.journeys.managing import look_on, manage, work
from tools.journeys.registering import register, wait
from tools.journeys.visiting import visit
from tools.journeys.walk import LANGUAGES, Walk

CHROMIUM = "/usr/bin/chromium"
WIDTHS = (1280, 320)
JOURNEYS = (visit, register, wait, manage, work, look_on, forget)
_HEIGHT = 900
_PAINTED = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_STYLE = """body{font:15px/1.5 system-ui,sans-serif;margin:1.5rem;background:#eef0f3;color:#1b1b1b}
section{margin:0 0 3rem}.row{display:flex;gap:1rem;align-items:flex-start}figure{margin:0;background:#fff;padding:.5rem}
img{display:block;border:1px solid #c6cace}.w1280 img{width:640px}.w320 img{width:320px}"""


@dataclass
class Album:
    """The pictures of one language on their way into the folder; those of a page bear its place in the journey."""

    folder: Path
    language: str
    only: str = ""
    names: list[str] = field(default_factory=list)
    too_wide: list[str] = field(default_factory=list)

    def take(self, page: Page, name: str) -> None:
        """The page as it is now, whole, in each width; one that is wider than its window is remembered."""
        self.names.append(name)
        if self.only not in name:
            return
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": _HEIGHT})
            page.evaluate(_PAINTED)
            shown = int(page.evaluate("document.documentElement.scrollWidth"))
            if shown > width:
                self.too_wide.append(f"{name} ({self.language}): {shown} px in a window of {width} px")
            page.screenshot(path=self.folder / picture(name, self.language, width), full_page=True)
        page.set_viewport_size({"width": WIDTHS[0], "height": _HEIGHT})


def picture(name: str, language: str, width: int) -> str:
    """The file of one form of a page."""
    return f"{name}.{language}.{width}.png"


def index(names: list[str]) -> str:
    """The page that shows all."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Every page of the portal</title>'
        f"<style>{_STYLE}</style><h1>Every page of the portal</h1>{''.join(map(_section, names))}</html>\n"
    )


def _section(name: str) -> str:
    forms = ((language, width) for width in WIDTHS for language in LANGUAGES)
    figures = "".join(
        f'<figure class="w{width}"><figcaption>{language}, {width} px</figcaption>'
        f'<a href="{escape(picture(name, language, width))}">'
        f'<img loading="lazy" alt="" src="{escape(picture(name, language, width))}"></a></figure>'
        for language, width in forms
    )
    return f'<section id="{escape(name)}"><h2>{escape(name)}</h2><div class="row">{figures}</div></section>'


def walk_all(wardenry: Embedded, browser: Browser, folder: Path, only: str) -> tuple[list[str], list[str]]:
    """Every journey in every language: the pages' names, and what was too wide."""
    albums = [Album(folder, language, only) for language in LANGUAGES]
    for album in albums:
        for journey in JOURNEYS:
            with browser.new_context(locale=LANGUAGES[album.language], reduced_motion="reduce") as context:
                context.set_default_timeout(60_000)
                journey(Walk(wardenry, context.new_page(), album.language, album.take))
    return albums[0].names, [line for album in albums for line in album.too_wide]


def main() -> int:
    """The exit code is 1 where a page was wider than its window."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--into", type=Path, default=Path("screenshots"))
    parser.add_argument("--only", default="", help="a part of the pages' names")
    wished = parser.parse_args()
    folder: Path = wished.into
    if not wished.only:
        shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, sync_playwright() as playwright:
        wardenry = Embedded(Path(data) / "data")
        wardenry.start()
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM)
            names, too_wide = walk_all(wardenry, browser, folder, wished.only)
            browser.close()
        finally:
            wardenry.stop()
    (folder / "index.html").write_text(index(names), encoding="utf-8")
    print(f"{len(names)} pages in {len(LANGUAGES) * len(WIDTHS)} forms: {folder / 'index.html'}")
    for line in too_wide:
        print(f"too wide: {line}", file=sys.stderr)
    return int(bool(too_wide))


if __name__ == "__main__":
    raise SystemExit(main())
