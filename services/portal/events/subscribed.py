"""The portal hears of ended sessions alone, and the chassis keeps those by itself (IDN-10)."""

from __future__ import annotations

from typing import Any

from chassis.bus.subscriptions import Subscription

SUBSCRIPTIONS: tuple[Subscription[Any, Any], ...] = ()
