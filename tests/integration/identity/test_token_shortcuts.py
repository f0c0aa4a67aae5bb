"""A plain form about a token gets ahead of the framework the answer that it would get from it (IDN-11, IDN-12)."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from chassis.db.sessions import remember_ended_session
from services.identity.adapters.tables import account, refresh_token, session
from services.identity.application.remove_client import RemoveClient, remove_client
from services.identity.application.rotate_client_secret import RotateClientSecret, rotate_client_secret
from services.identity.application.rotate_signing_keys import rotate_signing_keys
from services.identity.bootstrap import operate
from tests.integration.identity.sites import Browser, Site, behavioral, medical, relying_site
from tests.integration.identity.world import World

INTROSPECT, TOKEN = "/oidc/introspect", "/oidc/token"
PLAIN = "application/x-www-form-urlencoded"
LEFT_TO_THE_FRAMEWORK = f"{PLAIN}; charset=UTF-8"


def basic(client_id: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{client_id}:{secret}".encode()).decode()}


def call(world: World, path: str, body: str, headers: dict[str, str], content_type: str = PLAIN) -> TestResponse:
    named = {"X-Correlation-ID": "c-17", "Content-Type": content_type} | headers
    return world.service.app.test_client().post(path, data=body, headers=named)


def told(answer: TestResponse) -> Any:
    """Status, headers and body; the correlation ID, which the caller names, among them."""
    return answer.status_code, sorted(answer.headers.items()), answer.data


def of_shown(site: Site) -> list[tuple[str, dict[str, str]]]:
    """What a caller can add to a form, and its headers: the right ones first."""
    name, secret = site.client_id, site.secret or ""
    return [
        ("", basic(name, secret)),
        (f"&client_id={name}&client_secret={secret}", {}),
        (f"&client_id={name}", basic(name, secret)),
        (f"&client_secret={secret}", basic(name, secret)),
        ("&client_id=another", basic(name, secret)),
        (f"&client_id={name}", {}),
        (f"&client_id={name}&client_secret=", {}),
        (f"&client_id={name}&client_secret=wrong", {}),
        ("", basic(name, "wrong")),
        ("", basic(name, "")),
        ("", basic("nobody", secret)),
        ("", basic("No.Client!", secret)),
        ("", basic("wardenry-api", secret)),
        ("&client_id=wardenry-api", {}),
        ("", {"Authorization": "Basic ?"}),
        ("", {"Authorization": f"Bearer {secret}"}),
        ("", {}),
    ]


@pytest.fixture
def site(world: World) -> Site:
    return medical(world)


@pytest.fixture
def tokens(world: World, site: Site) -> dict[str, Any]:
    return signed_in(world, site)


def signed_in(world: World, site: Site) -> dict[str, Any]:
    return dict(site.redeem(site.code_in(Browser(world).sign_in(site))).get_json())


def two_alike(world: World, site: Site) -> list[str]:
    """Two refresh tokens of one session, issued at the same moment."""
    browser = Browser(world)
    site.code_in(browser.sign_in(site))
    return [site.tokens(browser)["refresh_token"] for _ in range(2)]


@pytest.fixture
def framework(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The paths that the framework was asked for."""
    asked: list[str] = []
    app = world.service.app
    dispatch = app.dispatch_request

    def dispatched() -> Any:
        from flask import request  # noqa: PLC0415

        asked.append(request.path)
        return dispatch()

    monkeypatch.setattr(app, "dispatch_request", dispatched)
    return asked


def test_asked_about_a_token_it_is_the_answer_of_the_framework__IDN_11(
    world: World, site: Site, tokens: dict[str, Any]
) -> None:
    other = behavioral(world)
    of_the_api = world.signed_in()
    over = signed_in(world, site)
    with world.service.engine.begin() as connection:
        remember_ended_session(connection, site.claims(over)["sid"], world.clock.now())
    texts = [
        tokens["access_token"],
        tokens["refresh_token"],
        tokens["id_token"],
        over["access_token"],
        of_the_api["access_token"],
        of_the_api["refresh_token"],
        tokens["access_token"][:-4] + "AAAA",
        "e30.e30.",
        "x",
        "",
        "x" * 5000,
        "a%20b",
    ]
    hints = ["", "&token_type_hint=access_token", "&token_type_hint=refresh_token", "&more=1", "&token=x"]
    bodies = [f"token={token}{hint}" for token in texts for hint in hints[: 5 if token is texts[0] else 1]]
    answers: Counter[bytes] = Counter()
    shown = [*of_shown(site), ("", basic(other.client_id, other.secret or ""))]
    for body in bodies:
        for more, headers in shown if texts[0] in body else (*shown[:2], shown[8], shown[-1]):
            quick, slow = (
                told(call(world, INTROSPECT, body + more, headers, each)) for each in (PLAIN, LEFT_TO_THE_FRAMEWORK)
            )
            assert quick == slow, (body, more, headers)
            answers[quick[2][:14]] += 1
    assert {b'{"active":true', b'{"active":fals', b'{"error":"inva'} <= set(answers)


