"""How soon the landing page shows on a first visit, and what that visit costs, beside the limits (quality.md, Use).

    python -m tests.bench.portal [--visits 5] [--path /]

Each visit is a new browser context with an empty cache, in Debian's Chromium, at a `wardenry up` of its own. Limits:
first contentful paint within 1 s (the median counts), 200 kB over the wire, nothing asked of another host.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.e2e.deployments import Embedded

CHROMIUM = "/usr/bin/chromium"
PAINT_LIMIT = 1.0
BYTES_LIMIT = 200_000
_PAINT = """() => new Promise(done => new PerformanceObserver(list => {
    const entry = list.getEntriesByName('first-contentful-paint')[0];
    if (entry) done(entry.startTime);
}).observe({type: 'paint', buffered: true}))"""


@dataclass(frozen=True, slots=True)
class Visit:
    """Seconds to the first contentful paint, bytes over the wire with headers, requests, hosts that were asked."""

    paint: float
    received: int
    requests: int
    hosts: frozenset[str]


def visit(browser: Browser, address: str) -> Visit:
    """A first visit, until the network has been idle."""
    received: list[float] = []
    asked: list[str] = []
    with browser.new_context() as context:
        page = context.new_page()
        wire = context.new_cdp_session(page)
        wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
        wire.on("Network.requestWillBeSent", lambda event: asked.append(_host(event)))
        wire.send("Network.enable")
        page.goto(address, wait_until="networkidle")
        paint = float(page.evaluate(_PAINT)) / 1000
    return Visit(paint, int(sum(received)), len(asked), frozenset(asked))


def _host(event: dict[str, Any]) -> str:
    return str(urlsplit(event["request"]["url"]).netloc)


def measure(path: str, visits: int) -> tuple[str, list[Visit]]:
    """The site's host, and the visits; one before them lets the server compile its templates."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        wardenry = Embedded(Path(folder) / "data")
        wardenry.start()
        try:
            browser = playwright.chromium.launch(executable_path=CHROMIUM)
            host = f"localhost:{wardenry.port}"
            made = [visit(browser, f"http://{host}{path}") for _ in range(visits + 1)]
            browser.close()
        finally:
            wardenry.stop()
    return host, made


def main() -> int:
    """The exit code is 1 where a limit is passed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=5)
    parser.add_argument("--path", default="/")
    wished = parser.parse_args()
    host, (cold, *visits) = measure(wished.path, wished.visits)
    paint = statistics.median(each.paint for each in visits)
    received = max(each.received for each in visits)
    elsewhere = sorted(frozenset().union(*(each.hosts for each in (cold, *visits))) - {host})
    sys.stdout.write(
        f"first contentful paint {paint * 1000:7.0f} ms  {paint / PAINT_LIMIT:5.0%} of the limit  "
        f"(server's first {cold.paint * 1000:.0f} ms, slowest {max(each.paint for each in visits) * 1000:.0f} ms)\n"
        f"bytes of a first visit {received / 1000:7.1f} kB  {received / BYTES_LIMIT:5.0%} of the limit  "
        f"({max(each.requests for each in visits)} requests)\n"
        f"other hosts asked      {len(elsewhere):7}     {', '.join(elsewhere) or 'none'}\n"
    )
    return int(paint > PAINT_LIMIT or received > BYTES_LIMIT or bool(elsewhere))


if __name__ == "__main__":
    raise SystemExit(main())
