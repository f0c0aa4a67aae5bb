"""The list of users, and modifying and removing what they may do."""

from __future__ import annotations

import re
from html import unescape

import pytest

from services.portal.application.ports import Answer
from tests.unit.portal.practices import ETAG, OGYAM, STATE_MEDICAL, access, administered, listed, manager, user
from tests.unit.portal.test_approval import link
from tests.unit.portal.world import World

SALLY = "/api/entitlements/v1/users/ssmith1234/access"
USERS = "/api/entitlements/v1/users"


@pytest.fixture
def managing(world: World) -> World:
    manager(world)
    world.sign_in()
    return world


def open_matrix(world: World) -> str:
    world.get("/users?view=all")
    path = link(world, "Modify access")
    assert world.get(path).status_code == 200
    return path


def test_the_tabs_have_their_counts__ENT_6(managing: World) -> None:
    text = re.sub(r"<[^>]+>|\s+", " ", managing.get("/users").text)
    for tab in ("Awaiting 1", "Active 1", "Inactive 0", "All 2"):
        assert tab in re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("typed", ["Smith", "ssmith1234", STATE_MEDICAL])
def test_what_is_searched_for_stands_in_no_address__ENT_6(managing: World, typed: str) -> None:
    managing.get("/users")
    answer = managing.post("/users/search", {"search": typed, "practice": "", "view": "all"})
    assert typed not in answer.location
    assert managing.get(answer.location).status_code == 200
    assert managing.api.made("GET", USERS)[-1].query is not None
    assert (managing.api.made("GET", USERS)[-1].query or {})["query"] == typed
    assert f'value="{typed}"' in managing.page


def test_pages_go_on_from_a_handle(managing: World) -> None:
    managing.api.says("GET", USERS, listed() | {"next": "c3NtaXRoMTIzNA"})
    managing.get("/users?view=all")
    path = link(managing, "Next page")
    assert "c3NtaXRo" not in path
    managing.get(path)
    assert (managing.api.made("GET", USERS)[-1].query or {})["cursor"] == "c3NtaXRoMTIzNA"


def test_present_access_is_filled_in__ENT_7(managing: World) -> None:
    open_matrix(managing)
    column = f"{STATE_MEDICAL}-medical"
    assert f'id="may-{column}-patient_coverage" name="may-{column}" value="patient_coverage" checked' in managing.page
    assert f'id="may-{column}-claim_status" name="may-{column}" value="claim_status" checked' not in managing.page


def test_nothing_different_is_nothing_to_confirm__ENT_7(managing: World) -> None:
    path = open_matrix(managing)
    same = {f"level-{tin}-medical": "processor" for tin in (STATE_MEDICAL, OGYAM)}
    answer = managing.post(path, {**same, f"may-{STATE_MEDICAL}-medical": "patient_coverage"})
    assert answer.status_code == 422
    assert "Nothing is different" in answer.text


def test_all_practices_means_each__ENT_7(managing: World) -> None:
    """delegation.md, 5."""
    path = open_matrix(managing)
    assert managing.post(path, {"level-all": "secondary", "all-claim_status": "yes"}).status_code == 303
    changes = managing.api.made("PUT", SALLY)[-1].body["changes"]
    assert [(each["tin"], each["level"], each["functions"]) for each in changes] == [
        (STATE_MEDICAL, "secondary", ["claim_status"]),
        (OGYAM, "secondary", ["claim_status"]),
    ]


def test_the_last_day_counts_whole_in_the_plans_time_zone__ENT_11(managing: World) -> None:
    path = open_matrix(managing)
    column = f"{STATE_MEDICAL}-medical"
    form = {f"level-{column}": "processor", f"may-{column}": "patient_coverage", f"until-{column}": "2026-12-31"}
    managing.post(path, {**form, f"level-{OGYAM}-medical": "processor"})
    (change,) = managing.api.made("PUT", SALLY)[-1].body["changes"]
    assert change["until"] == "2027-01-01T00:00:00-05:00"


def test_an_auditor_is_given_nothing_else__ENT_2(managing: World) -> None:
    path = open_matrix(managing)
    column = f"{STATE_MEDICAL}-medical"
    managing.post(path, {f"level-{column}": "auditor", f"may-{column}": "claim_status"})
    assert managing.api.made("PUT", SALLY)[-1].body["changes"][0]["functions"] == []


