"""What entitlements' views may know of the request under way."""

from __future__ import annotations

from chassis.web.context import RequestContext
from services.entitlements.application.ports import Ports, Store

context: RequestContext[Store, Ports] = RequestContext()
