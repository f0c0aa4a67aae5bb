"""What imports keep, in each kind of store (REG-16)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.kernel.ids import new_id
from services.registration.domain.invitations import Credentials, Invitation, Invitee, PreparedAccess
from services.registration.domain.lines import Line
from services.registration.domain.people_imports import ImportedPerson, ImportState, Origin, PeopleImport
from services.registration.domain.people_rows import RowFault
from tests.contract.registration.conftest import Stores

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ACCESS = PreparedAccess("123456789", Line.MEDICAL, "processor", ("claim_status",), NOW, "State Medical Center")


def an_import(state: ImportState = ImportState.READY, *, at: datetime = NOW) -> PeopleImport:
    return PeopleImport(
        id=new_id(),
        uploaded_by="mmartin5",
        origin=Origin("user:mmartin5", "medical", "198.51.100.7", "c-1"),
        file_name="people.csv",
        rows=3,
        people=2,
        created_at=at,
        state=state,
    )


def people() -> list[ImportedPerson]:
    return [
        ImportedPerson(
            place, (place + 2, place + 10), Invitee("Ada", None, "Berg", None, None, email), (ACCESS, ACCESS)
        )
        for place, email in enumerate(("ada@example.com", "bea@example.com"))
    ]


def test_an_import_is_kept_with_its_people_until_they_are_invited(stores: Stores) -> None:
    fault = RowFault(2, None, "columns_wrong", "Too many.")
    made = replace(an_import(), faults=(fault,), wrong=1)
    with stores() as store:
        store.imports.add(made, people())
    with stores() as store:
        assert store.imports.get(made.id) == store.imports.lock(made.id) == made
        assert list(store.imports.people(made.id)) == people()
        assert [each.place for each in store.imports.without_temporary_id(made.id, 1)] == [0]
        store.imports.draw(made.id, [replace(people()[0], temporary_id="abcdefgh")])
    with stores() as store:
        assert [each.place for each in store.imports.without_temporary_id(made.id, 5)] == [1]
        assert store.imports.people(made.id)[0].temporary_id == "abcdefgh"
        invited = [new_id(), new_id()]
        store.imports.invited(made.id, invited)
    with stores() as store:
        assert list(store.imports.invitation_ids(made.id)) == [(invited[0], (2, 10)), (invited[1], (3, 11))]


def test_each_that_runs_has_its_turn(stores: Stores) -> None:
    running = sorted((an_import(ImportState.RUNNING) for _ in range(3)), key=lambda each: each.id)
    with stores() as store:
        assert store.imports.next_running(None) is None
        for each in (*running, an_import()):
            store.imports.add(each, ())
    turns: list[UUID | None] = [None]
    with stores() as store:
        for _ in range(4):
            found = store.imports.next_running(turns[-1])
            assert found is not None
            turns.append(found.id)
        assert turns[1:] == [each.id for each in (*running, running[0])]
        assert store.imports.lock_running(running[0].id) == running[0]
        store.imports.save(running[0].finished(NOW))
        assert store.imports.lock_running(running[0].id) is None


def test_they_are_listed_newest_first(stores: Stores) -> None:
    made = [an_import(at=NOW + timedelta(minutes=minute)) for minute in (0, 1, 1)]
    newest = sorted(made, key=lambda each: (each.created_at, each.id), reverse=True)
    with stores() as store:
        for each in (*made, replace(an_import(), uploaded_by="geogym1")):
            store.imports.add(each, ())
    with stores() as store:
        assert list(store.imports.page("mmartin5", None, 2)) == newest[:2]
        assert list(store.imports.page("mmartin5", (newest[1].created_at, newest[1].id), 5)) == newest[2:]


def test_what_is_stale_is_dropped_and_what_runs_stays(stores: Stores) -> None:
    old, ended = NOW - timedelta(days=60), an_import(ImportState.RUNNING).finished(NOW - timedelta(days=40))
    kept = [an_import(), an_import(ImportState.RUNNING, at=old), an_import(ImportState.RUNNING).finished(NOW)]
    with stores() as store:
        for each in (an_import(at=old), an_import(ImportState.REFUSED, at=old), ended, *kept):
            store.imports.add(each, people())
    with stores() as store:
        limits = (NOW - timedelta(days=1), NOW - timedelta(days=30))
        assert store.imports.count_stale(*limits) == 3
        assert [store.imports.drop(*limits, 2) for _ in range(3)] == [2, 1, 0]
        assert all(store.imports.get(each.id) for each in kept)
        assert store.imports.get(ended.id) is None
        store.imports.forget_people(kept[0].id)
        assert list(store.imports.people(kept[0].id)) == []


def test_passwords_are_given_to_those_that_have_none(stores: Stores) -> None:
    def invitation(number: int, password_hash: str | None) -> Invitation:
        return Invitation(
            id=new_id(),
            credentials=Credentials(f"TempId{number:02}", password_hash),
            invited_by="mmartin5",
            invitee=people()[0].invitee,
            access=(ACCESS,),
            created_at=NOW,
            expires_at=NOW + timedelta(days=30),
        )

    made = [invitation(1, None), invitation(2, "hash of another"), invitation(3, None)]
    with stores() as store:
        store.invitations.add(made)
    with stores() as store:
        new = [replace(each, credentials=replace(each.credentials, password_hash="hash")) for each in made[:2]]
        store.invitations.give_passwords(new)
    with stores() as store:
        found = store.invitations.of([each.id for each in reversed(made)] + [new_id()])
        assert [each.id for each in found] == [each.id for each in reversed(made)]
        assert [each.credentials.password_hash for each in found] == [None, "hash of another", "hash"]