def test_only_what_is_worth_something_is_answered_ahead_of_it__IDN_11(
    world: World, site: Site, tokens: dict[str, Any], framework: list[str]
) -> None:
    (_, right), *_ = of_shown(site)
    body = f"token={tokens['access_token']}"
    assert call(world, INTROSPECT, body, right).get_json()["active"] is True
    assert framework == []
    for path, asked, content_type in (
        (f"{INTROSPECT}?more=1", body, PLAIN),
        (INTROSPECT, body, LEFT_TO_THE_FRAMEWORK),
        (INTROSPECT, f"token={tokens['refresh_token']}", PLAIN),
        (INTROSPECT, "&" + body, PLAIN),
        (INTROSPECT, body + "&padding=" + "x" * 9000, PLAIN),
        (INTROSPECT, body, "application/json"),
    ):
        framework.clear()
        call(world, path, asked, right, content_type)
        assert framework == [INTROSPECT]


def test_what_another_process_changes_shows_in_the_next_answer__IDN_10_IDN_11(
    world: World, site: Site, tokens: dict[str, Any]
) -> None:
    (_, right), *_ = of_shown(site)
    body = f"token={tokens['access_token']}"
    assert call(world, INTROSPECT, body, right).get_json()["active"] is True
    operate(world.service, world.settings, partial(rotate_client_secret, RotateClientSecret(site.client_id)))
    assert call(world, INTROSPECT, body, right).status_code == 401
    assert (
        call(world, TOKEN, f"grant_type=refresh_token&refresh_token={tokens['refresh_token']}", right).status_code
        == 401
    )

    site = relying_site(world)
    (_, right), *_ = of_shown(site)
    fresh = signed_in(world, site)
    body = f"token={fresh['access_token']}"
    assert call(world, INTROSPECT, body, right).get_json()["active"] is True
    with world.service.engine.begin() as connection:
        remember_ended_session(connection, site.claims(fresh)["sid"], world.clock.now())
    assert call(world, INTROSPECT, body, right).get_json() == {"active": False}
    operate(world.service, world.settings, partial(remove_client, RemoveClient(site.client_id)))
    assert call(world, INTROSPECT, body, right).status_code == 401


def test_time_passes_for_both_alike__IDN_12(world: World, site: Site, tokens: dict[str, Any]) -> None:
    (_, right), *_ = of_shown(site)
    bodies = []
    for _ in range(12):
        body = f"token={tokens['access_token']}"
        quick, slow = (told(call(world, INTROSPECT, body, right, each)) for each in (PLAIN, LEFT_TO_THE_FRAMEWORK))
        assert quick == slow
        bodies.append(quick[2])
        world.clock.advance(seconds=30)
    assert bodies[0] != bodies[-1] == b'{"active":false}'


Form = tuple[str, dict[str, str], str]
"""What follows the refresh token in the form, headers, content type."""


def refreshed(world: World, token: str, form: Form) -> TestResponse:
    more, headers, content_type = form
    return call(world, TOKEN, f"grant_type=refresh_token&refresh_token={token}{more}", headers, content_type)


def standing(world: World, token: str) -> Any:
    """What is kept of a refresh token and of its session, without what differs between two that are alike."""
    now = world.clock.now()
    columns = (
        *(refresh_token.c[name] for name in ("client_id", "issued_at", "expires_at", "used_at", "scopes")),
        *(session.c[name] for name in ("user_id", "used_at", "ends_at", "ended_at", "ended_because")),
    )
    digest = hashlib.sha256(token.encode()).hexdigest()
    with world.service.engine.connect() as connection:
        row = connection.execute(
            select(*columns)
            .join(session, session.c.id == refresh_token.c.session_id)
            .where(refresh_token.c.digest == digest)
        ).one()
    return [value - now if hasattr(value, "tzinfo") else value for value in row]


