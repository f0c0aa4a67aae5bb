"""Identity's calls for a lost mailbox's way to a new one (IDN-17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Self
from urllib.parse import quote

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Api

_IDENTITY: Final = "/api/identity/v1"
_NOT_FOUND: Final = 404


@dataclass(frozen=True, slots=True)
class Vouching:
    """A new address on its way."""

    id: str
    user_id: str
    state: str
    email: str
    reason: str
    vouched_by: str
    vouched_at: datetime
    expires_at: datetime
    confirmed_by: str | None
    verified_at: datetime | None
    works_at: datetime | None

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> Self:
        """An item of `vouchings`."""
        return cls(
            id=item["id"],
            user_id=item["user_id"],
            state=item["state"],
            email=item["email"],
            reason=item["reason"],
            vouched_by=item["vouched_by"],
            vouched_at=datetime.fromisoformat(item["vouched_at"]),
            expires_at=datetime.fromisoformat(item["expires_at"]),
            confirmed_by=item["confirmed_by"],
            verified_at=_moment(item["verified_at"]),
            works_at=_moment(item["works_at"]),
        )

    @property
    def is_waiting(self) -> bool:
        """Whether support has yet to decide."""
        return self.state == "waiting"

    @property
    def is_open(self) -> bool:
        """Whether it can still come to something, and to nothing."""
        return self.state in {"waiting", "confirmed"}


class Vouchings:
    """Every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def vouch(self, user_id: str, email: str, reason: str, form_key: str | None) -> Vouching:
        """Vouch that the person is now reached there."""
        body = {"email": email, "reason": reason}
        path = f"{_IDENTITY}/accounts/{quote(user_id, safe='')}/vouch"
        return Vouching.of(self._api.send("POST", path, body, form_key=form_key).body)

    def list(self, query: Mapping[str, Any]) -> tuple[list[Vouching], str | None]:
        """A page of them, the newest first, and the cursor of the next."""
        body = self._api.get(f"{_IDENTITY}/vouchings", query).body
        return [Vouching.of(each) for each in body["items"]], body["next"]

    def open_of(self, user_id: str) -> Vouching | None:
        """The one that is open for that account, as far as the caller may see it."""
        found, _ = self.list({"state": "open", "user_id": user_id, "limit": 1})
        return found[0] if found else None

    def one_of(self, vouching_id: str, user_id: str) -> Vouching:
        """That one of that account, in whatever state; 404 where there is none."""
        found, _ = self.list({"state": "all", "user_id": user_id, "limit": 100})
        for each in found:
            if each.id == vouching_id:
                return each
        raise ProblemError(_NOT_FOUND, "not_found")

    def settle(self, vouching: Vouching, how: str, reason: str, form_key: str | None) -> None:
        """`confirm` or `reject` it."""
        path = f"{_IDENTITY}/vouchings/{vouching.id}/{how}"
        self._api.send("POST", path, {"reason": reason}, form_key=form_key)


class NewAddress:
    """What its owner does, and whoever is reached at an old one; every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def send(self, user_id: str, form_key: str | None) -> int:
        """Have a code sent, where an address waits for one; the seconds until another may be."""
        return int(self._api.send("POST", _of_account(user_id, "send"), form_key=form_key).body["resend_after"])

    def verify(self, user_id: str, code: str, form_key: str | None) -> None:
        """Show that the address is one's own."""
        self._api.send("POST", _of_account(user_id, "verify"), {"code": code}, form_key=form_key)

    def stop(self, token: str, form_key: str | None) -> None:
        """Stop it, by what the message to an old contact says."""
        self._api.send("POST", f"{_IDENTITY}/vouchings/stop", {"token": token}, form_key=form_key)


def _of_account(user_id: str, what: str) -> str:
    return f"{_IDENTITY}/accounts/{quote(user_id, safe='')}/vouched-contact/{what}"


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
