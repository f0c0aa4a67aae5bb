"""Settings are read all together, and the program does not start on missing or default secrets."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import pytest
from pydantic import ValidationError

from chassis.settings import ServiceSettings, SettingsError, parse_keys, secret_bytes


class SampleSettings(ServiceSettings):
    PREFIX: ClassVar[str] = "WARDENRY_SAMPLE_"

    rows: int = 50


KEYS = ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", "HwABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4")
GOOD = {
    "WARDENRY_SAMPLE_DATABASE_URL": "postgresql+psycopg://sample:Tr0ub4dor@db/sample",
    "WARDENRY_ISSUER": "https://id.example.test",
    "WARDENRY_SAMPLE_EDGE_SECRET": "f3a91c0be75d2846f3a91c0be75d2846",
    "WARDENRY_SERVICE_SECRET": "0b7e5d2846f3a91cf3a91c0be75d28460",
    "WARDENRY_SAMPLE_SEALING_KEYS": f"b:{KEYS[0]},a:{KEYS[1]}",
}


def complaint(environment: dict[str, str]) -> str:
    with pytest.raises(SettingsError) as refused:
        SampleSettings.from_environment(environment)
    return str(refused.value)


def test_good_settings_are_taken() -> None:
    settings = SampleSettings.from_environment(GOOD | {"WARDENRY_SAMPLE_ROWS": "7", "WARDENRY_ADDRESS_LIMITS": "off"})
    assert settings.rows == 7
    assert settings.address_limits is False
    assert settings.issuer == "https://id.example.test"
    assert list(parse_keys(settings.sealing_keys)) == ["b", "a"]
    assert secret_bytes(settings.edge_secret) == b"f3a91c0be75d2846f3a91c0be75d2846"


def test_the_services_own_variable_comes_before_the_common_one() -> None:
    settings = SampleSettings.from_environment(GOOD | {"WARDENRY_SAMPLE_ISSUER": "https://own.example.test"})
    assert settings.issuer == "https://own.example.test"


def test_every_missing_setting_is_named_at_once() -> None:
    text = complaint({})
    for name in ("DATABASE_URL", "ISSUER", "EDGE_SECRET", "SERVICE_SECRET", "SEALING_KEYS"):
        assert f"WARDENRY_SAMPLE_{name} is missing: set it, or set WARDENRY_SAMPLE_{name}_FILE" in text


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "sh0rt",
        "changeme-changeme-changeme-changeme",
        "this-is-an-example-1234567890-abcdef",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "my-secret-my-other-s3cret-0123456789",
    ],
)
def test_a_default_or_short_secret_is_refused_and_not_repeated__IDN_16(secret: str) -> None:
    text = complaint(GOOD | {"WARDENRY_SAMPLE_EDGE_SECRET": secret})
    assert "WARDENRY_SAMPLE_EDGE_SECRET" in text
    assert not secret or secret not in text


@pytest.mark.parametrize(
    "ring", ["", "a", "a:", "a:AAAA", "a:****", "b:" + "A" * 43, "x", ",", GOOD["WARDENRY_ISSUER"]]
)
def test_a_bad_key_ring_is_refused(ring: str) -> None:
    assert "WARDENRY_SAMPLE_SEALING_KEYS" in complaint(GOOD | {"WARDENRY_SAMPLE_SEALING_KEYS": ring})


def test_what_is_empty_counts_as_not_given(tmp_path: Path) -> None:
    (empty := tmp_path / "empty").write_text("\n")
    for nothing in ({"WARDENRY_SAMPLE_ROWS": ""}, {"WARDENRY_SAMPLE_ROWS_FILE": str(empty)}):
        assert SampleSettings.from_environment(GOOD | nothing).rows == 50
    assert "WARDENRY_SAMPLE_ISSUER is missing" in complaint(GOOD | {"WARDENRY_ISSUER": ""})


def test_a_default_password_in_an_address_is_refused() -> None:
    text = complaint(GOOD | {"WARDENRY_SAMPLE_DATABASE_URL": "postgresql+psycopg://sample:password@db/sample"})
    assert "default password" in text


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(GOOD["WARDENRY_SERVICE_SECRET"] + "\n")
    environment = {name: value for name, value in GOOD.items() if name != "WARDENRY_SERVICE_SECRET"}
    settings = SampleSettings.from_environment(environment | {"WARDENRY_SERVICE_SECRET_FILE": str(file)})
    assert settings.service_secret.get_secret_value() == GOOD["WARDENRY_SERVICE_SECRET"]
    assert "WARDENRY_SERVICE_SECRET_FILE" in complaint(environment | {"WARDENRY_SERVICE_SECRET_FILE": "/nowhere"})


def test_no_secret_shows__IDN_16() -> None:
    settings = SampleSettings.from_environment(GOOD)
    for text in (repr(settings), str(settings), str(settings.model_dump()), settings.model_dump_json()):
        for name in ("DATABASE_URL", "EDGE_SECRET", "SEALING_KEYS"):
            assert GOOD[f"WARDENRY_SAMPLE_{name}"] not in text
        assert GOOD["WARDENRY_SERVICE_SECRET"] not in text
        assert "Tr0ub4dor" not in text


def test_settings_are_frozen() -> None:
    settings = SampleSettings.from_environment(GOOD)
    with pytest.raises(ValidationError):
        settings.rows = 5  # type: ignore[misc]


def test_a_wrong_value_is_named_and_explained() -> None:
    assert "WARDENRY_SAMPLE_ROWS" in complaint(GOOD | {"WARDENRY_SAMPLE_ROWS": "many"})


def test_constructed_settings_do_not_look_at_the_environment__OPS_1(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROWS", "1")
    monkeypatch.setenv("WARDENRY_SAMPLE_ROWS", "2")
    names = ("database_url", "issuer", "edge_secret", "service_secret", "sealing_keys")
    values = dict(zip(names, GOOD.values(), strict=True))
    assert SampleSettings.model_validate(values).rows == 50
