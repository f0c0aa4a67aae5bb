"""What a password must be."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.adapters.bundled import bundled_lists
from services.identity.domain.passwords import Weakness, fault_of, normalise, personal_words, weakness_of

COMMON = bundled_lists().common_passwords
MARY = personal_words("mmartin5", "mary.jones@clinic.example", ["Mary Ann", "O’Brien-Núñez", "Li"])


def weakness(password: str) -> Weakness | None:
    return weakness_of(password, common=COMMON, personal=MARY)


@pytest.mark.parametrize(
    "password",
    [
        "quiet-harbor-lantern-7",
        "correct horse battery",
        "x7#Kp2!vQz9m",
        "пароль из пяти слов да",
        "密码密码门窗桌椅书本笔墨",
        "🦊🐢🌵🎈🚲🪁🎻🧭🪵🌊🍋🧶",
        "only lower case words without digits",
        "q" + "ab3-" * 31 + "xyz",
    ],
)
def test_long_ones_of_any_letters_are_taken__REG_7(password: str) -> None:
    assert weakness(password) is None


def test_twelve_to_128_characters_after_normalising__REG_7() -> None:
    assert weakness("x7#Kp2!vQz9") is Weakness.TOO_SHORT
    assert weakness("e\u0301" * 11) is Weakness.TOO_SHORT  # 22 code points, 11 letters
    assert weakness("kP4-" * 32 + "x") is Weakness.TOO_LONG


@pytest.mark.parametrize(
    "password",
    [
        "qwerty123456",
        "QWERTY123456",
        "passwordpassword",
        "password1234",
        "!!!Password!!!",
        "iloveyou12345",
        "aaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012",
        "abcdefghijklm",
        "mlkjihgfedcba",
        "qwertyuiopqwe",
        "            ",
        "2026-11-22-2026",
    ],
)
def test_common_ones_are_refused_in_every_disguise_tried_first__REG_7(password: str) -> None:
    assert weakness(password) is Weakness.COMMON


@pytest.mark.parametrize(
    "password",
    [
        "xx-mmartin5-xx",
        "xx-MMARTIN5-xx",
        "the-Mary-lamb-fleece",
        "annual-report-blue",  # Ann
        "obriens-green-hat-9",  # not a part: the apostrophe divides O and Brien
        "nunez-likes-tapas-4",
        "NÚÑEZ-likes-tapas-4",
        "my-mary.jones-mail-4",
        "m a r y had a lamb 77",
    ],
)
def test_what_others_know_of_the_owner_is_refused__REG_7(password: str) -> None:
    assert weakness(password) is Weakness.PERSONAL


def test_parts_shorter_than_three_letters_do_not_count__REG_7() -> None:
    assert weakness("lilac-light-limit-8") is None


def test_the_products_name_is_refused__REG_7() -> None:
    assert weakness("my-Wardenry-login-4") is Weakness.PRODUCT


@pytest.mark.parametrize("reason", list(Weakness))
def test_the_refusal_says_why__REG_7(reason: Weakness) -> None:
    fault = fault_of(reason)
    assert (fault.pointer, fault.code) == ("/password", "password_weak")
    assert len(fault.detail) > 20


@given(st.text(min_size=12, max_size=128))
def test_both_ways_to_write_a_letter_are_one_password__REG_7(password: str) -> None:
    assert normalise(unicodedata.normalize("NFD", password)) == normalise(unicodedata.normalize("NFC", password))


@given(st.text(max_size=300))
def test_no_text_at_all_breaks_the_judgement__REG_7(password: str) -> None:
    assert weakness(password) in {None, *Weakness}
