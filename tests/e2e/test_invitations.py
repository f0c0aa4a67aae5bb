"""Temporary IDs over all services: a manager adds people, who come with them or add them (REG-14, REG-15, GO-2)."""

from __future__ import annotations

import csv
import io
from typing import Any

from chassis.testing.waiting import eventually
from tests.e2e.deployments import Deployment
from tests.e2e.people import Person, registration

STATE_MEDICAL, OGYAM = "123456789", "223344556"
LIMIT = 30.0
REG = "/api/registration/v1"
PROCESSOR = {"tin": STATE_MEDICAL, "line": "medical", "level": "processor", "functions": ["claim_status"]}


def manager(deployment: Deployment, password: str, name: str = "mmartin5") -> Person:
    made = Person(deployment, name, password)
    made.sign_in()
    return made


def invite(giver: Person, email: str, *access: dict[str, Any]) -> dict[str, Any]:
    person = {"first_name": "Ivy", "last_name": "Invited", "email": email}
    answer = giver.post(f"{REG}/invitations", {"people": [person], "access": list(access) or [PROCESSOR]})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()["items"][0]
    return made


def secrets(invitation: dict[str, Any]) -> dict[str, str]:
    return {name: str(invitation[name]) for name in ("temporary_id", "temporary_password")}


def arrived(person: Person) -> Person:
    """Registered by themselves, without a TIN."""
    registered = person.register([], no_tin=True)
    assert registered.status_code == 201, registered.text
    assert person.confirm().status_code == 204
    person.sign_in()
    return person


def history(giver: Person, **query: str) -> list[dict[str, str]]:
    document = giver.get("/api/audit/v1/history.csv", params=query).text.removeprefix("\ufeff")
    return list(csv.DictReader(io.StringIO(document)))


def told_of(giver: Person, invitation: dict[str, Any], count: int) -> list[dict[str, str]]:
    """The history's rows of an invitation, once there are so many."""
    rows = [row for row in history(giver, tin=STATE_MEDICAL) if row["TEMPORARY ID"] == invitation["temporary_id"]]
    return rows if len(rows) >= count else []


def allowed(person: Person, function: str, tin: str) -> bool:
    return bool(person.check(function, tin)["allowed"])


def test_a_new_person_registers_with_it_and_works__REG_14(deployment: Deployment, demo_password: str) -> None:
    giver, person = manager(deployment, demo_password), Person(deployment, "ivy.invited")
    invitation = invite(giver, person.email)
    mail = eventually(lambda: next(iter(deployment.mails(person.email)), None), within=LIMIT)
    assert mail["notice"] == "invitation"
    assert invitation["temporary_password"] not in str(mail)
    told = person.post(f"{REG}/invitations/redeem", secrets(invitation)).json()
    assert (told["state"], told["person"]["email"]) == ("open", person.email)
    registered = person.post(f"{REG}/registrations", _without_tins(person) | secrets(invitation))
    assert registered.status_code == 201, registered.text
    assert person.confirm().status_code == 204
    person.sign_in()
    eventually(lambda: allowed(person, "claim_status", STATE_MEDICAL))
    assert not allowed(person, "precert_submit", STATE_MEDICAL)
    eventually(lambda: "invitation_redeemed" in giver.notices(), within=LIMIT)
    rows = eventually(lambda: told_of(giver, invitation, 3), within=LIMIT)
    assert [row["TYPE OF CHANGE"] for row in rows] == ["Access given", "Invitation used", "User invited"]
    assert {(row["HAS USER REGISTERED?"], row["PERMANENT ID"]) for row in rows} == {("Yes", person.user_id)}
    again = person.post(f"{REG}/invitations/redeem", secrets(invitation))
    assert (again.status_code, again.json()["errors"][0]["code"]) == (422, "temporary_id_used")


def test_a_user_adds_the_access_to_their_account__REG_14(deployment: Deployment, demo_password: str) -> None:
    giver, person = manager(deployment, demo_password), arrived(Person(deployment, "adds.access"))
    invitation = invite(giver, person.email.upper(), PROCESSOR, PROCESSOR | {"tin": OGYAM})
    (row,) = eventually(lambda: told_of(giver, invitation, 1), within=LIMIT)
    assert row["HAS USER REGISTERED?"] == "No"
    assert person.post(f"{REG}/invitations/redeem", secrets(invitation)).json()["state"] == "redeemed"
    for tin in (STATE_MEDICAL, OGYAM):
        eventually(lambda tin=tin: allowed(person, "claim_status", tin))  # type: ignore[misc]
    eventually(lambda: "access_changed" in person.notices(), within=LIMIT)


def test_another_address_makes_a_request_of_it__REG_14(deployment: Deployment, demo_password: str) -> None:
    giver, person = manager(deployment, demo_password), arrived(Person(deployment, "other.address"))
    invitation = invite(giver, "somebody.else@example.com")
    assert person.post(f"{REG}/invitations/redeem", secrets(invitation)).status_code == 200
    request = giver.waiting(person.user_id, STATE_MEDICAL)
    assert not allowed(person, "claim_status", STATE_MEDICAL)
    for told in (person, giver):
        eventually(lambda told=told: "invitation_reduced" in told.notices(), within=LIMIT)  # type: ignore[misc]
    assert giver.give(person.user_id, [PROCESSOR], request_id=request["id"]).status_code == 200
    assert allowed(person, "claim_status", STATE_MEDICAL)


def test_what_the_inviter_can_give_no_more_is_not_given__GO_2(deployment: Deployment, demo_password: str) -> None:
    boss, giver = manager(deployment, demo_password), arrived(Person(deployment, "soon.no.admin"))
    person = arrived(Person(deployment, "waits.for.it"))
    administers = PROCESSOR | {"level": "secondary"}
    boss_sees = invite(boss, giver.email, administers)
    assert giver.post(f"{REG}/invitations/redeem", secrets(boss_sees)).status_code == 200
    eventually(lambda: allowed(giver, "claim_status", STATE_MEDICAL))
    refused = giver.post(
        f"{REG}/invitations",
        {
            "people": [{"first_name": "A", "last_name": "B", "email": person.email}],
            "access": [PROCESSOR | {"level": "primary"}],
        },
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours_to_give")
    invitation = invite(giver, person.email)
    assert boss.give(giver.user_id, [PROCESSOR]).status_code == 200
    assert giver.post(f"{REG}/invitations/{invitation['id']}/renew").status_code == 403
    assert person.post(f"{REG}/invitations/redeem", secrets(invitation)).status_code == 200
    boss.waiting(person.user_id, STATE_MEDICAL)
    assert not allowed(person, "claim_status", STATE_MEDICAL)
    eventually(lambda: "invitation_reduced" in person.notices(), within=LIMIT)


def _without_tins(person: Person) -> dict[str, Any]:
    return {
        name: value for name, value in registration(person.user_id, []).items() if name not in {"practice_type", "tins"}
    }
