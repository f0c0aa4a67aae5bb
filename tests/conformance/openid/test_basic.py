"""The certification profile Basic OP, module by module (IDN-11); each test has its module's name."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qsl, urlencode, urlsplit

import joserfc.jws
import pytest

from tests.conformance.openid.provider import Provider
from tests.conformance.openid.relying_party import Agent, RelyingParty, is_asked

NOTHING_SIGNED = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()


def unsigned(claims: dict[str, str]) -> str:
    """A request object that nobody signed."""
    return f"{NOTHING_SIGNED}.{base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b'=').decode()}."


def test_oidcc_server__IDN_11(agent: Agent, party: RelyingParty) -> None:
    came = agent.sign_in(agent.get(party.address()))
    code = party.code(came)
    assert len(code) >= 43  # 256 random bits
    tokens = party.redeem(code).json()
    claims = party.claims(tokens)
    assert 0 < tokens["expires_in"] <= 300
    assert claims["exp"] - claims["iat"] <= 300
    assert claims["auth_time"] <= claims["iat"]
    assert claims["acr"] in party.metadata["acr_values_supported"]
    kids = [key.kid for key in party.keys().keys]
    assert len(kids) == len(set(kids)) >= 2
    others = {party.code(agent.get(party.address())) for _ in range(3)}
    assert len(others | {code}) == 4


def test_oidcc_response_type_missing__IDN_11(agent: Agent, party: RelyingParty) -> None:
    assert party.error(agent.get(party.address(response_type=None))) in {"invalid_request", "unsupported_response_type"}


def test_oidcc_idtoken_signature__IDN_11(agent: Agent, party: RelyingParty) -> None:
    tokens = party.sign_in(agent)
    header = joserfc.jws.extract_compact(tokens["id_token"].encode()).headers()
    assert header["alg"] == "RS256"
    assert [key.as_dict()["kty"] for key in party.keys().keys if key.kid == header["kid"]] == ["RSA"]
    party.claims(tokens)


def test_oidcc_idtoken_unsigned__IDN_11(party: RelyingParty) -> None:
    """A module that is passed over, since nothing unsigned is offered."""
    assert "none" not in party.metadata["id_token_signing_alg_values_supported"]


def test_oidcc_userinfo_get__IDN_11(agent: Agent, party: RelyingParty) -> None:
    tokens = party.sign_in(agent)
    answer = party.userinfo(tokens["access_token"])
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["sub"] == party.claims(tokens)["sub"]


def test_oidcc_userinfo_post_header__IDN_11(agent: Agent, party: RelyingParty) -> None:
    tokens = party.sign_in(agent)
    bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = party.http.post(party.metadata["userinfo_endpoint"], headers=bearer)
    assert answer.json()["sub"] == party.claims(tokens)["sub"]


def test_oidcc_userinfo_post_body__IDN_11(agent: Agent, party: RelyingParty) -> None:
    tokens = party.sign_in(agent)
    form = {"access_token": tokens["access_token"]}
    answer = party.http.post(party.metadata["userinfo_endpoint"], data=form)
    assert answer.json()["sub"] == party.claims(tokens)["sub"]


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow__IDN_11(agent: Agent, party: RelyingParty) -> None:
    assert "nonce" not in party.claims(party.sign_in(agent, nonce=None))


SCOPES = {
    "profile": {"name", "given_name", "family_name", "preferred_username", "locale"},
    "email": {"email", "email_verified"},
    "address": {"address"},
    "phone": {"phone_number", "phone_number_verified"},
}


def told_for(scopes: list[str], agent: Agent, party: RelyingParty) -> None:
    """Userinfo brings what these scopes open, and nothing else."""
    party.scope = ("openid", *scopes)
    told = party.userinfo(party.sign_in(agent)["access_token"]).json()
    assert set(told) == {"sub"}.union(*(SCOPES[scope] for scope in scopes))
    if "address" in scopes:
        assert isinstance(told["address"], dict)
    if "email" in scopes:
        assert told["email_verified"] is True


def test_oidcc_scope_profile__IDN_11(agent: Agent, party: RelyingParty) -> None:
    told_for(["profile"], agent, party)


def test_oidcc_scope_email__IDN_11(agent: Agent, party: RelyingParty) -> None:
    told_for(["email"], agent, party)


def test_oidcc_scope_address__IDN_11(agent: Agent, party: RelyingParty) -> None:
    told_for(["address"], agent, party)


def test_oidcc_scope_phone__IDN_11(agent: Agent, party: RelyingParty) -> None:
    told_for(["phone"], agent, party)


def test_oidcc_scope_all__IDN_11(agent: Agent, party: RelyingParty) -> None:
    told_for(["profile", "email", "address", "phone"], agent, party)


def test_oidcc_alternate_happy_flow__IDN_11(agent: Agent, party: RelyingParty) -> None:
    party.scope = ("email", "openid")
    endpoint, _, query = party.address().partition("?")
    tokens = party.tokens(agent.sign_in(agent.get(f"{endpoint}?{urlencode(parse_qsl(query)[::-1])}")))
    assert set(tokens["scope"].split()) == {"openid", "email"}
    party.claims(tokens)


def test_oidcc_display_page__IDN_11(agent: Agent, party: RelyingParty) -> None:
    party.claims(party.sign_in(agent, display="page"))


def test_oidcc_display_popup__IDN_11(agent: Agent, party: RelyingParty) -> None:
    party.claims(party.sign_in(agent, display="popup"))


def test_oidcc_prompt_login__IDN_11(agent: Agent, party: RelyingParty) -> None:
    first = party.claims(party.sign_in(agent))
    asked = agent.get(party.address(prompt="login"))
    assert is_asked(agent, asked)
    second = party.claims(party.tokens(agent.sign_in(asked)))
    assert second["auth_time"] > first["auth_time"]
    assert second["sub"] == first["sub"]


def test_oidcc_prompt_none_not_logged_in__IDN_11(agent: Agent, party: RelyingParty) -> None:
    assert party.error(agent.get(party.address(prompt="none"))) == "login_required"


def test_oidcc_prompt_none_logged_in__IDN_11(agent: Agent, party: RelyingParty) -> None:
    first = party.claims(party.sign_in(agent))
    second = party.claims(party.tokens(agent.get(party.address(prompt="none"))))
    assert [second[name] for name in ("sub", "auth_time")] == [first[name] for name in ("sub", "auth_time")]


def test_oidcc_max_age_1__IDN_11(provider: Provider, agent: Agent, party: RelyingParty) -> None:
    first = party.claims(party.sign_in(agent))
    provider.world.clock.advance(seconds=2)
    asked = agent.get(party.address(max_age="1"))
    assert is_asked(agent, asked)
    assert party.claims(party.tokens(agent.sign_in(asked)))["auth_time"] > first["auth_time"]


def test_oidcc_max_age_10000__IDN_11(provider: Provider, agent: Agent, party: RelyingParty) -> None:
    first = party.claims(party.sign_in(agent))
    provider.world.clock.advance(seconds=2)
    second = party.claims(party.tokens(agent.get(party.address(max_age="10000"))))
    assert [second[name] for name in ("sub", "auth_time")] == [first[name] for name in ("sub", "auth_time")]


def test_oidcc_ensure_request_with_unknown_parameter_succeeds__IDN_11(agent: Agent, party: RelyingParty) -> None:
    party.claims(party.sign_in(agent, extra="foobar"))


def test_oidcc_id_token_hint__IDN_11(agent: Agent, party: RelyingParty) -> None:
    first = party.sign_in(agent)
    claims = party.claims(first)
    again = party.tokens(agent.get(party.address(prompt="none", id_token_hint=first["id_token"])))
    assert party.claims(again)["sub"] == claims["sub"]


def test_a_hint_of_somebody_else_is_nobody_signed_in__IDN_11(
    provider: Provider, agent: Agent, party: RelyingParty
) -> None:
    theirs = Agent.of(provider)
    other = party.tokens(theirs.sign_in(theirs.get(party.address()), "support1"))["id_token"]
    theirs.http.close()
    party.sign_in(agent)
    for hint in (other, f"{other}x", "of-nobody"):
        assert party.error(agent.get(party.address(prompt="none", id_token_hint=hint))) == "login_required"
        assert is_asked(agent, agent.get(party.address(id_token_hint=hint)))


def test_oidcc_login_hint__IDN_11(agent: Agent, party: RelyingParty) -> None:
    party.claims(party.sign_in(agent, login_hint="buffy@example.test"))


def test_oidcc_ui_locales__IDN_11(agent: Agent, party: RelyingParty) -> None:
    asked = agent.get(party.address(ui_locales="es"))
    assert ("ui_locales", "es") in parse_qsl(urlsplit(asked.headers["Location"]).query)
    party.claims(party.tokens(agent.sign_in(asked)))


def test_oidcc_claims_locales__IDN_11(agent: Agent, party: RelyingParty) -> None:
    party.claims(party.sign_in(agent, claims_locales="se"))


def test_oidcc_ensure_request_with_acr_values_succeeds__IDN_11(agent: Agent, party: RelyingParty) -> None:
    wished = " ".join(["urn:example:1", *party.metadata["acr_values_supported"]])
    assert party.claims(party.sign_in(agent, acr_values=wished))["acr"] in wished.split()


def test_oidcc_codereuse__IDN_11(agent: Agent, party: RelyingParty) -> None:
    code = party.code(agent.sign_in(agent.get(party.address())))
    assert party.redeem(code).status_code == 200
    again = party.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_oidcc_codereuse_30seconds__IDN_11(provider: Provider, agent: Agent, party: RelyingParty) -> None:
    code = party.code(agent.sign_in(agent.get(party.address())))
    tokens = party.redeem(code).json()
    assert party.userinfo(tokens["access_token"]).status_code == 200
    provider.world.clock.advance(seconds=30)
    again = party.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert party.userinfo(tokens["access_token"]).status_code == 401


def test_oidcc_ensure_registered_redirect_uri__IDN_11(agent: Agent, party: RelyingParty) -> None:
    answer = agent.get(party.address(redirect_uri=f"{party.redirect_uri}?foo=bar"))
    assert answer.status_code == 400
    assert "Location" not in answer.headers


def test_oidcc_ensure_post_request_succeeds__IDN_11(agent: Agent, party: RelyingParty) -> None:
    party.address()
    answer = agent.http.post(party.metadata["authorization_endpoint"], data=party.asked)
    if not is_asked(agent, answer):
        answer = agent.get(answer.headers["Location"])  # asked again by GET, with the cookies that a form brings not
    party.claims(party.tokens(agent.sign_in(answer)))


def test_oidcc_server_client_secret_post__IDN_11(agent: Agent, party: RelyingParty) -> None:
    party.post_secret = True
    assert "client_secret_post" in party.metadata["token_endpoint_auth_methods_supported"]
    party.claims(party.sign_in(agent))


def test_oidcc_request_uri_unsigned__IDN_11(agent: Agent, party: RelyingParty) -> None:
    asked = agent.get(party.address(request_uri="https://rp.example.test/request.jwt"))
    assert party.error(asked) == "request_uri_not_supported"


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported__IDN_11(
    agent: Agent, party: RelyingParty
) -> None:
    asked = agent.get(party.address(request=unsigned({"scope": "openid email"})))
    assert party.error(asked) == "request_not_supported"


def test_oidcc_ensure_request_object_with_redirect_uri__IDN_11(agent: Agent, party: RelyingParty) -> None:
    """What the object says of where to go is never followed."""
    asked = agent.get(party.address(request=unsigned({"redirect_uri": "https://evil.example.test/"})))
    assert party.error(asked) == "request_not_supported"
    alone = agent.get(party.address(request=unsigned({"redirect_uri": party.redirect_uri}), redirect_uri=None))
    assert alone.status_code == 400


def test_oidcc_claims_essential__IDN_11(agent: Agent, party: RelyingParty) -> None:
    tokens = party.sign_in(agent, claims=json.dumps({"userinfo": {"name": {"essential": True}}}))
    assert party.userinfo(tokens["access_token"]).json()["name"] == "Mary Martin"
    again = party.tokens(agent.get(party.address(claims='{"userinfo":{"email":null,"no-such":null},"id_token":{}}')))
    assert party.userinfo(again["access_token"]).json()["email"] == "mmartin5@example.com"


def test_claims_asked_for_by_name_open_no_more_than_the_client_may_know__IDN_11(
    provider: Provider, agent: Agent
) -> None:
    party = RelyingParty.registered(provider, scopes=("openid", "email"))
    wished = {"userinfo": {"name": {"essential": True}, "address": None, "email": None}}
    tokens = party.sign_in(agent, claims=json.dumps(wished))
    assert set(party.userinfo(tokens["access_token"]).json()) == {"sub", "email", "email_verified"}
    assert tokens["scope"] == "openid email"
    for malformed in ("[]", "{", '{"userinfo":[1]}', "name", "1"):
        assert party.error(agent.get(party.address(claims=malformed))) == "invalid_request"
    party.http.close()


def test_oidcc_refresh_token__IDN_11(provider: Provider, agent: Agent, party: RelyingParty) -> None:
    tokens = party.sign_in(agent)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    other = RelyingParty.registered(provider)
    refused = other.call_token(form)
    other.http.close()
    assert (refused.status_code, refused.json()["error"]) == (400, "invalid_grant")
    renewed = party.call_token(form)
    assert renewed.status_code == 200
    assert renewed.json()["refresh_token"] != tokens["refresh_token"]
    assert party.userinfo(renewed.json()["access_token"]).json()["sub"] == party.claims(tokens)["sub"]


@pytest.mark.parametrize("pkce", [True, False])
def test_oidcc_ensure_request_with_valid_pkce_succeeds__IDN_11(provider: Provider, agent: Agent, pkce: bool) -> None:
    party = RelyingParty.registered(provider, pkce=pkce)
    party.claims(party.sign_in(agent, **party.with_pkce()))
    party.http.close()
