"""What `api.md` promises of temporary IDs, over HTTP; what may be given, entitlements is asked (REG-14, REG-15)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.kernel.ids import new_id
from tests.contract.registration.world import World, form

MANAGER, OTHER, STRANGER = "mmartin5", "geogym1", "ssmith1234"
STATE_MEDICAL, OGYAM = "123456789", "223344556"
AMBIGUOUS = set("0O1lI")
REDEEMED, VOIDED = "registration.invitation.redeemed.v1", "registration.invitation.voided.v1"
PERSON = {"first_name": "Ana", "last_name": "Lee", "email": "ana.lee@example.com"}
ACCESS = {"tin": "12-3456789", "line": "medical", "level": "processor", "functions": ["claim_status"]}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("invitations")
    made = World(f"sqlite:///{folder / 'registration.sqlite'}", address_limits=False)
    for tin, user in ((STATE_MEDICAL, MANAGER), (OGYAM, OTHER)):
        managers = {"tin": tin, "line": "medical", "managers": [user], "by": "x", "requests": []}
        made.hear("entitlements.manager.added.v1", f"practice/{tin}", managers)
    yield made
    made.service.engine.dispose()


@pytest.fixture
def world(kept: World) -> Iterator[World]:
    began = kept.clock.moment
    yield kept
    kept.clock.moment = began
    kept.entitlements.verdicts, kept.entitlements.is_away = None, False
    kept.entitlements.before_answering = lambda: None


def body(*people: dict[str, Any], access: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"people": list(people) or [PERSON], "access": access or [ACCESS]}


def invite(world: World, *people: dict[str, Any], by: str = MANAGER, **more: Any) -> dict[str, Any]:
    answer = world.call("POST", "/invitations", by, body(*people, **more))
    assert answer.status_code == 201, answer.text
    items: list[dict[str, Any]] = answer.get_json()["items"]
    return items[0]


def redeem(world: World, invitation: dict[str, Any], user_id: str | None = None, **changes: str) -> TestResponse:
    secrets = {name: invitation[name] for name in ("temporary_id", "temporary_password")}
    return world.call("POST", "/invitations/redeem", user_id, secrets | changes)


def fault(answer: TestResponse) -> str:
    assert answer.status_code == 422, answer.text
    (only,) = answer.get_json()["errors"]
    return str(only["code"])


def state(world: World, invitation: dict[str, Any]) -> str:
    return str(world.call("GET", f"/invitations/{invitation['id']}", MANAGER).get_json()["state"])


def test_one_and_many_people_get_secrets_of_their_own__REG_15(world: World) -> None:
    people = [PERSON | {"email": f"person{number}@example.com"} for number in range(12)]
    access = [ACCESS, {"tin": OGYAM, "line": "medical", "level": "auditor", "functions": []}]
    answer = world.call("POST", "/invitations", MANAGER, body(*people, access=access))
    items = answer.get_json()["items"]
    assert [item["person"]["email"] for item in items] == [person["email"] for person in people]
    assert [[each["tin"] for each in item["access"]] for item in items] == [[STATE_MEDICAL, OGYAM]] * 12
    identifiers = {item["temporary_id"] for item in items}
    passwords = {item["temporary_password"] for item in items}
    assert (len(identifiers), len(passwords)) == (12, 12)
    assert {len(each) for each in identifiers} == {8}
    assert {len(each) for each in passwords} == {10}
    assert AMBIGUOUS.isdisjoint("".join(identifiers | passwords))
    kept = world.everything_kept()
    assert not [each for each in passwords if each in kept]
    asked = world.entitlements.calls[-1]
    assert (asked["giver"], len(asked["prepared"])) == (MANAGER, 1)


def test_the_secrets_are_shown_once__REG_15(world: World) -> None:
    key = str(new_id())
    first, again = (world.call("POST", "/invitations", MANAGER, body(), key) for _ in range(2))
    assert (first.status_code, again.data) == (201, first.data)
    world.clock.advance(minutes=5, seconds=1)
    late = world.call("POST", "/invitations", MANAGER, body(), key)
    assert (late.status_code, late.get_json()["code"]) == (409, "already_shown")
    shown = world.call("GET", f"/invitations/{first.get_json()['items'][0]['id']}", MANAGER)
    assert "temporary_password" not in shown.text


def test_every_fault_is_named_and_nothing_is_done__REG_15(world: World) -> None:
    before = len(world.published("registration.invitation.created.v1"))
    wrong = [PERSON | {"email": "nowhere", "phone": "12"}, PERSON, PERSON, PERSON | {"first_name": "4"}]
    answer = world.call("POST", "/invitations", MANAGER, body(*wrong, access=[ACCESS | {"tin": "12"}]))
    assert answer.status_code == 422
    assert {(each["pointer"], each["code"]) for each in answer.get_json()["errors"]} == {
        ("/people/0/email", "email_invalid"),
        ("/people/0/phone", "phone_invalid"),
        ("/people/2/email", "person_duplicate"),
        ("/people/3/first_name", "name_invalid"),
        ("/access/0/tin", "tin_invalid"),
    }
    assert len(world.published("registration.invitation.created.v1")) == before


@pytest.mark.parametrize("code", ["not_yours_to_give", "too_many_managers", "function_not_in_line"])
def test_what_entitlements_forbids_is_not_kept__GO_2(world: World, code: str) -> None:
    violation = {"tin": STATE_MEDICAL, "line": "medical", "function": "claim_status", "code": code, "detail": "No."}
    invitation = invite(world)
    before = world.everything_kept()
    world.entitlements.verdicts = [{"faults": [], "violations": [violation]}]
    path = f"/invitations/{invitation['id']}"
    changed = {"person": PERSON, "access": [ACCESS | {"level": "primary"}]}
    answers = [
        world.call("POST", "/invitations", MANAGER, body()),
        world.call("PUT", path, MANAGER, changed),
        world.call("POST", f"{path}/renew", MANAGER),
    ]
    assert {answer.status_code for answer in answers} == {403 if code == "not_yours_to_give" else 409}
    assert all(answer.get_json()["violations"] == [violation] for answer in answers)
    assert world.everything_kept().count("processor") == before.count("processor")


def test_what_nobody_could_wish_is_named_by_its_place__REG_15(world: World) -> None:
    unknown = {"pointer": "/0/functions/0", "code": "function_unknown", "detail": "No such function."}
    world.entitlements.verdicts = [{"faults": [unknown], "violations": []}]
    answer = world.call("POST", "/invitations", MANAGER, body())
    assert answer.get_json()["errors"] == [unknown | {"pointer": "/access/0/functions/0"}]


def test_without_entitlements_nobody_is_invited__OPS_8(world: World) -> None:
    world.entitlements.is_away = True
    answer = world.call("POST", "/invitations", MANAGER, body())
    assert (answer.status_code, answer.get_json()["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_whoever_has_no_account_learns_what_to_fill_in__REG_14(world: World) -> None:
    invitation = invite(world, PERSON | {"phone": "860-555-0142", "extension": "12"})
    answers = [redeem(world, invitation) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    told = answers[0].get_json()
    assert told["state"] == "open"
    assert told["person"] == PERSON | {"middle_initial": None, "phone": "+18605550142", "extension": "12"}
    assert told["access"][0]["practice"] == "State Medical Center"
    assert "temporary_password" not in told


def test_whoever_is_signed_in_redeems_once__REG_14(world: World) -> None:
    invitation = invite(world)
    first, second = (redeem(world, invitation, user) for user in ("zoe.obrien", STRANGER))
    assert (first.status_code, first.get_json()["state"]) == (200, "redeemed")
    assert fault(second) == "temporary_id_used"
    told = [each for each in world.published(REDEEMED) if each["invitation_id"] == invitation["id"]]
    assert [(each["user_id"], each["invited_by"], each["registration_id"]) for each in told] == [
        ("zoe.obrien", MANAGER, None)
    ]


def test_of_many_at_once_one_redeems__REG_14(world: World) -> None:
    invitation = invite(world)
    statuses: list[int] = []
    users = [f"user{number}.x" for number in range(6)]
    threads = [
        threading.Thread(target=lambda user=user: statuses.append(redeem(world, invitation, user).status_code))
        for user in users
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, *[422] * 5]
    assert len([each for each in world.published(REDEEMED) if each["invitation_id"] == invitation["id"]]) == 1


def test_case_matters__REG_14(world: World) -> None:
    invitation = invite(world)
    for name in ("temporary_id", "temporary_password"):
        assert fault(redeem(world, invitation, **{name: invitation[name].swapcase()})) == "temporary_id_unknown"
    assert redeem(world, invitation).status_code == 200


def test_five_wrong_passwords_void_it_for_the_right_one_too__REG_14(world: World) -> None:
    invitation = invite(world)
    wrong = [fault(redeem(world, invitation, temporary_password=f"wrong{number}")) for number in range(5)]
    assert wrong == [*["temporary_id_unknown"] * 4, "temporary_id_voided"]
    assert fault(redeem(world, invitation, "zoe.obrien")) == "temporary_id_voided"
    assert [each["temporary_id"] for each in world.published(VOIDED)].count(invitation["temporary_id"]) == 1
    assert state(world, invitation) == "voided"


def test_wrong_passwords_count_wherever_they_are_tried__REG_14(world: World) -> None:
    """By the look-up, signed in, in the preview of a form and at its submit."""
    invitation = invite(world)
    wrong = {"temporary_id": invitation["temporary_id"], "temporary_password": "wrong"}
    registration = registering(invitation, temporary_password="wrong")
    redeem(world, wrong)
    redeem(world, wrong, "zoe.obrien")
    world.call("POST", "/registrations/preview", None, registration)
    world.call("POST", "/registrations/preview", None, wrong)
    last = world.call("POST", "/registrations", None, registration)
    assert [each["code"] for each in last.get_json()["errors"]] == ["temporary_id_voided"]
    assert fault(redeem(world, invitation)) == "temporary_id_voided"


def test_a_repeat_of_a_wrong_password_counts_once__REG_14(world: World) -> None:
    invitation = invite(world)
    secrets = {"temporary_id": invitation["temporary_id"], "temporary_password": "wrong"}
    key = str(new_id())
    for _ in range(6):
        assert fault(world.call("POST", "/invitations/redeem", None, secrets, key)) == "temporary_id_unknown"
    assert redeem(world, invitation).status_code == 200


def test_many_guesses_at_once_get_no_more_than_five__REG_14(world: World) -> None:
    invitation = invite(world)
    told: list[str] = []

    def guess(number: int) -> None:
        told.append(fault(redeem(world, invitation, temporary_password=f"guess{number}")))

    threads = [threading.Thread(target=guess, args=[number]) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [*["temporary_id_unknown"] * 4, *["temporary_id_voided"] * 4]


def test_it_holds_thirty_days__REG_14(world: World) -> None:
    invitation = invite(world)
    world.clock.advance(days=30, seconds=-1)
    assert redeem(world, invitation).status_code == 200
    world.clock.advance(seconds=1)
    assert fault(redeem(world, invitation, "zoe.obrien")) == "temporary_id_expired"
    assert state(world, invitation) == "expired"
    renewed = world.call("POST", f"/invitations/{invitation['id']}/renew", MANAGER).get_json()
    assert renewed["temporary_id"] == invitation["temporary_id"]
    assert renewed["temporary_password"] != invitation["temporary_password"]
    assert fault(redeem(world, invitation)) == "temporary_id_unknown"
    assert redeem(world, renewed, "zoe.obrien").status_code == 200


def test_one_that_was_voided_can_be_renewed_and_one_that_was_used_cannot__REG_14(world: World) -> None:
    invitation = invite(world)
    for number in range(5):
        redeem(world, invitation, temporary_password=f"wrong{number}")
    renewed = world.call("POST", f"/invitations/{invitation['id']}/renew", MANAGER).get_json()
    assert redeem(world, renewed, "zoe.obrien").status_code == 200
    again = world.call("POST", f"/invitations/{invitation['id']}/renew", MANAGER)
    assert (again.status_code, again.get_json()["code"]) == (409, "invitation_not_open")


def test_one_that_was_revoked_opens_nothing__REG_15(world: World) -> None:
    invitation = invite(world)
    revoked = world.call("POST", f"/invitations/{invitation['id']}/revoke", MANAGER)
    assert (revoked.status_code, revoked.get_json()["state"]) == (200, "revoked")
    assert fault(redeem(world, invitation, "zoe.obrien")) == "temporary_id_revoked"
    for act in ("revoke", "renew"):
        answer = world.call("POST", f"/invitations/{invitation['id']}/{act}", MANAGER)
        assert (answer.status_code, answer.get_json()["code"]) == (409, "invitation_not_open")


def test_another_address_makes_other_secrets__REG_15(world: World) -> None:
    invitation = invite(world)
    path = f"/invitations/{invitation['id']}"
    same = world.call("PUT", path, MANAGER, {"person": PERSON | {"last_name": "Li"}, "access": [ACCESS]})
    assert (same.status_code, same.get_json()["temporary_password"]) == (200, None)
    assert redeem(world, invitation).get_json()["person"]["last_name"] == "Li"
    other = PERSON | {"email": "ana.li@example.com"}
    changed = world.call("PUT", path, MANAGER, {"person": other, "access": [ACCESS]}).get_json()
    assert changed["temporary_id"] != invitation["temporary_id"]
    assert fault(redeem(world, invitation)) == "temporary_id_unknown"
    assert redeem(world, changed).get_json()["person"]["email"] == "ana.li@example.com"
    told = world.published("registration.invitation.changed.v1")[-2:]
    assert [each["replaces"] for each in told] == [None, invitation["temporary_id"]]


def test_a_change_of_what_somebody_else_changed_is_refused__ENT_7(world: World) -> None:
    invitation = invite(world)
    path, wish = f"/invitations/{invitation['id']}", {"person": PERSON, "access": [ACCESS]}
    read = world.call("GET", path, MANAGER).headers["ETag"]
    assert world.call("PUT", path, MANAGER, wish, If_Match=read).status_code == 200
    stale = world.call("PUT", path, MANAGER, wish, If_Match=read)
    assert (stale.status_code, stale.get_json()["code"]) == (412, "changed_meanwhile")


def test_a_change_while_the_rules_are_asked_is_not_lost__ENT_7(world: World) -> None:
    invitation = invite(world)
    path = f"/invitations/{invitation['id']}"

    def meanwhile() -> None:
        world.entitlements.before_answering = lambda: None
        world.call("POST", f"{path}/revoke", MANAGER)

    world.entitlements.before_answering = meanwhile
    answer = world.call("PUT", path, MANAGER, {"person": PERSON, "access": [ACCESS]})
    assert answer.status_code == 412
    assert state(world, invitation) == "revoked"


def test_others_see_the_part_that_is_theirs_and_leave_it_alone__GO_2(world: World) -> None:
    both = [ACCESS, ACCESS | {"tin": OGYAM}]
    path = f"/invitations/{invite(world, access=both)['id']}"
    seen = world.call("GET", path, OTHER).get_json()
    assert [each["tin"] for each in seen["access"]] == [OGYAM]
    for method, act, wish in (
        ("PUT", path, {"person": PERSON, "access": [ACCESS | {"tin": OGYAM}]}),
        ("POST", f"{path}/renew", None),
        ("POST", f"{path}/revoke", None),
    ):
        answer = world.call(method, act, OTHER, wish)
        assert (answer.status_code, answer.get_json()["code"]) == (403, "not_yours_to_give")
        assert world.call(method, act, STRANGER, wish).status_code == 404
        assert world.call(method, act, None, wish).status_code == 401
    assert world.call("GET", path, STRANGER).status_code == 404


def test_a_fellow_manager_vouches_for_what_they_renew__GO_2(world: World) -> None:
    invitation = invite(world, by="assistant", access=[ACCESS | {"tin": OGYAM}])
    renewed = world.call("POST", f"/invitations/{invitation['id']}/renew", OTHER)
    assert (renewed.status_code, renewed.get_json()["invited_by"]) == (200, OTHER)
    assert world.entitlements.calls[-1]["giver"] == OTHER


def test_the_list_is_paged_by_state_newest_first__REG_15(world: World) -> None:
    author = f"author{new_id().hex[-8:]}"
    made = [invite(world, by=author)["id"] for _ in range(5)]
    world.call("POST", f"/invitations/{made[1]}/revoke", author)
    first = world.call("GET", "/invitations?limit=3", author).get_json()
    rest = world.call("GET", f"/invitations?limit=3&cursor={first['next']}", author).get_json()
    assert [item["id"] for item in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    ended = world.call("GET", "/invitations?state=revoked&state=expired", author).get_json()["items"]
    assert [item["id"] for item in ended] == [made[1]]
    assert world.call("GET", "/invitations", f"un{author}").get_json()["items"] == []


def registering(invitation: dict[str, Any], **changes: Any) -> dict[str, Any]:
    whole = form(f"new.{invitation['temporary_id'].lower()}x")
    secrets = {name: invitation[name] for name in ("temporary_id", "temporary_password")}
    return {name: value for name, value in whole.items() if name not in {"practice_type", "tins"}} | secrets | changes


def confirm(world: World, registration: dict[str, Any]) -> None:
    world.account(registration["user_id"], registration_id=registration["id"])


def test_registering_redeems_it_once_the_address_is_confirmed__REG_14(world: World) -> None:
    invitation = invite(world)
    preview = world.call("POST", "/registrations/preview", None, registering(invitation))
    assert preview.get_json() == {"tins": [], "errors": [], "suggestions": []}
    registration = world.call("POST", "/registrations", None, registering(invitation))
    assert (registration.status_code, registration.get_json()["requests"]) == (201, [])
    assert state(world, invitation) == "unconfirmed"
    assert fault(redeem(world, invitation, "zoe.obrien")) == "temporary_id_used"
    told = world.published("registration.registration.submitted.v1")[-1]
    assert (told["temporary_id"], told["practice_type"]) == (invitation["temporary_id"], ["medical"])
    before = len(world.published(REDEEMED))
    confirm(world, registration.get_json())
    (redeemed,) = world.published(REDEEMED)[before:]
    assert redeemed["registration_id"] == registration.get_json()["id"]
    assert (redeemed["user_id"], redeemed["person"]["email"]) == (registration.get_json()["user_id"], PERSON["email"])
    assert state(world, invitation) == "redeemed"


def test_two_register_with_one_temporary_id__REG_14(world: World) -> None:
    invitation = invite(world)
    world.identity.before_answering = threading.Barrier(2, timeout=60).wait
    answers: list[TestResponse] = []

    def register(user_id: str) -> None:
        answers.append(world.call("POST", "/registrations", None, registering(invitation, user_id=user_id)))

    threads = [threading.Thread(target=register, args=[f"twin{number}.x"]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.identity.before_answering = lambda: None
    assert sorted(answer.status_code for answer in answers) == [201, 422]
    assert [fault(answer) for answer in answers if answer.status_code == 422] == ["temporary_id_used"]


def test_the_same_submit_again_is_no_second_use__REG_9(world: World) -> None:
    """As after a kill between identity's reservation and the commit, or with the answer lost."""
    invitation, key = invite(world), str(new_id())
    first, again = (world.call("POST", "/registrations", None, registering(invitation), key) for _ in range(2))
    assert (first.status_code, again.get_json()) == (201, first.get_json())


