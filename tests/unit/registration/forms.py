"""The form of an applicant who does everything right, and parts of it that are wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from services.registration.domain.catalogue import Catalogue
from services.registration.domain.form import AnswerEntry, Credentials, Form, NomineeEntry, TinEntry
from services.registration.domain.lines import Line, lines_written
from services.registration.domain.practices import Practice
from services.registration.domain.review import Directory, Review, ReviewRules, review

STATE_MEDICAL, OGYAM, DOE, UNKNOWN = "123456789", "223344556", "987654321", "112233445"

RULES = ReviewRules(
    Catalogue(
        job_roles={"physician": "Physician", "billing_operations": "Billing"},
        security_questions={"first_pet": "Pet?", "birth_city": "City?", "first_car": "Car?"},
    ),
    most_tins=50,
)
PRACTICES = {
    STATE_MEDICAL: Practice(STATE_MEDICAL, "State Medical Center", lines_written("medical;behavioral"), 1),
    OGYAM: Practice(OGYAM, "OGYAM GEORGE Y MD", lines_written("medical"), 1),
    DOE: Practice(DOE, "Jane Doe MD", lines_written("medical"), 1),
}
DIRECTORY = Directory(PRACTICES, {(STATE_MEDICAL, Line.MEDICAL): frozenset({"mmartin5"})})
PROFILE = {
    "first_name": "Zoë",
    "middle_initial": "Q",
    "last_name": "O’Brien-Núñez",
    "job_role": "physician",
    "phone": "860-555-0142",
    "email": "zoe@example.com",
}
ADDRESS = {"line1": "1 Main Street", "city": "Hartford", "state": "CT", "zip": "06101"}
CREDENTIALS = Credentials(
    user_id="Zoe.Obrien",
    password="quiet-Falcon-orbits-9",
    date_of_birth="1984-05-17",
    security_answers=(AnswerEntry("first_pet", "Schnürli"), AnswerEntry("birth_city", "St. Gallen")),
)
WHOLE = Form(
    practice_type=("medical",),
    tins=(TinEntry(OGYAM),),
    profile=PROFILE,
    address=ADDRESS,
    credentials=CREDENTIALS,
)


def tins(*entries: str | TinEntry, practice_type: tuple[str, ...] = ("medical",)) -> Form:
    rows = tuple(entry if isinstance(entry, TinEntry) else TinEntry(entry) for entry in entries)
    return replace(WHOLE, tins=rows, practice_type=practice_type)


def with_profile(**changes: str | None) -> Form:
    return replace(WHOLE, profile={**PROFILE, **changes})


def with_address(**changes: str | None) -> Form:
    return replace(WHOLE, address={**ADDRESS, **changes})


def nominating(first_name: str = "Ana", last_name: str = "Lee", email: str = "ana@example.com") -> NomineeEntry:
    return NomineeEntry(myself=False, other={"first_name": first_name, "last_name": last_name, "email": email})


def reviewed(form: Form, *, whole: bool = True, **changes: Any) -> Review:
    return review(form, replace(DIRECTORY, **changes), RULES, whole=whole)


def faults(form: Form, *, whole: bool = True, **changes: Any) -> list[tuple[str, str]]:
    """The pointers and codes of what is wrong."""
    return [(fault.pointer, fault.code) for fault in reviewed(form, whole=whole, **changes).faults]
