"""Keys are rotated with overlap: no token that somebody holds becomes worthless (IDN-11, IDN-12, OPS-7)."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from chassis.bus.standing import SIGNING_KEY_ROTATED, STANDING_EFFECTS
from chassis.db.sessions import EndedSessions, VerificationKeys
from chassis.kernel.errors import NotSignedInError
from chassis.security.tokens import AccessTokenVerifier
from chassis.wiring import Wiring, around
from services.identity.adapters.store import SqlStore
from services.identity.application.ports import Store
from services.identity.application.rotate_signing_keys import Rotated, rotate_signing_keys
from services.identity.bootstrap import make_ports
from services.identity.domain.errors import RotationUnderWayError
from services.identity.events.published import publish
from tests.integration.identity.sites import Browser, medical
from tests.integration.identity.world import ISSUER, World


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Engine]:
    """The database of another service, which knows no key yet."""
    other = World(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}")
    with other.service.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM verification_key")
    yield other.service.engine
    other.service.engine.dispose()


def rotate(world: World) -> list[Rotated]:
    """As the operators' command does, by the world's clock."""
    wiring: Wiring[Store] = around(world.service, SqlStore, publish)
    ports = make_ports(world.settings, world.clock, world.service.engine)
    return wiring.run("system:operator", lambda work: rotate_signing_keys(work, ports))


def told(world: World, elsewhere: Engine) -> None:
    """Everything that identity has published of its keys reaches the other service."""
    with elsewhere.begin() as connection:
        for data in world.events(SIGNING_KEY_ROTATED):
            STANDING_EFFECTS[SIGNING_KEY_ROTATED](connection, data)


def kid_of(token: str) -> str:
    header = token.partition(".")[0]
    return str(json.loads(base64.urlsafe_b64decode(header + "=" * (-len(header) % 4)))["kid"])


def published(world: World) -> set[str]:
    keys = world.service.app.test_client().get("/oidc/jwks.json").get_json()["keys"]
    return {key["kid"] for key in keys}


def test_tokens_of_both_keys_verify_while_both_are_about__IDN_11_IDN_12(world: World, elsewhere: Engine) -> None:
    site, browser = medical(world), Browser(world)
    told(world, elsewhere)
    verify = AccessTokenVerifier(ISSUER, VerificationKeys(elsewhere), EndedSessions(elsewhere), world.clock)
    site.redeem(site.code_in(browser.sign_in(site)))
    before = rotate(world)
    former, new = ({getattr(each, side).kid for each in before} for side in ("former", "key"))
    assert published(world) == former | new  # known, and not yet in use
    told(world, elsewhere)

    world.clock.advance(minutes=9, seconds=59)
    early = site.tokens(browser)
    assert {kid_of(early["access_token"]), kid_of(early["id_token"])} == former
    world.clock.advance(seconds=1)
    late = site.tokens(browser)
    assert {kid_of(late["access_token"]), kid_of(late["id_token"])} == new
    for tokens in (early, late):
        assert verify(tokens["access_token"]).client_id == site.client_id
        assert world.get("/me", tokens["access_token"]).status_code == 200
    assert site.claims(late)["sub"] == "mmartin5"

    world.clock.advance(minutes=5)
    assert published(world) == former | new
    assert verify(late["access_token"]).client_id == site.client_id  # within the leeway of clocks
    world.clock.advance(minutes=1)
    assert published(world) == new
    with pytest.raises(NotSignedInError):
        verify(early["access_token"])


def test_an_id_token_of_a_former_key_still_signs_out__IDN_11(world: World) -> None:
    site, browser = medical(world), Browser(world)
    token = site.redeem(site.code_in(browser.sign_in(site))).get_json()["id_token"]
    rotate(world)
    world.clock.advance(minutes=17)
    assert kid_of(token) not in published(world)
    back = world.settings.portal_clients[0].post_logout_redirect_uris[0]
    answer = browser.get(f"/oidc/logout?id_token_hint={token}&post_logout_redirect_uri={back}")
    assert answer.headers["Location"] == back
    world.clock.advance(hours=12)
    answer = browser.get(f"/oidc/logout?id_token_hint={token}&post_logout_redirect_uri={back}")
    assert "Location" not in answer.headers


def test_keys_are_rotated_one_after_the_other__IDN_11(world: World) -> None:
    first = rotate(world)
    with pytest.raises(RotationUnderWayError):
        rotate(world)
    world.clock.advance(minutes=10)
    second = rotate(world)
    assert [each.former.kid for each in second] == [each.key.kid for each in first]
    assert len(published(world)) == 6


def test_of_operators_who_rotate_at_once_one_does__IDN_11(world: World) -> None:
    def attempt() -> int:
        try:
            return len(rotate(world))
        except RotationUnderWayError:
            return 0

    assert sorted(world.at_once([attempt] * 4)) == [0, 0, 0, 2]
    assert len(published(world)) == 4
    assert len(world.events(SIGNING_KEY_ROTATED)) == 6  # two first ones; two ends, two successors
