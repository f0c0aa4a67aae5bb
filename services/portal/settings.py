"""The portal's settings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, ClassVar, Self

from pydantic import BeforeValidator, Field, PlainSerializer, SecretStr, model_validator

from chassis.settings import ServiceSettings


def _by_site(given: Any) -> Any:
    if not isinstance(given, str):
        return given
    return dict(part.strip().split("=", 1) for part in given.split(",") if "=" in part)


Origin = Annotated[str, Field(pattern=r"^https?://[a-z0-9.-]+(:\d{1,5})?$")]
Origins = Annotated[dict[str, Origin], BeforeValidator(_by_site)]
Secrets = Annotated[dict[str, SecretStr], BeforeValidator(_by_site), PlainSerializer(lambda _: "***")]


class Settings(ServiceSettings):
    """Those that every service has, read from `WARDENRY_PORTAL_…`, and these."""

    PREFIX: ClassVar[str] = "WARDENRY_PORTAL_"

    site_urls: Origins
    """Each site's public origin: `medical=https://…,behavioral=https://…`."""

    api_urls: Origins = Field(default_factory=dict)
    """Where the gateway answers for each site, if the portal reaches it by other addresses than browsers do."""

    issuer_api_url: Origin | None = None
    """Where the gateway answers for the issuer, if the portal reaches it by another address than browsers do."""

    client_secrets: Secrets
    """The secret of each site's OpenID client `wardenry-portal-<site>`: `medical=…,behavioral=…`."""

    sites_file: Path | None = None
    """Brands, lines and support of the sites, in place of the ones that come along (`data/sites.json`)."""

    time_zone: str = "America/New_York"
    """The zone in which moments are shown."""

    idle_minutes: int = Field(default=15, ge=1, le=60)
    """How long somebody signed in may do nothing (IDN-10)."""

    visitor_idle_minutes: int = Field(default=30, ge=1, le=120)
    """How long somebody not signed in may do nothing: what a registration typed so far is kept no longer."""

    longest_hours: int = Field(default=12, ge=1, le=24)
    """How long a session lasts in any case."""

    demo_password: SecretStr | None = None
    """Embedded mode alone: the demo users' password, for the box that says what there is to try."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.default_site not in self.site_urls:
            raise ValueError("SITE_URLS must name the default site")
        if set(self.client_secrets) != set(self.site_urls):
            raise ValueError("CLIENT_SECRETS must name the sites of SITE_URLS, and no others")
        return self

    def api_url(self, site: str) -> str:
        """Where to call the API for a site."""
        return self.api_urls.get(site, self.site_urls[site])
