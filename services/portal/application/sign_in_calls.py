"""Identity's calls for signing in, a step at a time (IDN-1, IDN-2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from services.portal.application.errors import SignInBrokenError
from services.portal.application.ports import Api

SECOND_STEP: Final = "second_step"
SIGNED_IN: Final = "signed_in"
CONFIRM_REQUIRED: Final = "confirm_required"
_PASSWORD_CHANGE_REQUIRED: Final = "password_change_required"  # noqa: S105 -- a state, not a password
_SIGN_IN: Final = "/api/identity/v1/sign-in"
_BY_PASSKEY: Final = f"{_SIGN_IN}/passkey"
_CONTINUE: Final = "/oidc/continue?"
_AT_HAND: Final = frozenset({"passkey", "totp", "recovery_code"})
PASSKEY: Final = "passkey"
_OPTED_OUT: Final = "number_opted_out"

Proof = Mapping[str, Any]
"""What passes a second step, as the API has it: a code, or the assertion of a passkey."""


@dataclass(frozen=True, slots=True)
class Method:
    """A way to pass the second step; `hint` is masked."""

    id: str
    kind: str
    hint: str

    @property
    def sends(self) -> bool:
        """Whether a code is sent by it; else the person has one already."""
        return self.kind not in _AT_HAND


@dataclass(frozen=True, slots=True)
class OptedOut:
    """A mobile number, masked, that takes no texts; `short_code` is what START is to be texted to, where known."""

    hint: str
    short_code: str | None


@dataclass(frozen=True, slots=True)
class Challenge:
    """A sign-in whose password was right; `secret` never leaves the server.

    `passkey_options` is what the browser is to ask passkeys, where there are any.
    """

    id: str
    secret: str = field(repr=False)
    methods: tuple[Method, ...] = ()
    reason: str = ""
    passkey_options: Mapping[str, Any] | None = None
    risk_reasons: tuple[str, ...] = ()
    opted_out: tuple[OptedOut, ...] = ()

    @classmethod
    def parse(cls, kept: Mapping[str, Any]) -> Self:
        """From the API's answer, or from what `kept` gave."""
        methods = tuple(Method(each["id"], each["kind"], each["hint"]) for each in kept.get("methods", ()))
        return cls(
            kept["challenge"],
            kept["challenge_secret"],
            methods,
            kept.get("reason", ""),
            kept.get("passkey_options"),
            tuple(kept.get("risk_reasons", ())),
            tuple(
                OptedOut(each["hint"], each["short_code"])
                for each in kept.get("not_offered", ())
                if each["reason"] == _OPTED_OUT
            ),
        )

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "challenge": self.id,
            "challenge_secret": self.secret,
            "methods": [{"id": each.id, "kind": each.kind, "hint": each.hint} for each in self.methods],
            "reason": self.reason,
            "passkey_options": self.passkey_options,
            "risk_reasons": list(self.risk_reasons),
            "not_offered": [
                {"reason": _OPTED_OUT, "hint": each.hint, "short_code": each.short_code} for each in self.opted_out
            ],
        }

    def method(self, method_id: str) -> Method | None:
        """The method of that ID, None where it was not offered."""
        return next((each for each in self.methods if each.id == method_id), None)


@dataclass(frozen=True, slots=True)
class SignedOn:
    """Every step is passed: where at the issuer the browser goes on, and what a device that is remembered brings next
    time.
    """

    onward: str
    device_token: str | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> Self:
        """From the API's answer; raises `SignInBrokenError` where it leads elsewhere."""
        return cls(_onward(answer), answer.get("device_token"))


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody typed first, and the token of this browser where it is remembered."""

    user_id: str
    password: str = field(repr=False)
    device_token: str | None = field(default=None, repr=False)


class SigningIn:
    """Every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def begin(self, given: Given, request: str, form_key: str | None) -> Challenge | SignedOn | str:
        """Give user ID and password for an authorization request: the challenge of the second step, on a device that is
        remembered the way on, or another state's name.
        """
        body = {"user_id": given.user_id, "password": given.password}
        if given.device_token is not None:
            body["device_token"] = given.device_token
        headers = {"X-Authorization-Request": request}
        answer = self._api.send("POST", _SIGN_IN, body, form_key=form_key, headers=headers).body
        if answer["state"] == SIGNED_IN:
            return SignedOn.parse(answer)
        return Challenge.parse(answer) if answer["state"] == SECOND_STEP else str(answer["state"])

    def send(self, challenge: Challenge, method: Method, form_key: str | None) -> int:
        """Have the code sent; returns the seconds until another may be."""
        path = f"{_SIGN_IN}/{challenge.id}/send"
        return int(self._sent(path, challenge, {"method": method.id}, form_key)["resend_after"])

    def verify(
        self, challenge: Challenge, method: Method, proof: Proof, request: str, form_key: str | None
    ) -> Challenge | SignedOn:
        """Give the proof for an authorization request, and whether this device is to be remembered; after a temporary
        password comes the challenge to choose another (IDN-8).
        """
        path = f"{_SIGN_IN}/{challenge.id}/verify"
        body = {"method": method.id, **proof}
        answer = self._sent(path, challenge, body, form_key, {"X-Authorization-Request": request})
        wants_password = answer.get("state") == _PASSWORD_CHANGE_REQUIRED
        return Challenge.parse(answer) if wants_password else SignedOn.parse(answer)

    def begin_by_passkey(self) -> Challenge:
        """Ask for any passkey: a challenge that takes one answer."""
        return Challenge.parse({"methods": [], **self._api.send("POST", _BY_PASSKEY, {}).body})

    def finish_by_passkey(
        self, challenge: Challenge, assertion: Any, request: str, form_key: str | None
    ) -> Challenge | str:
        """Give the browser's answer for an authorization request: what comes after it, as of `verify`."""
        body = {"challenge": challenge.id, "assertion": assertion}
        return _after(self._sent(_BY_PASSKEY, challenge, body, form_key, {"X-Authorization-Request": request}))

    def set_password(self, challenge: Challenge, password: str, request: str, form_key: str | None) -> str:
        """Choose a password in place of a temporary one: the path at the issuer where the browser goes on."""
        path = f"{_SIGN_IN}/{challenge.id}/password"
        body = {"new_password": password}
        return _onward(self._sent(path, challenge, body, form_key, {"X-Authorization-Request": request}))

    def _sent(
        self,
        path: str,
        challenge: Challenge,
        body: Mapping[str, Any],
        form_key: str | None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        sent = {"X-Challenge-Secret": challenge.secret, **(headers or {})}
        answer: dict[str, Any] = self._api.send("POST", path, body, form_key=form_key, headers=sent).body
        return answer


def _onward(answer: Mapping[str, Any]) -> str:
    onward = str(answer.get("continue_to", ""))
    if not onward.startswith(_CONTINUE):
        raise SignInBrokenError("no way on from here")
    return onward


def _after(answer: Mapping[str, Any]) -> Challenge | str:
    return Challenge.parse(answer) if answer.get("state") == _PASSWORD_CHANGE_REQUIRED else _onward(answer)
