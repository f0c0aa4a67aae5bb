"""Operators' commands, on the data folder of an embedded Wardenry (OPS-7)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from wardenry.__main__ import main
from wardenry.embedded.folder import DataFolder
from wardenry.embedded.services import assemble

URI = "https://rp.example.test/back"


class Operator:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--data", str(self.folder)])

    def told(self, *words: str) -> Any:
        result = self.run(*words, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path / "data")


def test_a_client_lives_from_add_to_remove__IDN_11_OPS_7(operator: Operator) -> None:
    added = operator.told("clients", "add", "My Site", "--redirect-uri", URI, "--redirect-uri", f"{URI}2")
    assert (added["client_id"], added["public"], added["pkce"]) == ("my-site", False, True)
    assert added["redirect_uris"] == [URI, f"{URI}2"]
    assert added["scopes"] == ["openid", "profile", "email", "phone", "address"]
    assert len(added["client_secret"]) >= 43
    rotated = operator.told("clients", "rotate", "my-site")
    assert rotated["client_secret"] != added["client_secret"]
    listed = operator.told("clients", "list")["items"]
    assert [each["client_id"] for each in listed] == ["my-site"]
    assert not any("secret" in name for name in listed[0])
    assert operator.told("clients", "remove", "My Site") == {"client_id": "my-site", "removed": True}
    assert operator.told("clients", "list")["items"] == []


def test_options_say_what_kind_of_client__IDN_11(operator: Operator) -> None:
    public = operator.told("clients", "add", "spa", "--redirect-uri", URI, "--public", "--scope", "openid profile")
    assert (public["public"], public["client_secret"], public["scopes"]) == (True, None, ["openid", "profile"])
    old = operator.told("clients", "add", "old", "--redirect-uri", URI, "--no-pkce", "--site", "behavioral")
    assert (old["pkce"], old["site"]) == (False, "behavioral")
    program = operator.told("clients", "add", "program", "--scope", "entitlements.check", "--id-token-alg", "EdDSA")
    assert (program["redirect_uris"], program["id_token_alg"]) == ([], "EdDSA")


def test_refusals_end_in_words_and_codes__OPS_7(operator: Operator) -> None:
    operator.told("clients", "add", "taken", "--redirect-uri", URI)
    refused = [
        (1, operator.run("clients", "add", "taken", "--redirect-uri", URI)),
        (1, operator.run("clients", "rotate", "nobody")),
        (1, operator.run("clients", "remove", "nobody")),
        (1, operator.run("support", "add", "nobody99")),
        (2, operator.run("clients", "add", "x1y", "--redirect-uri", "http://rp.example.test/")),
        (2, operator.run("clients", "add", "x1y", "--public", "--no-pkce")),
        (2, operator.run("clients", "add", "wardenry-api")),
        (2, operator.run("clients", "add")),
    ]
    for code, result in refused:
        assert result.exit_code == code, result.output
        assert result.stderr
        assert "Traceback" not in result.output


def test_secrets_are_shown_to_the_one_who_asked_for_them__IDN_16(operator: Operator) -> None:
    shown = operator.run("clients", "add", "site", "--redirect-uri", URI)
    assert "client_secret: " in shown.stdout
    secret = shown.stdout.split("client_secret: ")[1].split()[0]
    assert secret not in operator.run("clients", "list").output


def test_keys_are_rotated_by_command__OPS_7_IDN_11(operator: Operator) -> None:
    assert operator.run("keys", "rotate").exit_code == 1  # nothing has started here yet: there is no key
    identity = assemble(DataFolder(operator.folder), 8080, os.environ).identity
    identity.prepare()
    identity.engine.dispose()
    told = operator.told("keys", "rotate")["items"]
    assert [item["algorithm"] for item in told] == ["EdDSA", "RS256"]
    for item in told:
        assert set(item) == {"algorithm", "kid", "signs_from", "former_kid", "former_until"}
        assert item["signs_from"] < item["former_until"]
    again = operator.run("keys", "rotate")
    assert again.exit_code == 1
    assert "rotation_under_way" in again.output
    assert CliRunner().invoke(main, ["keys", "rotate", "--help"]).exit_code == 0
    assert CliRunner().invoke(main, ["keys", "rotate", "--no-such"]).exit_code == 2


def test_a_site_registers_where_it_is_told_of_sessions_that_ended__IDN_11_OPS_7(operator: Operator) -> None:
    told = operator.told("clients", "add", "told", "--redirect-uri", URI, "--backchannel-logout-uri", f"{URI}/out")
    assert told["backchannel_logout_uri"] == f"{URI}/out"
    assert operator.told("clients", "list")["items"][0]["backchannel_logout_uri"] == f"{URI}/out"
    refused = operator.run("clients", "add", "other", "--backchannel-logout-uri", "http://site.example.test/out")
    assert refused.exit_code == 2