def test_a_secondary_administrator_gives_what_they_hold__ENT_4(world: World) -> None:
    manager(world, administered(STATE_MEDICAL, level="secondary"))
    own = access(STATE_MEDICAL, "medical", "secondary", "delegate_access", "history_report", "claim_status")
    world.api.says("GET", "/api/entitlements/v1/me/access", listed(own))
    world.sign_in("secadm01")
    path = open_matrix(world)
    column = f"{STATE_MEDICAL}-medical"
    assert 'value="primary"' not in world.page
    assert f'name="may-{column}" value="claim_status"' in world.page
    assert f'name="may-{column}" value="precert_submit"' not in world.page
    world.post(path, {f"level-{column}": "processor", f"may-{column}": ["claim_status", "precert_submit"]})
    (change,) = world.api.made("PUT", SALLY)[-1].body["changes"]
    assert change["functions"] == ["claim_status", "patient_coverage"]


def test_removing_is_shown_then_done_then_printable__ENT_8(managing: World) -> None:
    body = {"before": [access(STATE_MEDICAL, "medical", "processor", "patient_coverage")], "after": []}
    managing.api.says("DELETE", SALLY, Answer(200, {**body, "violations": []}, {"ETag": ETAG}))
    managing.get("/users?view=all")
    path = link(managing, "Remove access")
    managing.get(path)
    answer = managing.post(path, {"where": _choice(managing, "where-1")})
    shown = managing.get(answer.location)
    assert "may keep access that others gave" in shown.text
    assert (managing.api.made("DELETE", SALLY)[-1].query or {}) == {"tin": STATE_MEDICAL, "dry_run": "true"}
    done = managing.post(answer.location)
    call = managing.api.made("DELETE", SALLY)[-1]
    assert (call.query, call.headers) == ({"tin": STATE_MEDICAL}, {"If-Match": ETAG})
    managing.get(done.location)
    assert "Access removed" in managing.page
    assert "data-print" in managing.page


def test_a_single_practice_of_the_site_is_the_one_that_access_is_removed_from__ENT_15(managing: World) -> None:
    """What the other site shows is not taken away unseen."""
    managing.site = "behavioral"
    managing.sign_in()
    held = access(STATE_MEDICAL, "medical", "processor", "patient_coverage")
    managing.api.says("GET", f"{USERS}/ssmith1234", user("ssmith1234", held))
    managing.api.says("DELETE", SALLY, Answer(200, {"before": [held], "after": [], "violations": []}, {"ETag": ETAG}))
    managing.get("/users?view=all")
    managing.get(managing.get(link(managing, "Remove access")).location)
    assert (managing.api.made("DELETE", SALLY)[-1].query or {})["tin"] == STATE_MEDICAL


def test_a_site_asks_for_the_users_of_its_own_tins__ENT_15(managing: World) -> None:
    for site, lines in (("medical", ("medical", "dental")), ("behavioral", ("behavioral",))):
        managing.site = site
        managing.sign_in()
        managing.get("/users?view=all")
        for path in (USERS, f"{USERS}/counts"):
            assert (managing.api.made("GET", path)[-1].query or {})["lines"] == lines
        practices = re.findall(r'<option value="[^"]+">([^<]+)', managing.page)
        assert any("State Medical Center" in each for each in practices)
        assert any("OGYAM" in each for each in practices) == (site == "medical")
        open_matrix(managing)
        assert (managing.api.made("GET", f"{USERS}/ssmith1234")[-1].query or {})["lines"] == lines
        assert (f"level-{OGYAM}-medical" in managing.page) == (site == "medical")


def test_one_users_page_asks_for_that_user_alone__ENT_6(managing: World) -> None:
    managing.get("/users?view=all")
    before = len(managing.api.made("GET", USERS))
    managing.get(link(managing, "Modify access"))
    assert len(managing.api.made("GET", USERS)) == before


def test_a_place_to_remove_access_from_is_chosen(managing: World) -> None:
    managing.get("/users?view=all")
    path = link(managing, "Remove access")
    managing.get(path)
    assert managing.post(path, {}).status_code == 422


def _choice(world: World, name: str) -> str:
    found = re.search(rf'id="{name}" name="where" value="([^"]+)"', world.page)
    assert found
    return unescape(found[1])
