"""Who may be a client, and what becomes of its secret."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chassis.kernel.errors import InvalidError
from services.identity.application.add_client import AddClient, add_client
from services.identity.application.ensure_client import EnsureClient, ensure_client
from services.identity.application.list_clients import list_clients
from services.identity.application.refresh_session import RefreshSession, refresh_session
from services.identity.application.remove_client import RemoveClient, remove_client
from services.identity.application.rotate_client_secret import RotateClientSecret, rotate_client_secret
from services.identity.domain.client_rules import faults_of_client, is_trustworthy
from services.identity.domain.clients import THE_API, Client, client_id_of, is_well_formed
from services.identity.domain.errors import (
    ClientExistsError,
    ClientUnknownError,
    GrantRefusedError,
    PublicClientError,
)
from tests.unit.identity.oidc.flows import URI, code, redeemed, registered, signed_in
from tests.unit.identity.world import FakeWork, World

PORTAL = EnsureClient("wardenry-portal-medical", "s" * 64, "medical", (URI,), (URI,), ("openid", "wardenry"))


@pytest.fixture
def world() -> World:
    world = World().has_key()
    world.active()
    return world


@pytest.mark.parametrize(
    "uri",
    ["https://rp.example/back", "https://rp.example:8443/a?b=c", "http://localhost:1/x", "http://[::1]/x"],
)
def test_people_are_sent_to_protected_addresses__IDN_11(uri: str) -> None:
    assert is_trustworthy(uri)


@pytest.mark.parametrize(
    "uri",
    [
        "http://rp.example/back",
        "http://localhost.evil.test/",
        "https://rp.example/back#part",
        "https://user:password@rp.example/",
        "https:///back",
        "https://rp.example/\nback",
        "https://rp.example/é",
        "https://rp.example/*\\",
        "https://rp.example:99999/",
        "//rp.example/back",
        "/back",
        "javascript:alert(1)",
        "data:text/html,x",
        "com.example.app:/back",
        "https://rp.example/" + "x" * 2000,
        "",
    ],
)
def test_and_to_no_others__IDN_11(uri: str) -> None:
    assert not is_trustworthy(uri)


def test_every_fault_of_a_client_is_told_at_once__IDN_11(world: World) -> None:
    wrong = AddClient("x", "No Site", ("/back", URI), ("/out",), ("openid", "support"), public=True, pkce=False)
    with pytest.raises(InvalidError) as refused:
        world.run(add_client, wrong)
    assert {fault.pointer for fault in refused.value.faults} == {
        "/name",
        "/site",
        "/redirect_uris/0",
        "/post_logout_redirect_uris/0",
        "/scopes/1",
        "/pkce",
    }
    assert world.store.clients.kept == {}


@pytest.mark.parametrize(
    ("name", "client_id"),
    [("My Site", "my-site"), ("a_b.c", "a_b.c"), (" --x-- ", "x"), ("Médical!", "m-dical"), ("***", "")],
)
def test_an_identifier_follows_from_the_name__IDN_11(name: str, client_id: str) -> None:
    assert client_id_of(name) == client_id
    assert not client_id or is_well_formed(client_id)


def test_the_apis_own_name_is_nobody_elses__IDN_11(world: World) -> None:
    for name in ("wardenry-api", "Wardenry API"):
        with pytest.raises(InvalidError):
            registered(world, name)


def test_a_secret_is_shown_once_and_kept_as_its_hash__IDN_16(world: World) -> None:
    made = registered(world)
    assert made.secret
    assert made.client.secret_digest == f"sha256({made.secret})"
    listed = list_clients(FakeWork(world.store))
    assert [each.client_id for each in listed] == ["relying-site"]
    assert made.secret not in json.dumps([each.name for each in listed])
    assert registered(world, "public-site", public=True).secret is None


def test_a_name_is_taken_once__IDN_11(world: World) -> None:
    registered(world)
    with pytest.raises(ClientExistsError):
        registered(world, "Relying Site")


def test_a_new_secret_voids_the_former__IDN_11(world: World) -> None:
    before = registered(world)
    after = world.run(rotate_client_secret, RotateClientSecret("Relying Site"))
    assert after.secret != before.secret
    assert world.store.clients.kept["relying-site"].secret_digest == f"sha256({after.secret})"
    registered(world, "public-site", public=True)
    with pytest.raises(PublicClientError):
        world.run(rotate_client_secret, RotateClientSecret("public-site"))
    with pytest.raises(ClientUnknownError):
        world.run(rotate_client_secret, RotateClientSecret("nobody"))


def test_what_a_removed_client_holds_is_void__IDN_11(world: World) -> None:
    registered(world)
    session = signed_in(world).session
    tokens = redeemed(world, code(world, session)).tokens
    waiting = code(world, session, "another-code")
    assert world.run(remove_client, RemoveClient("Relying Site")) == "relying-site"
    registered(world)  # somebody else, of the same name
    with pytest.raises(GrantRefusedError):
        redeemed(world, waiting)
    with pytest.raises(GrantRefusedError):
        world.run(refresh_session, RefreshSession(tokens.refresh_token, "relying-site"))
    with pytest.raises(ClientUnknownError):
        world.run(remove_client, RemoveClient("nobody"))


def test_the_portals_clients_are_as_the_settings_have_them__IDN_11(world: World) -> None:
    assert world.run(ensure_client, PORTAL)
    assert not world.run(ensure_client, PORTAL)
    moved = replace(PORTAL, secret="t" * 64, redirect_uris=("https://new.example/signed-in",))
    assert world.run(ensure_client, moved)
    kept = world.store.clients.kept["wardenry-portal-medical"]
    assert (kept.secret_digest, kept.redirect_uris) == (f"sha256({'t' * 64})", moved.redirect_uris)
    with pytest.raises(InvalidError):
        world.run(ensure_client, replace(PORTAL, redirect_uris=("http://plain.example/",)))


def test_only_what_was_registered_is_granted_and_never_a_programs_own__IDN_11() -> None:
    client = Client(client_id="x", name="x", site="medical", secret_digest="d", scopes=("openid", "entitlements.check"))
    assert client.grantable("openid wardenry entitlements.check support openid") == ("openid",)
    assert client.grantable(None) == client.grantable("") == ()
    assert THE_API.grantable("openid wardenry support") == ()
    assert faults_of_client(replace(client, name="a client")) == []
