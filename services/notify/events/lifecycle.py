"""Identity's events of accounts that nobody uses, and of their end (IDN-13, IDN-15)."""

from __future__ import annotations

from collections.abc import Callable

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.notify.application.forget_account import ForgetAccount, forget_account
from services.notify.application.ports import Ports, Store
from services.notify.application.tell_of_disabling import TellOfDisabling, tell_of_disabling
from services.notify.application.tell_sealed import TellSealed, tell_sealed
from services.notify.application.warn_account import WarnAccount, warn_account
from services.notify.domain.message import FAREWELL, Sealed
from services.notify.events.occasions import occasion_of

_FAREWELL_DUE = "identity.account.farewell_due.v1"


class DisableWarnedSchema(ConsumedSchema):
    """An account that will be disabled so many days on."""

    user_id = fields.String(required=True)
    days = fields.Integer(required=True)
    disable_at = fields.AwareDateTime(required=True)


class DisabledSchema(ConsumedSchema):
    """An account that nobody may sign in to any more."""

    user_id = fields.String(required=True)
    remove_at = fields.AwareDateTime(required=True)
    managers = fields.List(fields.String(), required=True)


class ActedSchema(ConsumedSchema):
    """An account that support has done something to."""

    user_id = fields.String(required=True)


class RemovedSchema(ConsumedSchema):
    """An account that is gone."""

    user_id = fields.String(required=True)
    registration_id = fields.String(load_default=None, allow_none=True)


class FarewellDueSchema(ConsumedSchema):
    """An account that is gone, and where its owner was reached, for one message more; None once that has gone out."""

    farewell_id = fields.String(required=True)
    user_id = fields.String(required=True)
    reason = fields.String(required=True)
    language = fields.String(required=True)
    site = fields.String(required=True)
    sealed = fields.String(load_default=None, allow_none=True)


def farewell_place(farewell_id: str) -> str:
    """The place that identity binds a farewell's seal to."""
    return f"{_FAREWELL_DUE}:{farewell_id}"


def _disable_warned(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    facts = {"days": data["days"], "disable_on": data["disable_at"].date().isoformat()}
    warn_account(WarnAccount("disable_soon", data["user_id"], facts, occasion_of(event)), work, ports)


def _disabled(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    remove_on = data["remove_at"].date().isoformat()
    command = TellOfDisabling(data["user_id"], tuple(data["managers"]), remove_on, occasion_of(event))
    tell_of_disabling(command, work, ports)


def _reactivated(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    warn_account(WarnAccount("reactivated", event.data["user_id"], {}, occasion_of(event)), work, ports)


def _removed(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    forget_account(ForgetAccount(data["user_id"], data["registration_id"]), work, ports)


def _farewell_due(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    data = event.data
    if data["sealed"] is None:
        return  # the word has gone out
    command = TellSealed(
        notice=FAREWELL,
        user_id=data["user_id"],
        language=data["language"],
        site=data["site"],
        facts={"reason": data["reason"]},
        sealed=Sealed(data["sealed"], farewell_place(data["farewell_id"])),
        occasion=occasion_of(event),
    )
    tell_sealed(command, work, ports)


def _support_acted(act: str) -> Callable[[Received, UnitOfWork[Store], Ports], None]:
    def handle(event: Received, work: UnitOfWork[Store], ports: Ports) -> None:
        command = WarnAccount("support_acted", event.data["user_id"], {"act": act}, occasion_of(event))
        warn_account(command, work, ports)

    return handle


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("identity.account.disable_warned.v1", DisableWarnedSchema, _disable_warned),
    Subscription("identity.account.disabled.v1", DisabledSchema, _disabled),
    Subscription("identity.account.reactivated.v1", ActedSchema, _reactivated),
    Subscription("identity.account.unlocked.v1", ActedSchema, _support_acted("unlocked")),
    Subscription("identity.account.sessions_ended.v1", ActedSchema, _support_acted("sessions_ended")),
    Subscription("identity.account.erasure_proposed.v1", ActedSchema, _support_acted("erasure_proposed")),
    Subscription("identity.account.removed.v1", RemovedSchema, _removed),
    Subscription(_FAREWELL_DUE, FarewellDueSchema, _farewell_due),
)
