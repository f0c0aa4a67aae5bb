"""Every fact that identity publishes keeps the promised shape, and tells no secret."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from chassis.kernel.messages import Event
from services.identity.domain import contact_events, events, vouching_events
from services.identity.domain.accounts import Account, Kind, State
from services.identity.domain.authenticators import Authenticator, AuthenticatorKind
from services.identity.domain.codes import Channel, Purpose
from services.identity.domain.contact_changes import Standing, Turn
from services.identity.domain.contacts import Contact, ContactKind
from services.identity.domain.devices import Browser, Device, RevokeReason
from services.identity.domain.events import RemovalReason
from services.identity.domain.passkeys import Credential, Passkey
from services.identity.domain.people import Address, Profile
from services.identity.domain.risk import Risk, Signal
from services.identity.domain.sessions import EMAIL_CODE, EndReason, Session
from services.identity.domain.vouchings import Vouching, VouchingState
from services.identity.events.published import SCHEMAS, publish

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
BORN = date(1980, 2, 29)
HASH = "$argon2id$v=19$m=64,t=1,p=1$c2FsdA$aGFzaA"

PROFILE = Profile(
    first_name="Nora-Personal",
    middle_initial="Q",
    last_name="Person-Personal",
    job_role="physician",
    address=Address("1 Personal Street", None, "Hartford-Personal", "CT", "06103"),
    phone="+12125550111",
    extension="7",
    language="en",
)
ACCOUNT = Account(
    user_id="newperson",
    kind=Kind.USER,
    state=State.UNCONFIRMED,
    site="medical",
    profile=PROFILE,
    contacts=(
        Contact("c-1", ContactKind.EMAIL, "nora-personal@practice.example", None, NOW),
        Contact("c-2", ContactKind.MOBILE, "+12125550112", None, NOW),
    ),
    password_hash=HASH,
    created_at=NOW,
    registration_id="0198a000-0000-7000-8000-000000000001",
    date_of_birth=BORN,
)
BARE = replace(
    ACCOUNT,
    registration_id=None,
    contacts=ACCOUNT.contacts[:1],
    profile=replace(PROFILE, address=None, phone=None, extension=None, middle_initial=None),
)
SESSION = Session(
    id="s-1",
    user_id="newperson",
    site="medical",
    strength=EMAIL_CODE,
    started_at=NOW,
    authenticated_at=NOW,
    used_at=NOW,
    ends_at=NOW,
)

APP = Authenticator(
    id="a-1",
    user_id="newperson",
    kind=AuthenticatorKind.TOTP,
    name="Nora-Personal's phone",
    sealed_secret="a.sealed.secret",
    created_at=NOW,
)

KEY = Passkey(
    id="p-1",
    user_id="newperson",
    name="Nora-Personal's key",
    user_handle="handle",
    credential=Credential("credential", "key", 3, verifies_user=True),
    created_at=NOW,
    suspended_at=NOW,
)

DEVICE = Device(
    id="d-1",
    user_id="newperson",
    digest="digest-of-a-token",
    browser=Browser("Firefox", "Mac"),
    trusted_at=NOW,
    confirmed_at=NOW,
    used_at=NOW,
    expires_at=NOW,
    address="+12125550112",
)

MOBILE = Contact("c-2", ContactKind.MOBILE, "+12125550112", NOW, NOW)

VOUCHING = Vouching(
    id="v-1",
    user_id="newperson",
    contact_id="c-9",
    email="new-personal@practice.example",
    vouched_by="mmartin5",
    reason="She stood before me.",
    site="medical",
    vouched_at=NOW,
    expires_at=NOW,
    state=VouchingState.CONFIRMED,
    confirmed_by="support1",
    confirmed_at=NOW,
    works_at=NOW,
)
FACTS: list[Event] = [
    events.AccountCreated(ACCOUNT),
    events.AccountCreated(BARE),
    events.AccountConfirmed(ACCOUNT, NOW),
    events.AccountRemoved("newperson", ACCOUNT.registration_id, NOW),
    events.AccountRemoved("newperson", None, NOW, RemovalReason.INACTIVITY),
    events.FarewellDue("f-1", "newperson", RemovalReason.INACTIVITY, "en", "medical", "a.b.c.d.e"),
    events.AccountDisableWarned("newperson", 30, NOW),
    events.AccountDisabled("newperson", ("mmartin5",), NOW, NOW),
    events.AccountReactivated("newperson", "support1", "She called, and knew her date of birth.", NOW),
    events.AccountProfileChanged(ACCOUNT),
    events.AccountLocked("newperson", NOW, 10),
    events.AccountLocked("newperson", NOW, 0, "support1", "Somebody else had the phone."),
    events.AccountUnlocked("newperson", "support1", "She has it back."),
    events.AccountSessionsEnded("newperson", "support1", "A public computer.", 2),
    events.AccountErasureProposed("newperson", "support1", "Her request by letter.", NOW),
    events.AccountErasureApproved("newperson", "support2", "The same letter.", "support1"),
    events.ContactVerified("newperson", "c-1", ContactKind.EMAIL, "nora-personal@practice.example"),
    contact_events.ContactAdded("newperson", MOBILE),
    vouching_events.ContactVouched(VOUCHING),
    vouching_events.VouchingConfirmed(VOUCHING, "I called her."),
    vouching_events.VouchingVerified(VOUCHING),
    vouching_events.VouchingRejected(VOUCHING, "support1", "It was not her."),
    vouching_events.VouchingStopped(VOUCHING, "c-1"),
    vouching_events.VouchingStopped(VOUCHING, None),
    vouching_events.VouchingExpired(VOUCHING),
    vouching_events.ContactsReplaced(VOUCHING, VOUCHING.contact),
    *(
        vouching_events.VouchingWordDue(
            "w-1", "newperson", vouching_events.Word.VOUCHED, kind, "mmartin5", works_at, "es", "medical", "a.b.c.d.e"
        )
        for kind, works_at in ((ContactKind.EMAIL, None), (ContactKind.MOBILE, NOW))
    ),
    contact_events.ContactChanged("newperson", MOBILE, "+12125550113", NOW),
    contact_events.ContactRemoved("newperson", MOBILE),
    contact_events.ContactChangeUndone("newperson", (MOBILE,), NOW),
    contact_events.ContactNoticeDue(
        id="n-1",
        user_id="newperson",
        channel=Channel.SMS,
        standing=Standing.FORMER,
        turn=Turn.CHANGED,
        kind=ContactKind.EMAIL,
        hint="n•••@practice.example",
        language="es",
        site="medical",
        undo_hours=72,
        sealed="a.b.c.d.e",
    ),
    events.CodeRequested("k-1", "newperson", Purpose.SIGN_IN, Channel.EMAIL, "en", "medical", NOW, "a.b.c.d.e"),
    events.SignInSucceeded(SESSION, "wardenry-api", Risk(25, (Signal.NEW_NETWORK,))),
    events.SignInFailed("newperson", "password", 3),
    events.SignInSteppedUp(SESSION),
    events.DeviceSeen("newperson", Browser("Firefox", "Mac"), "US", "medical"),
    events.DeviceTrusted(DEVICE, "medical"),
    events.DeviceRevoked("d-1", "newperson", RevokeReason.REVOKED),
    events.AuthenticatorAdded(APP),
    events.AuthenticatorRenamed(APP),
    events.AuthenticatorRemoved(APP),
    events.AuthenticatorAdded(KEY),
    events.AuthenticatorSuspended(KEY),
    events.RecoveryCodesMade("newperson"),
    events.RecoveryCodesRemoved("newperson"),
    events.SessionEnded("s-1", "newperson", EndReason.SIGNED_OUT, NOW),
    events.PasswordRecovered("newperson", "medical"),
    events.PasswordChanged("newperson", "medical"),
    events.PasswordResetByManager("newperson", "mmartin5", "medical", NOW),
    events.SecurityQuestionsChanged("newperson"),
    events.UserIdReminded("r-1", "newperson", "en", "medical", "a.b.c.d.e"),
    events.RefreshTokenReused("newperson", "s-1"),
    events.SigningKeyRotated("kid", "EdDSA", {"kty": "OKP", "crv": "Ed25519", "x": "x"}, NOW, None),
]
PERSONAL = ("Personal", "personal@", "+1212555", "06103")
by_type = pytest.mark.parametrize("fact", FACTS, ids=lambda fact: type(fact).__name__)


@by_type
def test_the_data_is_as_promised__OPS_3(fact: Event) -> None:
    message = publish(fact)
    assert SCHEMAS[message.type]().validate(dict(message.data)) == {}
    assert json.loads(json.dumps(message.data)) == message.data


@by_type
def test_personal_data_stands_in_person_alone__IDN_16(fact: Event) -> None:
    data: dict[str, Any] = dict(publish(fact).data)
    data.pop("person", None)
    assert not [part for part in PERSONAL if part in json.dumps(data)]


@by_type
def test_no_fact_tells_a_password_or_a_date_of_birth__IDN_16_REG_8(fact: Event) -> None:
    told = json.dumps(publish(fact).data)
    assert HASH not in told
    assert BORN.isoformat() not in told


@by_type
def test_subjects_are_accounts_or_keys(fact: Event) -> None:
    assert publish(fact).subject in {"account/newperson", "signing_key/kid"}


def test_every_promised_type_is_tried_here() -> None:
    assert {publish(fact).type for fact in FACTS} == set(SCHEMAS)


def test_a_fact_without_a_public_form_is_an_error() -> None:
    with pytest.raises(LookupError):
        publish(Event())
