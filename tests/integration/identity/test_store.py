"""What the tables hold to, whatever the use cases ask first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import update

from services.identity.adapters.store import SqlStore
from services.identity.adapters.tables import challenge
from services.identity.domain.challenges import ChallengeKind
from services.identity.domain.throttle import FailureCount
from tests.integration.identity.world import World

HOLDER, OTHER = "0198a000-0000-7000-8000-000000000001", "0198a000-0000-7000-8000-000000000002"
DAY = timedelta(days=1)


@contextmanager
def store(world: World) -> Iterator[SqlStore]:
    with world.service.engine.begin() as connection:
        yield SqlStore(connection)


def test_what_is_kept_is_claimed_by_nobody_ever_again__REG_6(world: World) -> None:
    now = world.clock.now()
    with store(world) as kept:
        assert kept.user_ids.claim("wished01", HOLDER, now + DAY, now)
        assert kept.user_ids.keep("wished01", HOLDER)
    late = now + 1000 * DAY
    with store(world) as kept:
        for holder in (HOLDER, OTHER):
            assert not kept.user_ids.claim("wished01", holder, late + DAY, late)
            assert not kept.user_ids.keep("wished01", holder)
        kept.user_ids.release_others(HOLDER, "another1")
        assert kept.user_ids.purge(late) == 0
        assert kept.user_ids.taken(["wished01", "another1"], late, HOLDER) == {"wished01"}


def test_a_claim_is_its_holders_until_it_lapses__REG_6(world: World) -> None:
    now = world.clock.now()
    with store(world) as kept:
        assert kept.user_ids.claim("wished01", HOLDER, now + DAY, now)
        assert kept.user_ids.claim("wished01", HOLDER, now + DAY, now)
        assert not kept.user_ids.claim("wished01", OTHER, now + DAY, now)
        assert not kept.user_ids.keep("wished01", OTHER)
        assert not kept.user_ids.keep("wished01", None)
        assert kept.user_ids.taken(["wished01"], now) == {"wished01"}
        assert kept.user_ids.taken(["wished01"], now, HOLDER) == set()
        assert kept.user_ids.claim("wished01", OTHER, now + 2 * DAY, now + DAY)
        assert not kept.user_ids.keep("wished01", HOLDER)


def test_a_challenge_of_one_kind_is_nothing_in_another__IDN_1(world: World) -> None:
    step = world.begin()
    with world.service.engine.begin() as connection:
        connection.execute(update(challenge).values(kind="recovery"))
    assert world.send(step).status_code == 404
    with store(world) as kept:
        assert kept.challenges.get(step["challenge"], ChallengeKind.SIGN_IN) is None


def test_what_is_over_is_dropped_and_the_rest_stays__REG_9(world: World) -> None:
    tokens = world.signed_in()
    now = world.clock.now()
    with store(world) as kept:
        kept.failures.put("old", FailureCount(3, now - 2 * DAY, now - 2 * DAY, None))
        kept.failures.put("new", FailureCount(3, now, now, None))
    purge = next(errand for errand in world.service.errands if errand.name == "purge")
    assert purge.step() is False
    with store(world) as kept:
        assert kept.failures.get("old").failures == 0
        assert kept.failures.get("new").failures == 3
    assert world.get("/me", tokens["access_token"]).status_code == 200
    world.clock.advance(days=3)
    purge.step()
    with store(world) as kept:
        assert kept.sessions.of_account("mmartin5") == []
        assert kept.accounts.get("mmartin5") is not None