def parts(token: str) -> list[dict[str, Any]]:
    """The header of a JWT, and its claims."""
    return [orjson.loads(base64.urlsafe_b64decode(part + "==")) for part in token.split(".")[:2]]


def likeness(world: World, answer: TestResponse) -> Any:
    """An answer without what is new in each: the tokens, and who has which; times are from now on."""
    body = answer.get_json()
    headers = sorted(pair for pair in answer.headers.items() if pair[0] != "Content-Length")
    if "access_token" not in body:
        return answer.status_code, headers, body
    header, claims = parts(body["access_token"])
    now = int(world.clock.now().timestamp())
    own = {name: value - now if isinstance(value, int) else value for name, value in claims.items()}
    del own["jti"], own["sid"]
    assert len(body["refresh_token"]) == 43
    return answer.status_code, headers, header, own, body | {"access_token": "", "refresh_token": ""}


def test_refreshed_it_is_the_answer_of_the_framework_and_the_same_is_kept__IDN_12(world: World, site: Site) -> None:
    bare = relying_site(world)
    bare.scope = ("openid", "email")
    statuses: Counter[int] = Counter()
    for mine, most in ((site, 17), (bare, 2)):
        (_, right), *_ = of_shown(mine)
        unspent = two_alike(world, mine)
        for more, headers in [("&scope=openid", right), ("&more=1", right), *of_shown(mine)[:most]]:
            pair = []
            for number, content_type in enumerate((PLAIN, LEFT_TO_THE_FRAMEWORK)):
                token = unspent[number]
                answer = refreshed(world, token, (more, headers, content_type))
                kept = [standing(world, token)]
                if answer.status_code == 200:
                    unspent[number] = answer.get_json()["refresh_token"]
                    kept.append(standing(world, unspent[number]))
                pair.append((likeness(world, answer), kept))
                statuses[answer.status_code] += 1
            assert pair[0] == pair[1], (more, headers)
    assert {200, 400, 401} <= set(statuses)


def test_the_apis_own_sign_in_and_an_agents_are_refreshed_alike__IDN_12(world: World) -> None:
    for user_id in ("mmartin5", "support1"):
        pair = [
            likeness(
                world,
                refreshed(world, world.signed_in(user_id)["refresh_token"], ("&client_id=wardenry-api", {}, each)),
            )
            for each in (PLAIN, LEFT_TO_THE_FRAMEWORK)
        ]
        assert pair[0] == pair[1]
        assert pair[0][0] == 200


@pytest.mark.parametrize("state", ["unconfirmed", "locked", "disabled", "removed"])
def test_whoever_may_not_be_signed_in_gets_nothing__IDN_10_IDN_13(world: World, site: Site, state: str) -> None:
    (_, right), *_ = of_shown(site)
    tokens = two_alike(world, site)
    with world.service.engine.begin() as connection:
        connection.execute(update(account).where(account.c.user_id == "mmartin5").values(state=state))
    pair = [
        (told(refreshed(world, token, ("", right, each))), standing(world, token))
        for token, each in zip(tokens, (PLAIN, LEFT_TO_THE_FRAMEWORK), strict=True)
    ]
    assert pair[0] == pair[1]
    assert pair[0][0][0] == 400


def test_a_session_that_is_over_is_over_for_both__IDN_10(world: World, site: Site) -> None:
    (_, right), *_ = of_shown(site)
    now = world.clock.now()
    for values in (
        {"ended_at": now, "ended_because": "revoked"},
        {"used_at": now - timedelta(minutes=15)},
        {"ends_at": now},
    ):
        tokens = signed_in(world, site)
        with world.service.engine.begin() as connection:
            mine = session.c.id == site.claims(tokens)["sid"]
            connection.execute(update(session).where(mine).values(**values))
        pair = [
            told(refreshed(world, tokens["refresh_token"], ("", right, each)))
            for each in (PLAIN, LEFT_TO_THE_FRAMEWORK)
        ]
        assert pair[0] == pair[1]
        assert pair[0][0] == 400


