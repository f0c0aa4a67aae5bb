"""Devices that an account's owner has the second step skipped on, and how a browser calls itself (IDN-4)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

MOST: Final = 20
"""So many devices of one account are trusted; the one that was used longest ago gives way."""

_BROWSERS: Final = (
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrom", "Chrome"),
    ("safari", "Safari"),
)
"""What stands in a `User-Agent`, in the order in which it is telling: Edge says that it is Chrome, too."""

_PLATFORMS: Final = (
    ("windows", "Windows"),
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("mac os", "Mac"),
    ("cros", "ChromeOS"),
    ("linux", "Linux"),
)
_UNKNOWN: Final = "other"


@dataclass(frozen=True, slots=True)
class Browser:
    """A kind of browser, whatever its version, on a kind of machine; `other` where it does not say."""

    name: str
    platform: str

    @property
    def family(self) -> str:
        """What a device is bound to: it outlives updates of the browser, and not another browser."""
        return f"{self.name}/{self.platform}"

    @classmethod
    def parse(cls, user_agent: str | None) -> Browser:
        """From the header as it came (RFC 9110, section 10.1.5), whatever is in it."""
        text = (user_agent or "").lower()
        return cls(_found(text, _BROWSERS), _found(text, _PLATFORMS))


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """By what, and from where, somebody calls: `network` is the address's surroundings, None where nobody knows."""

    browser: Browser
    address: str | None = None
    network: str | None = None
    country: str | None = None


NOWHERE: Final = Whereabouts(Browser(_UNKNOWN, _UNKNOWN))
"""What is known of whoever calls where nobody says anything."""


class RevokeReason(StrEnum):
    """Why a device is trusted no more."""

    REVOKED = "revoked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- a reason, not a password
    PASSWORD_RECOVERED = "password_recovered"  # noqa: S105 -- a reason, not a password
    PASSWORD_RESET = "password_reset"  # noqa: S105 -- a reason, not a password
    CONTACT_CHANGE_UNDONE = "contact_change_undone"
    CONTACTS_REPLACED = "contacts_replaced"
    TOO_MANY = "too_many_devices"
    FAILURES = "too_many_failures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A trusted device: `digest` is the SHA-256 of what it alone holds, `confirmed_at` when a second step was last
    passed on it, `address` and `country` from where it was last used.
    """

    id: str
    user_id: str
    digest: str
    browser: Browser
    trusted_at: datetime
    confirmed_at: datetime
    used_at: datetime
    expires_at: datetime
    address: str | None = None
    country: str | None = None

    def is_of(self, user_id: str, browser: Browser, now: datetime) -> bool:
        """Whether it still stands for that account, presented by a browser of its family."""
        return self.user_id == user_id and self.browser.family == browser.family and now < self.expires_at

    def used(self, whereabouts: Whereabouts, now: datetime) -> Device:
        """The device after a sign-in on it."""
        return replace(self, used_at=now, address=whereabouts.address, country=whereabouts.country)

    def trusted_anew(self, digest: str, now: datetime, lifetime: timedelta) -> Device:
        """The device under another token, for the whole time again: the former token is worth nothing."""
        return replace(self, digest=digest, trusted_at=now, confirmed_at=now, expires_at=now + lifetime)


def _found(text: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for part, name in names if part in text), _UNKNOWN)
