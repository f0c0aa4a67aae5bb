"""What notify's store promises, whichever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.kernel.ids import new_id
from services.notify.application.ports import PortalMessage
from services.notify.domain.gathering import OpenedRequest
from services.notify.domain.message import Message, Reason, Sealed, State
from services.notify.domain.notices import Channel
from services.notify.domain.numbers import Standing
from services.notify.domain.occasions import Occasion
from services.notify.domain.recipients import Contact, Kind, Recipient
from tests.contract.notify.conftest import Stores

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
OCCASION = Occasion("event", "correlation", "user:x", NOW)
LEASE = timedelta(seconds=120)


def message(**changes: Any) -> Message:
    given: dict[str, Any] = {
        "id": str(new_id()),
        "notice": "refresh_reuse",
        "channel": Channel.EMAIL,
        "recipient": "user:mary",
        "user_id": "mary",
        "address": "mary@example.com",
        "language": "en",
        "site": "medical",
        "facts": {"first_name": "Mary", "place": {"practice": None}},
        "occasion": replace(OCCASION, event_id=str(new_id())),
        "queued_at": NOW,
        "due_at": NOW,
    }
    return Message(**given | changes)


def mary(**changes: Any) -> Recipient:
    known: dict[str, Any] = {"first_name": "Mary", "last_name": "Martin", "email": "m@example.com", "verified": True}
    return Recipient(**{"user_id": "mary", "kind": Kind.USER, "language": "en", "site": "medical"} | known | changes)


def test_a_message_comes_back_as_it_was_kept(stores: Stores) -> None:
    kept = message(sealed=Sealed("jwe", "place"), expires_at=NOW + timedelta(minutes=10), address=None)
    with stores() as store:
        assert store.messages.add(kept)
    with stores() as store:
        assert store.messages.take_due(NOW) == kept


def test_the_same_message_is_kept_once__NTF_2(stores: Stores) -> None:
    kept = message()
    with stores() as store:
        assert store.messages.add(kept)
    with stores() as store:
        assert not store.messages.add(replace(kept, id=str(new_id())))
        assert store.messages.add(replace(kept, id=str(new_id()), channel=Channel.INBOX, due_at=None))
        assert store.messages.add(replace(kept, id=str(new_id()), recipient="user:george"))
        assert store.messages.add(replace(kept, id=str(new_id()), notice="account_locked"))


def test_codes_come_first_then_the_longest_queued__NTF_2(stores: Stores) -> None:
    first = message(queued_at=NOW - timedelta(hours=1))
    second = message(queued_at=NOW - timedelta(minutes=1))
    code = message(expires_at=NOW + timedelta(minutes=10))
    later = message(due_at=NOW + timedelta(seconds=1))
    with stores() as store:
        for each in (second, later, code, first):
            store.messages.add(each)
    found = []
    while True:
        with stores() as store:
            due = store.messages.take_due(NOW)
            if due is None:
                assert not store.messages.anything_due(NOW)
                break
            assert store.messages.anything_due(NOW)
            found.append(due.id)
            store.messages.save(due.sent(NOW, due.address))
    assert found == [code.id, first.id, second.id]


def test_a_claimed_message_is_due_again_when_its_claim_runs_out__NTF_2(stores: Stores) -> None:
    kept = message()
    with stores() as store:
        store.messages.add(kept)
        store.messages.save(kept.claimed(NOW, LEASE))
    with stores() as store:
        assert store.messages.take_due(NOW + timedelta(seconds=119)) is None
        again = store.messages.take_due(NOW + LEASE)
        assert again is not None
        assert (again.state, again.attempts) == (State.SENDING, 1)


def test_only_the_holder_of_the_claim_writes_the_outcome__NTF_2(stores: Stores) -> None:
    kept = message()
    first = kept.claimed(NOW, LEASE)
    second = first.claimed(NOW + LEASE, LEASE)
    with stores() as store:
        store.messages.add(kept)
        store.messages.save(first)
        store.messages.save(second)
    with stores() as store:
        assert not store.messages.save(first.sent(NOW, "a@b.example"), claimed_as=1)
        assert store.messages.save(second.failed(NOW, Reason.REFUSED), claimed_as=2)
        assert not store.messages.save(second.sent(NOW, "a@b.example"), claimed_as=2)


def test_claims_can_be_freed__OPS_1(stores: Stores) -> None:
    claimed, waiting = message(), message(due_at=NOW + timedelta(hours=1))
    with stores() as store:
        store.messages.add(claimed)
        store.messages.add(waiting)
        store.messages.save(claimed.claimed(NOW, LEASE))
        assert store.messages.free_all(NOW) == 1
    with stores() as store:
        due = store.messages.take_due(NOW)
        assert due is not None
        assert due.id == claimed.id


def test_recipients_are_kept_and_changed(stores: Stores) -> None:
    with stores() as store:
        store.recipients.save(mary())
        store.recipients.save(mary(user_id="support1", kind=Kind.SUPPORT))
    with stores() as store:
        store.recipients.save(mary(language="es", verified=False))
    with stores() as store:
        assert store.recipients.get("mary") == mary(language="es", verified=False)
        assert store.recipients.get("nobody") is None
        assert [each.user_id for each in store.recipients.support_agents()] == ["support1"]


def test_contacts_are_kept_and_changed(stores: Stores) -> None:
    with stores() as store:
        store.contacts.save(Contact("mary", "c", "email", "a@b.example"))
        store.contacts.save(Contact("mary", "c", "email", "c@d.example"))
        store.contacts.save(Contact("mary", "b", "mobile", "+12125550142"))
        store.contacts.save(Contact("george", "c", "email", "g@d.example"))
    with stores() as store:
        assert list(store.contacts.of("mary")) == [
            Contact("mary", "b", "mobile", "+12125550142"),
            Contact("mary", "c", "email", "c@d.example"),
        ]


def test_managers_are_those_of_the_last_list(stores: Stores) -> None:
    with stores() as store:
        store.managers.replace("123456789", "medical", ["mary", "george", "mary"])
        store.managers.replace("123456789", "behavioral", ["ann"])
        store.managers.replace("223344556", "medical", ["zoe"])
    with stores() as store:
        store.managers.replace("123456789", "medical", ["george"])
        assert store.managers.of_tin("123456789") == {"george", "ann"}
        store.managers.replace("123456789", "medical", [])
        assert store.managers.of_tin("123456789") == {"ann"}


def test_a_practice_has_its_newest_name(stores: Stores) -> None:
    with stores() as store:
        store.practices.save("123456789", "Old")
        store.practices.save("123456789", "New")
    with stores() as store:
        assert store.practices.name("123456789") == "New"
        assert store.practices.name("987654321") is None


def test_ones_own_messages_are_paged_newest_first_and_counted(stores: Stores) -> None:
    laid = [lay_in(stores, "mary") for _ in range(3)]
    other = lay_in(stores, "george")
    with stores() as store:
        inbox = store.portal_inbox
        assert [each.id for each in inbox.page("mary", 2, None)] == [laid[2], laid[1]]
        assert [each.id for each in inbox.page("mary", 2, laid[1])] == [laid[0]]
        assert inbox.unread("mary") == 3
        assert inbox.mark_read("mary", laid[0], NOW)
        assert inbox.mark_read("mary", laid[0], NOW + timedelta(hours=1))
        assert not inbox.mark_read("mary", other, NOW)
        assert not inbox.mark_read("mary", str(new_id()), NOW)
    with stores() as store:
        assert store.portal_inbox.unread("mary") == 2
        assert store.portal_inbox.unread("george") == 1
        assert store.portal_inbox.page("mary", 9, laid[1])[0].read_at == NOW


def test_what_is_gathered_comes_back_as_it_was_kept__REG_10(stores: Stores) -> None:
    opened = OpenedRequest("r1", {"tin_end": "6789", "line": "medical", "practice": None}, ("mary", "george"))
    with stores() as store:
        fresh = store.gatherings.for_update("g1")
        gathering = fresh.with_submitted(["r1", "r2"]).with_opened(opened).with_confirmed("zoe", OCCASION, NOW)
        store.gatherings.save(gathering)
    with stores() as store:
        assert store.gatherings.for_update("g1") == gathering


def test_what_is_owed_is_found_when_its_time_is_over__REG_10(stores: Stores) -> None:
    with stores() as store:
        owed = store.gatherings.for_update("g1").with_confirmed("zoe", OCCASION, NOW)
        store.gatherings.save(owed)
        store.gatherings.save(store.gatherings.for_update("g2").with_submitted([]))
    with stores() as store:
        assert not store.gatherings.anything_overdue(NOW - timedelta(seconds=1))
        assert store.gatherings.anything_overdue(NOW)
        assert store.gatherings.take_overdue(NOW) == owed
        store.gatherings.save(owed.closed())
        assert store.gatherings.take_overdue(NOW) is None


def test_a_new_store_sends_nothing_of_before_it_was_made__NTF_2(stores: Stores) -> None:
    with stores() as store:
        assert store.sends_since() <= store.now()


def lay_in(stores: Stores, user_id: str) -> str:
    kept = message(channel=Channel.INBOX, recipient=f"user:{user_id}", user_id=user_id, due_at=None)
    with stores() as store:
        store.messages.add(kept)
        store.portal_inbox.add(PortalMessage(kept.id, user_id, kept.notice, "subject", "text", NOW))
    return kept.id


def test_whoever_is_forgotten_leaves_nothing_but_that_messages_were_sent__REG_9(stores: Stores) -> None:
    over = message(due_at=None).sent(NOW, "mary@example.com")
    still, georges = message(), message(user_id="george", recipient="user:george", due_at=NOW + timedelta(days=9))
    laid = message(channel=Channel.INBOX, due_at=None).sent(NOW, None)
    with stores() as store:
        store.recipients.save(mary())
        store.recipients.save(mary(user_id="george"))
        for user_id in ("mary", "george"):
            store.contacts.save(Contact(user_id, "c", "email", f"{user_id}@example.com"))
        for each in (over, still, georges, laid):
            store.messages.add(each)
        store.portal_inbox.add(PortalMessage(laid.id, "mary", "refresh_reuse", "Subject", "Text", NOW))
    with stores() as store:
        store.recipients.forget("mary")
        store.contacts.forget("mary")
        store.portal_inbox.forget("mary")
        store.messages.redact("mary")
    with stores() as store:
        assert store.recipients.get("mary") is None
        assert store.recipients.get("george") is not None
        assert (store.contacts.of("mary"), len(store.contacts.of("george"))) == ([], 1)
        assert store.portal_inbox.page("mary", 10, None) == []
        assert store.messages.take_due(NOW) == still, "what is still on its way is"
        assert not store.messages.add(replace(over, id=str(new_id()))), "what was sent is not sent again"


def test_a_text_is_heard_once__NTF_5(stores: Stores) -> None:
    with stores() as store:
        assert store.numbers.hear("SM1", NOW)
    with stores() as store:
        assert not store.numbers.hear("SM1", NOW)
        assert store.numbers.hear("SM2", NOW)


def test_a_number_stands_with_each_sender_by_itself__NTF_5(stores: Stores) -> None:
    mobile = "+12125550187"
    with stores() as store:
        assert store.numbers.for_update(mobile, "55501") == Standing(mobile, "55501")
        store.numbers.save(Standing(mobile, "55501", opted_out=True, since=NOW))
    with stores() as store:
        assert store.numbers.for_update(mobile, "55501") == Standing(mobile, "55501", opted_out=True, since=NOW)
        assert store.numbers.for_update(mobile, "55502") == Standing(mobile, "55502")


def test_a_number_may_be_several_peoples__NTF_5(stores: Stores) -> None:
    mobile = "+12125550187"
    with stores() as store:
        store.contacts.save(Contact("mary", "c1", "mobile", mobile))
        store.contacts.save(Contact("george", "c1", "mobile", mobile))
        store.contacts.save(Contact("george", "c2", "email", "g@example.com"))
    with stores() as store:
        assert store.contacts.holders(mobile) == ["george", "mary"]
        assert store.contacts.holders("+12125550188") == []
