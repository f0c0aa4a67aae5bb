"""An applicant at the browser, and registration's API as far as the wizard sees it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from services.portal.application.errors import ProblemError
from tests.unit.portal.fakes import Call, FakeApi
from tests.unit.portal.world import World

PRACTICES = {
    "123456789": ("State Medical Center", ["medical", "behavioral"], 2),
    "223344556": ("OGYAM GEORGE Y MD", ["medical"], 1),
    "987654321": ("Jane Doe MD", ["medical"], 0),
}
NEEDED = ("first_name", "last_name", "job_role", "phone", "email")
ACCOUNT = {
    "first_name": "Zoë",
    "last_name": "O’Brien-Núñez",
    "job_role": "billing_operations",
    "line1": "1 Main Street",
    "city": "Hartford",
    "state": "CT",
    "zip": "06101",
    "phone": "860-555-0142",
    "email": "zoe@example.com",
    "email_again": "Zoe@example.com",
    "language": "en",
    "user_id": "zoe.obrien",
    "password": "quiet-Falcon-orbits-9",
    "birth_month": "5",
    "birth_day": "17",
    "birth_year": "1984",
    "question_0": "first_pet",
    "answer_0": "Schnürli",
    "question_1": "birth_city",
    "answer_1": "St. Gallen",
}


@dataclass
class FakeRegistration:
    """Judges as registration does, in the places that a test looks at."""

    taken: set[str] = field(default_factory=lambda: {"mmartin5"})
    managed: set[str] = field(default_factory=set)
    submitted: list[dict[str, Any]] = field(default_factory=list)

    def join(self, api: FakeApi) -> None:
        api.says("GET", ".*/job-roles", _choices({"billing_operations": "Billing or revenue cycle: operations"}))
        questions = {"first_pet": "What was the name of your first pet?", "birth_city": "In what city were you born?"}
        api.says("GET", ".*/security-questions", _choices(questions))
        api.says("POST", ".*/registrations/preview", self.preview)
        api.says("POST", ".*/registrations", self.submit)
        api.says("POST", ".*/accounts/availability", self.availability)

    def preview(self, call: Call) -> dict[str, Any]:
        faults: list[tuple[str, str]] = []
        rows = [self._row(call.body, number, faults) for number in range(len(call.body.get("tins", ())))]
        if call.body.get("practice_type") == []:
            faults.append(("/practice_type", "practice_type_required"))
        if "profile" in call.body:
            faults += [(f"/profile/{name}", "required") for name in NEEDED if not call.body["profile"][name]]
        if call.body.get("user_id") in self.taken:
            faults.append(("/user_id", "user_id_taken"))
        if "password" in call.body and len(call.body["password"]) < 12:
            faults.append(("/password", "password_weak"))
        errors = [{"pointer": pointer, "code": code, "detail": ""} for pointer, code in faults]
        suggestions = ["mmartin580"] if call.body.get("user_id") in self.taken else []
        return {"tins": rows, "errors": errors, "suggestions": suggestions}

    def availability(self, call: Call) -> dict[str, Any]:
        free = call.body["user_id"] not in self.taken
        return {"available": free, "code": None if free else "user_id_taken", "suggestions": [] if free else ["m5"]}

    def submit(self, call: Call) -> dict[str, Any] | ProblemError:
        if call.body["user_id"] in self.taken:
            return ProblemError(409, "user_id_taken", members={"suggestions": ["mmartin580"]})
        self.submitted.append(call.body)
        rows = [self._row(call.body, number, []) for number in range(len(call.body.get("tins", ())))]
        requests = [
            {"tin": row["tin"], "line": row["line"], "state": "unconfirmed", "practice": row["name"]}
            | {"manager_count": row["manager_count"], "id": "00000000-0000-0000-0000-000000000001"}
            for row in rows
        ]
        return {"id": "reg-1", "user_id": call.body["user_id"], "requests": requests, "open_today": ["resources"]}

    def _row(self, body: dict[str, Any], number: int, faults: list[tuple[str, str]]) -> dict[str, Any]:
        given = body["tins"][number]
        tin = given["tin"].replace("-", "")
        if not (tin.isdecimal() and len(tin) == 9):
            faults.append((f"/tins/{number}/tin", "tin_invalid"))
            return {
                "tin": None,
                "associated": None,
                "name": None,
                "lines_offered": [],
                "line": None,
                "manager_count": 0,
            }
        name, lines, managers = PRACTICES.get(tin, (None, body["practice_type"], 0))
        offered = [line for line in lines if line in body["practice_type"]]
        line = given.get("line") or (offered[0] if len(offered) == 1 else None)
        if line is None:
            faults.append((f"/tins/{number}/line", "line_required"))
        managers = 1 if tin in self.managed else managers
        if managers and "nominate" in given:
            faults.append((f"/tins/{number}/nominate", "has_manager"))
        row = {"tin": tin, "associated": tin in PRACTICES, "name": name}
        return row | {"lines_offered": offered, "line": line, "manager_count": managers}


@dataclass
class Applicant:
    """Somebody who registers."""

    world: World
    registration: FakeRegistration

    def come_to_tins(self, *types: str) -> None:
        self.world.get("/register")
        assert self.world.post("/register", {"practice_type": list(types or ("medical",))}).status_code == 303
        self.world.get("/register/tins")

    def come_to_account(self, **row: str) -> None:
        self.come_to_tins()
        form = {"has_tin": "yes", "tin-0": "223344556", **row}
        assert self.world.post("/register/tins", form).location == "/register/account"
        self.world.get("/register/account")

    def come_to_review(self, **account: str) -> None:
        self.come_to_account()
        assert self.world.post("/register/account", {**ACCOUNT, **account}).location == "/register/review"
        self.world.get("/register/review")

    def register(self) -> None:
        self.come_to_review()
        assert self.world.post("/register/review").location == "/register/done"
        self.world.get("/register/done")


def _choices(titles: dict[str, str]) -> dict[str, Any]:
    return {"items": [{"code": code, "title": title} for code, title in titles.items()], "next": None}
