"""What registration listens to, in one place that the contract tests read."""

from __future__ import annotations

from chassis.bus.subscriptions import Subscription
from services.registration.application.ports import Ports, Store
from services.registration.events import accounts, practices

SUBSCRIPTIONS: tuple[Subscription[Store, Ports], ...] = (*accounts.SUBSCRIPTIONS, *practices.SUBSCRIPTIONS)
