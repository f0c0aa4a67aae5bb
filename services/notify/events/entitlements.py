"""Entitlements' events as notify needs them: requests and their decisions, access, managers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.notify.application.ports import Ports, Store
from services.notify.application.tell_of_access import ChangeAccess, Held, change_access
from services.notify.application.tell_of_ending import EndAccess, tell_of_ending
from services.notify.application.tell_of_invitation import Place, ReduceInvitation, reduce_invitation
from services.notify.application.tell_of_managers import (
    ChangeManagers,
    WarnLastManager,
    change_managers,
    warn_last_manager,
)
from services.notify.application.tell_of_overdue_request import OverdueRequest, expire_request, remind_managers
from services.notify.application.tell_of_request import DecideRequest, OpenRequest, decide_request, open_request
from services.notify.application.tell_of_reviews import ReviewNews, Suspension, tell_of_review, tell_of_suspension
from services.notify.domain.places import without_tins
from services.notify.events.occasions import occasion_of


class PersonSchema(ConsumedSchema):
    """A person's name."""

    first_name = fields.String(required=True)
    last_name = fields.String(required=True)


class PlaceSchema(ConsumedSchema):
    """A practice's TIN and line."""

    tin = fields.String(required=True)
    line = fields.String(required=True)
    practice = fields.String(load_default=None, allow_none=True)


class ReducedPlaceSchema(PlaceSchema):
    """A practice for which an invitation became a request, and who can decide it."""

    managers = fields.List(fields.String(), required=True)


class ReducedSchema(ConsumedSchema):
    """An invitation that did not give what it prepared."""

    user_id = fields.String(required=True)
    reason = fields.String(required=True)
    places = fields.List(fields.Nested(ReducedPlaceSchema), required=True)
    person = fields.Nested(PersonSchema, required=True)


class OpenedSchema(PlaceSchema):
    """A request that waits."""

    request_id = fields.String(required=True)
    registration_id = fields.String(load_default=None, allow_none=True)
    managers = fields.List(fields.String(), required=True)
    person = fields.Nested(PersonSchema, required=True)


class DecidedSchema(PlaceSchema):
    """A request that was decided."""

    user_id = fields.String(required=True)
    decided_by = fields.String(required=True)


class ApprovedSchema(DecidedSchema):
    """A request that was approved."""

    level = fields.String(required=True)
    functions = fields.List(fields.String(), required=True)


class DeclinedSchema(DecidedSchema):
    """A request that was declined."""

    reason = fields.String(required=True)


class OverdueSchema(PlaceSchema):
    """A request that has waited for too long."""

    user_id = fields.String(required=True)
    decidable_since = fields.AwareDateTime(required=True)
    managers = fields.List(fields.String(), required=True)
    person = fields.Nested(PersonSchema, required=True)


class HeldSchema(ConsumedSchema):
    """What somebody may do."""

    level = fields.String(required=True)
    functions = fields.List(fields.String(), required=True)
    until = fields.AwareDateTime(load_default=None, allow_none=True)


