"""Manage user access: views, search, order, pages, counts (ENT-6); and the small reads beside it."""

from __future__ import annotations

import pytest

from tests.integration.entitlements.world import OURS, THEIRS, World, change

PEOPLE = (
    ("mary", "Mary", "Martin"),
    ("sally", "Sally", "Smith"),
    ("jose", "José", "de la Cruz"),
    ("zoe", "Zoë", "O’Brien"),
    ("anna", "Anna", "Smithers"),
    ("emil", "Emil", "Bay"),
)


@pytest.fixture(autouse=True)
def people(world: World) -> None:
    world.practice(OURS, "State Medical Center", "medical", "behavioral")
    world.practice(THEIRS, "OGYAM GEORGE Y MD", "medical")
    for user_id, first, last in PEOPLE:
        world.account(user_id, first, last)
    world.give("mary", "primary")
    world.give("mary", "primary", tin=THEIRS)
    world.give("sally", "processor", "claim_status")
    world.give("jose", "processor", "claim_status", tin=THEIRS)
    world.give("zoe", "processor", "claim_status")
    world.put("mary", "zoe", change(None))
    world.call("POST", "/requests", "anna", {"tin": OURS, "line": "medical"})


def users(world: World, query: str = "", viewer: str = "mary") -> list[str]:
    return [item["user_id"] for item in world.items(f"/users{query}", viewer)]


def test_views_show_who_has_had_and_waits_for_access__ENT_6(world: World) -> None:
    """delegation.md, 6."""
    assert users(world) == ["jose", "mary", "zoe", "sally", "anna"]
    assert users(world, "?view=active") == ["jose", "mary", "sally"]
    assert users(world, "?view=inactive") == ["zoe"]
    assert users(world, "?view=awaiting") == ["anna"]
    assert world.get("/users/counts", "mary").get_json() == {"awaiting": 1, "active": 3, "inactive": 1, "all": 5}


def test_a_practice_narrows_the_list__ENT_6(world: World) -> None:
    assert users(world, f"?tin={THEIRS}") == ["jose", "mary"]
    assert world.get(f"/users/counts?tin={THEIRS}", "mary").get_json()["active"] == 2
    assert users(world, "?tin=987654321") == []
    assert world.get("/users?tin=abc", "mary").get_json()["errors"][0]["code"] == "tin_invalid"


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("smith", ["sally", "anna"]),
        ("Smith, Sally", ["sally"]),
        ("JOSE", ["jose"]),
        ("cruz", ["jose"]),
        ("zoe obrien", ["zoe"]),
        ("o’b", ["zoe"]),
        ("anna", ["anna"]),
        ("100%", []),
        ("_", []),
        ("223344556", ["jose", "mary"]),
        ("223-344-556", ["jose", "mary"]),
    ],
)
def test_search_is_by_name_user_id_or_tin__ENT_6(world: World, query: str, found: list[str]) -> None:
    answer = world.call("GET", f"/users?query={query}".replace(" ", "%20").replace("%'", "%25'"), "mary")
    assert [item["user_id"] for item in answer.get_json()["items"]] == found


def test_the_list_is_sorted_and_paged_both_ways__ENT_6(world: World) -> None:
    for sort in ("name", "-name", "user_id", "-user_id", "job_role", "-job_role"):
        whole, cursor, found = users(world, f"?sort={sort}"), "", []
        while True:
            part = world.get(f"/users?sort={sort}&limit=2{cursor}", "mary").get_json()
            found += [item["user_id"] for item in part["items"]]
            if part["next"] is None:
                break
            cursor = f"&cursor={part['next']}"
        assert found == whole
        assert len(whole) == 5
    assert users(world, "?sort=-name") == users(world)[::-1]
    assert users(world, "?sort=user_id") == ["anna", "jose", "mary", "sally", "zoe"]


def test_the_items_show_the_viewers_places_alone__ENT_6(world: World) -> None:
    world.give("emil", "secondary", tin=THEIRS)
    world.give("sally", "processor", "eft_view", tin=THEIRS)
    (item,) = [item for item in world.items("/users", "emil") if item["user_id"] == "sally"]
    assert [(access["tin"], access["functions"]) for access in item["access"]] == [(THEIRS, ["eft_view"])]
    assert (item["state"], item["name"], item["job_role"]) == ("active", "Sally Smith", "billing_operations")
    (item,) = [item for item in world.items("/users", "mary") if item["user_id"] == "anna"]
    assert (item["state"], item["requests"][0]["state"]) == ("awaiting", "awaiting")


