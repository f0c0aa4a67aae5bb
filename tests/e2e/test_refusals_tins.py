"""The TIN step, whole: what is refused, in which words, and what is accepted all the same (REG-1 to REG-4, REG-11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

import httpx
import pytest

from tests.e2e.deployments import Deployment
from tests.e2e.people import Person, registration
from tests.e2e.refusals import faults

PREVIEW: Final = "/api/registration/v1/registrations/preview"
SUBMIT: Final = "/api/registration/v1/registrations"
STATE_MEDICAL, OGYAM, JANE_DOE, UNKNOWN = "123456789", "223344556", "987654321", "112233445"
DENTAL = "310000033"
FULL_WIDTH = "123456789".translate({digit: digit + 0xFEE0 for digit in range(ord("0"), ord(":"))})

Row = dict[str, Any]
Ask = Callable[..., httpx.Response]
EVERY_LINE: Final = ["medical", "behavioral", "dental"]


@pytest.fixture
def submit(deployment: Deployment) -> Iterator[Ask]:
    """Submits a form of these rows; the tests of this file let none succeed."""
    with httpx.Client(timeout=30) as http:

        def ask(*rows: Row, path: str = SUBMIT, **changes: Any) -> httpx.Response:
            return http.post(deployment.url(path), json=registration("tin.step", list(rows), **changes))

        yield ask


@pytest.fixture
def previewed(submit: Ask) -> Callable[..., dict[str, Any]]:
    def ask(*rows: Row, **changes: Any) -> dict[str, Any]:
        answer = submit(*rows, path=PREVIEW, **changes)
        assert answer.status_code == 200, answer.text
        result: dict[str, Any] = answer.json()
        return result

    return ask


@pytest.mark.parametrize("tin", ["12345678", "1234567890", "12345678a", FULL_WIDTH, "123_456_789", "12.3456789"])
def test_a_tin_has_nine_digits__REG_2(submit: Ask, tin: str) -> None:
    assert faults(submit({"tin": OGYAM}, {"tin": tin})) == [("/tins/1/tin", "tin_invalid")]


def test_twice_the_same_is_told_by_row__REG_2(submit: Ask) -> None:
    rows = [{"tin": OGYAM}, {"tin": JANE_DOE}, {"tin": "22-3344556"}, {"tin": " 223 344 556 "}]
    assert faults(submit(*rows)) == [("/tins/2/tin", "tin_duplicate"), ("/tins/3/tin", "tin_duplicate")]


def test_fifty_are_many_enough__REG_2(submit: Ask, previewed: Callable[..., dict[str, Any]]) -> None:
    rows = [{"tin": f"{400_000_000 + number}"} for number in range(52)]
    assert faults(submit(*rows)) == [("/tins/50", "too_many_tins"), ("/tins/51", "too_many_tins")]
    review = previewed(*rows[:50])
    assert (review["errors"], len(review["tins"])) == ([], 50)


@pytest.mark.parametrize(
    "tin", ["12-3456789", "123 45 6789", "  123456789 ", "1-2-3-4-5-6-7-8-9", "123\u2011456\u2011789"]
)
def test_dashes_and_blanks_are_form__REG_2(previewed: Callable[..., dict[str, Any]], tin: str) -> None:
    review = previewed({"tin": tin, "line": "medical"})
    assert review["errors"] == []
    (row,) = review["tins"]
    assert (row["tin"], row["name"], row["line"]) == (STATE_MEDICAL, "State Medical Center", "medical")
    assert row["manager_count"] >= 1


def test_an_unassociated_tin_is_accepted__REG_2(deployment: Deployment) -> None:
    applicant = Person(deployment, "unassociated.tin")
    told = applicant.get(f"/api/registration/v1/practices/{UNKNOWN}").json()
    assert told == {"tin": UNKNOWN, "associated": False, "name": None, "lines": []}
    review = applicant.post(PREVIEW, {"practice_type": ["medical"], "tins": [{"tin": UNKNOWN}]}).json()
    assert review["errors"] == []
    assert [(row["associated"], row["lines_offered"]) for row in review["tins"]] == [(False, ["medical"])]
    made = applicant.register([{"tin": "11-2233445", "nominate": "self"}])
    assert made.status_code == 201, made.text
    (request,) = made.json()["requests"]
    assert (request["tin"], request["line"], request["practice"], request["manager_count"]) == (
        UNKNOWN,
        "medical",
        None,
        0,
    )


def test_the_preferred_line_is_picked__REG_4(submit: Ask, previewed: Callable[..., dict[str, Any]]) -> None:
    answer = submit({"tin": STATE_MEDICAL}, {"tin": UNKNOWN}, practice_type=EVERY_LINE)
    assert faults(answer) == [("/tins/0/line", "line_required"), ("/tins/1/line", "line_required")]
    review = previewed({"tin": STATE_MEDICAL}, practice_type=EVERY_LINE)
    assert review["tins"][0]["lines_offered"] == ["medical", "behavioral"]
    assert [(each["pointer"], each["code"]) for each in review["errors"]] == [("/tins/0/line", "line_required")]


@pytest.mark.parametrize(
    ("row", "practice_type"),
    [
        ({"tin": STATE_MEDICAL}, ["dental"]),
        ({"tin": STATE_MEDICAL, "line": "dental"}, ["medical", "dental"]),
        ({"tin": STATE_MEDICAL, "line": "behavioral"}, ["medical"]),
        ({"tin": OGYAM, "line": "Medical"}, ["medical"]),
        ({"tin": OGYAM, "line": "surgery"}, ["medical"]),
        ({"tin": DENTAL}, ["medical", "behavioral"]),
        ({"tin": UNKNOWN, "line": "dental"}, ["medical"]),
    ],
)
def test_only_lines_on_offer__REG_4(submit: Ask, row: Row, practice_type: list[str]) -> None:
    assert faults(submit(row, practice_type=practice_type)) == [("/tins/0/line", "line_not_offered")]


def test_one_line_is_implied__REG_4(previewed: Callable[..., dict[str, Any]]) -> None:
    review = previewed({"tin": OGYAM}, {"tin": DENTAL}, practice_type=EVERY_LINE)
    assert [(row["line"], row["lines_offered"]) for row in review["tins"]] == [
        ("medical", ["medical"]),
        ("dental", ["dental"]),
    ]


@pytest.mark.parametrize(("given", "code"), [([], "practice_type_required"), (["x"], "practice_type_unknown")])
def test_a_practice_type_is_chosen__REG_1(submit: Ask, given: list[str], code: str) -> None:
    assert code in {found for _, found in faults(submit({"tin": OGYAM}, practice_type=given))}


def test_tins_or_none__REG_3(submit: Ask, deployment: Deployment) -> None:
    assert faults(submit()) == [("/tins", "tins_required")]
    assert faults(submit(no_tin=False)) == [("/tins", "tins_required")]
    assert faults(submit({"tin": OGYAM}, no_tin=True)) == [("/no_tin", "no_tin_with_tins")]
    applicant = Person(deployment, "without.a.tin")
    made = applicant.register([], no_tin=True)
    assert made.status_code == 201, made.text
    assert (made.json()["requests"], made.json()["open_today"]) == ([], ["resources"])
    assert applicant.confirm().status_code == 204
    applicant.sign_in()
    assert applicant.post("/api/entitlements/v1/check", {"user_id": applicant.user_id, "function": "resources"}).json()[
        "allowed"
    ]
    assert applicant.check("claim_status", OGYAM)["allowed"] is False


def test_a_nomination_needs_a_tin_without_manager__REG_11(submit: Ask) -> None:
    nominee = {"first_name": "Ada", "last_name": "Poe", "email": "ada@example.com"}
    assert faults(submit({"tin": OGYAM, "nominate": "self"})) == [("/tins/0/nominate", "has_manager")]
    for wrong, found in (
        ("me", [("/tins/0/nominate", "nominate_invalid")]),
        (nominee | {"email": "ada"}, [("/tins/0/nominate/email", "email_invalid")]),
        (nominee | {"first_name": "A\nda"}, [("/tins/0/nominate/first_name", "control_characters")]),
        (nominee | {"last_name": 7}, [("/tins/0/nominate/last_name", "invalid")]),
        (nominee | {"title": "Dr"}, [("/tins/0/nominate/title", "unknown_field")]),
        ({"email": "ada@example.com"}, [(f"/tins/0/nominate/{name}_name", "required") for name in ("first", "last")]),
    ):
        assert faults(submit({"tin": JANE_DOE, "nominate": wrong})) == found
