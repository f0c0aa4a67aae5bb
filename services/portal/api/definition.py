"""What makes the portal's web application: `bootstrap` fills it in and nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from chassis.telemetry.telemetry import Telemetry
from services.portal.application.ports import Ports


class Asset(Protocol):
    """A static file."""

    @property
    def content_type(self) -> str:
        """Its media type."""

    @property
    def content(self) -> bytes:
        """Its bytes."""

    @property
    def compressed(self) -> bytes | None:
        """The same by gzip, where that pays."""


class Assets(Protocol):
    """The static files."""

    @property
    def version(self) -> str:
        """Changes with any of them."""

    def find(self, name: str) -> Asset | None:
        """The file of that name, None where there is none."""


@dataclass(frozen=True, kw_only=True)
class PortalApp:
    """The portal as its edge sees it; `folder` holds templates and translations."""

    ports: Ports
    assets: Assets
    folder: Path
    csrf_secret: str = field(repr=False)
    handle_secret: bytes = field(repr=False)
    trust_gateway: bool
    ready: Mapping[str, Callable[[], bool]]
    telemetry: Telemetry = field(default_factory=Telemetry)
