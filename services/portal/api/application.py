"""The portal's web application: made from its definition, and from nothing else."""

from __future__ import annotations

from functools import partial

from flask import Flask, Request, current_app, request
from flask_wtf import CSRFProtect

from chassis.telemetry.health import Health
from chassis.web.bodies import largest_body
from chassis.web.health import health_blueprint
from chassis.web.watching import watch
from services.portal.api import arrival, errors, languages, templating, terms
from services.portal.api.context import EXTENSION
from services.portal.api.definition import PortalApp
from services.portal.api.headers import content_policy, harden
from services.portal.api.register import BLUEPRINTS
from services.portal.api.sessions import ServerSessions, WebSession

_LARGEST_FORM = 1024 * 1024
_MOST_PARTS = 2000


class PortalSessions(ServerSessions):
    """Settles what is known at arrival first: Flask opens the session before anything else."""

    def __init__(self, definition: PortalApp) -> None:
        super().__init__(definition.ports.sessions)
        self._definition = definition

    def open_session(self, app: Flask, request: Request) -> WebSession:
        """None is looked up for files and probes, nor kept after identity's session has ended (IDN-10)."""
        arrival.note_arrival(self._definition)
        if arrival.needs_no_session():
            return WebSession(None, None)
        session = super().open_session(app, request)
        if session.sid and self._definition.ports.has_ended(session.sid):
            session.end()
        return session


class PortalFlask(Flask):
    """The pages of all sites; which one is asked for is settled at arrival."""

    def __init__(self, definition: PortalApp) -> None:
        super().__init__(
            "services.portal",
            static_folder=None,
            template_folder=str(definition.folder / "templates"),
            root_path=str(definition.folder),
        )
        self.extensions[EXTENSION] = definition
        self.session_interface = PortalSessions(definition)
        self.url_map.merge_slashes = False
        self.config.update(
            MAX_CONTENT_LENGTH=_LARGEST_FORM,
            MAX_FORM_PARTS=_MOST_PARTS,
            WTF_CSRF_SECRET_KEY=definition.csrf_secret,
            WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as the session that it belongs to
            WTF_CSRF_SSL_STRICT=False,  # `Origin` tells instead, with or without TLS
        )


def _allow_files() -> None:
    """Let in as much as the page takes that is asked for; the token against forgeries stands in the form, too."""
    view = current_app.view_functions.get(request.endpoint or "")
    size = largest_body(view) if view else None
    if size is not None:
        request.max_content_length = size


def create_app(definition: PortalApp) -> PortalFlask:
    """The WSGI application."""
    app = PortalFlask(definition)
    ports = definition.ports
    policy = content_policy([ports.issuer_url, *(site.url for site in ports.sites.all)])
    watch(app, definition.telemetry)
    app.before_request(arrival.send_to_own_address)
    app.before_request(languages.choose_language)
    app.before_request(_allow_files)
    app.before_request(arrival.refuse_other_origins)
    CSRFProtect(app)
    app.after_request(partial(harden, policy=policy))
    app.after_request(arrival.note_departure)
    app.teardown_request(arrival.leave_nothing)
    languages.install(app, str(definition.folder / "translations"), ports.time_zone)
    templating.install(app)
    terms.install(app, ports)
    errors.install(app)
    health = Health(definition.ready, definition.telemetry.drain)
    app.register_blueprint(health_blueprint(health, definition.telemetry))
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