class AccessSchema(PlaceSchema):
    """Access that was given, changed or removed."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)
    request_id = fields.String(load_default=None, allow_none=True)
    before = fields.Nested(HeldSchema, load_default=None, allow_none=True)
    after = fields.Nested(HeldSchema, load_default=None, allow_none=True)


class EndingSchema(PlaceSchema):
    """Access that ends soon."""

    user_id = fields.String(required=True)
    until = fields.AwareDateTime(required=True)
    managers = fields.List(fields.String(), required=True)
    person = fields.Nested(PersonSchema, required=True)


class EndedSchema(PlaceSchema):
    """Access that reached its end; before there were notices of that, no managers were named."""

    user_id = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    managers = fields.List(fields.String(), load_default=list)
    person = fields.Nested(PersonSchema, required=True)


class SuspensionSchema(PlaceSchema):
    """Access that does not count for a while, or counts again; `functions` null is all of it."""

    user_id = fields.String(required=True)
    cause = fields.String(required=True)
    functions = fields.List(fields.String(), load_default=None, allow_none=True)
    managers = fields.List(fields.String(), load_default=list)
    person = fields.Nested(PersonSchema, required=True)


class ReviewSchema(ConsumedSchema):
    """An access review; `undecided` and `outcome` as far as it tells of them."""

    tin = fields.String(required=True)
    lines = fields.List(fields.String(), required=True)
    practice = fields.String(load_default=None, allow_none=True)
    due_at = fields.AwareDateTime(required=True)
    managers = fields.List(fields.String(), required=True)
    total = fields.Integer(load_default=0)
    undecided = fields.Integer(load_default=0)
    outcome = fields.Dict(keys=fields.String(), values=fields.Integer(), load_default=dict)


class ManagerSchema(PlaceSchema):
    """Somebody who became a manager or ceased to be one."""

    user_id = fields.String(required=True)
    by = fields.String(required=True)
    managers = fields.List(fields.String(), required=True)
    applicants = fields.List(fields.String(), load_default=list)
    person = fields.Nested(PersonSchema, required=True)


class ManagersSchema(PlaceSchema):
    """A practice whose managers have become few."""

    managers = fields.List(fields.String(), required=True)


def _request_opened(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    command = OpenRequest(
        request_id=data["request_id"],
        registration_id=data["registration_id"],
        applicant=_name(data["person"]),
        managers=tuple(data["managers"]),
        occasion=occasion_of(event),
        **_place(data),
    )
    open_request(command, work, ports)


def _decided(notice: str, facts_of: Callable[[Mapping[str, Any]], dict[str, Any]]) -> Any:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        data = event.data
        command = DecideRequest(
            notice=notice,
            user_id=data["user_id"],
            decided_by=data["decided_by"],
            facts=facts_of(data),
            occasion=occasion_of(event),
            **_place(data),
        )
        decide_request(command, work, ports)

    return handle


def _reminder(notice: str) -> Any:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        remind_managers(notice, _overdue(event), work, ports)

    return handle


def _request_expired(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    expire_request(_overdue(event), work, ports)


def _overdue(event: Received) -> OverdueRequest:
    data = event.data
    return OverdueRequest(
        user_id=data["user_id"],
        applicant=_name(data["person"]),
        since=data["decidable_since"].date().isoformat(),
        managers=tuple(data["managers"]),
        occasion=occasion_of(event),
        **_place(data),
    )


def _access(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    command = ChangeAccess(
        user_id=data["user_id"],
        by=data["by"],
        request_id=data["request_id"],
        before=_held(data["before"]),
        after=_held(data["after"]),
        occasion=occasion_of(event),
        **_place(data),
    )
    change_access(command, work, ports)


def _ending(notice: str, day: str) -> Any:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        data = event.data
        command = EndAccess(
            notice=notice,
            user_id=data["user_id"],
            name=_name(data["person"]) or data["user_id"],
            until=data[day].date().isoformat(),
            managers=tuple(data["managers"]),
            occasion=occasion_of(event),
            **_place(data),
        )
        tell_of_ending(command, work, ports)

    return handle


def _suspension(notice: str) -> Any:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        data = event.data
        command = Suspension(
            notice=notice,
            user_id=data["user_id"],
            name=_name(data["person"]),
            cause=data["cause"],
            is_partial=data["functions"] is not None,
            managers=tuple(data["managers"]),
            occasion=occasion_of(event),
            **_place(data),
        )
        tell_of_suspension(command, work, ports)

    return handle


def _review(notice: str) -> Any:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        data = event.data
        command = ReviewNews(
            notice=notice,
            tin=data["tin"],
            line=data["lines"][0],
            practice=data["practice"],
            due=data["due_at"].date().isoformat(),
            count=data["total"] or data["undecided"],
            outcome=data["outcome"],
            managers=tuple(data["managers"]),
            occasion=occasion_of(event),
        )
        tell_of_review(command, work, ports)

    return handle


def _managers_changed(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    command = ChangeManagers(
        user_id=data["user_id"],
        name=_name(data["person"]),
        by=data["by"],
        added=event.type == _MANAGER_ADDED,
        managers=tuple(data["managers"]),
        applicants=tuple(data["applicants"]),
        **_place(data),
        occasion=occasion_of(event),
    )
    change_managers(command, work, ports)


def _below_two(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    managers = tuple(event.data["managers"])
    warn_last_manager(
        WarnLastManager(managers=managers, occasion=occasion_of(event), **_place(event.data)), work, ports
    )


def _reduced(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    command = ReduceInvitation(
        user_id=data["user_id"],
        name=_name(data["person"]),
        reason=data["reason"],
        places=tuple(Place(**_place(each), managers=tuple(each["managers"])) for each in data["places"]),
        occasion=occasion_of(event),
    )
    reduce_invitation(command, work, ports)


def _approval(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"access_level": data["level"], "functions": len(data["functions"])}


def _refusal(data: Mapping[str, Any]) -> dict[str, Any]:
    return {"reason": without_tins(data["reason"])}


def _name(person: Mapping[str, str]) -> str:
    return f"{person['first_name']} {person['last_name']}".strip()


def _place(data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in ("tin", "line", "practice")}


def _held(data: Mapping[str, Any] | None) -> Held | None:
    if data is None:
        return None
    until = data["until"] and data["until"].date().isoformat()
    return Held(data["level"], len(data["functions"]), until)


_MANAGER_ADDED = "entitlements.manager.added.v1"

SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("entitlements.request.opened.v1", OpenedSchema, _request_opened),
    Subscription("entitlements.request.approved.v1", ApprovedSchema, _decided("request_approved", _approval)),
    Subscription("entitlements.request.declined.v1", DeclinedSchema, _decided("request_declined", _refusal)),
    Subscription("entitlements.request.reminder_due.v1", OverdueSchema, _reminder("request_reminder")),
    Subscription("entitlements.request.final_reminder_due.v1", OverdueSchema, _reminder("request_final_reminder")),
    Subscription("entitlements.request.expired.v1", OverdueSchema, _request_expired),
    Subscription("entitlements.access.given.v1", AccessSchema, _access),
    Subscription("entitlements.access.changed.v1", AccessSchema, _access),
    Subscription("entitlements.access.removed.v1", AccessSchema, _access),
    Subscription("entitlements.access.ending.v1", EndingSchema, _ending("access_ending", "until")),
    Subscription("entitlements.access.ended.v1", EndedSchema, _ending("access_ended", "at")),
    Subscription("entitlements.access.suspended.v1", SuspensionSchema, _suspension("access_suspended")),
    Subscription("entitlements.access.restored.v1", SuspensionSchema, _suspension("access_restored")),
    Subscription("entitlements.review.opened.v1", ReviewSchema, _review("review_opened")),
    Subscription("entitlements.review.reminder_due.v1", ReviewSchema, _review("review_reminder")),
    Subscription("entitlements.review.closed.v1", ReviewSchema, _review("review_closed")),
    Subscription(_MANAGER_ADDED, ManagerSchema, _managers_changed),
    Subscription("entitlements.manager.removed.v1", ManagerSchema, _managers_changed),
    Subscription("entitlements.practice.managers_below_two.v1", ManagersSchema, _below_two),
    Subscription("entitlements.invitation.reduced.v1", ReducedSchema, _reduced),
)
