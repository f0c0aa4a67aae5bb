"""The shapes of what entitlements publishes: its promise to every consumer (`events.md`)."""

from __future__ import annotations

from marshmallow import fields, validate

from chassis.bus.schemas import PublishedSchema
from services.entitlements.domain.events import Reduction
from services.entitlements.domain.levels import Level
from services.entitlements.domain.places import Line


def _text(*, may_be_null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=may_be_null)


def _moment(*, may_be_null: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=may_be_null, format="iso")


def _texts(meaning: str) -> fields.List[str]:
    return fields.List(fields.String(), required=True, metadata={"description": meaning})


class PersonSchema(PublishedSchema):
    """Whom it is about."""

    first_name = _text()
    middle_initial = _text(may_be_null=True)
    last_name = _text()
    email = _text()
    phone = _text(may_be_null=True)
    extension = _text(may_be_null=True)
    job_role = _text(may_be_null=True)


class PlaceSchema(PublishedSchema):
    """A TIN and one of its lines of business."""

    tin = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{9}$"))
    line = fields.String(required=True, validate=validate.OneOf([line.value for line in Line]))


class PracticePlaceSchema(PlaceSchema):
    """The same with the practice's name; null for a TIN that the directory does not have."""

    practice = _text(may_be_null=True)


class GrantSchema(PublishedSchema):
    """What somebody may do there; `functions` has those that the level fixes, too."""

    level = fields.String(required=True, validate=validate.OneOf([level.value for level in Level]))
    functions = _texts("Codes of the catalogue, sorted.")
    until = _moment(may_be_null=True)


class AccessTurnedSchema(PracticePlaceSchema):
    """What somebody may do at a place was given, changed, removed, or ended; `after` is null once it is gone.

    `by` is a user ID or `system:<part>`; `temporary_id` is that of the invitation that it came by.
    """

    access_id = _text()
    user_id = _text()
    by = _text()
    at = _moment()
    request_id = _text(may_be_null=True)
    before = fields.Nested(GrantSchema, required=True, allow_none=True)
    after = fields.Nested(GrantSchema, required=True, allow_none=True)
    temporary_id = _text(may_be_null=True)
    person = fields.Nested(PersonSchema, required=True)


class AccessEndedSchema(AccessTurnedSchema):
    """What somebody could do at a place has reached its end; `managers` can give it again."""

    managers = _texts("User IDs, sorted.")


class AccessEndingSchema(PracticePlaceSchema):
    """What somebody may do at a place ends soon; `managers` can move the end."""

    access_id = _text()
    user_id = _text()
    until = _moment()
    managers = _texts("User IDs, sorted.")
    person = fields.Nested(PersonSchema, required=True)


class AccessRestoredSchema(AccessTurnedSchema):
    """What a cause had suspended counts again; `before` and `after` are what counts."""

    cause = fields.String(
        required=True, metadata={"description": "`review`: an access review ended without a decision about it."}
    )


class AccessSuspendedSchema(AccessRestoredSchema):
    """What somebody may do at a place does not count until its cause is gone; `managers` can help. `before` and `after`
    are what counts, null where nothing does.
    """

    functions = fields.List(
        fields.String(), required=True, allow_none=True, metadata={"description": "These alone; null: all of it."}
    )
    managers = _texts("User IDs, sorted.")


class _RequestSchema(PracticePlaceSchema):
    request_id = _text()
    user_id = _text()
    person = fields.Nested(PersonSchema, required=True)


class RequestOpenedSchema(_RequestSchema):
    """A request waits for a decision; `managers` are the user IDs of those who can take it now."""

    registration_id = _text(may_be_null=True)
    state = fields.String(required=True, validate=validate.OneOf(["awaiting", "no_manager"]))
    since = _moment()
    managers = _texts("User IDs, sorted.")


class RequestApprovedSchema(_RequestSchema):
    """Access was given on a request."""

    decided_by = _text()
    decided_at = _moment()
    level = fields.String(required=True, validate=validate.OneOf([level.value for level in Level]))
    functions = _texts("Codes of the catalogue, sorted.")


class RequestDeclinedSchema(_RequestSchema):
    """A manager refused a request."""

    decided_by = _text()
    decided_at = _moment()
    reason = _text()


class RequestWithdrawnSchema(_RequestSchema):
    """Its owner took a request back."""

    at = _moment()


class RequestReminderDueSchema(_RequestSchema):
    """A request still waits; `managers` are the user IDs of those who can decide it now."""

    decidable_since = _moment()
    managers = _texts("User IDs, sorted.")


class RequestExpiredSchema(RequestReminderDueSchema):
    """Nobody decided a request in time: it has ended, and its owner may ask again."""

    at = _moment()


class ManagerRemovedSchema(PlaceSchema):
    """Somebody is no longer an access manager; `managers` are those who can decide after it."""

    user_id = _text()
    by = _text()
    at = _moment()
    managers = _texts("User IDs, sorted.")
    person = fields.Nested(PersonSchema, required=True)


class ManagerAddedSchema(ManagerRemovedSchema):
    """Somebody became an access manager; `managers` are those who can decide after it."""

    practice = _text(may_be_null=True)
    requests = _texts("Requests that had no manager, and can be decided from now on.")
    applicants = _texts("User IDs of those who made them, sorted.")


class ManagersBelowTwoSchema(PracticePlaceSchema):
    """A place fell to one access manager."""

    managers = _texts("User IDs, sorted.")
    at = _moment()


class WaitingSchema(PublishedSchema):
    """One of those requests."""

    request_id = _text()
    user_id = _text()
    since = _moment()


class PracticeWithoutManagerSchema(ManagersBelowTwoSchema):
    """A place has lost its last access manager; `managers` is empty."""

    requests = _texts("Requests that nobody can decide from now on.")
    waiting = fields.List(fields.Nested(WaitingSchema), required=True)


class ReducedPlaceSchema(PracticePlaceSchema):
    """What an invitation prepared here became this request; `managers` can decide it."""

    request_id = _text()
    managers = _texts("User IDs, sorted.")


class InvitationReducedSchema(PublishedSchema):
    """An invitation did not give what it prepared: the inviter can give it no more (`not_yours_to_give`), or the
    account has another e-mail address than the invitation was for (`other_address`).
    """

    temporary_id = _text()
    user_id = _text()
    invited_by = _text()
    at = _moment()
    reason = fields.String(required=True, validate=validate.OneOf([each.value for each in Reduction]))
    places = fields.List(fields.Nested(ReducedPlaceSchema), required=True)
    person = fields.Nested(PersonSchema, required=True)


class ManagerAskedForSchema(PracticePlaceSchema):
    """A user of the TIN wishes that support look for an access manager."""

    user_id = _text()
    at = _moment()


class ManagerChangeRefusedSchema(PublishedSchema):
    """What two support agents agreed upon is forbidden by the rule that `code` names; nothing was done."""

    proposal_id = _text()
    tin = fields.String(required=True, validate=validate.Regexp(r"^[0-9]{9}$"))
    user_id = _text()
    code = _text()
    at = _moment()
