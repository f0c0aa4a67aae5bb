"""`sms/inbound`: what people text to the plan's number, told by the provider (NTF-5)."""

from __future__ import annotations

from typing import Final
from xml.sax.saxutils import escape

from flask import Response, request

from chassis.kernel.errors import Fault, InvalidError, NotFoundError
from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.parsing import refuse_unfit_text
from services.notify.api.context import context
from services.notify.application.hear_text import HearText, hear_text

blueprint = Blueprint("texts", __name__, url_prefix="/sms", description="What the provider of text messages tells.")

_TWIML: Final = "text/xml"
_NEEDED: Final = ("MessageSid", "From", "To")
_LONGEST: Final = 64

_FORM: Final = {
    "required": True,
    "content": {
        "application/x-www-form-urlencoded": {
            "schema": {
                "type": "object",
                "required": list(_NEEDED),
                "properties": {
                    "MessageSid": {"type": "string", "description": "The provider's own name of the text."},
                    "From": {"type": "string", "description": "Whose number it is, E.164."},
                    "To": {"type": "string", "description": "Which number or short code of ours it was sent to."},
                    "Body": {"type": "string", "description": "What was texted."},
                    "MessagingServiceSid": {"type": "string"},
                    "OptOutType": {"type": "string", "description": "Present where the provider has answered itself."},
                },
                "additionalProperties": {"type": "string"},
            }
        }
    },
}
_ANSWER: Final = {
    "200": {
        "description": "What to answer with, as TwiML.",
        "content": {_TWIML: {"schema": {"type": "string"}}},
    }
}
_SIGNATURE: Final = {
    "name": "X-Twilio-Signature",
    "in": "header",
    "required": False,
    "schema": {"type": "string"},
    "description": "HMAC-SHA1 under the account's token; without a right one nothing is heard.",
}


@blueprint.route("/inbound", methods=["POST"])
@public
@blueprint.response(200)
@blueprint.refuses(403, 404, 415, 422)
@blueprint.doc(requestBody=_FORM, responses=_ANSWER, parameters=[_SIGNATURE])
def hear() -> Response:
    """STOP, START and HELP, and their synonyms: sent and signed by Twilio. Its further fields are ignored."""
    signatures = context.ports.signatures
    if signatures is None:
        raise NotFoundError
    form = request.form.to_dict(flat=False)
    signatures.check(form, request.headers.get("X-Twilio-Signature", ""))
    refuse_unfit_text(form)
    answer = hear_text(_heard(), context.work, context.ports)
    answered_there = "OptOutType" in form
    return Response(_twiml(None if answered_there else answer), content_type=f"{_TWIML}; charset=utf-8")


def _heard() -> HearText:
    given = request.form
    faults = [
        Fault(f"/{name}", "required", "The provider has to say this, in at most 64 characters.")
        for name in _NEEDED
        if not 0 < len(given.get(name, "")) <= _LONGEST
    ]
    if faults:
        raise InvalidError(faults)
    return HearText(
        text_id=given["MessageSid"],
        number=given["From"],
        to=given["To"],
        text=given.get("Body", ""),
        service=given.get("MessagingServiceSid"),
    )


def _twiml(answer: str | None) -> str:
    said = "" if answer is None else f"<Message>{escape(answer)}</Message>"
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{said}</Response>'
