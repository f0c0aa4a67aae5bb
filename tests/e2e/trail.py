"""A journey that uses every secret there is, right ones and wrong ones, and writes down each."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Embedded
from tests.e2e.offices import ENT, JANE_DOE, OGYAM, STATE_MEDICAL, Applicant, Staff, change, put
from tests.e2e.people import Person

IDENTITY: Final = "/api/identity/v1"
ANSWERS: Final = ("Schnürlifax Zwölf", "Sankt Gallenkappel")
BIRTH: Final = "1984-05-17"
TYPED_BY_MISTAKE: Final = "my-Password-in-the-wrong-field-7"
UNASSOCIATED: Final = "112233445"


@dataclass
class Trail:
    """What was used; `tins` are the practices' numbers, `personal` what is the applicant's own."""

    deployment: Embedded
    secrets: dict[str, str] = field(default_factory=dict)
    codes: list[str] = field(default_factory=list)
    personal: tuple[str, ...] = ("Zoë", "O’Brien-Núñez", "leaves.a.trail@example.com", "+18605550142", "1 Main Street")
    tins: tuple[str, ...] = (STATE_MEDICAL, OGYAM, JANE_DOE, UNASSOCIATED)

    @property
    def data(self) -> Path:
        return self.deployment.data

    @property
    def log(self) -> str:
        """Everything that the process has logged."""
        return (self.data.parent / "up.log").read_text(encoding="utf-8")


def walked(deployment: Embedded) -> Trail:
    """Register, confirm, sign in, ask, decide, look; with mistakes on the way."""
    trail = Trail(deployment)
    staff = Staff(deployment, deployment.password)
    applicant = Applicant(deployment, "leaves.a.trail")
    trail.secrets |= {"password": applicant.password, "wrong password": "never-the-Right-one-4711"}
    trail.secrets |= {f"answer {number}": answer for number, answer in enumerate(ANSWERS)}
    trail.secrets |= {"typed by mistake": TYPED_BY_MISTAKE, "demo password": deployment.password}
    _register(applicant, trail)
    _sign_in(applicant, trail)
    _decide(applicant, staff)
    for person in (applicant, *vars(staff).values()):
        trail.secrets |= {f"{person.user_id} {name}": person.tokens[name] for name in ("access_token", "refresh_token")}
    first = applicant.tokens["refresh_token"]
    assert applicant.refresh().status_code == 200
    trail.secrets |= {f"second {name}": applicant.tokens[name] for name in ("access_token", "refresh_token")}
    staff.support.get("/api/audit/v1/history", params={"reason": "a look round"})
    staff.manager.get("/api/audit/v1/history.xlsx", params={"tin": STATE_MEDICAL})
    applicant.tokens["refresh_token"] = first
    applicant.refresh()
    staff.processor.post(f"{IDENTITY}/sign-out")
    eventually(lambda: "refresh_reuse" in applicant.notices())
    return trail


def _register(applicant: Applicant, trail: Trail) -> None:
    questions = ("first_pet", "birth_city")
    form: dict[str, Any] = {
        "security_answers": [
            {"question": question, "answer": answer} for question, answer in zip(questions, ANSWERS, strict=True)
        ],
        "date_of_birth": BIRTH,
    }
    nominee = {"first_name": "Ada", "last_name": "Poe", "email": "ada.poe@example.com"}
    rows: list[dict[str, Any]] = [
        {"tin": STATE_MEDICAL, "line": "medical"},
        {"tin": OGYAM},
        {"tin": JANE_DOE, "nominate": nominee},
        {"tin": UNASSOCIATED},
    ]
    refused = applicant.register(rows, **form, practice_type=["dental"])
    assert refused.status_code == 422
    for tin in trail.tins:
        applicant.get(f"/api/registration/v1/practices/{tin}")
    made = applicant.register(rows, **form)
    assert made.status_code == 201, made.text
    code = applicant.code("confirm_email")
    trail.codes += [code, f"{(int(code) + 1) % 1_000_000:06}"]
    applicant.post(f"{IDENTITY}/accounts/{applicant.user_id}/confirm", {"code": trail.codes[1]})
    applicant.post(f"{IDENTITY}/accounts/{TYPED_BY_MISTAKE}/confirm", {"code": trail.codes[1]})
    assert applicant.post(f"{IDENTITY}/accounts/{applicant.user_id}/confirm", {"code": code}).status_code == 204


def _sign_in(applicant: Applicant, trail: Trail) -> None:
    path = f"{IDENTITY}/sign-in"
    wrong = trail.secrets["wrong password"]
    applicant.post(path, {"user_id": applicant.user_id, "password": wrong})
    applicant.post(path, {"user_id": TYPED_BY_MISTAKE, "password": wrong})
    applicant.post(f"{IDENTITY}/accounts/availability", {"user_id": TYPED_BY_MISTAKE})
    begun = applicant.post(path, {"user_id": applicant.user_id, "password": applicant.password}).json()
    trail.secrets["challenge secret"] = begun["challenge_secret"]
    applicant.sign_in()
    trail.codes.append(applicant.code("sign_in_code"))


def _decide(applicant: Applicant, staff: Staff) -> None:
    request = staff.manager.waiting(applicant.user_id, STATE_MEDICAL)["id"]
    gift = change("processor", "claim_status", "patient_coverage")
    assert put(staff.manager, applicant.user_id, gift, request_id=request).status_code == 200
    assert put(staff.manager, applicant.user_id, change("processor", "claim_status")).status_code == 200
    other = staff.other_manager.waiting(applicant.user_id, OGYAM)["id"]
    declined = staff.other_manager.post(f"{ENT}/requests/{other}/decline", {"reason": "not of our staff"})
    assert declined.status_code == 200
    removed = staff.manager.call("DELETE", f"{ENT}/users/{applicant.user_id}/access", headers={"If-Match": "*"})
    assert removed.status_code == 200, removed.text
    wanted = {"request_approved", "request_declined", "access_changed", "access_removed"}
    eventually(lambda: wanted <= set(applicant.notices()))
    _appoint_another(staff)


def _appoint_another(staff: Staff) -> None:
    """A second manager comes and goes: managers are told."""
    gift = change("primary", tin=OGYAM)
    assert put(staff.manager, staff.processor.user_id, gift).status_code == 200
    back = change("processor", "claim_status", tin=OGYAM)
    assert put(staff.other_manager, staff.processor.user_id, back).status_code == 200


def deployed(folder: Path) -> Embedded:
    """A Wardenry that logs all it ever logs."""
    deployment = Embedded(folder / "data")
    os.environ["WARDENRY_LOG_LEVEL"] = "INFO"
    try:
        deployment.start()
    finally:
        del os.environ["WARDENRY_LOG_LEVEL"]
    return deployment


def people(trail: Trail) -> list[Person]:
    """Everybody with a mailbox."""
    names = ("leaves.a.trail", "mmartin5", "geogym1", "ssmith1234", "secadm01", "audit001", "support1")
    return [Person(trail.deployment, name) for name in names]
