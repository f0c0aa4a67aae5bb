"""`/internal/v1`: what registration asks before it submits; never routed by the gateway."""

from __future__ import annotations

from typing import Any

from chassis.kernel.user_ids import fold
from chassis.web.access import internal
from chassis.web.blueprints import Blueprint
from services.identity.api.accounts import AvailabilitySchema, WishedUserIdSchema
from services.identity.api.context import context
from services.identity.api.reservation_schemas import (
    FindingsSchema,
    PartialReservationSchema,
    ReservationSchema,
    ReservedSchema,
    answers_of,
    person_of,
)
from services.identity.application.check_availability import Availability, CheckAvailability, check_availability
from services.identity.application.check_reservation import CheckReservation, Findings, check_reservation
from services.identity.application.reserve_account import ReserveAccount, Reserved, reserve_account
from services.identity.domain.drafts import Draft

blueprint = Blueprint("reservations", __name__, description="For registration alone.")


@blueprint.route("/availability", methods=["POST"])
@internal
@blueprint.arguments(WishedUserIdSchema)
@blueprint.response(200, AvailabilitySchema)
def availability(body: dict[str, Any]) -> Availability:
    """Is this user ID free? Whoever asks has limits of its own."""
    return check_availability(CheckAvailability(body["user_id"], budgeted=False), context.work, context.ports)


@blueprint.route("/reservations", methods=["POST"])
@internal
@blueprint.arguments(ReservationSchema)
@blueprint.response(201, ReservedSchema)
def reserve(body: dict[str, Any]) -> Reserved:
    """Reserve the account of a registration that is about to be submitted; again for the same one replaces it."""
    command = ReserveAccount(
        registration_id=str(body["registration_id"]),
        user_id=fold(body["user_id"]),
        password=body["password"],
        date_of_birth=body["date_of_birth"],
        answers=answers_of(body["security_answers"]),
        site=body["site"],
        person=person_of(body["person"], body["language"]),
    )
    return reserve_account(command, context.work, context.ports)


@blueprint.route("/reservations/check", methods=["POST"])
@internal
@blueprint.arguments(PartialReservationSchema)
@blueprint.response(200, FindingsSchema)
def check(body: dict[str, Any]) -> Findings:
    """What is wrong with what is filled in so far."""
    person = body["person"] or {}
    draft = Draft(
        user_id=None if body["user_id"] is None else fold(body["user_id"]),
        password=body["password"],
        date_of_birth=body["date_of_birth"],
        answers=None if body["security_answers"] is None else answers_of(body["security_answers"]),
        names=[person[name] for name in ("first_name", "last_name") if person.get(name)],
        email=person.get("email"),
    )
    registration_id = body["registration_id"]
    command = CheckReservation(draft, None if registration_id is None else str(registration_id))
    return check_reservation(command, context.work, context.ports)
