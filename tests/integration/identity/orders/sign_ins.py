"""Signing in, by every way there is, and what is tried in its place (IDN-1 to IDN-4, IDN-8, IDN-9)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.integration.identity.devices import FIREFOX, SAFARI
from tests.integration.identity.orders.ledger import MOST_FAILURES, Access, Device, Flow, Session, Soul
from tests.integration.identity.orders.walks import MOSTLY, RECENT, WHO, Ticket, Walk
from tests.integration.identity.world import WRONG

PASSKEY = "passkey"
AT = st.sampled_from(["own"] * 7 + ["sign_in", "step_up", "recovery"])
"""At which flow's endpoint."""
SECRET = st.sampled_from(["own"] * 9 + ["anothers", "none"])
WAYS = st.sampled_from(["code"] * 5 + ["app", "app", "paper", "paper", PASSKEY, PASSKEY, "nothing"])
PASSWORDS = st.sampled_from(["present"] * 7 + ["former", "former", "wrong", "anothers"])
_SEND = {
    "sign_in": "POST /sign-in/<uuid:challenge>/send",
    "step_up": "POST /me/step-up/<uuid:challenge>/send",
    "recovery": "POST /recovery/<uuid:challenge>/send",
}
VERIFY = {"sign_in": "POST /sign-in/<uuid:challenge>/verify", "step_up": "POST /me/step-up/<uuid:challenge>/verify"}


