"""Registering: preview, submit, and what became of it (REG-1 to REG-10)."""

from __future__ import annotations

from uuid import UUID

from marshmallow import fields

from chassis.web.access import public, signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.bodies import takes_up_to
from chassis.web.rates import limited_by_address
from chassis.web.schemas import Instant, ResponseSchema
from services.registration.api.context import context
from services.registration.api.form_schemas import RegistrationSchema
from services.registration.application.preview_registration import Preview, PreviewRegistration, preview_registration
from services.registration.application.show_registration import ShownRegistration, ShowRegistration, show_registration
from services.registration.application.submit_registration import SubmitRegistration, submit_registration
from services.registration.domain.form import Form

FORM_SIZE = 64 * 1024
"""Bytes of a form, four times those of the fullest that passes: the rest would only cost time to refuse (OPS-8)."""

blueprint = Blueprint(
    "registrations", __name__, url_prefix="/registrations", description="From a form to an account with requests."
)


class ErrorSchema(ResponseSchema):
    """One wrong place, by its RFC 6901 pointer."""

    pointer = fields.String(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)


class PreviewedTinSchema(ResponseSchema):
    """One row of the TIN step, in the place in which it was sent; without a TIN where it had none."""

    tin = fields.String(required=True, allow_none=True)
    associated = fields.Boolean(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    lines_offered = fields.List(fields.String(), required=True)
    line = fields.String(required=True, allow_none=True)
    manager_count = fields.Integer(required=True)


class PreviewSchema(ResponseSchema):
    """The review of a form."""

    tins = fields.List(fields.Nested(PreviewedTinSchema), required=True)
    errors = fields.List(fields.Nested(ErrorSchema), required=True)
    suggestions = fields.List(
        fields.String(), required=True, metadata={"description": "Free user IDs, where the wished one is taken."}
    )


class RequestSchema(ResponseSchema):
    """The wish for access to one TIN, on one line of business."""

    id = fields.UUID(required=True, attribute="request.id")
    tin = fields.String(required=True, attribute="request.tin")
    line = fields.String(required=True, attribute="request.line")
    state = fields.String(required=True, attribute="request.state")
    practice = fields.String(required=True, allow_none=True, attribute="request.practice")
    manager_count = fields.Integer(required=True)


class SubmittedSchema(ResponseSchema):
    """A registration whose e-mail address is to be confirmed next."""

    id = fields.UUID(required=True, attribute="registration.id")
    user_id = fields.String(required=True, attribute="registration.user_id")
    requests = fields.List(fields.Nested(RequestSchema), required=True)
    open_today = fields.List(fields.String(), required=True)


class ShownSchema(SubmittedSchema):
    """A registration as it stands now."""

    state = fields.String(required=True, attribute="registration.state")
    practice_type = fields.List(fields.String(), required=True, attribute="registration.practice_type")
    no_tin = fields.Boolean(required=True, attribute="registration.no_tin")
    submitted_at = Instant(required=True, attribute="registration.submitted_at")


@blueprint.route("/preview", methods=["POST"])
@public
@limited_by_address("registration_preview", times=60)
@takes_up_to(FORM_SIZE)
@blueprint.arguments(RegistrationSchema)
@blueprint.response(200, PreviewSchema)
def preview(form: Form) -> Preview:
    """Look at a form, or at any part of it: what its TINs are, and everything that is wrong. Nothing is kept."""
    return preview_registration(PreviewRegistration(form, context.site), context.work, context.ports)


@blueprint.route("", methods=["POST"])
@public
@limited_by_address("registrations", times=20)
@blueprint.refuses(409)
@takes_up_to(FORM_SIZE)
@blueprint.arguments(RegistrationSchema)
@blueprint.response(201, SubmittedSchema)
def submit(form: Form) -> ShownRegistration:
    """Register: an account, and a request for each TIN. A code goes to the e-mail address."""
    return submit_registration(
        SubmitRegistration(context.operation_id, form, context.site), context.work, context.ports
    )


@blueprint.route("/<uuid:registration_id>")
@signed_in
@blueprint.response(200, ShownSchema)
def show(registration_id: UUID) -> ShownRegistration:
    """The caller's own registration, with where each request stands now."""
    return show_registration(ShowRegistration(registration_id, context.caller.user_id), context.work, context.ports)
