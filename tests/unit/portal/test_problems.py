"""Stable codes become sentences, beside the fields that they are about."""

from __future__ import annotations

import re

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.problems import Fields, Sentence, field_errors, sentence_of
from services.portal.application.sentences import SENTENCES, UNKNOWN, WAIT

FIELDS = Fields({"/tins/*": "tin-{}", "/tins/*/nominate/email": "nominee_email-{}", "/user_id": "user_id"})


def test_the_longest_pattern_names_the_field() -> None:
    assert FIELDS.name_of("/tins/3/tin") == "tin-3"
    assert FIELDS.name_of("/tins/3/nominate/email") == "nominee_email-3"
    assert FIELDS.name_of("/tins/3/nominate/first_name") == "tin-3"
    assert FIELDS.name_of("/user_identity") is None
    assert FIELDS.name_of("") is None


def test_every_fault_is_told_and_none_twice_in_other_words() -> None:
    faults = [FieldFault("/user_id", "user_id_taken", ""), FieldFault("/elsewhere", "never_heard_of", "")]
    found = field_errors(ProblemError(422, "invalid", errors=faults), FIELDS)
    assert [(each.field, each.sentence.text) for each in found] == [
        ("user_id", SENTENCES["user_id_taken"]),
        (None, SENTENCES["invalid"]),
    ]


def test_why_a_password_is_weak_is_told__REG_7() -> None:
    detail = "The password contains the name of this product: leave it out."
    (found,) = field_errors(ProblemError(422, "invalid", errors=[FieldFault("/p", "password_weak", detail)]), FIELDS)
    assert found.sentence.text == detail


def test_an_unknown_code_comes_with_what_support_needs() -> None:
    sentence = sentence_of(ProblemError(418, "never_heard_of", correlation_id="c-1"))
    assert sentence == Sentence(UNKNOWN, {"correlation_id": "c-1"})


def test_a_wait_is_told_in_seconds_or_minutes__IDN_9() -> None:
    assert sentence_of(ProblemError(429, "too_many_attempts", retry_after=42)).values == {"seconds": 42, "minutes": 1}
    assert sentence_of(ProblemError(429, "too_many_attempts", retry_after=61)).values["minutes"] == 2


def test_sentences_ask_for_nothing_that_a_problem_may_lack() -> None:
    for text in SENTENCES.values():
        assert not re.search(r"%\(", text), text
    for texts in WAIT.values():
        assert all(re.findall(r"%\((\w+)\)", text) in (["seconds"], ["minutes"]) for text in texts)
