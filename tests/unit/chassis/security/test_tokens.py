"""Access tokens are verified by each service alone, and nothing but a right one passes (IDN-12)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey, RSAKey

from chassis.kernel.errors import NotSignedInError
from chassis.security.callers import Bearer, Caller, ClientCaller
from chassis.security.service_tokens import ServiceTokens
from chassis.security.signing import ED25519_ONLY, SigningKey
from chassis.security.tokens import AccessTokenVerifier, claims_of
from chassis.testing.clocks import StandingClock

ISSUER = "https://id.example.test"
CLOCK = StandingClock()
KEY = SigningKey.make()
CALLER = Caller(
    user_id="mmartin5",
    session_id="s-1",
    site="medical",
    acr="urn:two",
    amr=("pwd", "otp"),
    auth_time=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    scopes=frozenset({"openid", "support"}),
    client_id="portal",
)
PROGRAM = ClientCaller("site", frozenset({"entitlements.check"}))


def verifier(**changes: Any) -> AccessTokenVerifier:
    known = {KEY.kid: KEY.public_jwk()}
    return replace(AccessTokenVerifier(ISSUER, known.get, lambda _: False, CLOCK), **changes)


def token(bearer: Bearer = CALLER, *, typ: str = "at+jwt", **claims: Any) -> str:
    made = claims_of(bearer, issuer=ISSUER, now=CLOCK.now()) | claims
    return KEY.sign({name: value for name, value in made.items() if value is not ...}, typ=typ)


def test_a_persons_token_says_who_they_are__IDN_12() -> None:
    assert verifier()(token()) == CALLER
    assert CALLER.is_support
    assert CALLER.actor == "support:mmartin5"


def test_a_programs_token_has_no_person() -> None:
    assert verifier()(token(PROGRAM)) == PROGRAM


def test_it_lasts_five_minutes_and_names_nothing_that_one_may_do__IDN_12() -> None:
    claims = claims_of(CALLER, issuer=ISSUER, now=CLOCK.now())
    assert claims["exp"] - claims["iat"] == 300
    assert set(claims) == {
        *("iss", "sub", "aud", "sid", "site", "client_id", "scope", "acr", "amr", "auth_time", "iat", "exp", "jti"),
    }


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://other.test"},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other"]},
        {"aud": 5},
        {"exp": int(CLOCK.now().timestamp()) - 10},
        {"exp": "9999999999"},
        {"exp": True},
        {"exp": 10**400},
        {"exp": ...},
        {"iat": int(CLOCK.now().timestamp()) + 11},
        {"nbf": int(CLOCK.now().timestamp()) + 11},
        {"sub": ""},
        {"sub": 5},
        {"sub": ...},
        {"sid": ...},
        {"sid": None},
        {"jti": ...},
        {"acr": ...},
        {"amr": None},
        {"auth_time": "soon"},
        {"auth_time": 10**15},
        {"client_id": ...},
        {"typ": "id_token"},
        {"typ": "JWT"},
        {"typ": "wardenry-service+jwt"},
    ],
)
def test_a_wrong_claim_is_refused__IDN_12(change: dict[str, Any]) -> None:
    with pytest.raises(NotSignedInError):
        verifier()(token(**change))


def test_a_few_seconds_of_difference_between_clocks_are_borne() -> None:
    now = int(CLOCK.now().timestamp())
    assert verifier()(token(exp=now - 9, iat=now + 9, aud=["x", "wardenry-api"])) == CALLER


def test_an_ended_session_is_over__IDN_10() -> None:
    with pytest.raises(NotSignedInError):
        verifier(is_ended=lambda session_id: session_id == "s-1")(token())


def signed(header: dict[str, Any], key: Any, algorithms: list[str]) -> str:
    return jwt.encode(header, claims_of(CALLER, issuer=ISSUER, now=CLOCK.now()), key, algorithms=algorithms)


def forgeries() -> dict[str, Callable[[], str]]:
    """Tokens that confuse algorithm, key or type, as advisories of other products tell."""
    good = {"typ": "at+jwt", "kid": KEY.kid}
    public = json.dumps(KEY.public_jwk()).encode()
    parts = token().split(".")
    none = base64.urlsafe_b64encode(json.dumps(good | {"alg": "none"}).encode()).rstrip(b"=").decode()
    other = SigningKey.make()
    return {
        "no signature": lambda: f"{parts[0]}.{parts[1]}.",
        "none": lambda: f"{none}.{parts[1]}.",
        "the public key as a secret": lambda: signed(good | {"alg": "HS256"}, OctKey.import_key(public), ["HS256"]),
        "RS256": lambda: signed(good | {"alg": "RS256"}, RSAKey.generate_key(2048), ["RS256"]),
        "another key under this name": lambda: jwt.encode(
            good | {"alg": "EdDSA"}, claims_of(CALLER, issuer=ISSUER, now=CLOCK.now()), other.key, registry=ED25519_ONLY
        ),
        "an unknown key": lambda: other.sign(claims_of(CALLER, issuer=ISSUER, now=CLOCK.now()), typ="at+jwt"),
        "a key of its own": lambda: signed(
            {"alg": "Ed25519", "typ": "at+jwt", "jwk": other.public_jwk()}, other.key, ["Ed25519"]
        ),
        "no kid": lambda: jwt.encode({"alg": "EdDSA", "typ": "at+jwt"}, {"sub": "x"}, KEY.key, registry=ED25519_ONLY),
        "changed": lambda: f"{parts[0]}.{parts[1][:-4]}AAAA.{parts[2]}",
        "a service's": lambda: ServiceTokens([b"x" * 32], "identity", CLOCK).issue("wardenry-api"),
        "a deep header": lambda: base64.urlsafe_b64encode(b"[" * 2900).decode() + ".e30.x",
        "empty": lambda: "",
        "dots": lambda: "..",
        "not base64": lambda: "ä.ö.ü",
        "a list": lambda: KEY.sign({}, typ="at+jwt"),
        "huge": lambda: token(scope="x" * 5000),
        "an encrypted one": lambda: "a.b.c.d.e",
    }


@pytest.mark.parametrize("kind", list(forgeries()))
def test_a_forgery_is_refused__IDN_12(kind: str) -> None:
    with pytest.raises(NotSignedInError) as refused:
        verifier()(forgeries()[kind]())
    assert refused.value.detail == NotSignedInError().detail  # whatever was wrong, it reads the same


def test_a_key_that_is_taken_back_verifies_nothing_more() -> None:
    known = {KEY.kid: KEY.public_jwk()}
    one, good = verifier(key_of=known.get), token()
    assert one(good) == CALLER
    known.clear()
    with pytest.raises(NotSignedInError):
        one(good)


def test_a_key_of_another_curve_verifies_nothing() -> None:
    wrong = OKPKey.generate_key("X25519").as_dict(private=False)
    with pytest.raises(NotSignedInError):
        verifier(key_of=lambda _: wrong)(token())


def test_keys_are_named_by_thumbprint_and_never_shown__IDN_16() -> None:
    assert SigningKey.from_jwk(KEY.private_jwk()).kid == KEY.kid
    assert set(KEY.public_jwk()) == {"kty", "crv", "x", "kid", "use", "alg"}
    assert KEY.private_jwk()["d"] not in repr(KEY)
    with pytest.raises(ValueError, match="private Ed25519"):
        SigningKey.from_jwk(KEY.public_jwk())


def test_services_know_each_other_by_the_shared_secret() -> None:
    old, new = b"o" * 32, b"n" * 32
    callee = ServiceTokens([new, old], "identity", CLOCK)
    for secret in (old, new):
        caller = ServiceTokens([secret], "registration", CLOCK)
        known = callee.verify(caller.issue("identity", on_behalf_of="user:mmartin5"))
        assert (known.service, known.actor) == ("registration", "user:mmartin5")
        assert callee.verify(caller.issue("identity")).actor == "system:registration"


def test_a_service_token_is_for_one_callee_and_a_minute() -> None:
    caller, clock = ServiceTokens([b"s" * 32], "registration", CLOCK), StandingClock(CLOCK.now())
    callee = ServiceTokens([b"s" * 32], "identity", clock)
    wrong = [caller.issue("entitlements"), ServiceTokens([b"t" * 32], "registration", CLOCK).issue("identity"), "x", ""]
    for text in wrong:
        with pytest.raises(NotSignedInError):
            callee.verify(text)
    good = caller.issue("identity")
    clock.advance(seconds=69)
    callee.verify(good)
    clock.advance(seconds=2)
    with pytest.raises(NotSignedInError):
        callee.verify(good)
