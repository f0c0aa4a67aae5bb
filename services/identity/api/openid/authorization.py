"""`/oidc/authorize` and `/oidc/continue`: a browser comes for a code, by way of the sign-in pages if need be."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import flask
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import InvalidRequestError, OAuth2Error
from flask import Response, request

from chassis.kernel.errors import Category, WardenryError
from chassis.web.access import public
from chassis.web.rates import limited_by_address
from services.identity.api.context import context
from services.identity.api.openid.cookies import REQUEST, SESSION, cookie, set_cookie
from services.identity.api.openid.named_claims import widened
from services.identity.api.openid.provider import PROVIDER, to_address
from services.identity.api.openid.refusal_pages import led_to_page
from services.identity.api.openid.requests import (
    KEPT,
    ON_ARRIVAL,
    ProtocolRequest,
    check_parameters,
    parts_of,
    request_at_hand,
    request_kept,
)
from services.identity.application.continue_authorization import ContinueAuthorization, continue_authorization
from services.identity.application.find_browser_session import find_browser_session
from services.identity.application.keep_authorization import KeepAuthorization, keep_authorization
from services.identity.application.log_out import read_hint
from services.identity.domain.sessions import Session

blueprint = flask.Blueprint("openid-authorization", __name__, url_prefix="/oidc")
blueprint.after_request(led_to_page)

SIGN_IN_PAGE = "/sign-in"
_ASK_AGAIN = frozenset({"login", "select_account"})
_LONGEST_QUERY = 4000
_SECONDS = re.compile(r"[0-9]{1,9}")
_UNSUPPORTED = {"request": "request_not_supported", "request_uri": "request_uri_not_supported"}


class AuthorizationRefusedError(WardenryError):
    """A request of no client, or with a redirect URI that is not the client's: told to the person alone."""

    category: ClassVar[Category] = Category.MALFORMED
    code: ClassVar[str] = "authorization_refused"


@blueprint.route("/authorize", methods=["GET", "POST"])
@public
@limited_by_address("authorize", times=120)
def authorize() -> Response:
    """Answer with a code where somebody is signed in, else lead to the sign-in pages (RFC 6749 section 4.1.1)."""
    asked = request_at_hand(_issuer())
    session = _session_meant(asked)
    try:
        grant = _judged(asked, session)
    except OAuth2Error as error:
        return _refused(asked, error)
    if session is not None and grant.prompt not in _ASK_AGAIN:
        return _granted(asked, grant, session)
    return _by_get(asked) or _to_sign_in(asked)


@blueprint.get("/continue")
@public
@limited_by_address("authorize", times=120)
def carry_on() -> Response:
    """Take the ticket of a sign-in, give the browser its cookie, and answer what the client asked for."""
    command = ContinueAuthorization(request.args.get("ticket", ""), cookie(REQUEST), cookie(SESSION))
    continued = continue_authorization(command, context.work, context.ports)
    asked = request_kept(_issuer(), continued.parameters)
    try:
        response = _granted(asked, _judged(asked, continued.session), continued.session)
    except OAuth2Error as error:
        response = _refused(asked, error)
    set_cookie(response, SESSION, continued.cookie)
    return response


def _judged(asked: ProtocolRequest, session: Session | None) -> Any:
    """Authlib's grant for a request that may be answered; raises `OAuth2Error`, with where to tell it if anywhere."""
    check_parameters(asked.payload)
    grant = PROVIDER.get_consent_grant(asked, end_user=session)
    try:
        _judge_extensions(asked)
    except OAuth2Error as error:
        error.redirect_uri, error.state = grant.redirect_uri, asked.payload.state
        raise
    return grant


def _judge_extensions(asked: ProtocolRequest) -> None:
    """What Authlib leaves to the provider."""
    data = asked.payload.data
    for name, error in _UNSUPPORTED.items():
        if name in data:
            raise OAuth2Error(error=error)
    if data.get("response_mode", "query") != "query":
        raise InvalidRequestError("The response_mode is query.")
    widened(asked.scope, data.get("claims"))


def _granted(asked: ProtocolRequest, grant: Any, session: Session) -> Response:
    return _told_by_whom(PROVIDER.create_authorization_response(asked, grant_user=session, grant=grant))


def _refused(asked: ProtocolRequest, error: OAuth2Error) -> Response:
    if not error.redirect_uri:
        raise AuthorizationRefusedError(f"{error.error}: {error.get_error_description()}")
    return _told_by_whom(PROVIDER.handle_error_response(asked, error))


def _told_by_whom(response: Response) -> Response:
    """Name the issuer, so that a client never takes one provider's answer for another's (RFC 9207)."""
    response.location = add_params_to_uri(response.location, [("iss", _issuer())])
    return response


def _by_get(asked: ProtocolRequest) -> Response | None:
    """Where to ask again, if this may be a site's form: browsers bring no cookie with what another site posts."""
    query = urlencode(parts_of(asked.payload, (*KEPT, *ON_ARRIVAL)))
    if request.method != "POST" or cookie(SESSION) is not None or len(query) > _LONGEST_QUERY:
        return None
    return to_address(f"{_issuer()}/oidc/authorize?{query}", 303)


def _to_sign_in(asked: ProtocolRequest) -> Response:
    command = KeepAuthorization(asked.payload.client_id, parts_of(asked.payload, KEPT), cookie(REQUEST))
    kept = keep_authorization(command, context.work, context.ports)
    named = {"request": kept.handle}
    if "ui_locales" in asked.payload.data:
        named["ui_locales"] = asked.payload.data["ui_locales"]
    response = to_address(f"{_issuer()}{SIGN_IN_PAGE}?{urlencode(named)}")
    set_cookie(response, REQUEST, kept.browser, context.ports.rules.openid.request)
    return response


def _session_meant(asked: ProtocolRequest) -> Session | None:
    """The browser's session; None where it is older than the client takes, or not of whom the client means."""
    session = find_browser_session(cookie(SESSION), context.work, context.ports, _max_age(asked))
    token = asked.payload.data.get("id_token_hint")
    if session is None or token is None:
        return session
    hint = read_hint(token, context.work, context.ports) or {}
    meant = (session.user_id, asked.payload.client_id)
    return session if (hint.get("sub"), hint.get("aud")) == meant else None


def _max_age(asked: ProtocolRequest) -> timedelta | None:
    seconds = asked.payload.data.get("max_age", "")
    return timedelta(seconds=int(seconds)) if _SECONDS.fullmatch(seconds) else None


def _issuer() -> str:
    return context.ports.tokens.issuer
