"""An entry's leaf: canonical, hashed as RFC 9162 says, and without any personal value in it."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256, shake_256
from typing import Any

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from services.audit.domain.canonical import LARGEST_INTEGER, canonical
from services.audit.domain.entry import Arrival, Entry, entry_of
from services.audit.domain.merkle import leaf_hash
from services.audit.domain.personal import Disclosed, Salts, opens

RECORDED = datetime(2025, 3, 1, 12, tzinfo=UTC)
ARRIVAL = Arrival(
    event_id="0195-1",
    source="entitlements",
    type="entitlements.access.given.v1",
    subject="access/ssmith1234",
    sequence=3,
    time=RECORDED - timedelta(seconds=1),
    actor="user:geogym1",
    site="medical",
    address="192.0.2.7",
    correlation_id="c-1",
    causation_id=None,
    data={
        "user_id": "ssmith1234",
        "tin": "223344556",
        "person": {"first_name": "Sally", "last_name": "Smith", "address": {"city": "Hartford"}, "nominees": []},
    },
)


def salts_from(seed: bytes) -> Salts:
    """As a source does it: never the same twice."""
    calls = itertools.count()
    return lambda length: shake_256(seed + next(calls).to_bytes(4)).digest(length)


def entry(arrival: Arrival = ARRIVAL) -> Entry:
    return entry_of(arrival, RECORDED, salts_from(b"7"))


texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)
numbers = st.integers(-LARGEST_INTEGER, LARGEST_INTEGER) | st.floats(allow_nan=False, allow_infinity=False)
documents = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(documents)
def test_canonical_form_is_that_of_rfc_8785__AUD_4(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_member_names_are_sorted_by_utf_16_units__AUD_4() -> None:
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


def test_leaf_hash_is_that_of_rfc_9162__AUD_4() -> None:
    assert leaf_hash(b"") == bytes.fromhex("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")
    assert entry().leaf_hash == sha256(b"\x00" + entry().leaf).digest()


@given(documents, documents, texts)
def test_any_changed_field_changes_the_hash__AUD_4(one: Any, other: Any, word: str) -> None:
    original = entry(replace(ARRIVAL, data={**ARRIVAL.data, "value": one}))
    changed = entry(replace(ARRIVAL, data={**ARRIVAL.data, "value": other}))
    assert (original.leaf_hash == changed.leaf_hash) == (canonical(one) == canonical(other))
    for field in (
        "event_id",
        "source",
        "type",
        "subject",
        "actor",
        "site",
        "correlation_id",
        "causation_id",
        "address",
    ):
        if getattr(ARRIVAL, field) != word:
            values: dict[str, Any] = {field: word}
            assert entry(replace(ARRIVAL, **values)).leaf_hash != entry().leaf_hash, field


@given(texts)
def test_any_changed_personal_value_changes_the_hash__AUD_4(name: str) -> None:
    changed = entry(replace(ARRIVAL, data={**ARRIVAL.data, "person": {**ARRIVAL.data["person"], "first_name": name}}))
    assert (changed.leaf_hash == entry().leaf_hash) == (name == "Sally")


def test_sequence_and_times_are_in_the_leaf__AUD_4() -> None:
    assert entry(replace(ARRIVAL, sequence=4)).leaf_hash != entry().leaf_hash
    assert entry(replace(ARRIVAL, time=RECORDED)).leaf_hash != entry().leaf_hash
    assert entry_of(ARRIVAL, RECORDED + timedelta(microseconds=1), salts_from(b"7")).leaf_hash != entry().leaf_hash


@given(st.dictionaries(texts, documents, max_size=5), texts.filter(bool))
def test_every_personal_value_opens_its_commitment_and_no_other__AUD_4(person: dict[str, Any], lie: str) -> None:
    made = entry(replace(ARRIVAL, data={"user_id": "u", "person": person}))
    committed = orjson.loads(made.leaf)["commitments"]
    disclosed = [*made.personal.person, *made.personal.address]
    assert {single.path for single in disclosed} == set(committed)
    assert len({single.salt for single in disclosed}) == len(disclosed)
    for single in disclosed:
        assert len(single.salt) == 32
        assert opens(single, committed[single.path])
        if single.value != lie:
            assert not opens(Disclosed(single.path, single.salt, lie), committed[single.path])
        assert not opens(Disclosed(single.path + "x", single.salt, single.value), committed[single.path])


def test_leaf_holds_no_personal_value__AUD_4() -> None:
    leaf = entry().leaf.decode()
    assert not [word for word in ("Sally", "Smith", "Hartford", "192.0.2.7", '"person"') if word in leaf]
    paths = set(orjson.loads(leaf)["commitments"])
    assert paths == {
        "/data/person/first_name",
        "/data/person/last_name",
        "/data/person/address/city",
        "/data/person/nominees",
        "/actoraddress",
    }


def test_commitment_is_salted__AUD_4() -> None:
    again = entry_of(ARRIVAL, RECORDED, salts_from(b"8"))
    assert orjson.loads(again.leaf)["commitments"] != orjson.loads(entry().leaf)["commitments"]


def test_personal_values_are_kept_by_the_person_they_concern__AUD_4() -> None:
    kept = entry().personal
    assert (kept.acting, [single.path for single in kept.address]) == ("geogym1", ["/actoraddress"])
    assert kept.concerned == "ssmith1234"
    assert "/data/person/first_name" in {single.path for single in kept.person}


@pytest.mark.parametrize("data", [{"sealed": "jwe"}, {"deep": [{"sealed": "jwe"}]}, {"person": {"sealed": "jwe"}}])
def test_sealed_never_enters__AUD_4(data: dict[str, Any]) -> None:
    made = entry(replace(ARRIVAL, data=data))
    assert b"jwe" not in made.leaf
    assert b"sealed" not in made.leaf
    assert not [single for single in made.personal.person if "sealed" in single.path]


@pytest.mark.parametrize("number", [2**53, -(2**63), float("inf"), float("nan")])
def test_number_without_an_exact_form_still_has_a_leaf__AUD_1(number: float) -> None:
    assert orjson.loads(entry(replace(ARRIVAL, data={"n": number})).leaf)["data"] == {"n": {"$number": str(number)}}


def test_a_telephone_number_is_committed_to_and_not_kept__AUD_4() -> None:
    """It is no account's, so that no erasure would reach it."""
    number = {"short_code": "55501", "person": {"mobile": "+12125550187"}}
    kept = entry(replace(ARRIVAL, type="notify.number.opted_out.v1", subject="number/5ca1ab1e", data=number))
    assert kept.personal.person == ()
    assert list(orjson.loads(kept.leaf)["commitments"]) == ["/actoraddress", "/data/person/mobile"]
    assert b"2125550187" not in kept.leaf
