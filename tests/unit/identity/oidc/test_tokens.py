"""Tokens of one kind are nothing in the place of another, whoever's key is at hand (IDN-12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel.errors import NotSignedInError
from chassis.security.sealing import SealBrokenError, Sealer
from chassis.security.tokens import AUDIENCE, AccessTokenVerifier
from services.identity.adapters.token_issuer import JoseTokenIssuer
from services.identity.domain.accounts import Kind
from services.identity.domain.clients import THE_API
from services.identity.domain.grants import Grant
from services.identity.domain.signing_keys import Algorithm, SigningKey
from tests.unit.identity.oidc.flows import registered, signed_in
from tests.unit.identity.world import World

ISSUER = "https://id.example.test"


class Desk:
    """An issuer with a key of each kind, and verifiers that know every one of them."""

    def __init__(self) -> None:
        self.world = World().has_key()
        self.world.active()
        self.client = registered(self.world).client
        self.session = signed_in(self.world).session
        self.issuer = JoseTokenIssuer(Sealer({"one": b"k" * 32}), ISSUER)
        self.keys = {each: self.issuer.make_key(each, self.now) for each in Algorithm}

    @property
    def now(self) -> Any:
        return self.world.clock.now()

    def access_token(self, key: SigningKey, *scopes: str, api: bool = False) -> str:
        client = THE_API if api else replace(self.client, scopes=scopes)
        grant = Grant(Kind.USER, self.session, client, () if api else scopes)
        return self.issuer.access_token(key, grant, self.now, self.now + timedelta(minutes=5))

    def id_token(self, key: SigningKey) -> str:
        claims = {"sub": "mmartin5", "aud": "relying-site", "sid": self.session.id, "iat": int(self.now.timestamp())}
        return self.issuer.id_token(key, claims, "token")

    def admits(self, token: str, audience: str) -> bool:
        known = {key.kid: key.public_key for key in self.keys.values()}
        verifier = AccessTokenVerifier(ISSUER, known.get, lambda _: False, self.world.clock, audience)
        try:
            verifier(token)
        except NotSignedInError:
            return False
        return True

    def reads(self, token: str) -> bool:
        return self.issuer.read_id_token(token, list(self.keys.values())) is not None


@pytest.fixture(scope="module")
def desk() -> Desk:
    return Desk()


def test_only_ed25519_signs_access_tokens__IDN_12(desk: Desk) -> None:
    for audience in (AUDIENCE, ISSUER):
        assert desk.admits(desk.access_token(desk.keys[Algorithm.EDDSA], "openid", "wardenry"), audience)
        assert not desk.admits(desk.access_token(desk.keys[Algorithm.RS256], "openid", "wardenry"), audience)


def test_a_token_is_for_its_audience__IDN_12(desk: Desk) -> None:
    key = desk.keys[Algorithm.EDDSA]
    audiences = (AUDIENCE, ISSUER)
    assert [desk.admits(desk.access_token(key, "openid"), each) for each in audiences] == [False, True]
    assert [desk.admits(desk.access_token(key, "openid", "wardenry"), each) for each in audiences] == [True, True]
    assert [desk.admits(desk.access_token(key, api=True), each) for each in audiences] == [True, False]


@pytest.mark.parametrize("algorithm", list(Algorithm))
def test_an_id_token_is_no_access_token_nor_the_other_way_round__IDN_12(desk: Desk, algorithm: Algorithm) -> None:
    key = desk.keys[algorithm]
    assert desk.reads(desk.id_token(key))
    assert not desk.reads(desk.access_token(key, "openid"))
    assert not any(desk.admits(desk.id_token(key), audience) for audience in (AUDIENCE, ISSUER))


def test_an_id_token_of_another_issuer_or_key_is_none__IDN_11(desk: Desk) -> None:
    other = JoseTokenIssuer(Sealer({"one": b"k" * 32}), "https://other.example.test")
    assert not desk.reads(other.id_token(desk.keys[Algorithm.RS256], {"sub": "x"}, "token"))
    assert not desk.reads(desk.issuer.id_token(desk.issuer.make_key(Algorithm.EDDSA, desk.now), {"sub": "x"}, "token"))
    token = desk.id_token(desk.keys[Algorithm.EDDSA])
    swapped = [
        replace(desk.keys[Algorithm.RS256], kid=desk.keys[Algorithm.EDDSA].kid),
        replace(desk.keys[Algorithm.EDDSA], algorithm=Algorithm.RS256),
    ]
    assert not any(desk.issuer.read_id_token(token, [key]) for key in swapped)


def test_private_keys_are_sealed_to_their_place__IDN_16(desk: Desk) -> None:
    for key in desk.keys.values():
        assert key.sealed_private.count(".") == 4
        assert not {"d", "p", "q"} & set(key.public_key)
        moved = replace(key, kid="another")
        with pytest.raises(SealBrokenError):
            desk.issuer.id_token(moved, {}, "token")
