"""docker-compose.yml as data: what it starts, with which words and variables, in containers and natively alike."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

COMPOSE_FILE = Path(__file__).parents[1] / "docker-compose.yml"
SECRETS = "/run/secrets/"
_VARIABLE = re.compile(r"\$\{([A-Z_]+)(?::-([^}]*))?\}")


@dataclass(frozen=True)
class Part:
    """One service of the file: `words` follow the image's own program; of it there are `replicas` containers."""

    name: str
    words: tuple[str, ...]
    environment: Mapping[str, str]
    replicas: int
    is_ours: bool
    """Whether it is of Wardenry's own image."""
    profiles: tuple[str, ...]
    """Where there are some, it is started only when asked for."""


def document(environment: Mapping[str, str], path: Path = COMPOSE_FILE) -> dict[str, Any]:
    """The file with its merges and variables resolved, as `docker compose config` shows it."""
    read: dict[str, Any] = _resolved(yaml.safe_load(path.read_text(encoding="utf-8")), environment)
    return read


def parts(environment: Mapping[str, str], path: Path = COMPOSE_FILE) -> dict[str, Part]:
    """The services by name, where variables of the file come from `environment`."""
    return {name: _part(name, service) for name, service in document(environment, path)["services"].items()}


def _part(name: str, service: Mapping[str, Any]) -> Part:
    return Part(
        name,
        tuple(service.get("command", ())),
        {name: str(text) for name, text in service.get("environment", {}).items()},
        service.get("deploy", {}).get("replicas", 1),
        is_ours="build" in service,
        profiles=tuple(service.get("profiles", ())),
    )


def _resolved(value: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _resolved(each, environment) for name, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, environment) for each in value]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda found: environment.get(found[1]) or found[2] or "", value)
    return value
