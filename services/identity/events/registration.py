"""Registration's events as identity needs them: accounts that come to be, or come to nothing (REG-9)."""

from __future__ import annotations

from marshmallow import fields

from chassis.bus.schemas import ConsumedSchema
from chassis.bus.subscriptions import Received, Subscription
from chassis.kernel.work import UnitOfWork
from services.identity.application.create_account import CreateAccount, create_account
from services.identity.application.end_lapsed_account import EndLapsedAccount, end_lapsed_account
from services.identity.application.ports import Ports, Store


class RegistrationSubmittedSchema(ConsumedSchema):
    """A registration whose account was reserved here before; the person is in the reservation."""

    registration_id = fields.String(required=True)
    user_id = fields.String(required=True)


def _on_registration_submitted(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    create_account(CreateAccount(received.data["registration_id"], received.data["user_id"]), work, ports)


class RegistrationLapsedSchema(ConsumedSchema):
    """A registration that was not confirmed in time."""

    registration_id = fields.String(required=True)


def _on_registration_lapsed(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    end_lapsed_account(EndLapsedAccount(received.data["registration_id"]), work, ports)


SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    Subscription("registration.registration.submitted.v1", RegistrationSubmittedSchema, _on_registration_submitted),
    Subscription("registration.registration.lapsed.v1", RegistrationLapsedSchema, _on_registration_lapsed),
)
