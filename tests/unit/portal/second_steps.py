"""What the API answers to somebody who looks after their second steps."""

from __future__ import annotations

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.fakes import Call
from tests.unit.portal.practices import everybody, listed
from tests.unit.portal.world import World

APP_ID = "01a20371-7796-7131-bff1-726d59491d0d"
APP = {
    "id": APP_ID,
    "kind": "totp",
    "name": "My phone",
    "created_at": "2026-03-02T15:00:00Z",
    "used_at": None,
}
NEW = {
    "id": APP_ID,
    "kind": "totp",
    "name": "My phone",
    "secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ",
    "otpauth_uri": "otpauth://totp/Wardenry%3Ammartin5?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Wardenry",
}
QUESTIONS = [
    {"code": "birth_city", "title": "In what city were you born?"},
    {"code": "first_pet", "title": "What was the name of your first pet?"},
    {"code": "first_car", "title": "What was your first car?"},
]
PASSKEY_ID = "01a20371-7796-7131-bff1-726d59491d0f"
PASSKEY = {
    "id": PASSKEY_ID,
    "kind": "passkey",
    "name": "My laptop",
    "created_at": "2026-03-02T15:00:00Z",
    "used_at": "2026-03-03T15:00:00Z",
    "suspended_at": None,
}
STOPPED = {**PASSKEY, "id": PASSKEY_ID[:-1] + "e", "name": "Blue key", "suspended_at": "2026-03-04T15:00:00Z"}
CREATION = {
    "rp": {"id": "localhost", "name": "Wardenry"},
    "user": {"id": "aGFuZGxl", "name": "mmartin5", "displayName": "Mary Martin"},
    "challenge": "Y2hhbGxlbmdl",
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
    "excludeCredentials": [],
}
NEW_PASSKEY = {"id": PASSKEY_ID, "kind": "passkey", "name": "My laptop", "options": CREATION}
REQUEST = {"challenge": "Y2hhbGxlbmdl", "rpId": "localhost", "allowCredentials": [], "userVerification": "required"}
BY_PASSKEY = {
    "state": "passkey",
    "challenge": "p1",
    "challenge_secret": "secret-of-the-passkeys",
    "passkey_options": REQUEST,
}
DEVICE_ID, OTHER_DEVICE = "01a20371-7796-7131-bff1-00000000000d", "01a20371-7796-7131-bff1-00000000000e"
DEVICE = {
    "id": DEVICE_ID,
    "browser": "Firefox",
    "platform": "Windows",
    "address": "198.51.100.7",
    "country": "US",
    "trusted_at": "2026-03-02T15:00:00Z",
    "used_at": "2026-03-02T15:00:00Z",
    "expires_at": "2026-04-01T15:00:00Z",
}
CODES = [f"{number}-abcde-fghjk" for number in range(10)]
METHODS = [
    {"id": APP_ID, "kind": "totp", "hint": "My phone"},
    {"id": "m1", "kind": "email", "hint": "m•••@example.com"},
    {"id": "recovery_code", "kind": "recovery_code", "hint": "9"},
    {"id": "passkey", "kind": "passkey", "hint": "My laptop"},
]
WRONG = ProblemError(422, "code_wrong", errors=[FieldFault("/code", "code_wrong", "")])
STALE = ProblemError(403, "step_up_required")
_ME = "/api/identity/v1/me"


def with_second_steps(world: World) -> World:
    """Mary, signed in, with an app and recovery codes, and fresh enough to change them."""
    everybody(world)
    may_change_second_steps(world)
    world.sign_in()
    return world


def may_change_second_steps(world: World) -> None:
    """Whoever is signed in has them, and has just confirmed who they are."""
    api = world.api
    api.says("GET", f"{_ME}/authenticators", listed(APP, PASSKEY))
    api.says("GET", f"{_ME}/recovery-codes", {"left": 9, "made_at": "2026-03-02T15:00:00Z"})
    api.says("POST", f"{_ME}/authenticators", _begun)
    api.says("POST", f"{_ME}/authenticators/{PASSKEY_ID}/confirm", PASSKEY)
    api.says("POST", f"{_ME}/authenticators/{APP_ID}/confirm", APP)
    api.says("PATCH", f"{_ME}/authenticators/{APP_ID}", APP)
    api.says("DELETE", f"{_ME}/(authenticators/{APP_ID}|recovery-codes)", Answer(204, None, {}))
    api.says("PATCH", f"{_ME}/authenticators/{PASSKEY_ID}", PASSKEY)
    api.says("DELETE", f"{_ME}/authenticators/{PASSKEY_ID}", Answer(204, None, {}))
    api.says("POST", f"{_ME}/recovery-codes", {"codes": CODES})
    api.says("GET", f"{_ME}/security-questions", {"questions": ["birth_city", "first_pet"]})
    api.says("GET", f"{_ME}/devices", listed(DEVICE, {**DEVICE, "id": OTHER_DEVICE, "platform": "other"}))
    api.says("DELETE", f"{_ME}/devices(/.*)?", Answer(204, None, {}))
    api.says("GET", f"{_ME}/session", {"fresh_until": "2126-03-02T15:05:00Z"})
    api.says("POST", f"{_ME}/password", Answer(204, None, {}))
    api.says("PUT", f"{_ME}/security-questions", Answer(204, None, {}))
    api.says("GET", "/api/registration/v1/security-questions", listed(*QUESTIONS))


def gone_stale(world: World, *, methods: int = 4) -> World:
    """Their second step was too long ago, until they step up."""
    challenge = {"state": "second_step", "challenge": "c1", "challenge_secret": "secret-of-the-challenge"}
    api = world.api
    api.says("POST", f"{_ME}/(authenticators|recovery-codes|authenticators/.*/confirm)", STALE)
    api.says("PATCH", f"{_ME}/authenticators/.*", STALE)
    api.says("DELETE", f"{_ME}/(authenticators/.*|recovery-codes)", STALE)
    api.says("GET", f"{_ME}/session", {"fresh_until": "2020-03-02T15:05:00Z"})
    chosen = METHODS[1:2] if methods == 1 else METHODS[:methods]
    asked = {"passkey_options": REQUEST, "reason": "step_up"}
    api.says("POST", f"{_ME}/step-up", {**challenge, **asked, "methods": chosen})
    api.says("POST", f"{_ME}/step-up/c1/send", Answer(202, {"resend_after": 60}, {}))
    api.says("POST", f"{_ME}/step-up/c1/verify", {"acr": "a", "amr": [], "fresh_until": "2026-03-02T15:05:00Z"})
    return world


def _begun(call: Call) -> Answer:
    return Answer(201, NEW_PASSKEY if call.body["kind"] == "passkey" else NEW, {})