def test_one_user_is_shown_as_in_the_list__ENT_6(world: World) -> None:
    (listed,) = world.items("/users?query=sally", "mary")
    assert world.get("/users/sally", "mary").get_json() == listed
    assert world.get("/users/SALLY", "mary").get_json() == listed
    assert world.get("/users/zoe", "mary").get_json()["state"] == "inactive"
    assert world.get("/users/anna", "mary").get_json()["state"] == "awaiting"
    world.give("emil", "secondary", tin=THEIRS)
    world.give("sally", "processor", "eft_view", tin=THEIRS)
    (access,) = world.get("/users/sally", "emil").get_json()["access"]
    assert (access["tin"], access["functions"]) == (THEIRS, ["eft_view"])


def test_one_user_is_hidden_from_those_whose_lists_do_not_have_them__ENT_6(world: World) -> None:
    world.give("emil", "secondary", tin=THEIRS)
    for viewer, user_id in (("emil", "sally"), ("emil", "anna"), ("sally", "sally"), ("anna", "mary"), ("mary", "who")):
        assert world.get(f"/users/{user_id}", viewer).status_code == 404
    assert world.get("/users/sally", None).status_code == 401
    assert world.call("GET", "/users/sally", "support1", support=True).status_code == 404


def test_lines_filter_by_what_the_tin_has__ENT_15(world: World) -> None:
    """A TIN with both lines shows wholly by either; one that the directory does not know, by what is held there."""
    assert users(world, "?lines=behavioral") == ["mary", "zoe", "sally", "anna"]
    assert users(world, "?lines=medical&lines=dental") == users(world)
    assert users(world, "?lines=dental") == []
    counts = world.get("/users/counts?lines=behavioral", "mary").get_json()
    assert counts == {"awaiting": 1, "active": 2, "inactive": 1, "all": 4}
    assert world.get("/users/jose?lines=behavioral", "mary").status_code == 404
    (mary,) = world.items("/users?lines=behavioral&query=mary", "mary")
    assert [access["tin"] for access in mary["access"]] == [OURS]
    world.give("mary", "primary", tin="987654321", line="behavioral")
    world.give("jose", "processor", "claim_status", tin="987654321", line="behavioral")
    assert "jose" in users(world, "?lines=behavioral")
    assert world.get("/users?lines=surgical", "mary").status_code == 422


@pytest.mark.parametrize("viewer", ["sally", "anna", "nobody"])
def test_who_administers_nothing_sees_nobody__ENT_6(world: World, viewer: str) -> None:
    assert users(world, viewer=viewer) == []
    assert world.get("/users/counts", viewer).get_json() == {"awaiting": 0, "active": 0, "inactive": 0, "all": 0}
    assert world.items("/me/practices", viewer) == []


def test_my_practices_tell_how_many_manage_and_wait__ENT_3(world: World) -> None:
    assert world.items("/me/practices", "mary") == [
        {
            "tin": OURS,
            "line": "medical",
            "practice": "State Medical Center",
            "practice_lines": ["behavioral", "medical"],
            "level": "primary",
            "managers": 1,
            "awaiting": 1,
        },
        {
            "tin": THEIRS,
            "line": "medical",
            "practice": "OGYAM GEORGE Y MD",
            "practice_lines": ["medical"],
            "level": "primary",
            "managers": 1,
            "awaiting": 0,
        },
    ]


def test_managers_names_are_for_those_who_have_to_do_with_the_practice__ENT_9(world: World) -> None:
    expected = [{"name": "Mary Martin", "line": "medical"}]
    for viewer in ("sally", "anna", "mary"):
        managers = world.items(f"/practices/{OURS}/managers", viewer)
        assert [{name: value for name, value in each.items() if value is not None} for each in managers] == expected
    assert world.get(f"/practices/{OURS}/managers", "jose").status_code == 404
    assert world.get("/practices/none/managers", "mary").status_code == 404
    (manager,) = world.call("GET", f"/practices/{OURS}/managers", "support1", support=True).get_json()["items"]
    assert (manager["name"], manager["user_id"], manager["state"]) == ("Mary Martin", "mary", "active")


def test_the_catalogue_is_open__ENT_1_ENT_2(world: World) -> None:
    functions = world.get("/functions", None).get_json()
    assert functions["next"] is None
    assert functions["items"][6] == {
        "code": "precert_submit",
        "title": "Precertification: view and submit",
        "lines": ["medical"],
        "sensitive": False,
        "description": "Send and see precertification requests",
    }
    levels = world.get("/levels", None).get_json()["items"]
    assert [level["code"] for level in levels] == ["primary", "secondary", "processor", "auditor"]
    assert levels[3]["functions"] == ["history_report"]
