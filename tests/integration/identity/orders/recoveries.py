"""Forgotten passwords, passwords of one's own, and passwords that managers reset (IDN-6 to IDN-8)."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.integration.identity.orders.ledger import CODE, TEMPORARY, Flow, Soul
from tests.integration.identity.orders.second_steps import SecondSteps
from tests.integration.identity.orders.sign_ins import AT, PASSWORDS, SECRET
from tests.integration.identity.orders.walks import MANAGER, MOSTLY, OTHER_AGENT, OWNER, RECENT, WHO, WHOM

WRONG_PROOF = st.sampled_from([None] * 6 + ["code", "born", "answer"])
MANAGERS = (MANAGER, OTHER_AGENT)


class Recoveries(SecondSteps):
    """Ways to another password."""

    @rule(who=WHO)
    def forget(self, who: int) -> None:
        soul = self.souls[who]
        answer = self.call("POST /recovery/password", {"user_id": soul.user_id})
        self.judge("POST /recovery/password", answer, may=True)
        told = answer.get_json()
        flow = Flow("recovery", soul if soul.address else None, told["challenge"], told["challenge_secret"], self.now)
        flow.named = soul
        self.found.flows.append(flow)

    @rule(who=WHO, right=MOSTLY)
    def ask_for_the_user_id(self, who: int, right: bool) -> None:
        """The answer is always the same; what it is leads to nothing (IDN-6)."""
        soul = self.souls[who]
        address = next((each.value for each in soul.contacts.values()), "nobody@practice.example")
        body = {"email": address, "date_of_birth": "1980-02-29" if right else "1980-03-01"}
        self.judge("POST /recovery/user-id", self.call("POST /recovery/user-id", body), may=True)

    @rule(which=RECENT, at=AT, secret=SECRET, wrong=WRONG_PROOF, thing=RECENT)
    def prove(self, which: int, at: str, secret: str, wrong: str | None, thing: int) -> None:
        flow = self.flow(which)
        code = self.code(thing, flow)
        if flow is None or code is None or (at == "own" and flow.kind != "recovery") or at in {"sign_in", "step_up"}:
            return
        answer = {"question": "birth_city", "text": "rome" if wrong == "answer" else "lima"}
        born = "1980-03-01" if wrong == "born" else "1980-02-29"
        typed = "000000" if wrong == "code" else code.text
        body = {"code": typed, "date_of_birth": born, "answer": answer}
        rule_ = "POST /recovery/<uuid:challenge>/verify"
        answered = self.call(rule_, body, challenge=flow.id, secret=self.secret_of(flow, secret))
        may = self.enters(flow, "recovery", secret, None) and flow.step == "code_sent"
        if may:
            may = self._proven(flow, typed, proven=wrong not in {"born", "answer"})
        if self.judge(rule_, answered, may=may, why=wrong):
            flow.step = "proven"

    def _proven(self, flow: Flow, typed: str, *, proven: bool) -> bool:
        """All three at once, with the code of this very flow (IDN-7)."""
        named, soul = flow.named, flow.soul
        assert named is not None
        if named.wrong_proofs.locked(self.now):
            return False
        is_theirs = soul is not None and self.carries_on(flow) and soul.address is not None
        purpose = "recover_password" if is_theirs else "nobody's recover_password"
        tried_out = named.tries_at(purpose).used_up(self.now)
        code = named.codes.get(purpose)
        fits = code is not None and (code.flow, code.text) == (flow, typed) and proven
        late = fits and code is not None and code.sent_at + CODE <= self.now
        if self.redeems(named, purpose, typed, contact_id="", flow=flow, proven=proven):
            named.wrong_proofs.forget()
            return True
        if not tried_out and not late:
            named.wrong_proofs.add(self.now)
            flow.over = flow.over or named.tries_at(purpose).count >= 5
        return False

    @rule(which=RECENT, secret=SECRET)
    def set_a_recovered_password(self, which: int, secret: str) -> None:
        """In any flow, whatever it began as."""
        flow = self.flow(which)
        if flow is None:
            return
        password, rule_ = self.next_password(), "POST /recovery/<uuid:challenge>/password"
        answer = self.call(rule_, {"new_password": password}, challenge=flow.id, secret=self.secret_of(flow, secret))
        soul = flow.soul
        may = self.enters(flow, "recovery", secret, None) and flow.step == "proven" and self.carries_on(flow)
        may = may and soul is not None and soul.address is not None
        if self.judge(rule_, answer, may=may) and soul is not None:
            flow.over = True
            soul.new_password(password, self.now)
            soul.put_out()

    @rule(which=RECENT, password=PASSWORDS)
    def change_password(self, which: int, password: str) -> None:
        """Needs the present one and a fresh second step; everybody else is out (IDN-3)."""
        session = self.session(which, OWNER)
        if session is None:
            return
        bearer, soul = self.awake(session), session.soul
        body = {"current_password": self.typed(soul, password), "new_password": self.next_password()}
        answer = self.call("POST /me/password", body, token=bearer.text)
        may = bearer.good(self.now) and session.fresh(self.now)
        if may:
            right = body["current_password"] == soul.password and soul.password_counts(self.now)
            may = right and not soul.wrong.locked(self.now)
            if not may:
                soul.wrong.add(self.now)
        if self.judge("POST /me/password", answer, may=may and self.acts(bearer)):
            soul.wrong.forget()
            soul.new_password(body["new_password"], self.now)
            soul.put_out(but=session)

    @rule(which=RECENT, whom=WHOM)
    def reset_somebodys(self, which: int, whom: int) -> None:
        """By whoever is signed in, anybody's (IDN-8)."""
        session, soul = self.session(which, MANAGER if which < 3 else OTHER_AGENT), self.souls[whom]
        if session is None:
            return
        bearer, rule_ = self.awake(session), "POST /accounts/<string:user_id>/password-reset"
        answer = self.call(rule_, token=bearer.text, user_id=soul.user_id)
        may = self.acts_freshly(bearer) and self.manages(session.soul, soul) and soul.state == "active"
        if self.judge(rule_, answer, may=may):
            soul.new_password(answer.get_json()["temporary_password"], self.now)
            soul.temporary_until = self.now + TEMPORARY
            soul.put_out()

    def manages(self, by: Soul, soul: Soul) -> bool:
        """Whether that user works where the other is a primary administrator."""
        managers, works = [self.souls[each] for each in MANAGERS], [*self.souls[OWNER:MANAGER], self.souls[MANAGER]]
        return by in managers and soul in works and by is not soul

    def recover(self, who: int) -> None:
        """As far as a proven one."""
        self.forget(who)
        self.send(0, "own", "own", 0, same=True)
        self.prove(0, "own", "own", None, 0)
