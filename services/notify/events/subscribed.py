"""What notify listens to, in one place that the contract tests read."""

from __future__ import annotations

from chassis.bus.subscriptions import Subscription
from services.notify.application.ports import Ports, Store
from services.notify.events import contacts, entitlements, identity, lifecycle, registration, vouching

SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    *identity.SUBSCRIPTIONS,
    *contacts.SUBSCRIPTIONS,
    *lifecycle.SUBSCRIPTIONS,
    *vouching.SUBSCRIPTIONS,
    *registration.SUBSCRIPTIONS,
    *entitlements.SUBSCRIPTIONS,
)
