"""docker-compose.yml is what is said of it: it keeps to the specification, names only what there is, and is closed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from compose_spec import PyCompose
from pydantic import SecretStr

from chassis.settings import Settings
from deploy import composed
from deploy.composed import COMPOSE_FILE, SECRETS, Part
from deploy.gateway.render import variables
from deploy.make_secrets import SERVICES, Addresses, SecretFiles, make_secrets
from deploy.native import plan
from wardenry import registry
from wardenry.commands.bus.settings import BrokerSettings

ROOT = COMPOSE_FILE.parent
DOCUMENT = composed.document({})
CONTAINERS: Mapping[str, dict[str, Any]] = DOCUMENT["services"]
OURS = {name: part for name, part in composed.parts({}).items() if part.is_ours}
ANYWHERE = "0.0.0.0"  # noqa: S104 -- within a container
_TO_FILL_IN = "notify_sms_token"
"""What nobody but the operator can make."""

BY_NAME = pytest.mark.parametrize("name", CONTAINERS)


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    files = SecretFiles(tmp_path_factory.mktemp("secrets"))
    make_secrets(files, Addresses())
    return files.folder


def test_it_keeps_to_the_specification__OPS_2() -> None:
    PyCompose.from_yaml(yaml.safe_dump(DOCUMENT)).validate()


@BY_NAME
def test_it_waits_for_what_there_is_and_can_be_waited_for(name: str) -> None:
    for other, how in CONTAINERS[name].get("depends_on", {}).items():
        awaited = CONTAINERS[other]
        if how["condition"] == "service_completed_successfully":
            assert "restart" not in awaited
        else:
            assert how["condition"] == "service_healthy"
            assert awaited["healthcheck"]["test"]


def test_everything_is_set_up_before_any_service_begins__OPS_6() -> None:
    for name, part in OURS.items():
        if part.words[0] in {"serve", "work"}:
            assert set(CONTAINERS[name]["depends_on"]) == {f"{part.words[1]}-migrate", "bus-declare"}
        elif part.words[0] == "migrate":
            assert set(CONTAINERS[name]["depends_on"]) == {"postgresql"}


@BY_NAME
def test_its_networks_volumes_and_files_exist(name: str) -> None:
    container = CONTAINERS[name]
    assert set(container["networks"]) <= set(DOCUMENT["networks"])
    for volume in container.get("volumes", []):
        source = volume.split(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in DOCUMENT["volumes"]
    if "build" in container:
        assert (ROOT / container["build"]["dockerfile"]).is_file()


def test_every_secret_is_made_and_used(secrets: Path) -> None:
    used = {
        each if isinstance(each, str) else each["source"] for c in CONTAINERS.values() for each in c.get("secrets", [])
    }
    assert used == set(DOCUMENT["secrets"])
    for name, secret in DOCUMENT["secrets"].items():
        assert secret == {"file": f"./deploy/secrets/{name}"}
        assert (secrets / name).read_text() or name == _TO_FILL_IN


def test_secrets_are_made_once_and_their_folder_is_its_owners_alone(secrets: Path) -> None:
    before = {path.name: path.read_bytes() for path in secrets.iterdir()}
    files = SecretFiles(secrets)
    make_secrets(files, Addresses())
    assert files.made == 0
    assert {path.name: path.read_bytes() for path in secrets.iterdir()} == before
    assert secrets.stat().st_mode & 0o777 == 0o700
    other = SecretFiles(secrets.with_name("other"))
    make_secrets(other, Addresses())
    same = {name for name, content in before.items() if (other.folder / name).read_bytes() == content}
    assert same == {_TO_FILL_IN}


@BY_NAME
def test_it_may_do_nothing_that_it_need_not(name: str) -> None:
    container = CONTAINERS[name]
    assert container["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in container["security_opt"]
    assert "privileged" not in container
    assert not [each for each in container.get("volumes", []) if "docker.sock" in each]
    if "build" in container or name == "gateway":
        assert container["read_only"] is True


@pytest.mark.parametrize("name", [name for name, each in CONTAINERS.items() if "profiles" not in each])
def test_it_has_limits__OPS_8(name: str) -> None:
    lasting = "restart" in CONTAINERS[name]
    assert lasting == ("deploy" in CONTAINERS[name])
    if lasting:
        assert set(CONTAINERS[name]["deploy"]["resources"]["limits"]) >= {"cpus", "memory"}


def test_only_the_gateway_is_reached_from_outside__OPS_2() -> None:
    published = {name: container["ports"] for name, container in CONTAINERS.items() if "ports" in container}
    for name, ports in published.items():
        assert name == "gateway" or all(each.startswith("127.0.0.1:") for each in ports), name
    for name, container in CONTAINERS.items():
        if "ports" not in container:
            assert "outside" not in container["networks"], name


def test_the_portals_door_is_open_to_its_network_alone__IDN_9() -> None:
    (network,) = DOCUMENT["networks"]["portal"]["ipam"]["config"]
    assert composed.parts({})["gateway"].environment["GATEWAY_PORTAL_NETWORK"] == network["subnet"]
    assert {name for name, each in CONTAINERS.items() if "portal" in each["networks"]} == {"gateway", "portal-web"}


def test_the_gateway_is_told_all_that_it_needs() -> None:
    given = {name for name in composed.parts({})["gateway"].environment if name.startswith("GATEWAY_")}
    assert given == variables()


@pytest.mark.parametrize("name", OURS)
def test_it_is_told_all_that_its_settings_need_and_nothing_else(name: str, secrets: Path) -> None:
    part = OURS[name]
    here = {variable: text.replace(SECRETS, f"{secrets}/") for variable, text in part.environment.items()}
    known: set[str] = set()
    for settings in _settings(part):
        settings.from_environment(here)
        known |= set(_variables(settings))
    told = {variable.removesuffix("_FILE") for variable in part.environment if variable.startswith("WARDENRY_")}
    assert told <= known
    mounted = {f"{SECRETS}{each}" for each in CONTAINERS[name]["secrets"]}
    assert {text for text in part.environment.values() if text.startswith(SECRETS)} == mounted


def test_text_messages_leave_once_account_sender_and_token_are_given__NTF_3(secrets: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(secrets, tmp_path / "secrets"))
    given = {"WARDENRY_SMS_ACCOUNT": "AC0123456789abcdef0123456789abcdef", "WARDENRY_SMS_SENDER": "55501"}
    token = folder / _TO_FILL_IN
    token.chmod(0o644)
    token.write_text("fedcba9876543210fedcba9876543210")
    for name, part in composed.parts(given).items():
        if name in {"notify-web", "notify-work"}:
            here = {variable: text.replace(SECRETS, f"{folder}/") for variable, text in part.environment.items()}
            (settings,) = [each for each in _settings(part) if each.PREFIX == "WARDENRY_NOTIFY_"]
            read = settings.from_environment(here).model_dump()
            assert (read["sms_account"], read["sms_sender"]) == tuple(given.values())
            assert read["sms_token"].get_secret_value() == token.read_text()


@pytest.mark.parametrize("name", OURS)
def test_what_is_secret_comes_from_a_file__IDN_16(name: str) -> None:
    for settings in _settings(OURS[name]):
        for variable, is_secret in _variables(settings).items():
            assert not (is_secret and variable in OURS[name].environment), variable
    assert not [text for text in OURS[name].environment.values() if re.search(r"://[^/]*:[^/]*@", text)]


def test_natively_the_same_is_started_with_the_same_words_and_variables__OPS_2(tmp_path: Path) -> None:
    parts = composed.parts({})
    here = plan.Here(
        tmp_path, {"gateway:8090": "127.0.0.1:1", "gateway:8091": "127.0.0.1:2", "mail:1025": "127.0.0.1:3"}
    )
    started = plan.lay_out(parts, here)
    lasting = {name: part for name, part in OURS.items() if part.words[0] in {"serve", "work"}}
    assert len(started) == sum(part.replicas for part in lasting.values())
    assert len({spec.port for spec in started}) == len(started)
    for spec in started:
        part = lasting[spec.name.rpartition("-")[0]]
        there = {"127.0.0.1": ANYWHERE, str(spec.port): "8000"}
        assert [there.get(word, word) for word in spec.command[1:]] == list(part.words)
        assert set(spec.environment) == set(part.environment) - {"WARDENRY_OTLP_ENDPOINT"}
        told = "\n".join(spec.environment.values())
        assert not re.search(r"/run/secrets|:8000|gateway:|-web|\bmail\b", told), told
    assert {spec.name for spec in plan.once(parts, here)} == {"bus-declare", *(f"{each}-migrate" for each in SERVICES)}


def test_what_matters_most_is_there_twice__OPS_2() -> None:
    for service in ("identity", "entitlements"):
        assert OURS[f"{service}-web"].replicas >= 2
        assert OURS[f"{service}-work"].replicas >= 2
    assert (
        {part.words[1] for part in OURS.values() if part.words[0] == "work"} == set(registry.SERVICES) == set(SERVICES)
    )


def test_each_service_has_a_database_of_its_own__OPS_2() -> None:
    script = (ROOT / "deploy/postgresql/10-services.sh").read_text()
    assert f"for service in {' '.join(SERVICES)}; do" in script


def test_the_image_is_small_and_not_roots() -> None:
    lines = (ROOT / "deploy/images/Dockerfile").read_text().splitlines()
    last_stage = lines[max(number for number, line in enumerate(lines) if line.startswith("FROM ")) :]
    assert any(re.fullmatch(r"USER [1-9]\d+:[1-9]\d+", line) for line in last_stage)
    assert {line.split()[0] for line in last_stage} >= {"STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT"}
    assert "--require-hashes" in "\n".join(lines)
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            assert all((ROOT / source).exists() for source in line.split()[1:-1]), line


def _settings(part: Part) -> Iterator[type[Settings]]:
    if part.words[0] == "bus":
        yield BrokerSettings
    elif part.words[0] == "demo":
        yield from (registry.settings_of(each) for each in ("identity", "registration", "entitlements"))
    else:
        yield registry.settings_of(part.words[1])


def _variables(settings: type[Settings]) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for name, field in settings.model_fields.items():
        is_secret = field.annotation is SecretStr or SecretStr in get_args(field.annotation)
        found |= {settings.variable(name): is_secret, f"WARDENRY_{name.upper()}": is_secret}
    return found
