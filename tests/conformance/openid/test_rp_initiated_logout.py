"""The certification profile RP-Initiated Logout OP, module by module (IDN-11)."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests.conformance.openid.provider import Provider
from tests.conformance.openid.relying_party import Agent, RelyingParty, location


def log_out(agent: Agent, party: RelyingParty, **parameters: str) -> Any:
    """Send the browser to sign out."""
    endpoint = party.metadata["end_session_endpoint"]
    return agent.get(f"{endpoint}?{urlencode(parameters)}" if parameters else endpoint)


def is_signed_out(agent: Agent, party: RelyingParty) -> bool:
    """Whether the provider no longer knows who it is."""
    return party.error(agent.get(party.address(prompt="none"))) == "login_required"


def stays(answer: Any) -> bool:
    """Whether the browser is shown a page, and sent nowhere."""
    return answer.status_code == 200 and "Location" not in answer.headers


@pytest.fixture
def token(agent: Agent, party: RelyingParty) -> str:
    """The ID token of somebody who is signed in."""
    return str(party.sign_in(agent)["id_token"])


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification__IDN_11(
    provider: Provider, party: RelyingParty
) -> None:
    assert party.metadata["end_session_endpoint"].startswith(f"{provider.issuer}/")


def test_oidcc_rp_initiated_logout__IDN_11(agent: Agent, party: RelyingParty, token: str) -> None:
    answer = log_out(agent, party, id_token_hint=token, post_logout_redirect_uri=party.post_logout_uri, state="abc")
    assert location(answer).startswith(f"{party.post_logout_uri}?")
    assert dict(parse_qsl(urlsplit(location(answer)).query)) == {"state": "abc"}
    assert is_signed_out(agent, party)


def test_oidcc_rp_initiated_logout_no_state__IDN_11(agent: Agent, party: RelyingParty, token: str) -> None:
    answer = log_out(agent, party, id_token_hint=token, post_logout_redirect_uri=party.post_logout_uri)
    assert location(answer) == party.post_logout_uri
    assert is_signed_out(agent, party)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri__IDN_11(
    agent: Agent, party: RelyingParty, token: str
) -> None:
    bad = party.post_logout_uri.replace("/out", "/elsewhere")
    assert stays(log_out(agent, party, id_token_hint=token, post_logout_redirect_uri=bad))


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri__IDN_11(
    agent: Agent, party: RelyingParty, token: str
) -> None:
    longer = f"{party.post_logout_uri}?foo=bar"
    assert stays(log_out(agent, party, id_token_hint=token, post_logout_redirect_uri=longer))


@pytest.mark.usefixtures("token")
def test_oidcc_rp_initiated_logout_no_id_token_hint__IDN_11(agent: Agent, party: RelyingParty) -> None:
    assert stays(log_out(agent, party, post_logout_redirect_uri=party.post_logout_uri))


def test_oidcc_rp_initiated_logout_bad_id_token_hint__IDN_11(
    provider: Provider, agent: Agent, party: RelyingParty, token: str
) -> None:
    """Of another client, and of no client at all."""
    other, elsewhere = RelyingParty.registered(provider), Agent.of(provider)
    foreign = other.sign_in(elsewhere)["id_token"]
    other.http.close()
    elsewhere.http.close()
    for hint in (foreign, "not-a-token", token[:-10]):
        assert stays(log_out(agent, party, id_token_hint=hint, post_logout_redirect_uri=party.post_logout_uri))


def test_oidcc_rp_initiated_logout_modified_id_token_hint__IDN_11(
    agent: Agent, party: RelyingParty, token: str
) -> None:
    """One that nobody signed: `alg` says none, and the signature is gone."""
    unsigned = f"eyJhbGciOiJub25lIn0.{token.split('.')[1]}."
    assert stays(log_out(agent, party, id_token_hint=unsigned, post_logout_redirect_uri=party.post_logout_uri))


@pytest.mark.usefixtures("token")
def test_oidcc_rp_initiated_logout_no_params__IDN_11(agent: Agent, party: RelyingParty) -> None:
    assert stays(log_out(agent, party))
    assert is_signed_out(agent, party)


@pytest.mark.usefixtures("token")
def test_oidcc_rp_initiated_logout_only_state__IDN_11(agent: Agent, party: RelyingParty) -> None:
    assert stays(log_out(agent, party, state="abc"))
    assert is_signed_out(agent, party)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri__IDN_11(
    agent: Agent, party: RelyingParty, token: str
) -> None:
    assert stays(log_out(agent, party, id_token_hint=token))
    assert is_signed_out(agent, party)