def test_a_registration_that_lapses_gives_it_back__REG_14(world: World) -> None:
    invitation = invite(world)
    registration = world.call("POST", "/registrations", None, registering(invitation)).get_json()
    gone = {"user_id": registration["user_id"], "registration_id": registration["id"]}
    world.hear("identity.account.removed.v1", f"account/{registration['user_id']}", gone)
    assert state(world, invitation) == "open"
    assert redeem(world, invitation, "zoe.obrien").status_code == 200


def test_what_is_revoked_before_the_address_is_confirmed_is_not_redeemed__REG_14(world: World) -> None:
    invitation = invite(world)
    registration = world.call("POST", "/registrations", None, registering(invitation)).get_json()
    world.call("POST", f"/invitations/{invitation['id']}/revoke", MANAGER)
    before = len(world.published(REDEEMED))
    confirm(world, registration)
    assert len(world.published(REDEEMED)) == before
    assert state(world, invitation) == "revoked"


def test_whoever_is_removed_is_forgotten_here_too__IDN_13(world: World) -> None:
    invitation = invite(world, PERSON | {"email": "forget.me@example.com"})
    assert redeem(world, invitation, "forgettable").status_code == 200
    world.hear(
        "identity.account.removed.v1", "account/forgettable", {"user_id": "forgettable", "registration_id": None}
    )
    seen = world.call("GET", f"/invitations/{invitation['id']}", MANAGER).get_json()
    assert (seen["state"], set(seen["person"].values())) == ("redeemed", {None})


def test_a_form_with_a_temporary_id_has_no_tins__REG_14(world: World) -> None:
    invitation = invite(world)
    both = registering(invitation, tins=[{"tin": OGYAM}])
    assert fault(world.call("POST", "/registrations", None, both)) == "tins_with_temporary_id"
    half = registering(invitation, temporary_password=None)
    answer = world.call("POST", "/registrations", None, half)
    assert [each["pointer"] for each in answer.get_json()["errors"]] == ["/temporary_password"]


def test_trying_many_is_limited_by_address__REG_14(tmp_path: Path) -> None:
    world = World(f"sqlite:///{tmp_path / 'limited.sqlite'}", address_limits=True)
    guess = {"temporary_id": "ABCDEFGH", "temporary_password": "abcdefghij"}
    statuses = [redeem(world, guess).status_code for _ in range(21)]
    assert statuses == [*[422] * 20, 429]
    world.service.engine.dispose()
