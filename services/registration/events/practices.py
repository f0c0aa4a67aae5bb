"""Entitlements' events of requests and managers as registration needs them (REG-10, REG-13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.registration.application.ask_for_outreach import AskForOutreach, ask_for_outreach
from services.registration.application.decide_proposal import NoteRefusal, note_refusal
from services.registration.application.note_managers import (
    NoteDeparture,
    NoteLoss,
    NoteManagers,
    Stranded,
    note_departure,
    note_loss,
    note_managers,
)
from services.registration.application.note_request import NoteRequestState, note_request_state
from services.registration.application.note_silence import NoteSilence, note_silence
from services.registration.application.ports import Ports, Store
from services.registration.domain.lines import Line
from services.registration.domain.outreach import Waiting
from services.registration.domain.registrations import RequestState

Handle = Callable[[Received, UnitOfWork[Store], Ports], None]
_SUPPORT = "support:"


class PlaceSchema(ConsumedSchema):
    """A TIN and one of its lines of business."""

    tin = fields.String(required=True)
    line = fields.Enum(Line, by_value=True, required=True)


class PersonSchema(ConsumedSchema):
    """Whom support may call about a request."""

    first_name = fields.String(load_default=None, allow_none=True)
    last_name = fields.String(load_default=None, allow_none=True)
    email = fields.String(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True)
    extension = fields.String(load_default=None, allow_none=True)


class RequestSchema(PlaceSchema):
    """A request, whatever happened to it."""

    request_id = fields.UUID(required=True)
    user_id = fields.String(required=True)
    person = fields.Nested(PersonSchema, required=True)


class RequestOpenedSchema(RequestSchema):
    """A request that awaits its decision, or for which there is nobody yet to decide."""

    state = fields.Enum(RequestState, by_value=True, required=True)
    since = fields.AwareDateTime(required=True)


class RequestOverdueSchema(RequestSchema):
    """A request of which managers were reminded for the last time."""

    decidable_since = fields.AwareDateTime(required=True)
    managers = fields.List(fields.String(), required=True)


class ManagerRemovedSchema(PlaceSchema):
    """All managers of a TIN and line after the change."""

    by = fields.String(required=True)
    managers = fields.List(fields.String(), required=True)


class ManagerAddedSchema(ManagerRemovedSchema):
    """The same, with the requests that had nobody until then."""

    requests = fields.List(fields.UUID(), required=True)


class StrandedSchema(ConsumedSchema):
    """A request that nobody can decide any more."""

    request_id = fields.UUID(required=True)
    user_id = fields.String(required=True)
    since = fields.AwareDateTime(required=True)


class WithoutManagerSchema(PlaceSchema):
    """A TIN and line that has lost its last manager."""

    waiting = fields.List(fields.Nested(StrandedSchema), load_default=list)


class RefusedSchema(ConsumedSchema):
    """A confirmed proposal that a rule forbids."""

    proposal_id = fields.UUID(required=True)
    code = fields.String(required=True)


def request_opened(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """A request waits now, for a manager's decision or for a manager."""
    note_request_state(_noted(received, received.data["state"]), work, ports)


def request_is(state: RequestState) -> Handle:
    """A request came to its end, with this outcome."""

    def handle(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        note_request_state(_noted(received, state), work, ports)

    return handle


def request_overdue(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Managers were reminded for the last time."""
    data = received.data
    command = NoteSilence(
        tin=data["tin"],
        line=data["line"],
        managers=tuple(data["managers"]),
        since=data["decidable_since"],
        waiting=_waiting(data | {"since": data["decidable_since"]}, received),
        at=received.time,
    )
    note_silence(command, work, ports)


def manager_added(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody became a manager."""
    data = received.data
    managers, requests = tuple(data["managers"]), tuple(data["requests"])
    note_managers(NoteManagers(data["tin"], data["line"], managers, requests, received.time), work, ports)


def manager_removed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """Somebody is a manager no more."""
    data = received.data
    by_support = data["by"].startswith(_SUPPORT)
    command = NoteDeparture(data["tin"], data["line"], tuple(data["managers"]), by_support, received.time)
    note_departure(command, work, ports)


def without_manager(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """A TIN and line has nobody left."""
    data = received.data
    stranded = tuple(Stranded(each["request_id"], each["user_id"], each["since"]) for each in data["waiting"])
    note_loss(NoteLoss(data["tin"], data["line"], stranded, received.time), work, ports)


def manager_asked_for(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """A user of the TIN wishes that support look for a manager."""
    ask_for_outreach(AskForOutreach(received.data["tin"], received.data["line"], received.time), work, ports)


def change_refused(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    """What two agents agreed upon cannot be."""
    note_refusal(NoteRefusal(received.data["proposal_id"], received.data["code"], received.time), work, ports)


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("entitlements.request.opened.v1", RequestOpenedSchema, request_opened),
    Subscription("entitlements.request.approved.v1", RequestSchema, request_is(RequestState.APPROVED)),
    Subscription("entitlements.request.declined.v1", RequestSchema, request_is(RequestState.DECLINED)),
    Subscription("entitlements.request.withdrawn.v1", RequestSchema, request_is(RequestState.WITHDRAWN)),
    Subscription("entitlements.request.expired.v1", RequestSchema, request_is(RequestState.EXPIRED)),
    Subscription("entitlements.request.final_reminder_due.v1", RequestOverdueSchema, request_overdue),
    Subscription("entitlements.manager.added.v1", ManagerAddedSchema, manager_added),
    Subscription("entitlements.manager.removed.v1", ManagerRemovedSchema, manager_removed),
    Subscription("entitlements.manager.change_refused.v1", RefusedSchema, change_refused),
    Subscription("entitlements.practice.without_manager.v1", WithoutManagerSchema, without_manager),
    Subscription("entitlements.practice.manager_asked_for.v1", PlaceSchema, manager_asked_for),
)


def _noted(received: Received, state: RequestState) -> NoteRequestState:
    data = received.data
    waiting = _waiting(data, received)
    return NoteRequestState(state=state, tin=data["tin"], line=data["line"], waiting=waiting, at=received.time)


def _waiting(data: Mapping[str, Any], received: Received) -> Waiting:
    person = data["person"]
    return Waiting(
        request_id=data["request_id"],
        user_id=data["user_id"],
        first_name=person["first_name"],
        last_name=person["last_name"],
        email=person["email"],
        phone=person["phone"],
        extension=person["extension"],
        since=data.get("since", received.time),
    )
