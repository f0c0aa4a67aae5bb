"""Who had access at a past moment, and who gave somebody a function, step by step (ENT-12)."""

from __future__ import annotations

import re

import pytest

from services.portal.application.errors import ProblemError
from tests.unit.portal.past import AT, CHAIN, EXPLAIN, explanation, first_chain, looking_back, past
from tests.unit.portal.practices import STATE_MEDICAL, access, administered, everybody, listed, manager
from tests.unit.portal.test_approval import link
from tests.unit.portal.world import World


def asked(world: World) -> list[str]:
    return [str((call.query or {})["as_of"]) for call in world.api.made("GET", AT)]


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.partition("<h1>")[2].partition("</main>")[0]).split())


def test_the_day_and_time_are_the_plans_own__ENT_12(world: World) -> None:
    address = looking_back(world)
    assert asked(world) == ["2026-01-10T19:15:00+00:00"]
    assert "As it was on Jan 10, 2026, 2:15" in words(world.page).replace("\u202f", " ")
    world.get(address.replace("time=14:15", "time="))
    assert asked(world)[-1] == "2026-01-11T04:59:59+00:00"


def test_it_says_what_everybody_could_do_and_who_gave_it__ENT_12(world: World) -> None:
    looking_back(world)
    said = words(world.page).replace("\u202f", " ")
    assert "Person ssmith1234 ssmith1234 Processor · Medical Claim status and remittance reports" in said
    assert "Jan 5, 2026, 10:00 AM EST by Person mmartin5 mmartin5 Jan 20, 2026, 10:00 AM EST by geogym1" in said
    assert "still so today" in said


def test_today_without_a_time_is_now__ENT_12(world: World) -> None:
    address = looking_back(world).partition("&day")[0]
    today = world.clock.now()
    assert world.get(f"{address}&day={today:%Y-%m-%d}").status_code == 200
    assert asked(world)[-1] == today.isoformat()


@pytest.mark.parametrize(
    ("wished", "told"),
    [
        ("day=", "Write this as a date."),
        ("day=yesterday", "Write this as a date."),
        ("day=2026-01-10&time=noon", "Write this as a time."),
        ("day=2099-01-01", "Choose a day that is not ahead."),
        ("day=2026-03-02&time=23:00", "Choose a time that is not ahead."),
    ],
)
def test_what_is_no_past_moment_is_told_beside_its_field(world: World, wished: str, told: str) -> None:
    address = looking_back(world).partition("&day")[0]
    before = asked(world)
    answer = world.get(f"{address}&{wished}")
    assert answer.status_code == 422
    assert told in answer.text
    assert asked(world) == before


def test_no_practice_is_told_and_one_of_others_is_not_there__ENT_6(world: World) -> None:
    address = looking_back(world)
    answer = world.get("/who-had-access?practice=&day=2026-01-10")
    assert answer.status_code == 422
    assert "Choose a practice." in answer.text
    manager(world, administered("223344556"))
    assert world.get(address).status_code == 404


def test_a_long_list_goes_on__ENT_12(world: World) -> None:
    address = looking_back(world)
    world.api.says("GET", AT, {"items": [past("ssmith1234")], "next": "cursor-2"})
    world.get(address)
    world.api.says("GET", AT, listed())
    world.get(link(world, "Next page"))
    assert (world.api.made("GET", AT)[-1].query or {})["cursor"] == "cursor-2"
    assert "First page" in world.page


def test_the_chain_tells_every_giving_and_the_time_without__ENT_12(world: World) -> None:
    looking_back(world)
    world.get(first_chain(world))
    query = world.api.made("GET", EXPLAIN)[-1].query
    assert query == {"user_id": "ssmith1234", "function": "claim_status", "tin": STATE_MEDICAL, "line": "medical"}
    said = words(world.page).replace("\u202f", " ")
    assert "Yes: this person may do it now. Given by geogym1." in said
    rows = [
        "Feb 20, 2026, 10:00 AM EST today yes Processor Changed by geogym1",
        "Feb 10, 2026, 10:00 AM EST Feb 20, 2026, 10:00 AM EST no Processor Given by secadm01",
        "Jan 20, 2026, 10:00 AM EST Feb 10, 2026, 10:00 AM EST no No access Taken away by geogym1",
        "Jan 5, 2026, 10:00 AM EST Jan 20, 2026, 10:00 AM EST yes Processor Given by mmartin5",
    ]
    assert " ".join(rows) in said


def test_access_that_is_over_is_told_first__ENT_12(world: World) -> None:
    looking_back(world)
    over = explanation(allowed=False, reason="access_ended", given_by=None, giver_holds=None, chain=CHAIN[2:])
    world.api.says("GET", EXPLAIN, over)
    world.get(first_chain(world))
    said = words(world.page).replace("\u202f", " ")
    assert "No: this person’s access here was removed, or its last day is over." in said
    assert "Jan 20, 2026, 10:00 AM EST today no No access Taken away by geogym1 Jan 5" in said


def test_whoever_never_had_access_has_no_steps__ENT_12(world: World) -> None:
    looking_back(world)
    never = explanation(allowed=False, reason="no_access", given_by=None, giver_holds=None, chain=[])
    world.api.says("GET", EXPLAIN, never)
    said = words(world.get(first_chain(world)).text)
    assert "No: this person has no access here, and never had any." in said
    assert "Step by step" not in said


def test_what_its_giver_has_lost_is_told__ENT_4_ENT_12(world: World) -> None:
    """delegation.md, 4."""
    looking_back(world)
    path = first_chain(world)
    assert "do not hold it themselves now" not in world.get(path).text
    world.api.says("GET", EXPLAIN, explanation(giver_holds=False))
    assert "They do not hold it themselves now" in world.get(path).text


def test_no_address_names_a_person_or_a_tin(world: World) -> None:
    address = looking_back(world)
    for page in (address, first_chain(world)):
        world.get(page)
        for found in re.findall(r'(?:href|action)="([^"]+)"', world.page):
            assert not re.search(rf"ssmith|{STATE_MEDICAL}", found), found


def test_only_administrators_look_back__ENT_6(world: World) -> None:
    everybody(world)
    world.api.says("GET", "/api/entitlements/v1/me/access", listed(access(STATE_MEDICAL)))
    world.sign_in("ssmith1234")
    assert world.get("/who-had-access").status_code == 403


def test_somebody_whom_one_does_not_see_has_no_chain__ENT_6(world: World) -> None:
    looking_back(world)
    path = first_chain(world)
    world.api.says("GET", EXPLAIN, ProblemError(404, "not_found"))
    assert world.get(path).status_code == 404
