"""Sign-in, sessions and tokens over HTTP."""

from __future__ import annotations

import joserfc.jwt
import pytest
from joserfc.jwk import KeySet

from chassis.db.tables import verification_key
from chassis.security.signing import ED25519_ONLY
from services.identity.adapters.tables import refresh_token, session, signing_key
from tests.integration.identity.world import API, ISSUER, PASSWORD, World


def test_the_token_says_who_where_and_how__IDN_12(world: World) -> None:
    tokens = world.signed_in("support1")
    assert (tokens["state"], tokens["token_type"], tokens["expires_in"]) == ("signed_in", "Bearer", 300)
    keys = KeySet.import_key_set(world.service.app.test_client().get("/oidc/jwks.json").get_json())
    token = joserfc.jwt.decode(tokens["access_token"], keys, registry=ED25519_ONLY)
    assert (token.header["typ"], token.header["alg"]) == ("at+jwt", "EdDSA")
    claims = token.claims
    assert claims["exp"] - claims["iat"] == 300
    assert {name: claims[name] for name in ("iss", "sub", "aud", "site", "client_id", "scope", "acr", "amr")} == {
        "iss": ISSUER,
        "sub": "support1",
        "aud": "wardenry-api",
        "site": "medical",
        "client_id": "wardenry-api",
        "scope": "support",
        "acr": "urn:wardenry:acr:email-code",
        "amr": ["pwd", "otp", "email"],
    }
    assert claims["auth_time"] == claims["iat"] == int(world.clock.now().timestamp())
    assert {"sid", "jti"} <= set(claims)


def test_the_first_keys_are_sealed_told_and_known_here__IDN_12_IDN_16(world: World) -> None:
    world.service.prepare()
    told = {data["algorithm"]: data for data in world.events("identity.signing_key.rotated.v1")}
    assert set(told) == {"EdDSA", "RS256"}
    assert not any("d" in data["public_key"] for data in told.values())
    with world.service.engine.connect() as connection:
        kept = connection.execute(signing_key.select()).all()
        known = connection.execute(verification_key.select()).one()
    assert {row.kid for row in kept} == {data["kid"] for data in told.values()}
    assert known.kid == told["EdDSA"]["kid"]  # nothing else signs access tokens
    assert all(row.sealed_private.count(".") == 4 for row in kept)  # compact JWEs


def test_signed_out_is_signed_out_at_once__IDN_10(world: World) -> None:
    tokens = world.signed_in()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    client = world.service.app.test_client()
    assert client.post(f"{API}/sign-out", headers=bearer).status_code == 204
    assert world.get("/me", tokens["access_token"]).status_code == 401
    assert world.refresh(tokens["refresh_token"]).get_json()["error"] == "invalid_grant"
    ended = world.events("identity.session.ended.v1")
    assert [event["reason"] for event in ended] == ["signed_out"]


def test_refreshing_rotates_and_a_replay_ends_the_session_for_good__IDN_12(world: World) -> None:
    tokens = world.signed_in()
    answer = world.refresh(tokens["refresh_token"])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    renewed = answer.get_json()
    assert set(renewed) == {"access_token", "token_type", "expires_in", "refresh_token"}
    replayed = world.refresh(tokens["refresh_token"])
    assert (replayed.status_code, replayed.get_json()["error"]) == (400, "invalid_grant")
    assert world.refresh(renewed["refresh_token"]).status_code == 400
    assert world.get("/me", renewed["access_token"]).status_code == 401
    assert len(world.events("identity.refresh_token.reused.v1")) == 1


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({}, 400, "invalid_request"),
        ({"grant_type": "password", "client_id": "wardenry-api"}, 400, "unsupported_grant_type"),
        ({"grant_type": "refresh_token", "client_id": "wardenry-api"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "client_id": "other", "refresh_token": "x"}, 401, "invalid_client"),
        ({"grant_type": "refresh_token", "client_id": "wardenry-api", "refresh_token": "x"}, 400, "invalid_grant"),
        ({"grant_type": "refresh_token", "client_id": ["wardenry-api"] * 2}, 400, "invalid_request"),
    ],
)
def test_the_token_endpoint_refuses_in_its_own_words__IDN_12(
    world: World, form: dict[str, str], status: int, error: str
) -> None:
    answer = world.service.app.test_client().post("/oidc/token", data=form)
    assert (answer.status_code, answer.get_json()["error"]) == (status, error)
    assert answer.headers["Cache-Control"] == "no-store"


def test_no_secret_stands_in_the_database__IDN_16(world: World) -> None:
    tokens = world.signed_in()
    with world.service.engine.connect() as connection:
        dump = str(connection.execute(refresh_token.select()).all()) + str(connection.execute(session.select()).all())
    assert tokens["refresh_token"] not in dump
    assert tokens["access_token"] not in dump


def test_sessions_are_listed_prolonged_and_ended__IDN_10(world: World) -> None:
    tokens = world.signed_in()
    world.clock.advance(minutes=2)
    other = world.signed_in()
    listed = world.get("/me/sessions", tokens["access_token"]).get_json()
    assert [each["current"] for each in listed["items"]] == [False, True]
    assert listed["next"] is None
    client = world.service.app.test_client()
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    before = client.get(f"{API}/me/session", headers=bearer).get_json()
    after = client.post(f"{API}/me/session/extend", headers=bearer).get_json()
    assert after["idle_ends_at"] > before["idle_ends_at"]
    assert after["ends_at"] == before["ends_at"]
    assert client.delete(f"{API}/me/sessions/{listed['items'][0]['id']}", headers=bearer).status_code == 204
    assert world.get("/me", other["access_token"]).status_code == 401
    assert client.delete(f"{API}/me/sessions", headers=bearer).status_code == 204
    assert world.get("/me", tokens["access_token"]).status_code == 401


def test_the_profile_changes_over_http__REG_5(world: World) -> None:
    token = world.signed_in()["access_token"]
    client = world.service.app.test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    answer = client.patch(f"{API}/me", json={"profile": {"phone": "212 555 0199", "language": "es"}}, headers=bearer)
    assert answer.status_code == 200
    assert world.get("/me", token).get_json()["profile"]["phone"] == "+12125550199"
    for wrong in ({"profile": {"email": "x@y.example"}}, {"profile": {"user_id": "x"}}, {"kind": "support"}):
        assert client.patch(f"{API}/me", json=wrong, headers=bearer).status_code == 422
    assert world.events("identity.account.profile_changed.v1")[-1]["language"] == "es"


def test_a_repeated_sign_in_is_one_sign_in__IDN_1(world: World) -> None:
    body = {"user_id": "mmartin5", "password": PASSWORD}
    first, again = (world.post("/sign-in", body, Idempotency_Key="one") for _ in range(2))
    assert first.get_json() == again.get_json()


def test_availability_over_http__REG_6(world: World) -> None:
    taken = world.post("/accounts/availability", {"user_id": "MMARTIN5"}).get_json()
    assert (taken["available"], len(taken["suggestions"])) == (False, 3)
    free = world.post("/accounts/availability", {"user_id": "somebody.new"}).get_json()
    assert (free["available"], free["suggestions"]) == (True, [])
