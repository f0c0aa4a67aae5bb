"""Identity's calls for one's own second steps, and for passing one anew while signed in (IDN-3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self

from services.portal.application.ports import Api
from services.portal.application.sign_in_calls import Challenge, Method, Proof

_ME: Final = "/api/identity/v1/me"


@dataclass(frozen=True, slots=True)
class Authenticator:
    """An authenticator app or passkey that counts; a passkey passes nothing once it is suspended."""

    id: str
    kind: str
    name: str
    created_at: datetime
    used_at: datetime | None
    suspended_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewApp:
    """An app that waits for its first code; `key` and `uri` say the same secret."""

    id: str
    name: str
    key: str = field(repr=False)
    uri: str = field(repr=False)

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Self:
        """From the API's answer, or from what `kept` gave."""
        return cls(kept["id"], kept["name"], kept["secret"], kept["otpauth_uri"])

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {"id": self.id, "name": self.name, "secret": self.key, "otpauth_uri": self.uri}


@dataclass(frozen=True, slots=True)
class NewPasskey:
    """A passkey that waits for its key; `options` is what the browser is asked."""

    id: str
    name: str
    options: Mapping[str, Any]

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Self:
        """From the API's answer, or from what `kept` gave."""
        return cls(kept["id"], kept["name"], kept["options"])

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {"id": self.id, "name": self.name, "options": self.options}


class SecondSteps:
    """Every method raises `ProblemError`; those that change something, `step_up_required` among them."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def authenticators(self) -> list[Authenticator]:
        """My apps and passkeys, oldest first; there are ten of each at most."""
        return [_authenticator(item) for item in self._api.get(f"{_ME}/authenticators").body["items"]]

    def codes_left(self) -> int:
        """How many of my recovery codes are good."""
        return int(self._api.get(f"{_ME}/recovery-codes").body["left"])

    def begin_app(self, name: str, form_key: str | None) -> NewApp:
        """Have a secret made."""
        body = {"kind": "totp", "name": name}
        return NewApp.parse(self._api.send("POST", f"{_ME}/authenticators", body, form_key=form_key).body)

    def confirm_app(self, app_id: str, code: str, form_key: str | None) -> None:
        """Give the first code."""
        self._api.send("POST", f"{_ME}/authenticators/{app_id}/confirm", {"code": code}, form_key=form_key)

    def begin_passkey(self, name: str, form_key: str | None) -> NewPasskey:
        """Have the browser asked for a key."""
        body = {"kind": "passkey", "name": name}
        return NewPasskey.parse(self._api.send("POST", f"{_ME}/authenticators", body, form_key=form_key).body)

    def confirm_passkey(self, passkey_id: str, attestation: Any, form_key: str | None) -> None:
        """Give the browser's answer."""
        path, body = f"{_ME}/authenticators/{passkey_id}/confirm", {"attestation": attestation}
        self._api.send("POST", path, body, form_key=form_key)

    def rename(self, own_id: str, name: str, form_key: str | None) -> None:
        """Call it something else."""
        self._api.send("PATCH", f"{_ME}/authenticators/{own_id}", {"name": name}, form_key=form_key)

    def remove(self, own_id: str, form_key: str | None) -> None:
        """Remove it."""
        self._api.send("DELETE", f"{_ME}/authenticators/{own_id}", form_key=form_key)

    def make_codes(self, form_key: str | None) -> list[str]:
        """Ten new recovery codes, shown once."""
        return list(self._api.send("POST", f"{_ME}/recovery-codes", form_key=form_key).body["codes"])

    def remove_codes(self, form_key: str | None) -> None:
        """Void them all."""
        self._api.send("DELETE", f"{_ME}/recovery-codes", form_key=form_key)


class SteppingUp:
    """Passing a second step anew; every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def begin(self) -> Challenge:
        """A challenge of this session's."""
        return Challenge.parse(self._api.send("POST", f"{_ME}/step-up").body)

    def send(self, challenge: Challenge, method: Method, form_key: str | None) -> int:
        """Have a code sent; returns the seconds until another may be."""
        return int(self._sent("send", challenge, {"method": method.id}, form_key)["resend_after"])

    def verify(self, challenge: Challenge, method: Method, proof: Proof, form_key: str | None) -> None:
        """Give the code, or the assertion."""
        self._sent("verify", challenge, {"method": method.id, **proof}, form_key)

    def _sent(self, step: str, challenge: Challenge, body: Mapping[str, Any], form_key: str | None) -> dict[str, Any]:
        path, secret = f"{_ME}/step-up/{challenge.id}/{step}", {"X-Challenge-Secret": challenge.secret}
        answer: dict[str, Any] = self._api.send("POST", path, body, form_key=form_key, headers=secret).body
        return answer


def _authenticator(item: Mapping[str, Any]) -> Authenticator:
    return Authenticator(
        id=item["id"],
        kind=item["kind"],
        name=item["name"],
        created_at=datetime.fromisoformat(item["created_at"]),
        used_at=_moment(item["used_at"]),
        suspended_at=_moment(item.get("suspended_at")),
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
