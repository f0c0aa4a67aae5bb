"""REG-9 and REG-10: preview and submit, over a reservation at identity."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from chassis.kernel.errors import Fault, NotFoundError, UnavailableError
from services.registration.application.errors import KeyReusedError, RegistrationInvalidError, UserIdTakenError
from services.registration.application.ports import Judgement, Ports
from services.registration.application.preview_registration import Preview, PreviewRegistration, preview_registration
from services.registration.application.show_registration import ShownRegistration, ShowRegistration, show_registration
from services.registration.application.submit_registration import SubmitRegistration, submit_registration
from services.registration.domain.events import RegistrationSubmitted
from services.registration.domain.form import Credentials, Form, TinEntry
from services.registration.domain.lines import Line
from services.registration.domain.registrations import Registration, RequestState
from tests.unit.registration.fakes import NOW, FakeAccounts, FakeRegistrations, FakeWork, fake_ports
from tests.unit.registration.forms import (
    CREDENTIALS,
    OGYAM,
    PROFILE,
    STATE_MEDICAL,
    UNKNOWN,
    WHOLE,
    nominating,
    tins,
    with_profile,
)

ID = UUID("01890000-0000-8000-8000-000000000001")


class World:
    def __init__(self) -> None:
        self.work = FakeWork()
        self.ports: Ports = fake_ports(self.work)
        assert isinstance(self.ports.accounts, FakeAccounts)
        self.accounts = self.ports.accounts
        self.store = self.work.store
        self.store.practices.have(STATE_MEDICAL, "State Medical Center", "medical;behavioral")
        self.store.practices.have(OGYAM, "OGYAM GEORGE Y MD", "medical")
        self.store.managers.replace(STATE_MEDICAL, Line.MEDICAL, ["mmartin5", "aaaaaa1"])
        self.store.managers.replace(STATE_MEDICAL, Line.BEHAVIORAL, ["mmartin5"])

    def submit(self, form: Form = WHOLE, registration_id: UUID = ID) -> ShownRegistration:
        self.work.holds_lock = False
        return submit_registration(SubmitRegistration(registration_id, form, "medical"), self.work, self.ports)

    def preview(self, form: Form) -> Preview:
        return preview_registration(PreviewRegistration(form, "medical"), self.work, self.ports)

    def refused(self, form: Form) -> list[tuple[str, str]]:
        with pytest.raises(RegistrationInvalidError) as refusal:
            self.submit(form)
        assert self.store.registrations.all == {}
        assert self.work.events == []
        return [(fault.pointer, fault.code) for fault in refusal.value.faults]


@pytest.fixture
def world() -> World:
    return World()


def test_submit_makes_an_account_and_a_request_for_each_tin__REG_9(world: World) -> None:
    form = tins(TinEntry(STATE_MEDICAL, "behavioral"), "22-3344556", UNKNOWN, practice_type=("behavioral", "medical"))
    form = replace(form, tins=(*(form.tins or ())[:2], TinEntry(UNKNOWN, "medical")))
    made = world.submit(form)
    assert (made.registration.id, made.registration.user_id, made.open_today) == (ID, "zoe.obrien", ("resources",))
    assert [
        (each.request.tin, each.request.line, each.request.practice, each.manager_count) for each in made.requests
    ] == [
        (STATE_MEDICAL, "behavioral", "State Medical Center", 1),
        (OGYAM, "medical", "OGYAM GEORGE Y MD", 0),
        (UNKNOWN, "medical", None, 0),
    ]
    assert {each.request.state for each in made.requests} == {RequestState.UNCONFIRMED}
    assert world.work.events == [RegistrationSubmitted(world.store.registrations.all[ID])]


def test_without_tins_there_is_an_account_without_requests__REG_3(world: World) -> None:
    made = world.submit(replace(WHOLE, tins=(), no_tin=True))
    assert made.requests == ()
    assert made.registration.no_tin
    assert made.open_today == ("resources",)
    assert ID in world.accounts.reserved


def test_identity_gets_the_credentials_and_registration_keeps_none__REG_9(world: World) -> None:
    world.submit()
    wish = world.accounts.reserved[ID]
    assert wish.credentials == CREDENTIALS
    assert wish.person["phone"] == "+18605550142"
    assert (wish.site, wish.language, wish.correlation_id) == ("medical", "en", "c-1")
    kept = repr(world.store.registrations.all[ID]) + repr(world.work.events)
    assert "Falcon" not in kept
    assert "Schnürli" not in kept
    assert "1984-05-17" not in kept


def test_the_same_submit_again_registers_once__REG_9(world: World) -> None:
    first = world.submit()
    again = world.submit()
    assert again == first
    assert len(world.work.events) == 1
    assert len(world.store.registrations.all) == 1


def test_a_kill_between_reserving_and_writing_is_healed_by_repeating__REG_9(world: World) -> None:
    class KilledError(Exception):
        pass

    class Killed(FakeRegistrations):
        def add(self, registration: Registration) -> bool:
            raise KilledError

    whole, world.store.registrations = world.store.registrations, Killed()
    with pytest.raises(KilledError):
        world.submit()
    world.store.registrations = whole
    made = world.submit()
    assert made.registration.id == ID
    assert list(world.accounts.reserved) == [ID]
    assert len(world.work.events) == 1


def test_an_old_key_for_another_user_id_tells_nothing__REG_9(world: World) -> None:
    world.submit()
    other = replace(WHOLE, credentials=replace(CREDENTIALS, user_id="somebody.else"))
    with pytest.raises(KeyReusedError):
        world.submit(other)


def test_a_day_later_the_same_id_is_no_repeat__REG_9(world: World) -> None:
    made = world.submit().registration
    world.store.registrations.all[ID] = replace(made, submitted_at=NOW - timedelta(hours=25))
    with pytest.raises(KeyReusedError):
        world.submit()


def test_faults_of_identity_come_with_the_others__REG_7(world: World) -> None:
    world.accounts.judgement = Judgement((Fault("/password", "password_weak", "Your name is in it."),))
    assert world.refused(with_profile(email="x")) == [
        ("/profile/email", "email_invalid"),
        ("/password", "password_weak"),
    ]
    assert world.accounts.reserved == {}


def test_a_place_is_told_once__REG_8(world: World) -> None:
    world.accounts.judgement = Judgement((Fault("/date_of_birth", "invalid", "No date."),))
    form = replace(WHOLE, credentials=replace(CREDENTIALS, date_of_birth="yesterday"))
    assert world.refused(form) == [("/date_of_birth", "date_of_birth_invalid")]
    assert world.accounts.judged[0].credentials.date_of_birth is None


def test_a_taken_user_id_comes_with_suggestions__REG_6(world: World) -> None:
    world.accounts.refusal = UserIdTakenError(["zoe.obrien1", "zoe.obrien2", "zoe.obrien3"])
    with pytest.raises(UserIdTakenError) as refusal:
        world.submit()
    assert refusal.value.members == {"suggestions": ["zoe.obrien1", "zoe.obrien2", "zoe.obrien3"]}
    assert world.store.registrations.all == {}


def test_a_taken_user_id_beside_other_faults_keeps_its_suggestions__REG_6(world: World) -> None:
    world.accounts.judgement = Judgement((Fault("/user_id", "user_id_taken", "Taken."),), ("zoe1",))
    with pytest.raises(RegistrationInvalidError) as refusal:
        world.submit(with_profile(phone="1"))
    assert refusal.value.members == {"suggestions": ["zoe1"]}


def test_without_identity_nothing_is_submitted__REG_9(world: World) -> None:
    world.accounts.refusal = UnavailableError("down")
    with pytest.raises(UnavailableError):
        world.submit()
    assert world.store.registrations.all == {}
    assert world.work.events == []


def test_without_identity_the_faults_found_here_are_told__REG_9(world: World) -> None:
    world.accounts.refusal = UnavailableError("down")
    assert world.refused(with_profile(phone="1")) == [("/profile/phone", "phone_invalid")]
    with pytest.raises(UnavailableError):
        world.preview(WHOLE)


def test_an_address_that_takes_no_mail_is_refused__REG_5(world: World) -> None:
    form = with_profile(email="zoe@dead.example")
    assert world.refused(form) == [("/profile/email", "email_domain_unknown")]
    assert [fault.code for fault in world.preview(form).errors] == ["email_domain_unknown"]


def test_what_changed_since_the_first_look_is_seen_before_writing__REG_4(world: World) -> None:
    class LosingAccounts(FakeAccounts):
        def reserve(self, registration_id: UUID, wish: object) -> str:
            self.work.store.practices.have(OGYAM, "OGYAM GEORGE Y MD", "dental")
            return "zoe.obrien"

    world.ports = replace(world.ports, accounts=LosingAccounts(world.work))
    assert world.refused(WHOLE) == [("/tins/0/line", "line_not_offered")]


def test_a_nomination_goes_with_its_request__REG_11(world: World) -> None:
    made = world.submit(tins(TinEntry(OGYAM, nominate=nominating())))
    nomination = made.registration.requests[0].nomination
    assert nomination is not None
    assert nomination.nominee is not None
    assert nomination.nominee.email == "ana@example.com"


def test_preview_shows_what_each_tin_is__REG_2(world: World) -> None:
    shown = world.preview(
        Form(practice_type=("medical", "behavioral"), tins=(TinEntry(STATE_MEDICAL), TinEntry(UNKNOWN), TinEntry("1")))
    )
    first, second, third = shown.tins
    assert (first.associated, first.name, first.lines_offered, first.line, first.manager_count) == (
        True,
        "State Medical Center",
        ("medical", "behavioral"),
        None,
        2,
    )
    assert (second.associated, second.name, second.manager_count) == (False, None, 0)
    assert (third.tin, third.associated, third.lines_offered) == (None, None, ())
    assert [(fault.pointer, fault.code) for fault in shown.errors] == [
        ("/tins/2/tin", "tin_invalid"),
        ("/tins/0/line", "line_required"),
        ("/tins/1/line", "line_required"),
    ]


def test_preview_asks_identity_only_about_what_is_identitys__REG_9(world: World) -> None:
    assert world.preview(Form()).errors == ()
    assert world.accounts.judged == []
    world.preview(Form(credentials=Credentials(user_id="zoe"), profile={"first_name": "Zoë", "phone": "1"}))
    assert world.accounts.judged[0].person == {"first_name": "Zoë"}


def test_preview_keeps_nothing__REG_9(world: World) -> None:
    world.preview(WHOLE)
    assert not world.work.holds_lock
    assert world.accounts.reserved == {}


def test_applicants_see_their_own_registration_alone__REG_10(world: World) -> None:
    world.submit()
    own = show_registration(ShowRegistration(ID, "zoe.obrien"), world.work, world.ports)
    assert [each.request.state for each in own.requests] == [RequestState.UNCONFIRMED]
    for stranger in ("mmartin5", "", "zoe.obrien2"):
        with pytest.raises(NotFoundError):
            show_registration(ShowRegistration(ID, stranger), world.work, world.ports)
    with pytest.raises(NotFoundError):
        show_registration(ShowRegistration(UUID(int=7), "zoe.obrien"), world.work, world.ports)


def test_how_many_managers_there_are_is_as_of_now__REG_10(world: World) -> None:
    world.submit()
    world.store.managers.replace(OGYAM, Line.MEDICAL, ["geogym1"])
    (only,) = show_registration(ShowRegistration(ID, "zoe.obrien"), world.work, world.ports).requests
    assert only.manager_count == 1


def test_one_address_may_serve_several_accounts__REG_6(world: World) -> None:
    world.submit()
    other = replace(WHOLE, credentials=replace(CREDENTIALS, user_id="second.account"))
    world.submit(other, UUID(int=9))
    emails = {made.profile and made.profile.email for made in world.store.registrations.all.values()}
    assert emails == {PROFILE["email"]}
