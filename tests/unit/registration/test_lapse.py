"""Registrations that nobody confirms end after seven days (REG-9)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from chassis.kernel.ids import new_id
from services.registration.application.end_registration import EndRegistration, end_registration
from services.registration.application.lapse_registrations import count_lapsing, lapse_registrations
from services.registration.application.note_confirmation import NoteConfirmation, note_confirmation
from services.registration.domain.events import RegistrationLapsed
from services.registration.domain.registrations import RegistrationState, RequestState
from tests.unit.registration.fakes import NOW
from tests.unit.registration.test_submit_registration import ID, World

WEEK = timedelta(days=7)


def lapsed(world: World) -> list[UUID]:
    return [each.registration.id for each in world.work.events if isinstance(each, RegistrationLapsed)]


def test_after_seven_days_a_registration_lapses_once__REG_9() -> None:
    world = World()
    world.submit()
    almost = NOW + WEEK - timedelta(seconds=1)
    assert lapse_registrations(world.work, world.ports, almost) == 0
    assert count_lapsing(world.work, world.ports, NOW + WEEK) == 1
    assert lapse_registrations(world.work, world.ports, NOW + WEEK) == 1
    assert lapse_registrations(world.work, world.ports, NOW + WEEK * 9) == 0
    assert lapsed(world) == [ID]
    (told,) = [each for each in world.work.events if isinstance(each, RegistrationLapsed)]
    assert told.at == NOW, "what is written bears the real time"
    assert world.store.registrations.all[ID].profile is not None, "it may have been confirmed, for all we know"


def test_what_was_confirmed_never_lapses__REG_9() -> None:
    world = World()
    world.submit()
    note_confirmation(NoteConfirmation(ID), world.work, world.ports)
    assert lapse_registrations(world.work, world.ports, NOW + WEEK * 9) == 0
    assert lapsed(world) == []


def test_a_confirmation_that_was_under_way_holds__REG_9() -> None:
    world = World()
    world.submit()
    lapse_registrations(world.work, world.ports, NOW + WEEK)
    note_confirmation(NoteConfirmation(ID), world.work, world.ports)
    assert world.store.registrations.all[ID].state is RegistrationState.CONFIRMED


def test_once_the_account_is_gone_so_is_whose_it_was__REG_9() -> None:
    world = World()
    world.submit()
    end_registration(EndRegistration(ID), world.work, world.ports)
    end_registration(EndRegistration(new_id()), world.work, world.ports)
    ended = world.store.registrations.all[ID]
    assert (ended.state, ended.profile) == (RegistrationState.LAPSED, None)
    assert {each.state for each in ended.requests} == {RequestState.EXPIRED}
