"""Somebody who forgot a password, at the browser, and identity's recovery as far as the steps see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.fakes import Call
from tests.unit.portal.world import World

BEGIN = "/forgot-password"
SECRET = "secret-of-the-recovery"
EMAIL = {"id": "email", "kind": "email", "hint": "•••"}
PHONE = {"id": "sms", "kind": "sms", "hint": "•••0142"}
ANY_PHONE = {"id": "sms", "kind": "sms", "hint": "•••"}
BORN = {"birth_month": "5", "birth_day": "17", "birth_year": "1984"}
PROOFS = {**BORN, "question": "first_pet", "answer": "Schnürli"}
NEW = {"new_password": "brisk-Willow-anchors-4"}
RECOVERY = "/api/identity/v1/recovery"


def refusal(*codes: tuple[str, str]) -> ProblemError:
    return ProblemError(422, codes[0][1], errors=[FieldFault(pointer, code, "") for pointer, code in codes])


WRONG = refusal(("/code", "code_wrong"), ("/date_of_birth", "code_wrong"), ("/answer/text", "code_wrong"))
EXPIRED = refusal(("/code", "code_expired"))


@dataclass
class Forgetful:
    """Identity begins a new challenge, `c1` and on, for each form."""

    world: World
    methods: list[dict[str, str]] = field(default_factory=lambda: [EMAIL])
    begun: dict[str | None, str] = field(default_factory=dict)

    def join(self) -> Forgetful:
        api = self.world.api
        questions = [{"code": "first_pet", "title": "What was the name of your first pet?"}]
        api.says("GET", ".*/security-questions", {"items": questions, "next": None})
        api.says("POST", f"{RECOVERY}/password", self.challenge_of)
        api.says("POST", f"{RECOVERY}/.*/send", Answer(202, {"resend_after": 60}, {}))
        api.says("POST", f"{RECOVERY}/.*/verify", Answer(204, None, {}))
        api.says("POST", f"{RECOVERY}/[^/]+/password", Answer(204, None, {}))
        return self

    def challenge_of(self, call: Call) -> dict[str, Any]:
        challenge = self.begun.setdefault(call.form_key, f"c{len(self.begun) + 1}")
        return {"challenge": challenge, "challenge_secret": SECRET, "methods": self.methods}

    def come_to_code(self, user_id: str = "zoe.obrien") -> str:
        self.world.get(BEGIN)
        return self._on(BEGIN, {"user_id": user_id})

    def come_to_proofs(self) -> str:
        return self._on(self.come_to_code(), {"code": "123 456", "go": "next"})

    def come_to_password(self) -> str:
        return self._on(self.come_to_proofs(), PROOFS)

    def _on(self, path: str, form: dict[str, str]) -> str:
        location: str = self.world.post(path, form).location
        assert self.world.get(location).status_code == 200, location
        return location
