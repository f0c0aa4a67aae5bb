"""What identity listens to, in one place that the contract tests read."""

from __future__ import annotations

from chassis.bus.subscriptions import Subscription
from services.identity.application.ports import Ports, Store
from services.identity.events import entitlements, notify, registration

SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (
    *registration.SUBSCRIPTIONS,
    *entitlements.SUBSCRIPTIONS,
    *notify.SUBSCRIPTIONS,
)
