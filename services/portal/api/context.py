"""What the pages may know of the request under way."""

from __future__ import annotations

import re
from typing import Any, Final

from flask import current_app, g, request
from flask import session as flask_session

from services.portal.api.definition import PortalApp
from services.portal.api.sessions import WebSession
from services.portal.application.ports import Api, Calling, Ports
from services.portal.domain.sites import Site

_FORM_KEY: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
EXTENSION: Final = "wardenry_portal"


class PageContext:
    """The request's own things; outside of one every property raises `RuntimeError`."""

    @property
    def definition(self) -> PortalApp:
        """The application's definition."""
        definition: PortalApp = current_app.extensions[EXTENSION]
        return definition

    @property
    def ports(self) -> Ports:
        """What the pages are handed."""
        return self.definition.ports

    @property
    def site(self) -> Site:
        """The site whose page this is."""
        site: Site = g.site
        return site

    @property
    def language(self) -> str:
        """The language of the answer."""
        language: str = g.language
        return language

    @property
    def session(self) -> WebSession:
        """The browser's session."""
        current: Any = flask_session
        session: WebSession = current._get_current_object()  # noqa: SLF001 (werkzeug's way to the object itself)
        return session

    @property
    def form_key(self) -> str | None:
        """What the form was marked with when it was shown: one form, one effect."""
        key = request.form.get("form_key", "")
        return key if _FORM_KEY.fullmatch(key) else None

    @property
    def visitor_api(self) -> Api:
        """The API for somebody who is not signed in."""
        return self.api_with(None)

    def api_with(self, token: str | None) -> Api:
        """The API for the bearer of an access token."""
        calling = Calling(self.site.name, g.correlation_id, g.address, token, self.language, g.browser)
        return self.ports.api(calling)


context = PageContext()
