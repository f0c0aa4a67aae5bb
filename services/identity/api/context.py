"""What identity's views may know of the request under way."""

from __future__ import annotations

from chassis.web.context import RequestContext
from services.identity.application.ports import Ports, Store

context: RequestContext[Store, Ports] = RequestContext()
