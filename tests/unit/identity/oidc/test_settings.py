"""The portal's clients and the issuer, as the environment has them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chassis.security.sealing import make_recipient_key
from chassis.settings import SettingsError
from services.identity.settings import Settings

CLIENT: dict[str, Any] = {
    "client_id": "wardenry-portal-medical",
    "secret": "0123456789abcdef0123456789abcdef",
    "site": "medical",
    "redirect_uris": ["https://medical.example/signed-in"],
}


def environment(clients: Any = (), issuer: str = "https://id.example") -> dict[str, str]:
    return {
        "WARDENRY_IDENTITY_DATABASE_URL": "sqlite:///x",
        "WARDENRY_ISSUER": issuer,
        "WARDENRY_IDENTITY_EDGE_SECRET": "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
        "WARDENRY_SERVICE_SECRET": "00112233445566778899aabbccddeeff",
        "WARDENRY_IDENTITY_SEALING_KEYS": "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        "WARDENRY_IDENTITY_PEPPER": "5f4e3d2c1b0a99887766554433221100",
        "WARDENRY_IDENTITY_NOTIFY_PUBLIC_KEY": json.dumps(make_recipient_key().as_dict(private=False)),
        "WARDENRY_IDENTITY_PORTAL_CLIENTS": clients if isinstance(clients, str) else json.dumps(clients),
    }


def test_the_portals_clients_are_a_list_in_json__IDN_11() -> None:
    (client,) = Settings.from_environment(environment([CLIENT])).portal_clients
    assert (client.client_id, client.site) == ("wardenry-portal-medical", "medical")
    assert client.redirect_uris == ("https://medical.example/signed-in",)
    assert CLIENT["secret"] not in repr(client)


@pytest.mark.parametrize(
    "clients",
    [
        [CLIENT | {"secret": "short"}],
        [CLIENT | {"secret": "password" * 8}],
        [CLIENT | {"redirect_uris": []}],
        [CLIENT | {"client_id": "Not One"}],
        [CLIENT | {"more": 1}],
        "{",
        "7",
    ],
)
def test_wrong_clients_stop_the_start_and_tell_no_secret__IDN_16(clients: Any) -> None:
    with pytest.raises(SettingsError, match="WARDENRY_IDENTITY_PORTAL_CLIENTS") as refused:
        Settings.from_environment(environment(clients))
    assert CLIENT["secret"] not in str(refused.value)


@pytest.mark.parametrize("issuer", ["http://id.example", "https://id.example/", "https://id.example?x", "id.example"])
def test_an_issuer_is_a_protected_address_to_the_letter__IDN_11(issuer: str) -> None:
    with pytest.raises(SettingsError, match="ISSUER"):
        Settings.from_environment(environment(issuer=issuer))


def test_passkeys_may_be_for_the_domain_that_sites_share__IDN_3() -> None:
    for domain in ("id.plan.example", "plan.example"):
        given = environment(issuer="https://id.plan.example") | {"WARDENRY_IDENTITY_PASSKEY_DOMAIN": domain}
        assert Settings.from_environment(given).passkey_domain == domain


@pytest.mark.parametrize("domain", ["other.example", "an.example", "portal.plan.example", "https://plan.example"])
def test_a_domain_that_no_browser_would_take_stops_the_start__IDN_3(domain: str) -> None:
    given = environment(issuer="https://id.plan.example") | {"WARDENRY_IDENTITY_PASSKEY_DOMAIN": domain}
    with pytest.raises(SettingsError, match="PASSKEY_DOMAIN"):
        Settings.from_environment(given)
