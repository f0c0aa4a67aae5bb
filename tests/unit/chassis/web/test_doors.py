"""Who gets in, with which token (IDN-12), and what the view then knows of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine

from chassis.kernel.clock import SystemClock
from chassis.security.service_tokens import ServiceTokens
from chassis.web.access import public, signed_in
from chassis.web.blueprints import Blueprint
from tests.unit.chassis.web.sample import PROGRAM, SERVICE_SECRET, Sample, person

BASE = "/api/sample/v1"


def test_without_a_token_401(sample: Sample) -> None:
    for headers in (
        {},
        {"Authorization": "Basic bW06cHc="},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer x"},
    ):
        response = sample.client.get(f"{BASE}/notes", headers=headers)
        assert response.status_code == 401
        assert response.json is not None
        assert response.json["code"] == "not_signed_in"
        assert response.headers["WWW-Authenticate"].startswith("Bearer")


def test_an_ended_sessions_token_is_refused__IDN_10(sample: Sample) -> None:
    headers = sample.headers(person(session_id="s-9"))
    assert sample.client.get(f"{BASE}/notes", headers=headers).status_code == 200
    sample.ended.add("s-9")
    assert sample.client.get(f"{BASE}/notes", headers=headers).status_code == 401


def test_a_token_ends_after_five_minutes__IDN_12(sample: Sample) -> None:
    headers = sample.headers(person())
    sample.clock.advance(minutes=5, seconds=11)
    assert sample.client.get(f"{BASE}/notes", headers=headers).status_code == 401


def test_a_scope_is_asked_for(sample: Sample) -> None:
    response = sample.client.get(f"{BASE}/odd/support", headers=sample.headers(person()))
    assert response.status_code == 403
    assert response.json is not None
    assert response.json["code"] == "scope_missing"
    assert sample.client.get(f"{BASE}/odd/support").status_code == 401
    headers = sample.headers(person(scopes=["support"]))
    assert sample.client.get(f"{BASE}/odd/support", headers=headers).status_code == 204


def test_a_program_is_no_person(sample: Sample) -> None:
    headers = sample.headers(PROGRAM)
    assert sample.client.get(f"{BASE}/notes", headers=headers).status_code == 401
    response = sample.client.get(f"{BASE}/odd/check", headers=headers)
    assert response.json is not None
    assert response.json["actor"] == "client:site-program"


def test_the_cause_tells_who_and_where(sample: Sample) -> None:
    response = sample.client.get(
        f"{BASE}/who", headers=sample.headers(person(scopes=["support"]), X_Correlation_ID="c-1")
    )
    assert response.json == {
        "actor": "support:mmartin5",
        "site": "behavioral",
        "address": "127.0.0.1",
        "correlation_id": "c-1",
    }
    response = sample.client.get(f"{BASE}/who")
    assert response.json is not None
    assert (response.json["actor"], response.json["site"]) == ("system:visitor", "medical")


def test_a_public_view_minds_a_bad_token_only_if_it_looks(sample: Sample) -> None:
    headers = {"Authorization": "Bearer nonsense"}
    assert sample.client.get(f"{BASE}/who", headers=headers).status_code == 200
    assert sample.client.get(f"{BASE}/who-strictly", headers=headers).status_code == 401
    assert sample.client.get(f"{BASE}/who-strictly").status_code == 204
    assert sample.client.get(f"{BASE}/who-strictly", headers=sample.headers(person())).status_code == 204
    assert [seen and seen.user_id for seen in sample.ports.seen] == [None, "mmartin5"]


def test_the_gateways_headers_count_only_where_it_is_trusted(engine: Engine) -> None:
    told = {"X-Wardenry-Address": "203.0.113.9", "X-Wardenry-Site": "dental"}
    for trust, seen in ((False, ("127.0.0.1", "medical")), (True, ("203.0.113.9", "dental"))):
        response = Sample(engine, trust_gateway=trust).client.get(f"{BASE}/who", headers=told)
        assert response.json is not None
        assert (response.json["address"], response.json["site"]) == seen


@pytest.mark.parametrize(
    ("told", "seen"),
    [("::ffff:203.0.113.9", "203.0.113.9"), ("2001:DB8::1", "2001:db8::1"), ("1.2.3.4, 5.6.7.8", None)],
)
def test_addresses_are_read_strictly(engine: Engine, told: str, seen: str | None) -> None:
    response = Sample(engine, trust_gateway=True).client.get(f"{BASE}/who", headers={"X-Wardenry-Address": told})
    assert response.json is not None
    assert response.json["address"] == seen


def test_only_services_get_into_internal_routes(sample: Sample) -> None:
    other = ServiceTokens([SERVICE_SECRET], "registration", sample.clock)
    tokens = {
        other.issue("sample", on_behalf_of="user:mmartin5"): 200,
        other.issue("identity"): 401,
        ServiceTokens([b"x" * 32], "registration", sample.clock).issue("sample"): 401,
        sample.token(person()): 401,
        ServiceTokens([SERVICE_SECRET], "registration", SystemClock()).issue("sample"): 401,
    }
    for token, status in tokens.items():
        response = sample.client.post("/internal/v1/ping", headers={"Authorization": f"Bearer {token}"})
        assert response.status_code == status
    assert sample.ports.seen[0].service == "registration"
    assert sample.client.post("/internal/v1/ping").status_code == 401


def test_a_view_without_a_mark_is_no_view(engine: Engine) -> None:
    blp = Blueprint("open", __name__)

    @blp.route("/open")
    @blp.response(204)
    def forgotten() -> None:
        """Forget"""

    with pytest.raises(TypeError, match="forgotten does not say who may call it"):
        Sample(engine, blueprints=[blp])


def test_a_view_has_one_mark() -> None:
    with pytest.raises(TypeError, match="two marks"):

        @public
        @signed_in
        def both() -> None:
            """Have both"""


def test_limits_by_address_and_network__IDN_9(engine: Engine) -> None:
    sample = Sample(engine, address_limits=True, trust_gateway=True)

    def call(address: str) -> int:
        response = sample.client.get(f"{BASE}/odd/limited", headers={"X-Wardenry-Address": address})
        if response.status_code == 429:
            assert response.json is not None
            assert response.json["code"] == "too_many_attempts"
            assert 0 < int(response.headers["Retry-After"]) <= 60
        return response.status_code

    assert [call("203.0.113.9") for _ in range(3)] == [204, 204, 429]
    assert [call("198.51.100.1"), call("198.51.100.2"), call("198.51.100.3"), call("198.51.100.4")] == [204] * 3 + [429]
    assert [call("2001:db8::1"), call("2001:db8::2"), call("2001:db8::3")] == [204, 204, 429]
    sample.clock.moment += timedelta(seconds=61)
    assert call("203.0.113.9") == 204


def test_limits_by_address_can_be_off(sample: Sample) -> None:
    assert {sample.client.get(f"{BASE}/odd/limited").status_code for _ in range(9)} == {204}
