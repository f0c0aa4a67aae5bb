"""The scopes that access tokens carry."""

from __future__ import annotations

from typing import Final

SUPPORT: Final = "support"
"""A support agent of the plan."""

CHECK: Final = "entitlements.check"
"""A relying site's program that may ask what anyone may do (ENT-10)."""
