"""The certification profile Config OP (IDN-11): what a client finds out by itself is there, and true."""

from __future__ import annotations

from tests.conformance.openid.provider import Provider
from tests.conformance.openid.relying_party import RelyingParty


def test_oidcc_discovery_endpoint_verification__IDN_11(provider: Provider, party: RelyingParty) -> None:
    answer = party.http.get(f"{provider.issuer}/.well-known/openid-configuration")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    told = answer.json()
    assert told["issuer"] == provider.issuer
    needed = {"authorization", "token", "userinfo", "introspection", "revocation", "end_session"}
    assert all(told[f"{name}_endpoint"].startswith(f"{provider.issuer}/") for name in needed)
    assert "RS256" in told["id_token_signing_alg_values_supported"]
    assert "none" not in told["id_token_signing_alg_values_supported"]
    assert "openid" in told["scopes_supported"]
    assert told["response_types_supported"] == ["code"]
    assert "public" in told["subject_types_supported"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    for name in ("claims_parameter", "request_parameter", "request_uri_parameter"):
        assert isinstance(told[f"{name}_supported"], bool)


def test_oidcc_discovery_jwks__IDN_11(party: RelyingParty) -> None:
    """The key set is fetched by its address, and holds public keys alone, each by its own name."""
    answer = party.http.get(party.metadata["jwks_uri"])
    assert answer.status_code == 200
    keys = answer.json()["keys"]
    assert {key["kty"] for key in keys} == {"RSA", "OKP"}
    assert len({key["kid"] for key in keys}) == len(keys)
    assert not any(set(key) & {"d", "p", "q", "dp", "dq", "qi", "k"} for key in keys)
    assert len(party.keys().keys) == len(keys)
