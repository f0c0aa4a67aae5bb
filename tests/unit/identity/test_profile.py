"""What people may say anew of themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from chassis.kernel.errors import InvalidError, NotSignedInError
from services.identity.application.change_profile import ChangeProfile, change_profile
from services.identity.domain.accounts import Account, State
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.errors import ContactVerifiedError
from services.identity.domain.events import AccountProfileChanged
from tests.unit.identity.world import World

ADDRESS = {"line1": "2 Elm Street", "line2": None, "city": "New York", "state": "ny", "zip": "10001-1234"}


@pytest.fixture
def world() -> World:
    world = World()
    world.active()
    return world


def change(world: World, **changes: Any) -> Account:
    return world.run(change_profile, ChangeProfile("mmartin5", changes))


def test_phones_are_kept_in_one_form__REG_5(world: World) -> None:
    account = change(world, phone="(860) 555-0199", extension="42", mobile="+44 20 7946 0018")
    assert (account.profile.phone, account.profile.extension) == ("+18605550199", "42")
    assert account.mobile is not None
    assert account.mobile.value == "+442079460018"


def test_address_role_and_language_change__REG_5(world: World) -> None:
    account = change(world, address=ADDRESS, job_role="credentialing", language="es")
    assert account.profile.address is not None
    assert (account.profile.address.state, account.profile.address.zip) == ("NY", "10001-1234")
    assert (account.profile.job_role, account.profile.language) == ("credentialing", "es")
    assert [event.account for event in world.happened(AccountProfileChanged)] == [account]


def test_nothing_changed_is_nothing_told__REG_5(world: World) -> None:
    change(world)
    change(world, phone="+1 212 555 0142")
    assert world.happened(AccountProfileChanged) == []


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"phone": "12"}, "/profile/phone"),
        ({"phone": "212 555 0142 ext. 3"}, "/profile/phone"),
        ({"extension": "12a"}, "/profile/extension"),
        ({"mobile": "call me"}, "/profile/mobile"),
        ({"job_role": "king"}, "/profile/job_role"),
        ({"language": "fr"}, "/profile/language"),
        ({"address": ADDRESS | {"state": "XX"}}, "/profile/address/state"),
        ({"address": ADDRESS | {"zip": "1234"}}, "/profile/address/zip"),
        ({"address": ADDRESS | {"city": "New\r\nYork"}}, "/profile/address/city"),
        ({"address": ADDRESS | {"line1": " "}}, "/profile/address/line1"),
    ],
)
def test_what_is_wrong_is_named__REG_5(world: World, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidError) as refused:
        change(world, **changes)
    assert [fault.pointer for fault in refused.value.faults] == [pointer]


def test_a_mobile_number_comes_and_goes_unverified__IDN_5(world: World) -> None:
    assert change(world, mobile=None).mobile is None
    mobile = change(world, mobile="212 555 0188").mobile
    assert mobile is not None
    assert mobile.verified_at is None


def test_a_verified_number_is_not_changed_here__IDN_5(world: World) -> None:
    now = world.clock.now()
    account = world.store.accounts.kept["mmartin5"]
    assert account.mobile is not None
    verified = Contact(account.mobile.id, ContactKind.MOBILE, account.mobile.value, now, now)
    world.change("mmartin5", contacts=(account.email, verified))
    with pytest.raises(ContactVerifiedError):
        change(world, mobile="212 555 0188")
    with pytest.raises(ContactVerifiedError):
        change(world, mobile=None)
    assert change(world, mobile=account.mobile.value).mobile == verified


def test_a_disabled_account_changes_nothing__IDN_10(world: World) -> None:
    world.change("mmartin5", state=State.DISABLED)
    with pytest.raises(NotSignedInError):
        change(world, language="es")


@pytest.mark.parametrize(
    ("kind", "value", "hint"),
    [
        (ContactKind.EMAIL, "mary@clinic.example", "m•••@clinic.example"),
        (ContactKind.EMAIL, "m@clinic.example", "m•••@clinic.example"),
        (ContactKind.MOBILE, "+12125550187", "•••87"),
    ],
)
def test_contacts_are_shown_masked__IDN_2(kind: ContactKind, value: str, hint: str) -> None:
    moment = datetime.fromisoformat("2026-03-02T09:30:00Z")
    assert Contact("id", kind, value, None, moment).hint == hint
