"""What docker-compose.yml starts in containers, as processes of this machine: same words, same variables."""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy.composed import SECRETS, Part
from deploy.native import ports

WARDENRY = str(Path(sys.executable).with_name("wardenry"))
_COLLECTOR = "//otel-collector"
_ANYWHERE = "0.0.0.0"  # noqa: S104 (in a container; here it becomes loopback)


@dataclass(frozen=True)
class Spec:
    """One process: `name` is the part's with its number; on `port` it tells of its health."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    port: int


@dataclass
class Here:
    """Where things of the containers' world are on this machine.

    `places` are `host:port` for each `host:port` of the file; `secrets` is the folder with the files that containers
    find below `/run/secrets`. `lay_out` fills in `web`, the ports of each service's web processes, and `any_web`, the
    one at which any of them answers, as their name does in containers.
    """

    secrets: Path
    places: dict[str, str]
    web: dict[str, tuple[int, ...]] = field(default_factory=dict)
    any_web: dict[str, int] = field(default_factory=dict)

    def text(self, text: str) -> str:
        """A variable's value, or a word of a command."""
        text = text.replace(SECRETS, f"{self.secrets}/")
        for there, here in self.places.items():
            text = re.sub(rf"(?<![\w.-]){re.escape(there)}(?!\d)", here, text)
        return text

    def environment(self, environment: Mapping[str, str]) -> dict[str, str]:
        """A process's variables. A host and its port that stand in two of them are taken together.

        What names the collector of traces is left out: here nobody collects, unless it is said who.
        """
        found = {name: self.text(text) for name, text in environment.items() if _COLLECTOR not in text}
        for name in [name for name in found if name.endswith("_HOST")]:
            port = f"{name.removesuffix('_HOST')}_PORT"
            place = self.places.get(f"{found[name]}:{found.get(port)}")
            if place is not None:
                found[name], _, found[port] = place.partition(":")
        return found


def single(part: Part, here: Here) -> Spec:
    """A process that ends by itself."""
    return Spec(part.name, (WARDENRY, *part.words), here.environment(part.environment), 0)


def once(parts: Mapping[str, Part], here: Here) -> Iterator[Spec]:
    """What is done before anything else, and ends."""
    for part in parts.values():
        if part.is_ours and not part.profiles and _kind(part) == "once":
            yield single(part, here)


def lay_out(parts: Mapping[str, Part], here: Here) -> tuple[Spec, ...]:
    """Every process that stays, each with a port of its own; `here` then knows where the web processes are."""
    lasting = [part for part in parts.values() if part.is_ours and _kind(part) != "once"]
    free = iter(ports.free(sum(part.replicas + 1 for part in lasting)))
    taken = {part.name: tuple(next(free) for _ in range(part.replicas)) for part in lasting}
    for part in lasting:
        if _kind(part) == "serve":
            service = part.words[1]
            here.web[service], here.any_web[service] = taken[part.name], next(free)
            here.places[f"{part.name}:8000"] = f"{ports.HOST}:{here.any_web[service]}"
    return tuple(
        _spec(part, number, port, here) for part in lasting for number, port in enumerate(taken[part.name], start=1)
    )


def _kind(part: Part) -> str:
    first = part.words[0] if part.words else ""
    return first if first in {"serve", "work"} else "once"


def _spec(part: Part, number: int, port: int, here: Here) -> Spec:
    words = [ports.HOST if word == _ANYWHERE else word for word in part.words]
    words[words.index("--port") + 1] = str(port)
    return Spec(f"{part.name}-{number}", (WARDENRY, *words), here.environment(part.environment), port)
