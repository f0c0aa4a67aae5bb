"""The certification profile Back-Channel Logout OP, module by module (IDN-11)."""

from __future__ import annotations

from collections.abc import Iterator

import joserfc.jws
import joserfc.jwt
import pytest

from tests.conformance.openid.provider import Provider
from tests.conformance.openid.relying_party import Agent, RelyingParty
from tests.integration.identity.listening import Listener, listening, tell_all

EVENT = "http://schemas.openid.net/event/backchannel-logout"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as made:
        yield made


@pytest.fixture
def told_party(provider: Provider, listener: Listener) -> Iterator[RelyingParty]:
    made = RelyingParty.registered(provider, backchannel_logout_uri=listener.uri)
    yield made
    made.http.close()


def test_oidcc_backchannel_rp_initiated_logout_discovery_endpoint_verification__IDN_11(party: RelyingParty) -> None:
    assert party.metadata["backchannel_logout_supported"] is True
    assert party.metadata["backchannel_logout_session_supported"] is True


def test_oidcc_backchannel_rp_initiated_logout__IDN_11(
    provider: Provider, agent: Agent, told_party: RelyingParty, listener: Listener
) -> None:
    tokens = told_party.sign_in(agent)
    claims = told_party.claims(tokens)
    agent.http.get(told_party.metadata["end_session_endpoint"], params={"id_token_hint": tokens["id_token"]})
    tell_all(provider.world)
    (token,) = listener.tokens
    header = joserfc.jws.extract_compact(token.encode()).headers()
    assert (header["alg"], header["typ"]) == ("RS256", "logout+jwt")
    told = joserfc.jwt.decode(token, told_party.keys(), algorithms=["RS256"]).claims
    assert set(told) == {"iss", "aud", "sub", "sid", "iat", "exp", "jti", "events"}  # and no nonce
    assert (told["iss"], told["aud"]) == (provider.issuer, told_party.client_id)
    assert (told["sub"], told["sid"]) == (claims["sub"], claims["sid"])
    assert told["events"] == {EVENT: {}}
    assert 0 < told["exp"] - told["iat"] <= 120
    assert told["jti"]


def test_oidcc_backchannel_logout_retried_when_the_client_is_down__IDN_11(
    provider: Provider, agent: Agent, told_party: RelyingParty, listener: Listener
) -> None:
    listener.answers = ["503 Service Unavailable"]
    told_party.sign_in(agent)
    agent.get(told_party.metadata["end_session_endpoint"])
    tell_all(provider.world)
    provider.world.clock.advance(seconds=5)
    tell_all(provider.world)
    jtis = {joserfc.jwt.decode(each, told_party.keys(), algorithms=["RS256"]).claims["jti"] for each in listener.tokens}
    assert len(jtis) == len(listener.tokens) == 2


def test_a_logout_token_is_nothing_in_another_tokens_place__IDN_11(
    provider: Provider, agent: Agent, told_party: RelyingParty, listener: Listener
) -> None:
    told_party.sign_in(agent)
    agent.get(told_party.metadata["end_session_endpoint"])
    tell_all(provider.world)
    (token,) = listener.tokens
    assert told_party.userinfo(token).status_code == 401
    told_party.sign_in(agent)
    hinted = agent.get(told_party.address(prompt="none", id_token_hint=token))
    assert told_party.error(hinted) == "login_required"
