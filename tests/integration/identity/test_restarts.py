"""What a new process on the same database still knows of the one before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.integration.identity.world import World


@pytest.fixture
def restarted(world: World) -> Iterator[Callable[[], World]]:
    """Another application object on the world's database, with nothing in memory of those before."""
    later: list[World] = []

    def restart() -> World:
        later.append(World(world.settings.database_url.get_secret_value()))
        return later[-1]

    yield restart
    for each in later:
        each.service.engine.dispose()


def test_a_refresh_token_replayed_after_a_restart_ends_its_family__IDN_11_IDN_12(
    world: World, restarted: Callable[[], World]
) -> None:
    first = world.signed_in()
    second = world.refresh(first["refresh_token"]).get_json()
    renewed = restarted().refresh(second["refresh_token"])
    assert renewed.status_code == 200, renewed.text  # what was not used goes on
    third = renewed.get_json()
    replayed = restarted().refresh(first["refresh_token"])
    assert (replayed.status_code, replayed.get_json()["error"]) == (400, "invalid_grant")
    last = restarted()
    for token in (third, second, first):
        assert last.refresh(token["refresh_token"]).status_code == 400
        assert last.get("/me", token["access_token"]).status_code == 401
    assert len(last.events("identity.refresh_token.reused.v1")) == 1


def test_a_session_ended_before_a_restart_stays_ended__IDN_10(world: World, restarted: Callable[[], World]) -> None:
    tokens = world.signed_in()
    assert world.act(tokens["access_token"], "/sign-out").status_code == 204
    again = restarted()
    assert again.get("/me", tokens["access_token"]).status_code == 401
    assert again.refresh(tokens["refresh_token"]).status_code == 400
