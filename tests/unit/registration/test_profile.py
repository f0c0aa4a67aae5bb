"""REG-5: names in any script, addresses, telephones, e-mail; REG-8's choice of questions; REG-11's nominee."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registration.domain.form import AnswerEntry, NomineeEntry, TinEntry
from services.registration.domain.nominations import Nominated, Nominee
from services.registration.domain.profile import Profile
from services.registration.domain.texts import person_name
from services.registration.domain.values import RefusedError
from tests.unit.registration.forms import (
    CREDENTIALS,
    DOE,
    STATE_MEDICAL,
    WHOLE,
    faults,
    nominating,
    reviewed,
    tins,
    with_address,
    with_profile,
)

ZWJ = "\u200d"


def profile_of(**changes: str | None) -> Profile:
    found = reviewed(with_profile(**changes))
    assert found.profile is not None, found.faults
    return found.profile


@pytest.mark.parametrize(
    "name",
    [
        "O'Brien",
        "O’Brien",
        "D`Souza",
        "Núñez-García",
        "van der Berg",
        "李",
        "Мария",
        "محمد",
        "प्रिया",
        "Nguyễn",
        "Ng",
        "St. John",
        f"क्{ZWJ}ष",
    ],
)
def test_names_have_letters_of_any_script_apostrophes_hyphens_and_blanks__REG_5(name: str) -> None:
    assert profile_of(last_name=name).last_name == name


@pytest.mark.parametrize(
    "name",
    [
        "Mary\x00",
        "Mary\nBcc: x@y.example",
        "Ma\try",
        "Mary\x7f",
        "Ma\x85ry",
        "Mary\u2028",
        "\u202eyraM",
        "Mary1",
        "Mary<b>",
        "=cmd",
        "-",
        "' '",
        "Ma\ud800",
    ],
)
def test_control_characters_and_what_is_no_name_are_refused__REG_5(name: str) -> None:
    (fault,) = faults(with_profile(first_name=name))
    assert fault[0] == "/profile/first_name"
    assert fault[1] in {"control_characters", "name_invalid"}


def test_names_are_kept_composed_and_trimmed__REG_5() -> None:
    assert profile_of(first_name="  Zoe\u0308 ").first_name == "Zoë"


def test_names_have_a_greatest_length__REG_5() -> None:
    assert faults(with_profile(first_name="a" * 60)) == []
    assert faults(with_profile(first_name="a" * 61)) == [("/profile/first_name", "too_long")]


@given(st.text(max_size=80))
def test_no_accepted_name_can_break_a_line_or_hide_another__REG_5(text: str) -> None:
    try:
        name = person_name(text)
    except RefusedError:
        return
    assert len(name.splitlines()) == 1
    assert name.replace("\u200c", "").replace(ZWJ, "").isprintable()


@pytest.mark.parametrize(
    ("given_", "kept"), [("q", "q"), ("Q.", "Q"), ("É", "É"), ("", None), (" ", None), (None, None)]
)
def test_a_middle_initial_is_one_letter_or_left_out__REG_5(given_: str | None, kept: str | None) -> None:
    assert profile_of(middle_initial=given_).middle_initial == kept


@pytest.mark.parametrize("text", ["QR", "1", ".", "Q" + "\u0301" * 40])
def test_other_middle_initials_are_refused__REG_5(text: str) -> None:
    assert faults(with_profile(middle_initial=text)) == [("/profile/middle_initial", "initial_invalid")]


def test_every_field_that_is_needed_is_asked_for__REG_5() -> None:
    empty = replace(WHOLE, profile={}, address={})
    needed = ["first_name", "last_name", "job_role"]
    needed += ["address/line1", "address/city", "address/state", "address/zip", "phone", "email"]
    assert faults(empty) == [(f"/profile/{name}", "required") for name in needed]
    assert faults(replace(WHOLE, address=None)) == [("/profile/address", "required")]
    assert faults(replace(WHOLE, profile=None, address=None)) == [("/profile", "required")]


def test_in_a_preview_only_what_was_sent_is_judged__REG_9() -> None:
    part = replace(WHOLE, profile={"first_name": "", "phone": "1"}, address=None, practice_type=None, tins=None)
    assert faults(part, whole=False) == [("/profile/first_name", "required"), ("/profile/phone", "phone_invalid")]


def test_the_job_role_is_one_of_the_list__REG_5() -> None:
    assert faults(with_profile(job_role="astronaut")) == [("/profile/job_role", "job_role_unknown")]


@pytest.mark.parametrize(("text", "kept"), [("ct", "CT"), (" PR ", "PR"), ("DC", "DC"), ("AE", "AE")])
def test_states_are_two_letters__REG_5(text: str, kept: str) -> None:
    found = reviewed(with_address(state=text)).profile
    assert found is not None
    assert found.address.state == kept


@pytest.mark.parametrize("text", ["Connecticut", "XX", "C"])
def test_other_states_are_refused__REG_5(text: str) -> None:
    assert faults(with_address(state=text)) == [("/profile/address/state", "state_unknown")]


@pytest.mark.parametrize(
    ("text", "kept"), [("06101", "06101"), ("06101-1234", "06101-1234"), ("061011234", "06101-1234")]
)
def test_zip_or_zip_plus_4__REG_5(text: str, kept: str) -> None:
    found = reviewed(with_address(zip=text)).profile
    assert found is not None
    assert found.address.zip == kept


@pytest.mark.parametrize("text", ["0610", "06101-", "06101-12", "SW1A 1AA", "\uff10\uff16\uff11\uff10\uff11"])
def test_other_zip_codes_are_refused__REG_5(text: str) -> None:
    assert faults(with_address(zip=text)) == [("/profile/address/zip", "zip_invalid")]


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("860-555-0142", "+18605550142"),
        ("(860) 555 0142", "+18605550142"),
        ("+1 860.555.0142", "+18605550142"),
        ("+44 20 7946 0018", "+442079460018"),
    ],
)
def test_phones_are_kept_as_e164__REG_5(text: str, kept: str) -> None:
    assert profile_of(phone=text, mobile=text).phone == kept
    assert profile_of(phone=text, mobile=text).mobile == kept


@pytest.mark.parametrize("text", ["5550142", "911", "phone", "+1", "1" * 300, "860-555-0142 x12", "+999 1234567"])
def test_what_cannot_be_dialled_is_refused__REG_5(text: str) -> None:
    assert faults(with_profile(phone=text)) == [("/profile/phone", "phone_invalid")]
    assert faults(with_profile(mobile=text)) == [("/profile/mobile", "phone_invalid")]


@pytest.mark.parametrize(("text", "fine"), [("12", True), ("1234567890", True), ("12a", False), ("12345678901", False)])
def test_an_extension_is_digits__REG_5(text: str, *, fine: bool) -> None:
    assert faults(with_profile(extension=text)) == ([] if fine else [("/profile/extension", "extension_invalid")])


@pytest.mark.parametrize(
    ("text", "kept"), [(" Zoe@EXAMPLE.com ", "Zoe@example.com"), ("zoë@exämple.com", "zoë@exämple.com")]
)
def test_emails_are_normalised__REG_5(text: str, kept: str) -> None:
    assert profile_of(email=text).email == kept


@pytest.mark.parametrize(
    "text",
    [
        "zoe",
        "zoe@",
        "a@b",
        "a b@example.com",
        "a@example.com\nBcc: b@c.example",
        "a" * 65 + "@example.com",
        "a@" + "b" * 4000 + ".com",
    ],
)
def test_other_emails_are_refused__REG_5(text: str) -> None:
    assert faults(with_profile(email=text)) == [("/profile/email", "email_invalid")]


def test_mails_are_in_english_or_spanish__NTF_4() -> None:
    assert profile_of().language == "en"
    assert profile_of(language="es").language == "es"
    assert faults(with_profile(language="fr")) == [("/profile/language", "language_unknown")]


def questions(*entries: tuple[str | None, str | None]) -> list[tuple[str, str]]:
    answers = tuple(AnswerEntry(*entry) for entry in entries)
    return faults(replace(WHOLE, credentials=replace(CREDENTIALS, security_answers=answers)))


def test_two_different_questions_of_the_list__REG_8() -> None:
    assert questions(("first_pet", "a"), ("first_pet", "b")) == [("/security_answers/1/question", "question_twice")]
    assert questions(("first_pet", "a"), ("shoe_size", "b")) == [("/security_answers/1/question", "question_unknown")]
    assert questions(("first_pet", "a")) == [("/security_answers", "two_answers_needed")]
    assert questions(("first_pet", "a"), ("first_car", "b"), ("birth_city", "c")) == [
        ("/security_answers", "two_answers_needed")
    ]
    assert questions((None, "a"), ("first_car", " ")) == [
        ("/security_answers/0/question", "question_unknown"),
        ("/security_answers/1/answer", "answer_invalid"),
    ]


@pytest.mark.parametrize("text", ["17.05.1984", "1984-5-17", "1984-02-30", "19840517", "1984-W20-4", ""])
def test_a_date_of_birth_is_a_date__REG_8(text: str) -> None:
    form = replace(WHOLE, credentials=replace(CREDENTIALS, date_of_birth=text))
    assert faults(form) == [("/date_of_birth", "date_of_birth_invalid")]


def test_at_submit_the_credentials_are_needed__REG_9() -> None:
    form = replace(WHOLE, credentials=type(CREDENTIALS)())
    assert faults(form) == [
        (f"/{name}", "required") for name in ("user_id", "password", "date_of_birth", "security_answers")
    ]
    assert faults(form, whole=False) == []


def test_credentials_never_show_in_a_repr__IDN_16() -> None:
    assert "Falcon" not in repr(WHOLE)
    assert "Schnürli" not in repr(CREDENTIALS)


def test_applicants_may_nominate_themselves_or_another__REG_11() -> None:
    found = reviewed(tins(TinEntry(DOE, nominate=NomineeEntry(myself=True)))).nominations[0]
    assert (found.whom, found.nominee) == (Nominated.SELF, None)
    other = reviewed(tins(TinEntry(DOE, nominate=nominating()))).nominations[0]
    assert (other.whom, other.nominee) == (Nominated.OTHER, Nominee("Ana", "Lee", "ana@example.com"))


def test_a_nominee_needs_name_and_address__REG_11() -> None:
    assert faults(tins(TinEntry(DOE, nominate=nominating("", "L\n", "x")))) == [
        ("/tins/0/nominate/first_name", "required"),
        ("/tins/0/nominate/last_name", "control_characters"),
        ("/tins/0/nominate/email", "email_invalid"),
    ]


def test_where_there_is_a_manager_nobody_is_nominated__REG_11() -> None:
    form = tins(TinEntry(STATE_MEDICAL, nominate=NomineeEntry(myself=True)))
    assert faults(form) == [("/tins/0/nominate", "has_manager")]
    assert faults(form, managers={}) == []
