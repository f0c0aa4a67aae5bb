"""Codes of an authenticator app, by the RFC's own figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from services.identity.domain.totp import code_of, matching_step, otpauth_uri, step_at

SECRET = b"12345678901234567890"
NOW = datetime(2026, 3, 2, 9, 30, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("second", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_those_of_the_rfc__IDN_3(second: int, code: str) -> None:
    """RFC 6238, appendix B, shortened to six digits."""
    assert code_of(SECRET, step_at(datetime.fromtimestamp(second, UTC))) == code


@pytest.mark.parametrize(("steps", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_a_step_off_and_no_more__IDN_3(steps: int, counts: bool) -> None:
    code = code_of(SECRET, step_at(NOW + timedelta(seconds=30 * steps)))
    assert (matching_step(SECRET, code, NOW, None) == step_at(NOW) + steps) is counts


def test_a_step_and_all_before_it_are_good_once__IDN_3() -> None:
    now = step_at(NOW)
    assert matching_step(SECRET, code_of(SECRET, now), NOW, now) is None
    assert matching_step(SECRET, code_of(SECRET, now - 1), NOW, now) is None
    assert matching_step(SECRET, code_of(SECRET, now + 1), NOW, now) == now + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "28708二", "\ud800", "x" * 1000])
def test_what_is_no_code_is_wrong__IDN_3(typed: str) -> None:
    assert matching_step(SECRET, typed, NOW, None) is None


def test_what_the_qr_code_says_is_read_by_any_app__IDN_3() -> None:
    parts = urlsplit(otpauth_uri(SECRET, "Plan & Sons", "mmartin5"))
    assert (parts.scheme, parts.netloc, unquote(parts.path)) == ("otpauth", "totp", "/Plan & Sons:mmartin5")
    asked = {name: value for name, (value,) in parse_qs(parts.query).items()}
    assert asked == {"secret": "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", "issuer": "Plan & Sons"}
