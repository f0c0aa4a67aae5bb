"""View and edit selected users: tick several, choose, look at it once more, confirm, undo (ENT-6, ENT-7, GO-3)."""

from __future__ import annotations

import re
from html import unescape

import pytest

from services.portal.application.errors import ProblemError
from services.portal.application.ports import Answer
from tests.unit.portal.practices import ETAG, OGYAM, STATE_MEDICAL, access, administered, manager
from tests.unit.portal.world import World

BULK = "/api/entitlements/v1/access/bulk"
COLUMN = f"{STATE_MEDICAL}-medical"


@pytest.fixture
def managing(world: World) -> World:
    manager(world)
    world.sign_in()
    return world


def ticked(world: World) -> list[str]:
    """The handles of the users on the list."""
    world.get("/users?view=all")
    return re.findall(r'name="user" id="[^"]+" value="([^"]+)"', world.page)


def selected(world: World) -> str:
    """The matrix of all users on the list."""
    answer = world.post("/users/selected", {"user": ticked(world), "view": "all"})
    assert answer.status_code == 303
    assert world.get(answer.location).status_code == 200
    return str(answer.location)


def previewed(world: World, **more: str) -> str:
    path = selected(world)
    answer = world.post(path, {f"may-{COLUMN}-claim_status": "give", **more})
    assert answer.status_code == 303, answer.text
    assert world.get(answer.location).status_code == 200
    return str(answer.location)


def test_nobody_ticked_is_said_so(managing: World) -> None:
    managing.get("/users?view=all")
    answer = managing.post("/users/selected", {"view": "all"})
    assert "Tick the users first" in managing.get(answer.location).text


def test_no_address_names_a_person_or_a_tin(managing: World) -> None:
    path = previewed(managing)
    for page in ("/users?view=all", path.removesuffix("/confirm"), path):
        managing.get(page)
        for address in re.findall(r'(?:href|action)="([^"]+)"', managing.page):
            assert not re.search(rf"zoe|ssmith|{STATE_MEDICAL}", address), address


def test_the_matrix_says_how_many_may_do_what__ENT_7(managing: World) -> None:
    selected(managing)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", unescape(managing.page)))
    assert "View and edit 2 selected users" in text
    assert "1 of 2 have it" in text
    assert "1 Processor" in text


def test_what_is_chosen_is_asked_for_and_the_rest_left_alone__ENT_7(managing: World) -> None:
    choices = {
        f"may-{COLUMN}-patient_coverage": "take",
        f"level-{OGYAM}-medical": "none",
        f"until-{COLUMN}": "2026-06-30",
    }
    path = previewed(managing, **choices)
    asked = managing.api.made("POST", BULK)[-1].body
    assert asked["user_ids"] == ["ssmith1234", "zoe.obrien"]
    (gain,) = asked["add"]
    assert (gain["tin"], gain["functions"], gain["until"][:10]) == (STATE_MEDICAL, ["claim_status"], "2026-07-01")
    assert asked["remove"] == [
        {"tin": STATE_MEDICAL, "line": "medical", "functions": ["patient_coverage"]},
        {"tin": OGYAM, "line": "medical"},
    ]
    assert asked["dry_run"] is True
    done = managing.post(path)
    assert managing.api.made("POST", BULK)[-1].headers == {"If-Match": ETAG}
    assert managing.get(done.location).status_code == 200
    assert "Claim status and remittance reports" in managing.page


def test_all_practices_means_each__ENT_7(managing: World) -> None:
    """delegation.md, 5."""
    path = selected(managing)
    managing.post(path, {"may-all-claim_status": "give", "level-all": "secondary"})
    asked = managing.api.made("POST", BULK)[-1].body["add"]
    assert [(each["tin"], each["level"], each["functions"]) for each in asked] == [
        (STATE_MEDICAL, "secondary", ["claim_status"]),
        (OGYAM, "secondary", ["claim_status"]),
    ]


def test_a_secondary_administrator_chooses_among_what_they_hold__ENT_4(world: World) -> None:
    manager(world, administered(STATE_MEDICAL, level="secondary"))
    world.sign_in("secadm01")
    path = selected(world)
    assert f'name="may-{COLUMN}-claim_status"' not in world.page
    answer = world.post(path, {f"may-{COLUMN}-claim_status": "give", f"level-{COLUMN}": "primary"})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("typed", "said"), [({}, "Nothing was chosen"), ({f"until-{COLUMN}": "soon"}, "Write the last day as a date")]
)
def test_what_cannot_be_taken_is_said_so(managing: World, typed: dict[str, str], said: str) -> None:
    answer = managing.post(selected(managing), typed)
    assert answer.status_code == 422
    assert said in answer.text


def test_what_rules_forbid_is_shown_for_each_and_not_confirmed__GO_2(managing: World) -> None:
    cell = {"tin": STATE_MEDICAL, "line": "medical", "code": "last_manager", "detail": ""}
    here = [access(STATE_MEDICAL, "medical", "primary")]
    items = [
        {"user_id": user, "name": user.title(), "before": here, "after": here, "violations": [cell]}
        for user in ("ssmith1234", "zoe.obrien")
    ]
    body = {"id": None, "undo_until": None, "items": items, "next": None}
    managing.api.says("POST", BULK, Answer(200, body, {"ETag": ETAG}))
    previewed(managing)
    assert managing.page.count("difference--forbidden") == 2
    assert "Nothing was changed for anybody" in managing.page
    assert ">Confirm<" not in managing.page


def test_what_changed_meanwhile_is_shown_again__ENT_7(managing: World) -> None:
    path = previewed(managing)
    refused = ProblemError(412, "changed_meanwhile")
    before = next(answer for method, pattern, answer in managing.api.answers if pattern.startswith(BULK))
    managing.api.says("POST", BULK, lambda call: before(call) if call.body.get("dry_run") else refused)
    answer = managing.post(path)
    assert answer.status_code == 409
    assert "Somebody else changed this access meanwhile" in answer.text


def test_it_is_undone_once_and_a_refusal_says_why__GO_3(managing: World) -> None:
    done = managing.get(managing.post(previewed(managing)).location)
    (undo,) = re.findall(r'action="([^"]+/undo)"', done.text)
    managing.api.says("POST", f"{BULK}/.*/undo", ProblemError(412, "changed_meanwhile"))
    refused = managing.post(undo)
    assert refused.status_code == 409
    assert "Nothing was undone." in refused.text
    managing.api.answers.pop(0)
    undone = managing.get(managing.post(undo).location)
    assert "All of it was undone" in undone.text
    assert "/undo" not in undone.text
    managing.post(undo)
    assert len(managing.api.made("POST", f"{BULK}/.*/undo")) == 2
