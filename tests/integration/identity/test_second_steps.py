"""Authenticator apps, recovery codes and stepping up, over HTTP and on both databases."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from services.identity.adapters.tables import authenticator, recovery_code, session
from tests.integration.identity.second_steps import PAPER, Person, person, verify
from tests.integration.identity.world import World


def test_an_app_is_added_named_used_and_removed__IDN_3(world: World) -> None:
    mary = person(world)
    app = mary.begin_app()
    assert app.uri.startswith("otpauth://totp/Wardenry%3Ammartin5?secret=")
    assert mary.call("GET", "/me/authenticators").get_json() == {"items": [], "next": None}
    assert mary.confirm(app, "000000").get_json()["code"] == "code_wrong"
    assert mary.confirm(app, app.code()).status_code == 200
    world.clock.advance(seconds=60)
    renamed = mary.call("PATCH", f"/me/authenticators/{app.id}", {"name": "Work phone"})
    assert renamed.get_json()["name"] == "Work phone"
    step = world.begin()
    assert step["methods"][0] == {"id": app.id, "kind": "totp", "hint": "Work phone"}
    assert verify(world, step, app.id, app.code()).get_json()["state"] == "signed_in"
    (listed,) = mary.call("GET", "/me/authenticators").get_json()["items"]
    assert (listed["id"], listed["kind"]) == (app.id, "totp")
    assert datetime.fromisoformat(listed["used_at"]) == world.clock.now()
    assert mary.call("DELETE", f"/me/authenticators/{app.id}").status_code == 204
    assert [each["kind"] for each in world.begin()["methods"]] == ["email"]
    for happened in ("added", "renamed", "removed"):
        (told,) = world.events(f"identity.authenticator.{happened}.v1")
        assert told == {"user_id": "mmartin5", "authenticator_id": app.id, "kind": "totp"}
    assert world.events("identity.sign_in.succeeded.v1")[-1]["amr"] == ["pwd", "otp", "mfa"]


def test_secrets_stand_sealed_and_slowly_hashed__IDN_3_IDN_16(world: World) -> None:
    mary = person(world)
    app, codes = mary.with_app(), mary.with_paper()
    with world.service.engine.connect().execution_options(write=False) as connection:
        kept = repr(connection.execute(authenticator.select()).all())
        hashes = [row.hash for row in connection.execute(recovery_code.select())]
    secret = app.uri.partition("secret=")[2].partition("&")[0]
    assert not [form for form in (secret, app.secret.hex(), repr(app.secret)) if form in kept]
    assert all(hash_.startswith("$argon2id$") for hash_ in hashes)
    assert len(set(hashes)) == len(codes) == 10


def test_secrets_are_shown_once__IDN_3(world: World) -> None:
    mary = person(world)
    for path, body in (("/me/authenticators", {"kind": "totp", "name": "Phone"}), ("/me/recovery-codes", None)):
        first = mary.call("POST", path, body, Idempotency_Key=f"key-{path}")
        assert mary.call("POST", path, body, Idempotency_Key=f"key-{path}").get_json() == first.get_json()
    world.clock.advance(minutes=5)
    mary = person(world)
    again = mary.call("POST", "/me/recovery-codes", None, Idempotency_Key="key-/me/recovery-codes")
    assert again.get_json()["code"] == "already_shown"
    standing = mary.call("GET", "/me/recovery-codes").get_json()
    assert (set(standing), standing["left"]) == ({"left", "made_at"}, 10)


def test_changing_needs_a_step_of_the_last_five_minutes__IDN_3(world: World) -> None:
    tokens = world.signed_in()
    app = Person(world, tokens["access_token"]).with_app()
    world.clock.advance(minutes=4, seconds=1)
    mary = Person(world, world.refresh(tokens["refresh_token"]).get_json()["access_token"])
    for method, path, body in (
        ("POST", "/me/authenticators", {"kind": "totp", "name": "Another"}),
        ("POST", f"/me/authenticators/{app.id}/confirm", {"code": "000000"}),
        ("PATCH", f"/me/authenticators/{app.id}", {"name": "Another"}),
        ("DELETE", f"/me/authenticators/{app.id}", None),
        ("POST", "/me/recovery-codes", None),
        ("DELETE", "/me/recovery-codes", None),
    ):
        refused = mary.call(method, path, body)
        assert (refused.status_code, refused.get_json()["code"]) == (403, "step_up_required"), path
    assert [each["name"] for each in mary.call("GET", "/me/authenticators").get_json()["items"]] == ["My phone"]


def test_stepping_up_opens_it_again_in_that_session_alone__IDN_3(world: World) -> None:
    tokens = world.signed_in()
    world.clock.advance(minutes=5, seconds=1)
    tokens = world.refresh(tokens["refresh_token"]).get_json()
    mary = Person(world, tokens["access_token"])
    assert mary.call("POST", "/me/recovery-codes").get_json()["code"] == "step_up_required"
    step = mary.begin_up()
    assert (step["reason"], step["methods"][0]["kind"]) == ("step_up", "email")
    method = step["methods"][0]["id"]
    sent = mary.call(
        "POST",
        f"/me/step-up/{step['challenge']}/send",
        {"method": method},
        X_Challenge_Secret=step["challenge_secret"],
    )
    assert sent.status_code == 202
    code = world.code()
    world.clock.advance(minutes=1)
    assert person(world).verify_up(step, method, code).status_code == 404
    assert mary.verify_up(step, method, code).get_json()["acr"] == "urn:wardenry:acr:email-code"
    assert len(mary.with_paper()) == 10
    (told,) = world.events("identity.sign_in.stepped_up.v1")
    assert told["amr"] == ["pwd", "otp", "email"]


def test_of_four_uses_of_a_code_at_once_one_succeeds__IDN_3(world: World) -> None:
    mary = person(world)
    app, codes = mary.with_app(), mary.with_paper()
    for method, code in ((app.id, app.code()), (PAPER, codes[0])):
        steps = [world.begin() for _ in range(4)]
        before = world.count(session)
        answers = world.at_once([lambda step=step: verify(world, step, method, code) for step in steps])  # type: ignore[misc]  # noqa: B023
        assert Counter(answer.status_code for answer in answers)[200] == 1
        assert world.count(session) == before + 1
        world.clock.advance(minutes=16)


def test_a_code_at_sign_in_and_at_a_step_up_at_once_is_good_for_one__IDN_3(world: World) -> None:
    mary = person(world)
    app = mary.with_app()
    code, step, up = app.code(), world.begin(), mary.begin_up()
    answers = world.at_once([lambda: verify(world, step, app.id, code), lambda: mary.verify_up(up, app.id, code)])
    assert sorted(answer.status_code for answer in answers) == [200, 422]


def test_of_thirty_guesses_at_once_no_more_are_looked_at_than_in_turn__IDN_9(world: World) -> None:
    app = person(world).with_app()
    steps = [world.begin() for _ in range(30)]
    answers = world.at_once([lambda step=step: verify(world, step, app.id, "000000") for step in steps])  # type: ignore[misc]
    assert Counter(answer.status_code for answer in answers) == {422: 4, 429: 26}
