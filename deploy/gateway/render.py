"""Puts the gateway's variables into its templates, exactly as `envsubst` does in the nginx image."""

import re
from collections.abc import Mapping
from pathlib import Path

TEMPLATES = Path(__file__).with_name("templates")
_SUFFIX = ".template"
_VARIABLE = re.compile(r"\$\{(GATEWAY_[A-Z_]+)\}")


class MissingVariableError(Exception):
    """A template needs a variable that was not given."""


def variables() -> frozenset[str]:
    """Every variable that some template needs."""
    return frozenset(name for path in _templates() for name in _VARIABLE.findall(path.read_text(encoding="utf-8")))


def render(values: Mapping[str, str]) -> dict[str, str]:
    """The configuration's files by name, `nginx.conf` among them; raises MissingVariableError."""
    if missing := variables() - values.keys():
        raise MissingVariableError(f"the gateway needs {', '.join(sorted(missing))}, too")
    return {
        path.name.removesuffix(_SUFFIX): _VARIABLE.sub(lambda found: values[found[1]], path.read_text(encoding="utf-8"))
        for path in _templates()
    }


def _templates() -> list[Path]:
    return sorted(TEMPLATES.glob(f"*{_SUFFIX}"))
