"""The public form of registration's events (`events.md`); times are RFC 3339 in UTC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import Schema

from chassis.bus.envelope import rfc3339
from chassis.kernel.messages import Event, Message
from services.registration.application.people import person_of
from services.registration.domain.events import (
    DirectoryChanged,
    ImportFinished,
    InvitationForgotten,
    InvitationRedeemed,
    InvitationTurned,
    PracticeLinesChanged,
    RegistrationLapsed,
    RegistrationSubmitted,
)
from services.registration.domain.registrations import AccessRequest, Registration
from services.registration.events import outreach, shapes
from services.registration.events.invitations import (
    INVITATION_SCHEMAS,
    invitation_forgotten,
    invitation_redeemed,
    invitation_turned,
)

SOURCE = "registration"
DIRECTORY_CHANGED = "registration.directory.changed.v1"
PRACTICE_LINES_CHANGED = "registration.practice.lines_changed.v1"
REGISTRATION_SUBMITTED = "registration.registration.submitted.v1"
REGISTRATION_LAPSED = "registration.registration.lapsed.v1"
IMPORT_FINISHED = "registration.import.finished.v1"

SCHEMAS: Mapping[str, type[Schema]] = {
    DIRECTORY_CHANGED: shapes.DirectoryChangedSchema,
    PRACTICE_LINES_CHANGED: shapes.PracticeLinesChangedSchema,
    REGISTRATION_SUBMITTED: shapes.RegistrationSubmittedSchema,
    REGISTRATION_LAPSED: shapes.RegistrationLapsedSchema,
    **INVITATION_SCHEMAS,
    IMPORT_FINISHED: shapes.ImportFinishedSchema,
    **outreach.SCHEMAS,
}


def publish(event: Event) -> Message:
    """The public form of registration's facts; raises `LookupError` for an event without one."""
    return _FORMS[type(event)](event)


def _directory_changed(event: DirectoryChanged) -> Message:
    practices = [
        {"tin": tin, "name": name, "lines": lines, "version": version} for tin, name, lines, version in event.practices
    ]
    return Message(DIRECTORY_CHANGED, f"directory/{event.batch}", {"batch": str(event.batch), "practices": practices})


def _lines_changed(event: PracticeLinesChanged) -> Message:
    practice = event.practice
    data = {
        "tin": practice.tin,
        "name": practice.name,
        "version": practice.version,
        "before": list(event.before),
        "after": list(practice.lines),
        "gained": list(event.gained),
        "lost": list(event.lost),
    }
    return Message(PRACTICE_LINES_CHANGED, f"practice/{practice.tin}", data)


def _submitted(event: RegistrationSubmitted) -> Message:
    registration = event.registration
    profile = registration.profile
    if profile is None:
        raise ValueError("what is submitted has its person's data")
    data = {
        "registration_id": str(registration.id),
        "user_id": registration.user_id,
        "site": registration.site,
        "language": profile.language,
        "practice_type": list(registration.practice_type),
        "no_tin": registration.no_tin,
        "submitted_at": rfc3339(registration.submitted_at),
        "requests": [_request(each) for each in registration.requests],
        "temporary_id": registration.temporary_id,
        "person": {**person_of(profile), "nominees": _nominees(registration)},
    }
    return Message(REGISTRATION_SUBMITTED, f"registration/{registration.id}", data)


def _lapsed(event: RegistrationLapsed) -> Message:
    registration = event.registration
    data = {
        "registration_id": str(registration.id),
        "user_id": registration.user_id,
        "submitted_at": rfc3339(registration.submitted_at),
        "lapsed_at": rfc3339(event.at),
    }
    return Message(REGISTRATION_LAPSED, f"registration/{registration.id}", data)


def _request(request: AccessRequest) -> dict[str, Any]:
    return {
        "request_id": str(request.id),
        "tin": request.tin,
        "line": request.line.value,
        "practice": request.practice,
        "associated": request.practice is not None,
        "nominate": request.nomination.whom.value if request.nomination else None,
    }


def _nominees(registration: Registration) -> list[dict[str, str]]:
    return [
        {
            "tin": request.tin,
            "line": request.line.value,
            "first_name": nominee.first_name,
            "last_name": nominee.last_name,
            "email": nominee.email,
        }
        for request in registration.requests
        if request.nomination and (nominee := request.nomination.nominee)
    ]


def _import_finished(event: ImportFinished) -> Message:
    ended = event.ended
    data = {
        "import_id": str(ended.id),
        "uploaded_by": ended.uploaded_by,
        "outcome": ended.state.value,
        "rows": ended.rows,
        "people": ended.people,
        "wrong": ended.wrong,
        "finished_at": rfc3339(event.at),
    }
    return Message(IMPORT_FINISHED, f"import/{ended.id}", data)


_FORMS: Mapping[type[Event], Callable[[Any], Message]] = {
    DirectoryChanged: _directory_changed,
    PracticeLinesChanged: _lines_changed,
    RegistrationSubmitted: _submitted,
    RegistrationLapsed: _lapsed,
    InvitationTurned: invitation_turned,
    InvitationRedeemed: invitation_redeemed,
    InvitationForgotten: invitation_forgotten,
    ImportFinished: _import_finished,
    **outreach.FORMS,
}
