"""What others do to one's account: a manager who vouches, and support (IDN-13 to IDN-15, IDN-17)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import update

from services.identity.adapters.secrets import vouching_place
from services.identity.adapters.tables import account
from tests.integration.identity.orders.ledger import UNPROVEN, VOUCHED, WAITS, Soul, Vouching
from tests.integration.identity.orders.own_things import OwnThings
from tests.integration.identity.orders.walks import AGENT, MANAGER, OTHER_AGENT, OWNER, RECENT, WHO, WHOM, WHY

ACTS = st.sampled_from(["lock", "unlock", "unlock", "reactivate", "end-sessions", "erase"])
HOW = st.sampled_from(["confirm", "confirm", "confirm", "reject"])


class Others(OwnThings):
    """Vouchings, and support's acts."""

    @rule(which=RECENT, whom=WHOM)
    def vouch(self, which: int, whom: int) -> None:
        session, soul = self.session(which, MANAGER if which < 1 else OTHER_AGENT), self.souls[whom]
        if session is None:
            return
        bearer, rule_ = self.awake(session), "POST /accounts/<string:user_id>/vouch"
        address = self._value("email")
        answer = self.call(rule_, {"email": address, **WHY}, token=bearer.text, user_id=soul.user_id)
        may = self.acts_freshly(bearer) and self.manages(session.soul, soul) and soul.state == "active"
        may = may and not any(each.open and self.now < each.ends for each in self._vouchings(soul))
        if self.judge(rule_, answer, may=may):
            for each in self._vouchings(soul):
                each.state = "expired" if each.open else each.state
            id_ = answer.get_json()["id"]
            made = Vouching(id_, soul, session.soul, address, self.now, self.now + WAITS)
            self.found.vouchings.append(made)
            self._stops(made)

    def _vouchings(self, soul: Soul) -> list[Vouching]:
        return [each for each in self.found.vouchings if each.soul is soul]

    def _stops(self, made: Vouching) -> None:
        """Every old contact is told, with what stops it."""
        told = self.told("identity.contact.vouching_word_due.v1", vouching_place, "word_id", most=8)
        new = [each["code"] for each in told if each["user_id"] == made.soul.user_id and "code" in each]
        made.stops.extend(each for each in new[-len(made.soul.verified) :] if each not in made.stops)

    @rule(which=RECENT, thing=RECENT, how=HOW)
    def settle(self, which: int, thing: int, how: str) -> None:
        """By whoever is signed in: another person than who vouched, and support (IDN-17)."""
        session, vouching = (
            self.session(which, AGENT if which < 2 else OTHER_AGENT),
            self.pick(self.found.vouchings, thing),
        )
        if session is None or vouching is None:
            return
        bearer, rule_ = self.awake(session), f"POST /vouchings/<uuid:vouching>/{how}"
        answer = self.call(rule_, WHY, token=bearer.text, vouching=vouching.id)
        by = session.soul
        may = self.acts_freshly(bearer) and by.is_agent and by is not vouching.soul
        if how == "confirm":
            may = may and by is not vouching.by and vouching.state == "waiting"
            may = may and self.now < vouching.ends and vouching.soul.state == "active"
            may = may and vouching.by.state == "active"
        else:
            may = may and vouching.open
        if not self.judge(rule_, answer, may=may, why=(by.user_id, vouching)):
            return
        vouching.state = {"confirm": "confirmed", "reject": "rejected"}[how]
        if how == "confirm":
            vouching.works_at, vouching.ends = self.now + VOUCHED, self.now + UNPROVEN
            self._stops(vouching)

    @rule(which=RECENT, first=st.booleans())
    def stop(self, which: int, first: bool) -> None:
        vouching = self.pick(self.found.vouchings, which)
        if vouching is None or not vouching.stops:
            return
        answer = self.call("POST /vouchings/stop", {"token": vouching.stops[0 if first else -1]})
        if self.judge("POST /vouchings/stop", answer, may=vouching.open):
            vouching.state = "stopped"

    def _awaits_code(self, soul: Soul) -> Vouching | None:
        waiting = (each for each in self._vouchings(soul) if each.state == "confirmed" and not each.verified_at)
        found = next((each for each in waiting if self.now < each.ends), None)
        return found if soul.state == "active" else None

    @rule(who=WHOM)
    def send_to_vouched(self, who: int) -> None:
        soul, rule_ = self.souls[who], "POST /accounts/<string:user_id>/vouched-contact/send"
        self.judge(rule_, self.call(rule_, user_id=soul.user_id), may=True)
        vouching = self._awaits_code(soul)
        if vouching is not None:
            self.code_went_to(soul, "vouched_contact", vouching.id)
        soul.tries_at("vouched_contact").forget()

    @rule(who=WHOM, thing=RECENT)
    def verify_vouched(self, who: int, thing: int) -> None:
        soul, code = self.souls[who], self.code(thing, purpose="vouched_contact")
        if code is None:
            return
        rule_ = "POST /accounts/<string:user_id>/vouched-contact/verify"
        answer = self.call(rule_, {"code": code.text}, user_id=soul.user_id)
        vouching = self._awaits_code(soul)
        if vouching is None:
            soul.tries_at("vouched_contact").add(self.now)
        may = vouching is not None and self.redeems(
            soul, "vouched_contact", code.text, contact_id=vouching.id, flow=None, proven=True
        )
        if self.judge(rule_, answer, may=may) and vouching is not None:
            vouching.verified_at = self.now

    def settle_what_is_due(self) -> None:
        """The hourly job: what was confirmed and verified works after 72 hours, unless somebody stopped it."""
        jobs = self.world.service.jobs
        assert jobs is not None
        jobs.run("vouched-contacts", self.now)
        for each in self.found.vouchings:
            soul, works = each.soul, each.verified_at and each.works_at and each.works_at <= self.now
            if not each.open or not ((works and soul.state == "active") or each.ends <= self.now):
                continue
            if not works or soul.state != "active":
                each.state = "expired"
            elif soul.contacts_changed and soul.contacts_changed > each.at:
                each.state = "stopped"
            else:
                each.state = "done"
                self._replaced(each)

    def _replaced(self, vouching: Vouching) -> None:
        """All that led to the account is gone, its password included."""
        soul = vouching.soul
        (contact,) = self.kept_contacts(soul.user_id)
        assert (contact.value, bool(contact.verified_at)) == (vouching.email, True)
        soul.contacts_become([contact], self.now)
        soul.changed = soul.temporary_until = self.now
        for each in soul.changes:
            each.ended = True
        soul.put_out()
        soul.lose_second_steps()

    # Support

    @rule(which=RECENT, whom=WHO, what=ACTS)
    def support_acts(self, which: int, whom: int, what: str) -> None:
        """By whoever is signed in; only an agent may, who has just shown who they are, and not on their own account."""
        session, soul = self.session(which, AGENT if which < 2 else OTHER_AGENT), self.souls[whom]
        if session is None or (what == "erase" and whom in {OWNER, MANAGER}):
            return
        bearer, rule_ = self.awake(session), f"POST /accounts/<string:user_id>/{what}"
        answer = self.call(rule_, WHY, token=bearer.text, user_id=soul.user_id)
        by = session.soul
        may = self.acts_freshly(bearer) and by.is_agent and by is not soul and soul.state != "removed"
        may = may and self._is_to_be(soul, what, by)
        if self.judge(rule_, answer, may=may):
            self._acted(soul, what, by)

    def _is_to_be(self, soul: Soul, what: str, by: Soul) -> bool:
        if what == "unlock":
            return soul.state == "locked" or soul.wrong.locked(self.now) or soul.wrong_steps.locked(self.now)
        if what == "erase":
            return soul.erasure is not by
        return {"lock": "active", "reactivate": "disabled"}.get(what, soul.state) == soul.state

    def _acted(self, soul: Soul, what: str, by: Soul) -> None:
        if what == "lock":
            soul.state = "locked"
            soul.put_out()
        elif what == "unlock":
            soul.state = "active" if soul.state == "locked" else soul.state
            soul.wrong.forget()
            soul.wrong_steps.forget()
        elif what == "reactivate":
            soul.state, soul.reactivated = "active", self.now
        elif what == "end-sessions":
            soul.end_sessions()
        elif soul.erasure is None:
            soul.erasure = by
        else:
            self._erased(soul)

    def _erased(self, soul: Soul) -> None:
        soul.state, soul.contacts, soul.codes, soul.temporary_until = "removed", {}, {}, None
        soul.put_out()
        soul.lose_second_steps()
        for flow in self.found.flows:
            flow.over = flow.over or flow.soul is soul
        for change in soul.changes:
            change.ended = True
        for vouching in self._vouchings(soul):
            vouching.state, vouching.stops = "gone", []

    @rule(who=WHO)
    def is_not_there_for_a_year(self, who: int) -> None:
        """And is disabled (IDN-13)."""
        soul, jobs = self.souls[who], self.world.service.jobs
        if soul.state not in {"active", "locked"} or jobs is None or soul.is_agent:
            return
        long_ago = self.now - timedelta(days=400)
        moments = dict.fromkeys(("created_at", "confirmed_at", "last_sign_in_at"), long_ago)
        with self.world.service.engine.begin() as connection:
            found = update(account).where(account.c.user_id == soul.user_id)
            connection.execute(found.values(**moments, reactivated_at=None))
        jobs.run("account-disabling", self.now)
        soul.state, soul.reactivated = "disabled", None
        soul.end_sessions()
