"""`/dev`: everybody's mail, for trying out; bootstrap registers it in embedded mode alone (`api.md`, Trying out)."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import flask
from flask import Response, request
from jinja2 import Environment, PackageLoader
from werkzeug.wrappers import Response as BaseResponse

from chassis.kernel.errors import ForbiddenError, NotFoundError
from chassis.web.access import public
from services.notify.api.context import context
from services.notify.application.answer_from_mailbox import ANSWER, AnswerFromMailbox, answer_from_mailbox
from services.notify.application.outside import Mail
from services.notify.application.read_mailbox import ReadMail, ReadMailbox, read_mail, read_mailbox

_PAGE_POLICY: Final = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_MAIL_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
_ON_PAGE: Final = 100
_WORDS: Final = ("STOP", "START", "HELP")
_FROM_HERE: Final = frozenset({"same-origin", "none"})

_templates = Environment(loader=PackageLoader("services.notify.api", "pages"), autoescape=True, auto_reload=False)

blueprint = flask.Blueprint("mailbox", __name__, url_prefix="/dev")


@blueprint.get("/messages")
@public
def get_messages() -> Response:
    """What was sent, newest first, exactly to an address, over a channel, where these are given."""
    found = read_mailbox(ReadMailbox(request.args.get("to"), request.args.get("channel")), context.work, context.ports)
    return flask.jsonify({"items": [_shown(mail, at) for mail, at in found]})


@blueprint.get("/mailbox")
@public
def get_mailbox() -> Response:
    """The same to look at."""
    to = request.args.get("to", "").strip()
    wish = ReadMailbox(to or None, limit=_ON_PAGE)
    found = read_mailbox(wish, context.work, context.ports)
    shown = {"items": found, "to": to, "most": _ON_PAGE, "words": _WORDS, "answer": ANSWER}
    page = _templates.get_template("mailbox.html").render(shown, short_code=context.ports.house.short_code)
    return Response(page, content_type="text/html; charset=utf-8", headers={"Content-Security-Policy": _PAGE_POLICY})


@blueprint.get("/mailbox/<uuid:mail_id>")
@public
def get_mail(mail_id: UUID) -> Response:
    """One mail's HTML, for the page's frame: without scripts, and as if from nowhere."""
    mail = read_mail(ReadMail(str(mail_id)), context.work, context.ports)
    if mail.html is None:
        raise NotFoundError
    headers = {"Content-Security-Policy": _MAIL_POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return Response(mail.html, content_type="text/html; charset=utf-8", headers=headers)


@blueprint.post("/mailbox/<uuid:mail_id>/answer")
@public
def post_answer(mail_id: UUID) -> BaseResponse:
    """Answer a text as its recipient would; from this page alone, and not from another site's."""
    if request.headers.get("Sec-Fetch-Site", "none") not in _FROM_HERE:
        raise ForbiddenError("Answer from the mailbox's own page.")
    number = answer_from_mailbox(
        AnswerFromMailbox(str(mail_id), request.form.get("text", "")), context.work, context.ports
    )
    return flask.redirect(f"/dev/mailbox?{urlencode({'to': number})}", 303)


@blueprint.get("/static/mailbox.css")
@public
def get_style() -> Response:
    """The page's style sheet."""
    style = files("services.notify.api").joinpath("pages/mailbox.css").read_bytes()
    return Response(style, content_type="text/css; charset=utf-8")


def _shown(mail: Mail, at: datetime) -> dict[str, Any]:
    return {
        "id": mail.id,
        "notice": mail.notice,
        "channel": mail.channel.value,
        "to": mail.to,
        "subject": mail.subject,
        "text": mail.text,
        "html": mail.html,
        "sent_at": at,
    }
