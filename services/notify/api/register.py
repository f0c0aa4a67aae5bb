"""Notify's routes."""

from __future__ import annotations

from services.notify.api import mailbox, messages, texts

BLUEPRINTS = (messages.blueprint, texts.blueprint)
TRYING_OUT = (mailbox.blueprint,)
