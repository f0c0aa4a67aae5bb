"""The public form of entitlements' facts (`events.md`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import Schema

from chassis.bus.envelope import rfc3339
from chassis.kernel.messages import Event, Message
from services.entitlements.domain import events
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.people import Profile
from services.entitlements.domain.places import Place
from services.entitlements.domain.requests import Request
from services.entitlements.domain.reviews import Review
from services.entitlements.events import review_shapes, shapes

SOURCE = "entitlements"

SCHEMAS: Mapping[str, type[Schema]] = {
    "entitlements.access.given.v1": shapes.AccessTurnedSchema,
    "entitlements.access.changed.v1": shapes.AccessTurnedSchema,
    "entitlements.access.removed.v1": shapes.AccessTurnedSchema,
    "entitlements.access.ended.v1": shapes.AccessEndedSchema,
    "entitlements.access.ending.v1": shapes.AccessEndingSchema,
    "entitlements.access.suspended.v1": shapes.AccessSuspendedSchema,
    "entitlements.access.restored.v1": shapes.AccessRestoredSchema,
    "entitlements.request.opened.v1": shapes.RequestOpenedSchema,
    "entitlements.request.approved.v1": shapes.RequestApprovedSchema,
    "entitlements.request.declined.v1": shapes.RequestDeclinedSchema,
    "entitlements.request.withdrawn.v1": shapes.RequestWithdrawnSchema,
    "entitlements.request.reminder_due.v1": shapes.RequestReminderDueSchema,
    "entitlements.request.final_reminder_due.v1": shapes.RequestReminderDueSchema,
    "entitlements.request.expired.v1": shapes.RequestExpiredSchema,
    "entitlements.manager.added.v1": shapes.ManagerAddedSchema,
    "entitlements.manager.removed.v1": shapes.ManagerRemovedSchema,
    "entitlements.manager.change_refused.v1": shapes.ManagerChangeRefusedSchema,
    "entitlements.practice.managers_below_two.v1": shapes.ManagersBelowTwoSchema,
    "entitlements.practice.without_manager.v1": shapes.PracticeWithoutManagerSchema,
    "entitlements.invitation.reduced.v1": shapes.InvitationReducedSchema,
    "entitlements.practice.manager_asked_for.v1": shapes.ManagerAskedForSchema,
    "entitlements.review.opened.v1": review_shapes.ReviewOpenedSchema,
    "entitlements.review.reminder_due.v1": review_shapes.ReviewReminderDueSchema,
    "entitlements.review.decided.v1": review_shapes.ReviewDecidedSchema,
    "entitlements.review.closed.v1": review_shapes.ReviewClosedSchema,
}
"""What this service publishes, with the shape of its data."""


def publish(event: Event) -> Message:
    """The public form of a fact; raises `LookupError` for one that has none."""
    return _FORMS[type(event)](event)


def _access_turned(event: events.AccessTurned) -> Message:
    data: dict[str, Any] = {
        "access_id": event.access_id,
        "user_id": event.user_id,
        **_place(event.place, event.practice),
        "by": event.by,
        "at": rfc3339(event.at),
        "request_id": event.request_id,
        "before": _grant(event.before),
        "after": _grant(event.after),
        "temporary_id": event.temporary_id,
        "person": _person(event.profile),
    }
    if event.turn is events.Turn.ENDED:
        data["managers"] = list(event.managers)
    return Message(f"entitlements.access.{event.turn.value}.v1", f"access/{event.user_id}", data)


def _access_ending(event: events.AccessEnding) -> Message:
    access = event.access
    if access.grant.until is None:
        raise ValueError("access without an end does not end soon")
    data = {
        "access_id": access.access_id,
        "user_id": access.user_id,
        **_place(access.place, event.practice),
        "until": rfc3339(access.grant.until),
        "managers": list(event.managers),
        "person": _person(event.profile),
    }
    return Message("entitlements.access.ending.v1", f"access/{access.user_id}", data)


def _access_suspended(event: events.AccessSuspended) -> Message:
    functions = None if event.functions is None else list(event.functions)
    more = {"functions": functions, "managers": list(event.managers)}
    return _of_suspension("suspended", event, more)


def _access_restored(event: events.AccessRestored) -> Message:
    return _of_suspension("restored", event, {})


def _of_suspension(
    happened: str, event: events.AccessSuspended | events.AccessRestored, more: Mapping[str, Any]
) -> Message:
    access = event.access
    data = {
        "access_id": access.access_id,
        "user_id": access.user_id,
        **_place(access.place, event.practice),
        "by": event.by,
        "at": rfc3339(event.at),
        "request_id": None,
        "temporary_id": None,
        "before": _grant(event.before),
        "after": _grant(event.after),
        "cause": event.cause,
        **more,
        "person": _person(event.profile),
    }
    return Message(f"entitlements.access.{happened}.v1", f"access/{access.user_id}", data)


def _review_opened(event: events.ReviewOpened) -> Message:
    review = event.review
    more = {"by": review.opened_by, "at": rfc3339(review.opened_at), "total": event.total}
    return _of_review("opened", review, event.practice, {**more, "managers": list(event.managers)})


def _review_reminder_due(event: events.ReviewReminderDue) -> Message:
    more = {"undecided": event.undecided, "managers": list(event.managers)}
    return _of_review("reminder_due", event.review, event.practice, more)


def _review_decided(event: events.ReviewDecided) -> Message:
    item = event.item
    if item.decided_at is None:
        raise ValueError("an access that nobody decided about has no decision to tell")
    data = {
        "review_id": item.review_id,
        "user_id": item.user_id,
        **_place(item.place, event.practice),
        "outcome": item.state.value,
        "grant": _grant(item.grant),
        "by": item.decided_by,
        "at": rfc3339(item.decided_at),
        "person": _person(event.profile),
    }
    return Message("entitlements.review.decided.v1", f"review/{item.review_id}", data)


def _review_closed(event: events.ReviewClosed) -> Message:
    closed_at = event.review.closed_at
    if closed_at is None:
        raise ValueError("a review that goes on is not closed")
    more = {"at": rfc3339(closed_at), "outcome": dict(event.outcome), "managers": list(event.managers)}
    return _of_review("closed", event.review, event.practice, more)


def _request_opened(event: events.RequestOpened) -> Message:
    request = event.request
    more = {
        "registration_id": request.registration_id,
        "state": request.state.value,
        "since": rfc3339(request.since or request.submitted_at),
        "managers": list(event.managers),
    }
    return _of_request("opened", request, event.practice, event.profile, more)


def _request_approved(event: events.RequestApproved) -> Message:
    grant = event.grant
    more = {**_decision(event.request), "level": grant.level.value, "functions": sorted(grant.functions)}
    return _of_request("approved", event.request, event.practice, event.profile, more)


def _request_declined(event: events.RequestDeclined) -> Message:
    more = {**_decision(event.request), "reason": event.request.reason}
    return _of_request("declined", event.request, event.practice, event.profile, more)


def _request_withdrawn(event: events.RequestWithdrawn) -> Message:
    more = {"at": _decision(event.request)["decided_at"]}
    return _of_request("withdrawn", event.request, event.practice, event.profile, more)


def _request_reminder_due(event: events.RequestReminderDue) -> Message:
    happened = "final_reminder_due" if event.final else "reminder_due"
    return _of_request(happened, event.request, event.practice, event.profile, _wait(event.request, event.managers))


def _request_expired(event: events.RequestExpired) -> Message:
    at = _decision(event.request)["decided_at"]
    more = {"at": at, **_wait(event.request, event.managers)}
    return _of_request("expired", event.request, event.practice, event.profile, more)


def _manager_added(event: events.ManagerAdded) -> Message:
    more = {
        "practice": event.practice,
        "requests": [request.request_id for request in event.requests],
        "applicants": sorted({request.user_id for request in event.requests}),
    }
    return _of_manager("manager.added", event, more)


def _manager_removed(event: events.ManagerRemoved) -> Message:
    return _of_manager("manager.removed", event, {})


def _managers_below_two(event: events.ManagersBelowTwo) -> Message:
    data = {**_place(event.place, event.practice), "managers": list(event.managers), "at": rfc3339(event.at)}
    return _of_practice("practice.managers_below_two", event.place, data)


def _practice_without_manager(event: events.PracticeWithoutManager) -> Message:
    data = {
        **_place(event.place, event.practice),
        "managers": [],
        "at": rfc3339(event.at),
        "requests": [request.request_id for request in event.requests],
        "waiting": [_waiting(request) for request in event.requests],
    }
    return _of_practice("practice.without_manager", event.place, data)


def _invitation_reduced(event: events.InvitationReduced) -> Message:
    places = [
        {**_place(each.place, each.practice), "request_id": each.request_id, "managers": list(each.managers)}
        for each in event.places
    ]
    data = {
        "temporary_id": event.temporary_id,
        "user_id": event.user_id,
        "invited_by": event.invited_by,
        "at": rfc3339(event.at),
        "reason": event.reduction.value,
        "places": places,
        "person": _person(event.profile),
    }
    return Message("entitlements.invitation.reduced.v1", f"access/{event.user_id}", data)


def _manager_asked_for(event: events.ManagerAskedFor) -> Message:
    data = {**_place(event.place, event.practice), "user_id": event.user_id, "at": rfc3339(event.at)}
    return _of_practice("practice.manager_asked_for", event.place, data)


def _change_refused(event: events.ManagerChangeRefused) -> Message:
    data = {
        "proposal_id": event.proposal_id,
        "tin": event.tin,
        "user_id": event.user_id,
        "code": event.code,
        "at": rfc3339(event.at),
    }
    return Message("entitlements.manager.change_refused.v1", f"practice/{event.tin}", data)


_FORMS: Mapping[type[Event], Callable[[Any], Message]] = {
    events.AccessTurned: _access_turned,
    events.AccessEnding: _access_ending,
    events.AccessSuspended: _access_suspended,
    events.AccessRestored: _access_restored,
    events.ReviewOpened: _review_opened,
    events.ReviewReminderDue: _review_reminder_due,
    events.ReviewDecided: _review_decided,
    events.ReviewClosed: _review_closed,
    events.RequestOpened: _request_opened,
    events.RequestApproved: _request_approved,
    events.RequestDeclined: _request_declined,
    events.RequestWithdrawn: _request_withdrawn,
    events.RequestReminderDue: _request_reminder_due,
    events.RequestExpired: _request_expired,
    events.ManagerAdded: _manager_added,
    events.ManagerRemoved: _manager_removed,
    events.ManagersBelowTwo: _managers_below_two,
    events.PracticeWithoutManager: _practice_without_manager,
    events.InvitationReduced: _invitation_reduced,
    events.ManagerAskedFor: _manager_asked_for,
    events.ManagerChangeRefused: _change_refused,
}


def _of_request(
    happened: str, request: Request, practice: str | None, profile: Profile, more: Mapping[str, Any]
) -> Message:
    data = {
        "request_id": request.request_id,
        "user_id": request.user_id,
        **_place(request.place, practice),
        **more,
        "person": _person(profile),
    }
    return Message(f"entitlements.request.{happened}.v1", f"request/{request.request_id}", data)


def _of_review(happened: str, review: Review, practice: str | None, more: Mapping[str, Any]) -> Message:
    data = {
        "review_id": review.review_id,
        "tin": review.tin,
        "lines": sorted(review.lines),
        "practice": practice,
        "due_at": rfc3339(review.due_at),
        **more,
    }
    return Message(f"entitlements.review.{happened}.v1", f"review/{review.review_id}", data)


def _of_manager(happened: str, event: events.ManagerAdded | events.ManagerRemoved, more: Mapping[str, Any]) -> Message:
    data = {
        "tin": event.place.tin,
        "line": event.place.line.value,
        "user_id": event.user_id,
        "by": event.by,
        "at": rfc3339(event.at),
        "managers": list(event.managers),
        **more,
        "person": _person(event.profile),
    }
    return _of_practice(happened, event.place, data)


def _of_practice(happened: str, place: Place, data: Mapping[str, Any]) -> Message:
    return Message(f"entitlements.{happened}.v1", f"practice/{place.tin}", data)


def _waiting(request: Request) -> dict[str, Any]:
    since = request.since or request.submitted_at
    return {"request_id": request.request_id, "user_id": request.user_id, "since": rfc3339(since)}


def _decision(request: Request) -> dict[str, Any]:
    if request.decided_at is None:
        raise ValueError("a request that was not decided has no decision to tell")
    return {"decided_by": request.decided_by, "decided_at": rfc3339(request.decided_at)}


def _wait(request: Request, managers: Sequence[str]) -> dict[str, Any]:
    if request.decidable_since is None:
        raise ValueError("a request that nobody could decide has not waited for anybody")
    return {"decidable_since": rfc3339(request.decidable_since), "managers": list(managers)}


def _place(place: Place, practice: str | None) -> dict[str, Any]:
    return {"tin": place.tin, "line": place.line.value, "practice": practice}


def _grant(grant: Grant | None) -> dict[str, Any] | None:
    if grant is None:
        return None
    until = rfc3339(grant.until) if grant.until else None
    return {"level": grant.level.value, "functions": sorted(grant.functions), "until": until}


def _person(profile: Profile) -> dict[str, Any]:
    return {
        "first_name": profile.first_name,
        "middle_initial": profile.middle_initial,
        "last_name": profile.last_name,
        "email": profile.email,
        "phone": profile.phone,
        "extension": profile.extension,
        "job_role": profile.job_role,
    }
