"""Passkeys at the portal: adding one, logging in with one, and what is said where that cannot be."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest

from services.portal.application.errors import FieldFault, ProblemError
from tests.unit.portal.practices import listed
from tests.unit.portal.second_steps import (
    APP,
    BY_PASSKEY,
    CREATION,
    METHODS,
    PASSKEY,
    PASSKEY_ID,
    REQUEST,
    STALE,
    STOPPED,
    WRONG,
    gone_stale,
    with_second_steps,
)
from tests.unit.portal.world import World, make_world

ME = "/api/identity/v1/me"
OWN = "/settings/sign-in"
AT = "?request=handle-of-a-request"
ANSWER: dict[str, Any] = {"id": "Y3JlZGVudGlhbA", "response": {"clientDataJSON": "e30"}}
ONWARD = {"state": "signed_in", "continue_to": "/oidc/continue?ticket=t"}


@pytest.fixture
def mary(world: World) -> World:
    return with_second_steps(world)


def options(text: str) -> dict[str, Any]:
    """What the page has the browser asked."""
    found = re.search(r'data-options="([^"]*)"', text)
    assert found
    return dict(json.loads(unescape(found[1])))


def test_a_passkey_is_added_by_name_and_the_browsers_answer__IDN_3(mary: World) -> None:
    mary.get(f"{OWN}/passkey")
    assert mary.post(f"{OWN}/passkey", {"name": " My laptop "}).location == f"{OWN}/passkey/key"
    assert mary.api.made("POST", f"{ME}/authenticators")[0].body == {"kind": "passkey", "name": "My laptop"}
    page = mary.get(f"{OWN}/passkey/key").text
    assert 'data-passkey="create"' in page
    assert options(page) == CREATION
    answer = mary.post(f"{OWN}/passkey/key", {"answer": json.dumps(ANSWER)})
    assert answer.location == f"{OWN}?done=passkey_added"
    (call,) = mary.api.made("POST", f"{ME}/authenticators/{PASSKEY_ID}/confirm")
    assert call.body == {"attestation": ANSWER}
    assert mary.get(f"{OWN}/passkey/key").location == f"{OWN}/passkey"


@pytest.mark.parametrize("answer", ["", "no JSON", "[]", "7"])
def test_what_is_no_answer_is_refused_by_the_api__IDN_3(mary: World, answer: str) -> None:
    refusal = ProblemError(422, "passkey_refused", errors=[FieldFault("/attestation", "passkey_refused", "")])
    mary.api.says("POST", f"{ME}/authenticators/{PASSKEY_ID}/confirm", refusal)
    mary.get(f"{OWN}/passkey")
    mary.post(f"{OWN}/passkey", {"name": "My laptop"})
    mary.get(f"{OWN}/passkey/key")
    refused = mary.post(f"{OWN}/passkey/key", {"answer": answer})
    assert refused.status_code == 422
    assert "The passkey was not made: try again." in refused.text
    assert mary.api.made("POST", f"{ME}/authenticators/.*/confirm")[0].body == {"attestation": {}}


def test_what_took_too_long_begins_anew_and_what_is_stale_is_confirmed__IDN_3(mary: World) -> None:
    mary.get(f"{OWN}/passkey")
    mary.post(f"{OWN}/passkey", {"name": "My laptop"})
    mary.get(f"{OWN}/passkey/key")
    gone_stale(mary).api.says("POST", f"{ME}/authenticators/.*/confirm", STALE)
    assert mary.post(f"{OWN}/passkey/key", {"answer": "{}"}).location == "/settings/confirm"
    mary.get(f"{OWN}/passkey/key")
    mary.api.says("POST", f"{ME}/authenticators/.*/confirm", ProblemError(404, "not_found"))
    assert mary.post(f"{OWN}/passkey/key", {"answer": "{}"}).location == f"{OWN}/passkey"


def test_passkeys_are_listed_renamed_and_removed_each_as_what_it_is__IDN_3(mary: World) -> None:
    mary.api.says("GET", f"{ME}/authenticators", listed(APP, PASSKEY, STOPPED))
    page = mary.get(OWN).text
    assert "Stopped on March 4, 2026" in page
    assert PASSKEY_ID not in page
    own = re.findall(rf'href="({OWN}/passkey/[^/"]+)/remove"', page)
    assert len(own) == 2
    assert "Remove “My laptop”?" in mary.get(f"{own[0]}/remove").text
    assert mary.post(f"{own[0]}/remove").location == f"{OWN}?done=passkey_removed"
    assert mary.api.made("DELETE", ".*")[0].path == f"{ME}/authenticators/{PASSKEY_ID}"
    mary.get(f"{own[0]}/name")
    assert mary.post(f"{own[0]}/name", {"name": "Work laptop"}).location == f"{OWN}?done=passkey_renamed"
    assert mary.get(f"{own[0].replace('/passkey/', '/app/')}/name").status_code == 404
    mary.api.says("GET", f"{ME}/authenticators", listed(APP))
    assert mary.get(f"{own[0]}/remove").status_code == 404


def test_log_in_takes_a_passkey_as_second_step__IDN_3(world: World) -> None:
    challenge = {"state": "second_step", "challenge": "c1", "challenge_secret": "s", "reason": "always"}
    world.api.says("POST", ".*/sign-in", {**challenge, "methods": METHODS, "passkey_options": REQUEST})
    world.get(f"/sign-in{AT}")
    world.post(f"/sign-in{AT}", {"user_id": "mmartin5", "password": "x"})
    assert "Passkey or security key: My laptop" in world.get(f"/sign-in/method{AT}").text
    assert world.post(f"/sign-in/method{AT}", {"method": "passkey"}).location == f"/sign-in/code{AT}"
    page = world.get(f"/sign-in/code{AT}").text
    assert options(page) == REQUEST
    assert 'data-passkey="get"' in page
    world.api.says(
        "POST", ".*/verify", ProblemError(422, "code_wrong", errors=[FieldFault("/assertion", "code_wrong", "")])
    )
    refused = world.post(f"/sign-in/code{AT}", {"answer": json.dumps(ANSWER)})
    assert refused.status_code == 422
    assert "This passkey was not accepted" in refused.text
    world.api.says("POST", ".*/verify", ONWARD)
    assert world.post(f"/sign-in/code{AT}", {"answer": json.dumps(ANSWER)}).status_code == 303
    assert world.api.made("POST", ".*/verify")[-1].body == {"method": "passkey", "assertion": ANSWER}


def test_confirming_anew_takes_a_passkey__IDN_3(mary: World) -> None:
    gone_stale(mary).get(f"{OWN}/recovery-codes")
    mary.post(f"{OWN}/recovery-codes")
    mary.get("/settings/confirm")
    mary.post("/settings/confirm", {"method": "passkey"})
    assert options(mary.get("/settings/confirm/code").text) == REQUEST
    mary.post("/settings/confirm/code", {"answer": json.dumps(ANSWER)})
    (call,) = mary.api.made("POST", ".*/step-up/c1/verify")
    assert call.body == {"method": "passkey", "assertion": ANSWER}


def test_a_passkey_logs_in_alone__IDN_3(world: World) -> None:
    world.api.says("POST", ".*/sign-in/passkey", BY_PASSKEY)
    assert f'href="/sign-in/passkey{AT}"' in unescape(world.get(f"/sign-in{AT}").text)
    page = world.get(f"/sign-in/passkey{AT}").text
    assert options(page) == REQUEST
    assert "secret-of-the-passkeys" not in page
    world.get(f"/sign-in/passkey{AT}")
    assert len(world.api.made("POST", ".*/sign-in/passkey")) == 1  # one challenge for this sign-in, however often seen
    world.api.says("POST", ".*/sign-in/passkey", ONWARD)
    answer = world.post(f"/sign-in/passkey{AT}", {"answer": json.dumps(ANSWER)})
    assert answer.location == "http://issuer.test/oidc/continue?ticket=t"
    call = world.api.made("POST", ".*/sign-in/passkey")[-1]
    assert call.body == {"challenge": "p1", "assertion": ANSWER}
    assert call.headers["X-Challenge-Secret"] == "secret-of-the-passkeys"
    assert call.headers["X-Authorization-Request"] == "handle-of-a-request"
    assert world.get(f"/sign-in/passkey{AT}").location == "/"
    assert world.post(f"/sign-in/passkey{AT}", {"answer": ""}).location == answer.location


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (ProblemError(401, "sign_in_failed"), "This passkey does not open an account here."),
        (ProblemError(404, "not_found"), "This took too long"),
        (ProblemError(403, "account_disabled"), "This account is disabled."),
        (ProblemError(429, "too_many_attempts", retry_after=900), "Wait 15 minutes"),
    ],
)
def test_a_refused_passkey_gets_a_new_challenge__IDN_3(world: World, problem: ProblemError, says: str) -> None:
    world.api.says("POST", ".*/sign-in/passkey", lambda call: problem if call.body else BY_PASSKEY)
    world.get(f"/sign-in/passkey{AT}")
    refused = world.post(f"/sign-in/passkey{AT}", {"answer": json.dumps(ANSWER)})
    assert refused.status_code == 422
    assert says in refused.text
    assert [bool(call.body) for call in world.api.made("POST", ".*/sign-in/passkey")] == [False, True, False]


def test_a_sign_in_that_is_over_begins_anew__IDN_11(world: World) -> None:
    over = ProblemError(409, "authorization_over")
    world.api.says("POST", ".*/sign-in/passkey", lambda call: over if call.body else BY_PASSKEY)
    world.get(f"/sign-in/passkey{AT}")
    assert world.post(f"/sign-in/passkey{AT}", {"answer": "{}"}).status_code == 400


def test_the_landing_page_leads_to_it_at_once__IDN_3() -> None:
    world = make_world(issuer_url="http://medical.test")
    world.api.says("POST", ".*/sign-in/passkey", BY_PASSKEY)
    world.get("/")
    assert world.post("/login/passkey").status_code == 302
    assert world.get(f"/sign-in{AT}").location == f"/sign-in/passkey{AT}"
    assert "User ID" in world.get(f"/sign-in{AT}").text  # said once


def test_a_wrong_code_of_an_app_is_still_said_beside_it__IDN_3(mary: World) -> None:
    gone_stale(mary).get(f"{OWN}/recovery-codes")
    mary.post(f"{OWN}/recovery-codes")
    mary.get("/settings/confirm")
    mary.post("/settings/confirm", {"method": APP["id"]})
    mary.get("/settings/confirm/code")
    mary.api.says("POST", ".*/step-up/c1/verify", WRONG)
    assert 'id="code-error"' in mary.post("/settings/confirm/code", {"code": "000000"}).text