def test_used_twice_it_ends_its_session_whichever_way_was_first__IDN_12(world: World, site: Site) -> None:
    (_, right), *_ = of_shown(site)
    ways = (PLAIN, LEFT_TO_THE_FRAMEWORK)
    for number, (first, second) in enumerate([(a, b) for a in ways for b in ways], 1):
        tokens = signed_in(world, site)
        fresh = refreshed(world, tokens["refresh_token"], ("", right, first)).get_json()
        again = refreshed(world, tokens["refresh_token"], ("", right, second))
        assert (again.status_code, again.get_json()["error"]) == (400, "invalid_grant")
        assert refreshed(world, fresh["refresh_token"], ("", right, PLAIN)).status_code == 400
        assert call(world, INTROSPECT, f"token={fresh['access_token']}", right).get_json() == {"active": False}
        assert len(world.events("identity.refresh_token.reused.v1")) == number
        assert len(world.events("identity.session.ended.v1")) == number


def test_of_fifty_at_once_one_is_refreshed_and_the_session_ends__IDN_12(world: World, site: Site) -> None:
    (_, right), *_ = of_shown(site)
    tokens = signed_in(world, site)

    def once(number: int) -> TestResponse:
        return refreshed(world, tokens["refresh_token"], ("", right, (PLAIN, LEFT_TO_THE_FRAMEWORK)[number % 2]))

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(once, range(50)))
    assert Counter(answer.status_code for answer in answers) == {200: 1, 400: 49}
    (fresh,) = (answer.get_json() for answer in answers if answer.status_code == 200)
    assert refreshed(world, fresh["refresh_token"], ("", right, PLAIN)).status_code == 400


def test_another_token_of_the_session_used_meanwhile_holds_nobody_up__IDN_12(world: World, site: Site) -> None:
    """Two sites of one browser refresh at the same moment, over and over: each goes on."""
    browser, other = Browser(world), behavioral(world)
    mine = site.redeem(site.code_in(browser.sign_in(site))).get_json()["refresh_token"]
    theirs = other.tokens(browser)["refresh_token"]

    def often(each: Site, token: str) -> int:
        (_, right), *_ = of_shown(each)
        for _ in range(20):
            answer = refreshed(world, token, ("", right, PLAIN))
            assert answer.status_code == 200, answer.text
            token = answer.get_json()["refresh_token"]
        return 20

    with ThreadPoolExecutor(2) as pool:
        done = [pool.submit(often, *each) for each in ((site, mine), (other, theirs))]
        assert sum(each.result(60) for each in done) == 40


def test_a_key_that_has_begun_signs_at_once__IDN_11(world: World, site: Site, tokens: dict[str, Any]) -> None:
    (_, right), *_ = of_shown(site)
    token, kids = tokens["refresh_token"], []
    for way in (PLAIN, LEFT_TO_THE_FRAMEWORK) * 3:
        answer = refreshed(world, token, ("", right, way)).get_json()
        token = answer["refresh_token"]
        kids.append(parts(answer["access_token"])[0]["kid"])
        if len(kids) == 2:
            operate(world.service, world.settings, rotate_signing_keys)
        if len(kids) == 4:
            world.clock.advance(minutes=11)
    assert kids[0] == kids[1] == kids[2] == kids[3]
    assert kids[4] == kids[5] != kids[3]


@pytest.mark.parametrize("table", ["client", "verification_key"])
def test_a_database_that_fails_is_told_as_everywhere__OPS_8(
    world: World, site: Site, tokens: dict[str, Any], table: str
) -> None:
    (_, right), *_ = of_shown(site)
    with world.service.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO elsewhere"))
    calls = {
        "client": [
            (INTROSPECT, f"token={tokens['access_token']}"),
            (TOKEN, f"grant_type=refresh_token&refresh_token={tokens['refresh_token']}"),
        ],
        "verification_key": [(INTROSPECT, "token=eyJraWQiOiJ1bmtub3duIn0.e30.e30")],
    }
    for path, body in calls[table]:
        quick, slow = (call(world, path, body, right, each) for each in (PLAIN, LEFT_TO_THE_FRAMEWORK))
        assert quick.status_code in {500, 503}
        assert told(quick)[:2] == told(slow)[:2]
        assert tokens["refresh_token"].encode() not in quick.data
