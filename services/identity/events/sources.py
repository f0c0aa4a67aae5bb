"""Whose events this service listens to; by itself, since every process must know it of every service."""

from __future__ import annotations

from typing import Final

SOURCES: Final = ("registration", "entitlements", "notify")
