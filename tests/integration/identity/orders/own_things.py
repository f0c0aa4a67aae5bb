"""One's contacts and second steps: added, changed, removed, and put back (IDN-3, IDN-5)."""

from __future__ import annotations

import base64
from dataclasses import replace

from hypothesis import strategies as st
from hypothesis.stateful import rule

from services.identity.adapters.secrets import contact_place
from tests.integration.identity.orders.ledger import UNDO, Access, Change, Contact, Session, Soul
from tests.integration.identity.orders.recoveries import Recoveries
from tests.integration.identity.orders.walks import MOSTLY, OWNER, RECENT
from tests.integration.identity.second_steps import MEDICAL, App
from tests.unit.identity.security_key import SecurityKey

ANY = st.sampled_from([0, 0, 0, 1, 2, 7])
MOST_CONTACTS = 4
_CONTACT = "/me/contacts/<uuid:contact>"


class OwnThings(Recoveries):
    """What leads to one's account, changed by whoever is signed in to it, or tries it from another's."""

    def _session(self, which: int) -> tuple[Session, Access] | None:
        session = self.session(which, OWNER)
        return (session, self.awake(session)) if session else None

    def _contact(self, soul: Soul, which: int) -> Contact:
        """One of theirs; or somebody else's."""
        others = next(each for each in self.souls if each is not soul and each.contacts)
        return self.pick(list((others if which == 7 else soul).contacts.values()), which) or Contact(
            soul.user_id, "", ""
        )

    def _value(self, kind: str) -> str:
        number = len(self.next_password()) and self.new_passwords
        return f"+1415230{number % 10_000:04d}" if kind == "mobile" else f"a{number}@elsewhere.example"

    # Contacts

    @rule(which=RECENT, kind=st.sampled_from(["email", "email", "mobile"]))
    def add_contact(self, which: int, kind: str) -> None:
        found, value = self._session(which), self._value(kind)
        if found is None or len(found[0].soul.contacts) >= MOST_CONTACTS:
            return
        session, bearer = found
        answer = self.call("POST /me/contacts", {"kind": kind, "value": value}, token=bearer.text)
        if self.judge("POST /me/contacts", answer, may=self.acts_freshly(bearer)):
            made = Contact(answer.get_json()["id"], kind, value)
            session.soul.contacts[made.id] = made

    @rule(which=RECENT, contact=ANY)
    def change_contact(self, which: int, contact: int) -> None:
        found = self._session(which)
        if found is None:
            return
        (session, bearer), rule_ = found, f"PUT {_CONTACT}"
        own = self._contact(session.soul, contact)
        value = self._value(own.kind)
        answer = self.call(rule_, {"value": value}, token=bearer.text, contact=_id(own))
        may = self.acts_freshly(bearer) and own.id in session.soul.contacts
        if self.judge(rule_, answer, may=may):
            own.value, own.pending = (own.value, value) if own.verified_at else (value, None)
            session.soul.codes.pop("contact", None)

    @rule(which=RECENT, contact=ANY)
    def send_to_contact(self, which: int, contact: int) -> None:
        found = self._session(which)
        if found is None:
            return
        (session, bearer), rule_ = found, f"POST {_CONTACT}/send"
        own = self._contact(session.soul, contact)
        answer = self.call(rule_, token=bearer.text, contact=_id(own))
        may = self.acts_freshly(bearer) and own.id in session.soul.contacts and own.unproven is not None
        if self.judge(rule_, answer, may=may):
            self.code_went_to(session.soul, "contact", own.id)

    @rule(which=RECENT, contact=ANY, thing=RECENT, meant=MOSTLY)
    def verify_contact(self, which: int, contact: int, thing: int, meant: bool) -> None:
        """Of a session's own or anybody's, by a code that was sent for this, or for anything else."""
        found, code = self._session(which), self.code(thing, purpose="contact")
        if found is None or code is None:
            return
        (session, bearer), rule_ = found, f"POST {_CONTACT}/verify"
        soul = session.soul
        meant_for = soul.contacts.get(code.contact) if meant else None
        own = meant_for or self._contact(soul, contact)
        answer = self.call(rule_, {"code": code.text}, token=bearer.text, contact=_id(own))
        may = self.acts_freshly(bearer) and own.id in soul.contacts and own.unproven is not None
        may = may and self.redeems(soul, "contact", code.text, contact_id=own.id, flow=None, proven=True)
        if self.judge(rule_, answer, may=may):
            before = _copies(soul)
            own.value, own.pending, own.verified_at = own.pending or own.value, None, self.now
            self._changed(soul, before, list(soul.contacts.values()))

    @rule(which=RECENT, contact=ANY)
    def remove_contact(self, which: int, contact: int) -> None:
        found = self._session(which)
        if found is None:
            return
        (session, bearer), rule_ = found, f"DELETE {_CONTACT}"
        soul, own = session.soul, self._contact(session.soul, contact)
        left = [each for each in soul.contacts.values() if each is not own]
        answer = self.call(rule_, token=bearer.text, contact=_id(own))
        may = self.acts_freshly(bearer) and own.id in soul.contacts
        may = may and any(each.kind == "email" and each.verified_at for each in left)
        if self.judge(rule_, answer, may=may):
            if own.verified_at:
                self._changed(soul, _copies(soul), left)
            else:
                del soul.contacts[own.id]

    @rule(which=RECENT)
    def write_down_a_number(self, which: int) -> None:
        """In the profile, which needs no second step: nothing goes there, and one that is verified stays (IDN-5)."""
        found, number = self._session(which), self._value("mobile")
        if found is None:
            return
        bearer, soul = found[1], found[0].soul
        answer = self.call("PATCH /me", {"profile": {"mobile": number}}, token=bearer.text)
        numbers = [each for each in soul.contacts.values() if each.kind == "mobile"]
        may = bearer.good(self.now) and soul.state == "active" and not any(each.verified_at for each in numbers)
        if self.judge("PATCH /me", answer, may=may):
            for each in sorted(numbers, key=lambda each: each.id)[:1]:
                del soul.contacts[each.id]
            (made,) = [each for each in self.kept_contacts(soul.user_id) if each.value == number]
            assert (made.kind, made.verified_at) == ("mobile", None)
            soul.contacts[made.id] = made

    def _changed(self, soul: Soul, before: list[Contact], after: list[Contact]) -> None:
        """Those who were reached before are told what undoes it."""
        soul.contacts_become(after, self.now)
        told = self.told("identity.contact.notice_due.v1", contact_place, "notice_id", most=10)
        token = next(each["code"] for each in reversed(told) if each["user_id"] == soul.user_id and "code" in each)
        change = Change(token, self.now, before)
        soul.changes.append(change)
        self.found.changes.append((soul, change))

    @rule(which=RECENT)
    def undo(self, which: int) -> None:
        """Once, for 72 hours, and with it all that came after (IDN-5)."""
        found = self.pick(self.found.changes, which)
        if found is None:
            return
        soul, change = found
        answer = self.call("POST /contacts/undo", {"token": change.token})
        may = soul.state != "removed" and not change.ended and self.now < change.at + UNDO
        if self.judge("POST /contacts/undo", answer, may=may):
            for each in soul.changes:
                each.ended = each.ended or each.at >= change.at
            soul.contacts_become([replace(each) for each in change.before], self.now)
            soul.put_out()
            soul.lose_second_steps(change.at)

    # Second steps

    @rule(which=RECENT, right=MOSTLY, same=MOSTLY)
    def add_app(self, which: int, right: bool, same: bool) -> None:
        found = self._session(which)
        if found is None or len(found[0].soul.apps) > 2:
            return
        session, bearer = found
        body = {"kind": "totp", "name": "My phone"}
        answer = self.call("POST /me/authenticators", body, token=bearer.text)
        if not self.judge("POST /me/authenticators", answer, may=self.acts_freshly(bearer)):
            return
        begun = answer.get_json()
        app = App(self.world, begun["id"], base64.b32decode(begun["secret"]), begun["otpauth_uri"])
        confirming = session if same else self.pick(self.found.sessions, which + 1) or session
        by, rule_ = self.awake(confirming), "POST /me/authenticators/<uuid:authenticator>/confirm"
        self.world.clock.advance(seconds=2)
        code = app.code() if right else "000000"
        self.world.clock.advance(seconds=-2)
        answer = self.call(rule_, {"code": code}, token=by.text, authenticator=app.id)
        may = right and self.acts_freshly(by) and confirming.soul is session.soul
        if self.judge(rule_, answer, may=may):
            session.soul.apps[app.id] = (app, self.now)
            session.soul.spent[app.id] = int(self.now.timestamp()) // 30

    @rule(which=RECENT, same=MOSTLY)
    def add_passkey(self, which: int, same: bool) -> None:
        found = self._session(which)
        if found is None or len(found[0].soul.keys) > 2:
            return
        session, bearer = found
        answer = self.call("POST /me/authenticators", {"kind": "passkey", "name": "My laptop"}, token=bearer.text)
        if not self.judge("POST /me/authenticators", answer, may=self.acts_freshly(bearer)):
            return
        begun, key = answer.get_json(), SecurityKey(MEDICAL)
        confirming = session if same else self.pick(self.found.sessions, which + 1) or session
        by, rule_ = self.awake(confirming), "POST /me/authenticators/<uuid:authenticator>/confirm"
        body = {"attestation": key.create(begun["options"])}
        answer = self.call(rule_, body, token=by.text, authenticator=begun["id"])
        may = self.acts_freshly(by) and confirming.soul is session.soul
        if self.judge(rule_, answer, may=may):
            session.soul.keys[begun["id"]] = (key, self.now)

    @rule(which=RECENT)
    def make_recovery_codes(self, which: int) -> None:
        found = self._session(which)
        if found is None:
            return
        session, bearer = found
        answer = self.call("POST /me/recovery-codes", token=bearer.text)
        if self.judge("POST /me/recovery-codes", answer, may=self.acts_freshly(bearer)):
            codes = answer.get_json()["codes"]
            session.soul.paper, session.soul.paper_made = set(codes), self.now
            self.found.papers.extend(codes[:3])

    @rule(which=RECENT, whose=st.sampled_from([0, 0, 0, 1]))
    def remove_second_step(self, which: int, whose: int) -> None:
        found = self._session(which)
        if found is None:
            return
        session, bearer = found
        own = session.soul
        soul = own if whose == 0 else next((s for s in self.souls if s is not own and (s.apps or s.keys)), own)
        taken = next(iter([*soul.apps, *soul.keys]), None)
        if taken is None:
            return
        rule_ = "DELETE /me/authenticators/<uuid:authenticator>"
        answer = self.call(rule_, token=bearer.text, authenticator=taken)
        if self.judge(rule_, answer, may=self.acts_freshly(bearer) and soul is own):
            own.apps.pop(taken, None)
            own.keys.pop(taken, None)

    @rule(which=RECENT)
    def answer_other_questions(self, which: int) -> None:
        """The same ones over again: what counts is who may (IDN-3)."""
        found = self._session(which)
        if found is None:
            return
        (session, bearer), soul = found, found[0].soul
        answers = [{"question": "birth_city", "answer": "Lima"}, {"question": "first_pet", "answer": "Rex"}]
        body = {"current_password": soul.password, "security_answers": answers}
        answer = self.call("PUT /me/security-questions", body, token=bearer.text)
        may = bearer.good(self.now) and session.fresh(self.now) and not soul.wrong.locked(self.now)
        if self.judge("PUT /me/security-questions", answer, may=may and soul.password_counts(self.now)):
            soul.wrong.forget()


def _copies(soul: Soul) -> list[Contact]:
    """As they are put back: what one was to become is forgotten."""
    return [replace(each, pending=None) for each in soul.contacts.values()]


def _id(contact: Contact) -> str:
    return contact.id if len(contact.id) == 36 else "00000000-0000-7000-8000-000000000000"
