"""The first visit: small, and nothing asked of another host; how fast it is the benchmark tells."""

from __future__ import annotations

import pytest

from tests.browser.browsing import DESKTOP, PHONE
from tests.browser.conftest import NewVisitor


def test_the_first_visit_takes_less_than_200_kB(new_visitor: NewVisitor) -> None:
    visitor = new_visitor()
    session = visitor.context.new_cdp_session(visitor.page)
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    session.send("Network.enable")
    visitor.go("/")
    visitor.page.wait_for_load_state("networkidle")
    assert sum(received) < 200_000


@pytest.mark.parametrize("width", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("site", ["medical", "behavioral"])
@pytest.mark.parametrize("path", ["/", "/nothing-here", "/signed-out", "/register/leave"])
def test_pages_for_everybody_shut_nobody_out(new_visitor: NewVisitor, path: str, site: str, width: int) -> None:
    visitor = new_visitor(width=width)
    visitor.go(path, site=site)
    visitor.check()


def test_the_language_is_one_click_away_on_every_page(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(scripts=False)
    visitor.go("/register")
    visitor.click(visitor.page.get_by_role("link", name="Español"))
    visitor.arrives("/register")
    assert visitor.heading == "¿Para qué tipo de consultorio trabaja?"
    visitor.click(visitor.page.get_by_role("link", name="English"))
    assert visitor.heading == "What kind of practice do you work for?"
