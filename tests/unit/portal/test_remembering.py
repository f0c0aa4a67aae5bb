"""A browser that is remembered: at logging in, and in the settings."""

from __future__ import annotations

import re

import pytest

from services.portal.application.ports import Answer
from tests.unit.portal.second_steps import DEVICE_ID, OTHER_DEVICE, with_second_steps
from tests.unit.portal.test_sign_in_steps import AT, EMAIL, TYPED, second_step
from tests.unit.portal.world import World

OWN = "/settings/sign-in"
TOKEN = "T" * 43
ON = {"state": "signed_in", "continue_to": "/oidc/continue?ticket=t"}


@pytest.fixture
def signing(world: World) -> World:
    world.api.says("POST", ".*/sign-in", second_step(EMAIL))
    world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
    world.get(f"/sign-in{AT}")
    return world


def remembered(signing: World) -> str:
    """The cookie's whole header, after a log-in that was to be remembered."""
    signing.api.says("POST", ".*/verify", ON | {"device_token": TOKEN})
    signing.get(signing.post(f"/sign-in{AT}", TYPED).location)
    answer = signing.post(f"/sign-in/code{AT}", {"code": "123456", "remember": "yes"})
    assert answer.location == "http://issuer.test/oidc/continue?ticket=t"
    (cookie,) = [each for each in answer.headers.getlist("Set-Cookie") if "-device-" in each]
    return cookie


def test_only_what_was_ticked_is_remembered__IDN_4(signing: World) -> None:
    signing.api.says("POST", ".*/verify", ON)
    signing.get(signing.post(f"/sign-in{AT}", TYPED).location)
    answer = signing.post(f"/sign-in/code{AT}", {"code": "123456"})
    assert "remember_device" not in signing.api.made("POST", ".*/verify")[0].body
    assert not [each for each in answer.headers.getlist("Set-Cookie") if "-device-" in each]


def test_the_cookie_is_for_this_site_alone_and_names_nobody__IDN_4(signing: World) -> None:
    cookie = remembered(signing)
    assert re.match(rf"__Host-wardenry-device-[0-9a-f]{{16}}={TOKEN}; ", cookie)
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=2592000"} <= set(cookie.split("; "))
    assert signing.api.made("POST", ".*/verify")[0].body["remember_device"] is True


def test_a_remembered_browser_goes_on_at_once_and_only_for_whom_it_was_remembered__IDN_4(signing: World) -> None:
    name, _, _ = remembered(signing).partition("=")
    signing.browser.set_cookie(name, TOKEN, domain="medical.test", secure=True)
    signing.api.says("POST", ".*/sign-in", ON)
    other = AT.replace("handle", "another")
    signing.get(f"/sign-in{other}")
    assert (
        signing.post(f"/sign-in{other}", {**TYPED, "user_id": "MMartin5"}).location
        == "http://issuer.test/oidc/continue?ticket=t"
    )
    begun = signing.api.made("POST", ".*/sign-in")[-1]
    assert begun.body["device_token"] == TOKEN
    assert begun.headers["X-Authorization-Request"] == other.partition("=")[2]
    signing.get(f"/sign-in{AT}x")
    signing.post(f"/sign-in{AT}x", {**TYPED, "user_id": "geogym1"})
    assert "device_token" not in signing.api.made("POST", ".*/sign-in")[-1].body


def test_the_page_says_why_more_is_asked__IDN_4(signing: World) -> None:
    unusual = second_step(EMAIL) | {"reason": "risk", "risk_reasons": ["new_country", "long_absence"]}
    signing.api.says("POST", ".*/sign-in", unusual)
    page = signing.get(signing.post(f"/sign-in{AT}", TYPED).location).text
    assert "it comes from a country that you have not logged in from before" in page
    assert "you have not logged in for a long time" in page
    assert "a wrong password" not in page


def test_the_api_is_called_as_the_browser_calls_itself__IDN_4(signing: World) -> None:
    assert signing.api.calls == []
    signing.browser.post(f"/sign-in{AT}", base_url="http://medical.test", headers={"User-Agent": "Fire\x7ffox/1"})
    signing.post(f"/sign-in{AT}", TYPED, environ_overrides={"HTTP_USER_AGENT": "Firefox/140 \x80"})
    assert signing.api.calls[-1].calling.browser == "Firefox/140 "


def test_devices_are_listed_and_forgotten__IDN_4(world: World) -> None:
    page = with_second_steps(world).get(OWN).text
    assert "Firefox on Windows" in page
    assert "(United States)" in page
    assert DEVICE_ID not in page
    first, second = re.findall(rf'action="({OWN}/devices/[^"]+/forget)"', page)
    assert world.post(first).location == f"{OWN}?done=device_forgotten"
    assert world.post(second).location == f"{OWN}?done=device_forgotten"
    forgotten = [call.path.rpartition("/")[2] for call in world.api.made("DELETE", ".*/devices/.*")]
    assert forgotten == [DEVICE_ID, OTHER_DEVICE]
    assert world.post(f"{OWN}/devices/forget-all").location == f"{OWN}?done=devices_forgotten"
