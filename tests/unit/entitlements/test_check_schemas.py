"""A thousand questions are read as each of them would be by itself (ENT-10)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from marshmallow import ValidationError

from services.entitlements.api.check_schemas import CheckSchema, ChecksSchema

_PLAIN = {"user_id": "zoe.smith", "function": "claim_status", "tin": "123456789", "line": "medical"}
_USER_IDS = st.sampled_from(["zoe.smith", "ZOE.Smith", "zoé", "zoe smith", "", "z" * 65, " zoe", 7, None, ["zoe"]])
_FUNCTIONS = st.sampled_from(["claim_status", "Claim", "claim status", "resources", "", "f" * 65, True])
_TINS = st.sampled_from(["123456789", "12-3456789", "12345678", "١٢٣٤٥٦٧٨٩", "123456789\n", 123456789, None])
_LINES = st.sampled_from(["medical", "dental", "Medical", "vision", 1, None])
_MEMBERS = {"user_id": _USER_IDS, "function": _FUNCTIONS, "tin": _TINS, "line": _LINES}
_ODD = st.fixed_dictionaries({}, optional={**_MEMBERS, "more": st.just("x")})
_QUESTIONS = st.lists(st.one_of(st.just(_PLAIN), _ODD, st.fixed_dictionaries(_MEMBERS), st.none()), max_size=4)


def alone(question: Any) -> Any:
    return CheckSchema().load(question)


@given(_QUESTIONS)
@example([_PLAIN, _PLAIN])
@example([_PLAIN, {**_PLAIN, "user_id": "ZOE.Smith"}])
@example([{**_PLAIN, "tin": 123456789}])
def test_many_questions_are_read_as_each_alone__ENT_10(questions: list[Any]) -> None:
    try:
        expected = [alone(each) for each in questions]
    except ValidationError:
        expected = []
    try:
        read = ChecksSchema().load({"checks": questions})["checks"]
    except ValidationError:
        read = []
    assert read == expected


@pytest.mark.parametrize("wrong", [_PLAIN, None, "x", [], [_PLAIN] * 1001])
def test_a_list_is_wanted_of_a_thousand_at_most__ENT_10(wrong: Any) -> None:
    with pytest.raises(ValidationError) as refusal:
        ChecksSchema().load({"checks": wrong})
    assert set(refusal.value.messages_dict) == {"checks"}
    assert len(ChecksSchema().load({"checks": [_PLAIN] * 1000})["checks"]) == 1000
