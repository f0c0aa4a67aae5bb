"""Every list comes page by page, each item once, whatever the page's size (`api.md`, Manner)."""

from __future__ import annotations

from typing import Any, Final

import pytest

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment
from tests.e2e.offices import ENT, JANE_DOE, OGYAM, STATE_MEDICAL, Staff
from tests.e2e.people import Person
from tests.e2e.refusals import faults

LISTS: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("manager", "/api/identity/v1/me/sessions", {}),
    ("manager", f"{ENT}/me/access", {}),
    ("manager", f"{ENT}/me/practices", {}),
    ("manager", f"{ENT}/users", {}),
    ("manager", f"{ENT}/users/secadm01/access", {}),
    ("manager", f"{ENT}/requests", {"state": "awaiting"}),
    ("manager", f"{ENT}/practices/{OGYAM}/managers", {}),
    ("manager", f"{ENT}/practices/{STATE_MEDICAL}/access", {}),
    ("manager", "/api/notify/v1/me/messages", {}),
    ("manager", "/api/audit/v1/history", {"tin": STATE_MEDICAL}),
    ("support", "/api/audit/v1/entries", {"subject": "practice/123456789"}),
    ("support", "/api/registration/v1/outreach", {}),
    ("support", f"/api/registration/v1/outreach/{JANE_DOE}", {}),
)


@pytest.fixture(scope="module")
def staff(deployment: Deployment, demo_password: str) -> Staff:
    made = Staff(deployment, demo_password)
    made.manager.sign_in()
    for number in range(2):
        applicant = Person(deployment, f"one.of.{'ab'[number]}.list")
        assert applicant.register([{"tin": STATE_MEDICAL, "line": "medical"}, {"tin": JANE_DOE}]).status_code == 201
        assert applicant.confirm().status_code == 204
        made.manager.waiting(applicant.user_id, STATE_MEDICAL)
    eventually(lambda: made.support.get(f"/api/registration/v1/outreach/{JANE_DOE}").status_code == 200)
    return made


def pages(person: Person, path: str, query: dict[str, str], limit: int) -> list[dict[str, Any]]:
    """All items, so many at a time."""
    items: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        answer = person.get(path, params=query | {"limit": str(limit)} | ({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        assert {"items", "next"} <= set(page)
        assert len(page["items"]) == limit or page["next"] is None
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


@pytest.mark.parametrize(("who", "path", "query"), LISTS, ids=[path for _, path, _ in LISTS])
def test_pages_are_the_whole(staff: Staff, who: str, path: str, query: dict[str, str]) -> None:
    person: Person = getattr(staff, who)
    whole = person.get(path, params=query | {"limit": "200"}).json()
    assert whole["next"] is None
    assert whole["items"]
    for limit in (1, 2):
        assert pages(person, path, query, limit) == whole["items"]
    assert person.get(path, params=query).json()["items"] == whole["items"][:50]


@pytest.mark.parametrize(("who", "path", "query"), LISTS, ids=[path for _, path, _ in LISTS])
def test_pages_have_bounds(staff: Staff, who: str, path: str, query: dict[str, str]) -> None:
    person: Person = getattr(staff, who)
    for limit in ("0", "201", "many"):
        assert [pointer for pointer, _ in faults(person.get(path, params=query | {"limit": limit}))] == ["/limit"]
    assert faults(person.get(path, params=query | {"cursor": "x"})) == [("/cursor", "cursor_invalid")]
    assert faults(person.get(f"{path}?limit=1&limit=2")) == [("/limit", "repeated")]


@pytest.mark.parametrize(
    "typed", ["zoe", "ZOË", "o'brien", "O’Brien", "obrien", "o\u00b4brien-nu", "zoë O`Brien", "one.of.a"]
)
def test_names_are_found_as_people_type_them__ENT_6(staff: Staff, typed: str) -> None:
    found = staff.manager.get(f"{ENT}/users", params={"query": typed, "limit": "200"}).json()["items"]
    assert "one.of.a.list" in {each["user_id"] for each in found}


@pytest.mark.parametrize("typed", ["%", "_", "%oe", "z_e", "\\", "one.of.a.list%", "nobody"])
def test_no_sign_stands_for_others__ENT_6(staff: Staff, typed: str) -> None:
    assert staff.manager.get(f"{ENT}/users", params={"query": typed}).json()["items"] == []
