"""Second steps by all that they are made by, and what they open (IDN-2, IDN-3, IDN-8)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis.stateful import rule

from services.identity.domain.totp import code_of, step_at
from tests.integration.identity.devices import FIREFOX
from tests.integration.identity.orders.ledger import Access, Device, Flow, Soul
from tests.integration.identity.orders.sign_ins import AT, PASSKEY, SECRET, VERIFY, WAYS, SignIns
from tests.integration.identity.orders.walks import MOSTLY, OWNER, RECENT
from tests.integration.identity.second_steps import PAPER
from tests.unit.identity.security_key import text_of


class SecondSteps(SignIns):
    """Passed in a flow, each once; and the last step of a sign-in."""

    signed: Flow | None = None
    """The flow whose challenge a passkey has just signed."""

    @rule(which=RECENT, at=AT, secret=SECRET, way=WAYS, thing=RECENT, remember=MOSTLY, site=MOSTLY, same=MOSTLY)
    def pass_step(
        self, which: int, at: str, secret: str, way: str, thing: int, *, remember: bool, site: bool, same: bool
    ) -> None:
        flow = self.flow(which)
        at = "" if flow is None else flow.kind if at == "own" else at
        if flow is None or at not in VERIFY:
            return
        bearer, asked = self._from(flow, at, not same), None if site else self.pick(self.found.asked, 0)
        if at == "step_up" and bearer is None:
            return
        body = self._proof(flow, way, thing)
        more: dict[str, Any] = {"token": bearer.text if bearer else None, "secret": self.secret_of(flow, secret)}
        if at == "sign_in":
            body["remember_device"] = remember
            more["request"] = asked.handle if asked else None
        answer = self.call(VERIFY[at], body, challenge=flow.id, **more)
        may = self.enters(flow, at, secret, bearer.session if bearer else None)
        may = may and self.carries_on(flow) and (bearer is None or self.acts(bearer))
        if may and asked is not None and not self.asks(asked) and flow.soul and flow.soul.temporary_until is None:
            assert answer.status_code >= 400  # nothing of the step counts then, but what was wrong
            if answer.get_json()["code"] == "authorization_over":
                return
        may = may and self._proves(flow, body)
        self.judge(VERIFY[at], answer, may=may, why=(way, body))
        if may:
            flow.over = True
            self._stepped(flow, answer.get_json(), body, asked, bearer)

    def _stepped(self, flow: Flow, told: Any, body: dict[str, Any], asked: Any, bearer: Access | None) -> None:
        soul = flow.soul
        assert soul is not None
        if soul.must_verify:
            soul.contacts[body["method"]].verified_at = self.now
        if bearer is not None:
            session = bearer.session
            session.shown = session.used = self.now
            session.by_device = False
            return
        temporary = soul.temporary_until is not None
        self._is_in(soul, told, asked)
        device = flow.device if flow.device in soul.devices else None
        if device is not None:
            device.confirmed = self.now
        if body["remember_device"] and not temporary:
            self._remembered(soul, device, told["device_token"])

    def _remembered(self, soul: Soul, device: Device | None, token: str) -> None:
        made = Device(token, self.now, self.now, FIREFOX)
        if device is not None:
            soul.devices.remove(device)
            made.failures = device.failures
        soul.devices.append(made)
        self.found.devices.append(made)

    # What a second step is made by

    def _proof(self, flow: Flow, way: str, thing: int) -> dict[str, Any]:
        soul = flow.soul
        code = self.code(thing, flow)
        if way == "app":
            owner = soul if soul and soul.apps and thing < 4 else next((s for s in self.souls if s.apps), soul)
            id_, app = (
                next(((id_, app) for id_, (app, _) in owner.apps.items()), ("nothing", None)) if owner else ("", None)
            )
            at = step_at(self.now + timedelta(seconds=2)) + (0 if thing < 3 else thing - 6)
            return {"method": id_, "code": code_of(app.secret, at) if app else "123456"}
        if way == "paper":
            return {"method": PAPER, "code": self.pick(self.found.papers, thing) or "1-22222-22222"}
        if way == PASSKEY:
            return {"method": PASSKEY, "assertion": self._assertion(flow, thing)}
        method = code.contact if code and code.contact else flow.methods[0] if flow.methods else "nothing"
        return {"method": method, "code": code.text if code and way == "code" else "000000"}

    def _assertion(self, flow: Flow, thing: int) -> Any:
        """A signature: of the flow's challenge, or of another's; by their own key, or by another's."""
        others = [each for each in self.found.flows if each.options]
        asked = flow if flow.options and thing < 3 else self.pick(others, thing)
        keys = [(soul, key) for soul in self.souls for key, _ in soul.keys.values()]
        self.signed = asked
        own = [key for soul, key in keys if soul is flow.soul] if thing != 2 else []
        key = own[-1] if own else keys[-1][1] if keys else None
        return {"id": "none"} if asked is None or key is None else key.sign(asked.options)

    def _proves(self, flow: Flow, body: dict[str, Any]) -> bool:
        """Whether that passes the second step of the flow's owner, which costs a try if it does not."""
        soul = flow.soul
        assert soul is not None
        device = flow.device if flow.device in soul.devices else None
        wrong = device.failures if device else soul.wrong_steps
        if wrong.locked(self.now):
            return False
        method = body["method"]
        if not soul.must_verify:
            if method == PASSKEY:
                return self._counted(soul, device, self._signs(flow, soul, body["assertion"]))
            if method == PAPER:
                good = body["code"] in soul.paper
                soul.paper.discard(body["code"])
                return self._counted(soul, device, good)
            if method in soul.apps:
                return self._counted(soul, device, self._shown_by_app(soul, method, body["code"]))
        return self.redeems(soul, flow.kind, body.get("code", ""), contact_id=method, flow=flow, proven=True)

    def _counted(self, soul: Soul, device: Device | None, good: bool) -> bool:
        wrong = device.failures if device else soul.wrong_steps
        if good:
            wrong.forget()
        elif wrong.add(self.now) and device:
            soul.devices.remove(device)
        return good

    def _shown_by_app(self, soul: Soul, app_id: str, typed: str) -> bool:
        """A code of now, or of a step around it, that is later than the last one that was taken (RFC 6238)."""
        app, at = soul.apps[app_id][0], step_at(self.now)
        after = soul.spent.get(app_id, -1)
        step = next(
            (each for each in (at - 1, at, at + 1) if each > after and code_of(app.secret, each) == typed), None
        )
        if step is not None:
            soul.spent[app_id] = step
        return step is not None

    def _signs(self, flow: Flow, soul: Soul, assertion: Any) -> bool:
        theirs = {text_of(key.id) for key, _ in soul.keys.values()}
        return assertion["id"] in theirs and flow.options is not None and self.signed is flow

    @rule(which=RECENT, secret=SECRET, thing=RECENT)
    def sign_in_by_passkey(self, which: int, secret: str, thing: int) -> None:
        """By that alone: the challenge takes one answer, of a key whose owner may sign in."""
        if thing % 2 == 0 or not any(each.kind == PASSKEY for each in self.found.flows):
            told = self.call("POST /sign-in/passkey", {}).get_json()
            flow = Flow(PASSKEY, None, told["challenge"], told["challenge_secret"], self.now)
            flow.options = told["passkey_options"]
            self.found.flows.append(flow)
        flows = [each for each in self.found.flows if each.options and (thing == 8 or each.kind == PASSKEY)]
        flow = self.pick(flows, which) or flows[-1]
        keys = [(soul, key) for soul in self.souls for key, _ in soul.keys.values()]
        soul, key = keys[-1 - which % len(keys)] if keys else (None, None)
        signed = flow if thing < 6 else self.pick([each for each in self.found.flows if each.options], thing)
        body = {"challenge": flow.id, "assertion": key.sign(signed.options) if key and signed else {"id": "none"}}
        answer = self.call("POST /sign-in/passkey", body, secret=self.secret_of(flow, secret))
        entered = flow.kind == PASSKEY and secret == "own" and flow.open_at(self.now)
        may = entered and soul is not None and not soul.wrong_steps.locked(self.now)
        if may and soul is not None:
            good = signed is flow
            if not good:
                soul.wrong_steps.add(self.now)
            may = good and soul.state == "active" and not soul.must_verify
        flow.over = flow.over or entered
        self.judge("POST /sign-in/passkey", answer, may=may)
        if may and soul is not None:
            soul.wrong_steps.forget()
            self._is_in(soul, answer.get_json(), None)

    # Steps within a session, and the last of a sign-in

    @rule(which=RECENT)
    def begin_step_up(self, which: int) -> None:
        session = self.session(which, OWNER)
        if session is None:
            return
        bearer = self.awake(session)
        answer = self.call("POST /me/step-up", token=bearer.text)
        if self.judge("POST /me/step-up", answer, may=self.acts(bearer)):
            self._challenged(session.soul, answer.get_json(), session=session)

    def acts(self, bearer: Access) -> bool:
        """Whether somebody can act by this token, in a session that is alive, of an account in use."""
        return bearer.good(self.now) and bearer.session.alive(self.now) and bearer.session.soul.state == "active"

    def acts_freshly(self, bearer: Access) -> bool:
        """Whether a second step was passed there less than five minutes ago (IDN-3)."""
        return self.acts(bearer) and bearer.session.fresh(self.now)

    def next_password(self) -> str:
        SignIns.new_passwords += 1
        return f"brisk-willow-anchor-{SignIns.new_passwords}"

    @rule(which=RECENT, secret=SECRET, site=MOSTLY)
    def choose_a_password_of_ones_own(self, which: int, secret: str, site: bool) -> None:
        """After a temporary one; of any flow, one that it never was for among them (IDN-8)."""
        flow = self.flow(which)
        if flow is None:
            return
        password, asked = self.next_password(), None if site else self.pick(self.found.asked, 0)
        given, request = self.secret_of(flow, secret), asked.handle if asked else None
        rule_ = "POST /sign-in/<uuid:challenge>/password"
        answer = self.call(rule_, {"new_password": password}, challenge=flow.id, secret=given, request=request)
        may = self.enters(flow, "new_password", secret, None) and self.carries_on(flow)
        may = may and (asked is None or self.asks(asked))
        self.judge(rule_, answer, may=may)
        if may and flow.soul is not None:
            flow.over = True
            flow.soul.new_password(password, self.now)
            self._is_in(flow.soul, answer.get_json(), asked)