class SignIns(Walk):
    """The password, the second step, and what they open."""

    new_passwords = 0
    # The password

    @rule(who=WHO, password=PASSWORDS, device=st.sampled_from([None, None, 0, 0, 1, 2]), fox=MOSTLY, site=MOSTLY)
    def sign_in(self, who: int, password: str, device: int | None, fox: bool, site: bool) -> None:
        soul, now = self.souls[who], self.now + timedelta(seconds=2)
        known = None if device is None else self.pick(self.found.devices, device)
        agent, asked = FIREFOX if fox else SAFARI, None if site else self.pick(self.found.asked, 0)
        typed = self.typed(soul, password)
        body = {"user_id": soul.user_id, "password": typed} | ({"device_token": known.token} if known else {})
        handle = asked.handle if asked else None
        answer = self.call("POST /sign-in", body, request=handle, agent=agent)
        trusted = known if known is not None and known in soul.devices and self._stands(known, agent) else None
        failures = trusted.failures if trusted else soul.wrong
        right = soul.exists(now) and typed == soul.password and soul.password_counts(now)
        if failures.locked(now) or not right:
            self._missed(soul, trusted)
            self.judge("POST /sign-in", answer, may=False)
            assert answer.status_code in {401, 429}
            return
        risky = trusted is not None and failures.count + soul.wrong.count >= 3
        if self._after_password(soul, trusted, asked, answer, risky=risky):
            failures.forget()

    def _after_password(self, soul: Soul, trusted: Device | None, asked: Any, answer: Any, *, risky: bool) -> bool:
        """What the right password comes to; False where nothing of it counts, as a site's request is over."""
        if soul.state in {"locked", "disabled"}:
            return not self.judge("POST /sign-in", answer, may=False)
        enough = trusted is not None and not soul.outdates(trusted.confirmed) and not soul.must_verify
        enough = enough and soul.temporary_until is None
        if enough and asked is not None and not self.asks(asked) and answer.status_code == 409:
            return self.judge("POST /sign-in", answer, may=False)
        self.judge("POST /sign-in", answer, may=True)
        told = answer.get_json()
        if soul.state == "unconfirmed":
            assert told == {"state": "confirm_required"}
        elif told["state"] == "second_step":
            assert not enough or risky, "a trusted device skips the second step (IDN-4)"
            self._challenged(soul, told, device=trusted)
        else:
            assert enough, "the second step is skipped on a trusted device alone (IDN-1, IDN-4)"
            self._is_in(soul, told, asked, by_device=True)
        return True

    def _challenged(self, soul: Soul, told: Any, **more: Any) -> Flow:
        kind = "step_up" if more.get("session") else "sign_in"
        ways = [each["id"] for each in told["methods"]]
        made = Flow(kind, soul, told["challenge"], told["challenge_secret"], self.now, methods=ways, **more)
        made.options = told["passkey_options"]
        self.found.flows.append(made)
        return made

    def _stands(self, known: Device, agent: str) -> bool:
        return known.agent == agent and self.now < known.trusted + timedelta(days=30)

    def typed(self, soul: Soul, which: str) -> str:
        others = next(each for each in self.souls if each is not soul).password
        former = soul.passwords[-2] if len(soul.passwords) > 1 else WRONG
        return {"present": soul.password, "former": former, "anothers": others, "wrong": WRONG}[which]

    def _missed(self, soul: Soul, trusted: Device | None) -> None:
        if (trusted.failures if trusted else soul.wrong).add(self.now) and trusted:
            soul.devices.remove(trusted)

    @rule(who=WHO)
    def is_guessed_at_until_locked(self, who: int) -> None:
        """And then the right password is worth nothing, but on a trusted device (IDN-9)."""
        if self.souls[who].wrong.count == 0:
            for _ in range(MOST_FAILURES):
                self.sign_in(who, "wrong", None, fox=True, site=True)
            self.sign_in(who, "present", None, fox=True, site=True)

    def asks(self, asked: Any) -> bool:
        """Whether somebody can still sign in for it."""
        return not asked.answered and self.now < asked.at + timedelta(minutes=30)

    def _is_in(self, soul: Soul, told: Any, asked: Any, *, by_device: bool = False) -> None:
        """Every step is passed: a session, or a ticket, or first a password of their own."""
        if soul.temporary_until is not None:
            assert told["state"] == "password_change_required"
            soul.temporary_until = self.now
            flow = Flow("new_password", soul, told["challenge"], told["challenge_secret"], self.now)
            self.found.flows.append(flow)
            return
        assert told["state"] == "signed_in"
        if asked is None:
            self.signed_in(soul, told, by_device=by_device)
        else:
            self.found.tickets.append(Ticket(told["continue_to"], soul, asked, self.now, by_device))

    # Flows

    def secret_of(self, flow: Flow, which: str) -> str | None:
        others = next((each.secret for each in self.found.flows if each.secret != flow.secret), "")
        return {"own": flow.secret, "anothers": others, "none": None}[which]

    def enters(self, flow: Flow, at: str, secret: str, session: Session | None) -> bool:
        """Whether a call reaches the flow: at its own endpoints, with its secret, in time, in its session, once."""
        same_session = flow.kind != "step_up" or session is flow.session
        return at == flow.kind and secret == "own" and flow.open_at(self.now) and same_session

    def carries_on(self, flow: Flow) -> bool:
        """Whether the account is still as it was when the flow began."""
        soul = flow.soul
        return soul is not None and soul.state == "active" and not soul.outdates(flow.began)

    def _from(self, flow: Flow, at: str, other: bool) -> Access | None:
        """By which token a step-up is carried on: its session's, or another one's."""
        if at != "step_up":
            return None
        others = [each for each in self.found.sessions if each is not flow.session]
        session = self.pick(others, 0) if other or flow.session is None else flow.session
        return self.awake(session) if session else None

    @rule(which=RECENT, at=AT, secret=SECRET, way=st.sampled_from([0, 0, 0, 1, 9]), same=MOSTLY)
    def send(self, which: int, at: str, secret: str, way: int, same: bool) -> None:
        flow = self.flow(which)
        if flow is None:
            return
        at = at if at != "own" else flow.kind if flow.kind in _SEND else "sign_in"
        bearer = self._from(flow, at, not same)
        if at == "step_up" and bearer is None:
            return
        method, contact = self._way(flow, way)
        token, given = bearer.text if bearer else None, self.secret_of(flow, secret)
        answer = self.call(_SEND[at], {"method": method}, challenge=flow.id, token=token, secret=given)
        may = self.enters(flow, at, secret, bearer.session if bearer else None)
        may = may and (bearer is None or bearer.good(self.now))
        if flow.kind == "recovery":
            may = may and flow.step in {"begun", "code_sent"}
            may = may and not (flow.soul and flow.soul.wrong_proofs.locked(self.now))
            self.judge(_SEND[at], answer, may=may)
            if may:
                flow.step = "code_sent"
                self._recovery_code(flow)
            return
        soul = flow.soul
        may = may and self.carries_on(flow) and contact is not None
        self.judge(_SEND[at], answer, may=may)
        if may and soul is not None and contact is not None:
            self.code_went_to(soul, flow.kind, contact, flow)

    def _way(self, flow: Flow, way: int) -> tuple[str, str | None]:
        """A method, and the contact that it sends a code to by the rules (IDN-2)."""
        soul = flow.soul
        if flow.kind == "recovery" or soul is None:
            return "email", None
        given = soul.verified if way != 9 else self.souls[1].verified
        if not given:
            return "nothing", None
        contact = given[way % len(given)]
        own = soul.contacts.get(contact.id)
        fits = own is not None and own.verified_at and (own.kind == "email" or not soul.must_verify)
        return contact.id, contact.id if fits else None

    def _recovery_code(self, flow: Flow) -> None:
        soul = flow.soul
        if soul is not None and self.carries_on(flow) and soul.address is not None:
            self.code_went_to(soul, "recover_password", soul.address.id, flow)

    @rule(who=WHO, thing=RECENT)
    def confirm(self, who: int, thing: int) -> None:
        """A registration's address, by any code that ever went out (REG-9)."""
        soul, code = self.souls[who], self.code(thing, purpose="confirm_email")
        if code is None:
            return
        rule_ = "POST /accounts/<string:user_id>/confirm"
        answer = self.call(rule_, {"code": code.text}, user_id=soul.user_id)
        may = self._confirms(soul, code.text)
        if self.judge(rule_, answer, may=may):
            soul.state = "active"
            next(iter(soul.contacts.values())).verified_at = self.now

    def _confirms(self, soul: Soul, typed: str) -> bool:
        if soul.state != "unconfirmed" or not soul.exists(self.now):
            soul.tries_at("confirm_email").add(self.now)
            return False
        return self.redeems(soul, "confirm_email", typed, contact_id="", flow=None, proven=True)

    @rule(who=WHO, password=PASSWORDS, corrected=MOSTLY)
    def ask_for_the_confirmation_again(self, who: int, password: str, corrected: bool) -> None:
        soul, now = self.souls[who], self.now + timedelta(seconds=2)
        typed, address = self.typed(soul, password), f"again{self.new_passwords}@practice.example"
        SignIns.new_passwords += 1
        rule_ = "POST /accounts/<string:user_id>/confirm/send"
        body = {"password": typed} | ({} if corrected else {"email": address})
        answer = self.call(rule_, body, user_id=soul.user_id)
        right = soul.exists(now) and typed == soul.password and soul.password_counts(now)
        if soul.wrong.locked(now) or not right:
            self._missed(soul, None)
            self.judge(rule_, answer, may=False)
            return
        soul.wrong.forget()
        if self.judge(rule_, answer, may=soul.state == "unconfirmed"):
            first = next(iter(soul.contacts.values()))
            first.value = first.value if corrected else address
            self.code_went_to(soul, "confirm_email")
