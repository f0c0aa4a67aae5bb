"""User ID, password, date of birth, answers: each refusal with its reason, and nothing taken (REG-6 to REG-8)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

import httpx
import pytest

from tests.e2e.deployments import Deployment
from tests.e2e.people import Person, registration
from tests.e2e.refusals import faults, refused

SUBMIT: Final = "/api/registration/v1/registrations"
PREVIEW: Final = f"{SUBMIT}/preview"
AVAILABILITY: Final = "/api/identity/v1/accounts/availability"
TIN: Final = "223344556"

Submit = Callable[..., httpx.Response]

INVALID_IDS: Final = (
    "short",
    "a" * 33,
    "1beginner",
    ".beginner",
    "_beginner",
    "with blank",
    "with@sign",
    "ünicode",
    "emoji😀id",
    "slash/id",
)
RESERVED_IDS: Final = ("administrator", "Administrator", "support", "wardenry", "wardenry-support")

WEAK: Final = {
    "eleven-char": "short",
    "a1B2" * 33: "long",
    "passwordpassword": "known",
    "Password1234!": "known",
    "qwertyuiop12": "known",
    "aaaaaaaaaaaa": "known",
    "my-weak.words-dear": "user ID",
    "MY-WEAK.WORDS-DEAR": "user ID",
    "the-great-obrien-núñez": "name",
    "zoë-was-here-again": "name",
    "I-like-weak.mail-best": "e-mail",
    "my-wardenry-secret": "product",
}

TODAY: Final = datetime.now(UTC).date()


def years_ago(years: int, days: int = 0) -> str:
    day = 28 if (TODAY.month, TODAY.day) == (2, 29) else TODAY.day
    return date.fromordinal(date(TODAY.year - years, TODAY.month, day).toordinal() + days).isoformat()


@pytest.fixture
def submit(deployment: Deployment) -> Iterator[Submit]:
    with httpx.Client(timeout=30) as http:

        def post(user_id: str = "weak.words", path: str = SUBMIT, **changes: Any) -> httpx.Response:
            body = registration(user_id, [{"tin": TIN}])
            body["profile"]["email"] = "weak.mail@example.com"
            return http.post(deployment.url(path), json=body | changes)

        yield post


@pytest.fixture
def ask(deployment: Deployment) -> Iterator[Callable[[str], dict[str, Any]]]:
    with httpx.Client(timeout=30) as http:

        def about(user_id: str) -> dict[str, Any]:
            answer = http.post(deployment.url(AVAILABILITY), json={"user_id": user_id})
            assert answer.status_code == 200, answer.text
            result: dict[str, Any] = answer.json()
            return result

        yield about


@pytest.mark.parametrize("user_id", INVALID_IDS)
def test_malformed_user_ids__REG_6(submit: Submit, ask: Any, user_id: str) -> None:
    answer = submit(user_id)
    assert faults(answer) == [("/user_id", "user_id_invalid")]
    assert len(answer.json()["suggestions"]) == 3
    told = ask(user_id)
    assert (told["available"], told["code"]) == (False, "user_id_invalid")
    assert len(told["suggestions"]) == 3


@pytest.mark.parametrize("user_id", RESERVED_IDS)
def test_reserved_user_ids__REG_6(submit: Submit, ask: Any, user_id: str) -> None:
    assert faults(submit(user_id)) == [("/user_id", "user_id_reserved")]
    assert ask(user_id)["code"] == "user_id_reserved"


@pytest.mark.parametrize("user_id", ["mmartin5", "MMartin5", "MMARTIN5", "\uff4d\uff4d\uff41\uff52\uff54\uff49\uff4e5"])
def test_a_taken_user_id_is_taken_in_every_case__REG_6(submit: Submit, ask: Any, user_id: str) -> None:
    problem = refused(submit(user_id), 409, "user_id_taken")
    assert len(set(problem["suggestions"])) == 3
    assert all(ask(suggestion)["available"] for suggestion in problem["suggestions"])
    told = ask(user_id)
    assert (told["available"], told["code"], len(told["suggestions"])) == (False, "user_id_taken", 3)


def test_a_taken_user_id_stands_among_the_faults__REG_6(submit: Submit) -> None:
    answer = submit("mmartin5", date_of_birth="1850-01-01")
    assert set(faults(answer)) == {("/user_id", "user_id_taken"), ("/date_of_birth", "date_of_birth_invalid")}
    assert len(answer.json()["suggestions"]) == 3


def test_a_suggestion_can_be_had__REG_6(deployment: Deployment, submit: Submit, ask: Any) -> None:
    suggestion = refused(submit("ssmith1234"), 409, "user_id_taken")["suggestions"][0]
    applicant = Person(deployment, suggestion.upper())
    made = applicant.register([{"tin": TIN}])
    assert made.status_code == 201, made.text
    assert made.json()["user_id"] == suggestion
    assert ask(suggestion)["code"] == "user_id_taken"
    refused(submit(suggestion), 409, "user_id_taken")


@pytest.mark.parametrize(("password", "reason"), WEAK.items(), ids=WEAK.values())
def test_weak_passwords_and_why__REG_7(submit: Submit, ask: Any, password: str, reason: str) -> None:
    answer = submit(password=password)
    assert faults(answer) == [("/password", "password_weak")]
    assert reason in answer.json()["errors"][0]["detail"]
    assert password not in answer.text
    assert ask("weak.words")["available"] is True


@pytest.mark.parametrize(
    "password", ["ein Pferd im Flur😀", "a" * 9 + "-x9", "ほうれん草が大好きな猫たちの"], ids=["a", "b", "c"]
)
def test_passwords_of_any_script_pass__REG_7(submit: Submit, password: str) -> None:
    answer = submit(path=PREVIEW, password=password)
    assert answer.json()["errors"] == []


@pytest.mark.parametrize(
    "born",
    [
        years_ago(18, 1),
        years_ago(121, 0),
        years_ago(0, 1),
        "1984-02-30",
        "1984-2-3",
        "19840203",
        "03/02/1984",
        "1984-02-03T00:00:00Z",
        "0000-00-00",
        "1984-W05-5",
    ],
)
def test_dates_of_birth_have_limits__REG_8(submit: Submit, born: str) -> None:
    assert faults(submit(date_of_birth=born)) == [("/date_of_birth", "date_of_birth_invalid")]


@pytest.mark.parametrize("born", [years_ago(18), years_ago(121, 1), "1984-02-29"])
def test_dates_of_birth_at_the_limits_pass__REG_8(submit: Submit, born: str) -> None:
    assert submit(path=PREVIEW, date_of_birth=born).json()["errors"] == []


PET, CITY = {"question": "first_pet", "answer": "Rex"}, {"question": "birth_city", "answer": "Bern"}


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ([], ["/security_answers"]),
        ([PET], ["/security_answers"]),
        ([PET, CITY, PET], ["/security_answers", "/security_answers/2/question"]),
        ([PET, PET], ["/security_answers/1/question"]),
        ([PET, CITY | {"question": "favourite_colour"}], ["/security_answers/1/question"]),
        ([PET, CITY | {"answer": "  "}], ["/security_answers/1/answer"]),
        ([PET, CITY | {"answer": "x" * 101}], ["/security_answers/1/answer"]),
    ],
)
def test_two_different_questions_are_answered__REG_8(
    submit: Submit, answers: list[dict[str, str]], found: list[str]
) -> None:
    assert sorted(pointer for pointer, _ in faults(submit(security_answers=answers))) == found


def test_there_are_ten_questions__REG_8(deployment: Deployment) -> None:
    told = httpx.get(deployment.url("/api/registration/v1/security-questions")).json()
    assert len(told["items"]) >= 10
    assert set(told["items"][0]) == {"code", "title"}
    roles = httpx.get(deployment.url("/api/registration/v1/job-roles")).json()
    assert (len(roles["items"]), roles["next"]) == (19, None)
