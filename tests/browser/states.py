"""The states that pages can be in, each made to come about in the portal as one process: what somebody then sees."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any, Final

from werkzeug.test import TestResponse

from services.portal.application.errors import FieldFault, ProblemError
from services.portal.application.ports import Answer
from tests.browser.inviting_states import INVITING
from tests.browser.past_states import PAST_STATES
from tests.browser.vouching_states import VOUCHING_STATES
from tests.unit.portal import practices
from tests.unit.portal.applicants import ACCOUNT, Applicant, FakeRegistration
from tests.unit.portal.contacts import CHANGING, MOBILE, STOPPED, with_contacts
from tests.unit.portal.forgetful import ANY_PHONE, EXPIRED, NEW, PHONE, PROOFS, WRONG, Forgetful
from tests.unit.portal.imports import IMPORTS, importing
from tests.unit.portal.outreach import appointed, case, closed, proposal, support
from tests.unit.portal.practices import (
    ETAG,
    OGYAM,
    PRESENT,
    REQUEST,
    REVIEWED,
    STATE_MEDICAL,
    access,
    everybody,
    listed,
    manager,
    request,
    session,
)
from tests.unit.portal.second_steps import APP_ID, BY_PASSKEY, METHODS, PASSKEY, gone_stale, with_second_steps
from tests.unit.portal.second_steps import REQUEST as PASSKEY_REQUEST
from tests.unit.portal.second_steps import STOPPED as STOPPED_PASSKEY
from tests.unit.portal.supporting import ACCOUNTS, account, opened, supporting
from tests.unit.portal.test_approval import PROCESSOR, PUT
from tests.unit.portal.test_password_reset import RESET, SHOWN, WANTED, asked
from tests.unit.portal.test_users import SALLY, USERS
from tests.unit.portal.world import World

State = Callable[[World], TestResponse]

_AT: Final = "?request=handle-of-a-request"
_METHODS: Final = [
    {"id": "m1", "kind": "email", "hint": "m•••@example.com"},
    {"id": "m2", "kind": "sms", "hint": "•••0142"},
]
_TYPED: Final = {"user_id": "mmartin5", "password": "open-harbor-lantern-17"}


_STOPPED: Final = {
    "state": "second_step",
    "challenge": "c1",
    "challenge_secret": "s",
    "reason": "always",
    "not_offered": [{"kind": "sms", "hint": "•••42", "reason": "number_opted_out", "short_code": "55501"}],
}


def _managing(world: World) -> World:
    manager(world)
    world.sign_in()
    return world


def _meeting(problem: Exception) -> State:
    """The dashboard, where something behind it fails like this."""

    def state(world: World) -> TestResponse:
        _managing(world).api.says("GET", "/api/entitlements/v1/functions", problem)
        return world.get("/dashboard")

    return state


def _stopped(why: str) -> State:
    return lambda world: world.get(f"/sign-in/stopped?why={why}")


def not_allowed(world: World) -> TestResponse:
    everybody(world)
    world.sign_in("ssmith1234")
    return world.get("/users")


def expired_form(world: World) -> TestResponse:
    return world.browser.post("/register", base_url="http://medical.test", headers={"X-Wardenry-Site": "medical"})


def signed_out_meanwhile(world: World) -> TestResponse:
    _managing(world).get("/settings/online-access/ask")
    world.api.says("GET", "/api/registration/v1/practices/.*", ProblemError(401, "not_signed_in"))
    return world.post("/settings/online-access/ask", {"tin": STATE_MEDICAL})


def _resetting(problem: ProblemError | None = None) -> State:
    """A manager about to reset a password, or having done so."""

    def state(world: World) -> TestResponse:
        _managing(world).api.says("POST", RESET, problem or SHOWN)
        return world.post(asked(world))

    return state


def password_to_reset(world: World) -> TestResponse:
    return world.get(asked(_managing(world)))


# Support


def _account(**changes: Any) -> State:
    def state(world: World) -> TestResponse:
        return world.get(opened(supporting(world, account(**changes))))

    return state


def accounts_found(world: World) -> TestResponse:
    supporting(world, account(), account(user_id="zoe.obrien", locked_until="2026-03-02T15:15:00Z"))
    world.get("/support/accounts")
    return world.get(world.post("/support/accounts/search", {"search": "Smith"}).location)


def account_act_wrong(world: World) -> TestResponse:
    return world.post(opened(supporting(world)), {"act": "lock", "reason": ""})


def account_act_done(world: World) -> TestResponse:
    return world.get(world.post(opened(supporting(world)), {"act": "lock", "reason": "Lost phone."}).location)


def account_erased(world: World) -> TestResponse:
    path = opened(supporting(world))
    world.api.says("POST", f"{ACCOUNTS}/.*", {"user_id": "ssmith1234", "state": "removed", "expires_at": None})
    return world.post(path, {"act": "erase", "reason": "Her letter."})


# Signing in


def password_wanted(world: World) -> TestResponse:
    """After a temporary password."""
    _password_given(world).api.says("POST", ".*/verify", WANTED)
    return world.get(world.post(f"/sign-in/code{_AT}", {"code": "123456"}).location)


def password_wanted_still(world: World) -> TestResponse:
    password_wanted(world)
    return world.post(f"/sign-in/new-password{_AT}", {"new_password": ""})


def _password_given(world: World, *, methods: int = 1) -> World:
    answer = {"state": "second_step", "challenge": "c1", "challenge_secret": "s", "methods": _METHODS[:methods]}
    world.api.says("POST", ".*/sign-in", {**answer, "reason": "always"})
    world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
    world.get(f"/sign-in{_AT}")
    world.get(world.post(f"/sign-in{_AT}", _TYPED).location)
    return world


def _refusing_password(problem: ProblemError) -> State:
    def state(world: World) -> TestResponse:
        world.api.says("POST", ".*/sign-in", problem)
        world.get(f"/sign-in{_AT}")
        return world.post(f"/sign-in{_AT}", _TYPED)

    return state


def _refusing_code(problem: ProblemError) -> State:
    def state(world: World) -> TestResponse:
        _password_given(world).api.says("POST", ".*/verify", problem)
        return world.post(f"/sign-in/code{_AT}", {"code": "000000"})

    return state


def _unusual(reason: str, *signals: str) -> State:
    def state(world: World) -> TestResponse:
        answer = {"state": "second_step", "challenge": "c1", "challenge_secret": "s", "methods": _METHODS[:1]}
        world.api.says("POST", ".*/sign-in", {**answer, "reason": reason, "risk_reasons": list(signals)})
        world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
        world.get(f"/sign-in{_AT}")
        return world.get(world.post(f"/sign-in{_AT}", _TYPED).location)

    return state


_SIGNALS: Final = ("new_country", "new_network", "new_browser", "many_failures", "long_absence")


def code_sent(world: World) -> TestResponse:
    return _password_given(world).get(f"/sign-in/code{_AT}")


def code_sent_again(world: World) -> TestResponse:
    return world.get(_password_given(world).post(f"/sign-in/method{_AT}", {"method": "m1"}).location)


def code_asked_for_too_soon(world: World) -> TestResponse:
    _password_given(world).api.says("POST", ".*/send", ProblemError(429, "too_many_attempts", retry_after=900))
    return world.get(world.post(f"/sign-in/method{_AT}", {"method": "m1"}).location)


def where_to(world: World) -> TestResponse:
    return _password_given(world, methods=2).get(f"/sign-in/method{_AT}")


def where_to_not_chosen(world: World) -> TestResponse:
    return _password_given(world, methods=2).post(f"/sign-in/method{_AT}", {})


def code_by_text(world: World) -> TestResponse:
    _password_given(world, methods=2)
    return world.get(world.post(f"/sign-in/method{_AT}", {"method": "m2"}).location)


def _opted_out(methods: int) -> State:
    def state(world: World) -> TestResponse:
        world.api.says("POST", ".*/sign-in", _STOPPED | {"methods": (METHODS if methods else _METHODS)[: methods or 1]})
        world.api.says("POST", ".*/send", Answer(202, {"resend_after": 60}, {}))
        world.get(f"/sign-in{_AT}")
        return world.get(world.post(f"/sign-in{_AT}", _TYPED).location)

    return state


def _with_more_ways(world: World, chosen: str = "") -> World:
    """Somebody who has an app and recovery codes as well."""
    challenge = {"state": "second_step", "challenge": "c1", "challenge_secret": "s", "reason": "always"}
    world.api.says("POST", ".*/sign-in", {**challenge, "methods": METHODS})
    world.get(f"/sign-in{_AT}")
    world.get(world.post(f"/sign-in{_AT}", _TYPED).location)
    if chosen:
        world.get(world.post(f"/sign-in/method{_AT}", {"method": chosen}).location)
    return world


def app_code_refused(world: World) -> TestResponse:
    _with_more_ways(world, APP_ID).api.says("POST", ".*/verify", _WRONG_CODE)
    return world.post(f"/sign-in/code{_AT}", {"code": "000000"})


# Second steps

_OWN: Final = "/settings/sign-in"
_CONTACTS: Final = "/settings/contacts"


def no_second_steps(world: World) -> TestResponse:
    with_second_steps(world).api.says("GET", "/api/identity/v1/me/authenticators", listed())
    world.api.says("GET", "/api/identity/v1/me/recovery-codes", {"left": 0, "made_at": None})
    return world.get(_OWN)


def _at(way: str, action: str) -> State:
    def state(world: World) -> TestResponse:
        with_second_steps(world).get(_OWN)
        return world.get(_led_to(world, f'{_OWN}/{way}/[^/"]+/{action}'))

    return state


def _with_passkey_methods(world: World, problem: ProblemError | None = None) -> TestResponse:
    """The second step by passkey, or what came of it."""
    challenge = {"state": "second_step", "challenge": "c1", "challenge_secret": "s", "reason": "always"}
    world.api.says("POST", ".*/sign-in", {**challenge, "methods": METHODS, "passkey_options": PASSKEY_REQUEST})
    world.get(f"/sign-in{_AT}")
    world.get(world.post(f"/sign-in{_AT}", _TYPED).location)
    shown = world.get(world.post(f"/sign-in/method{_AT}", {"method": "passkey"}).location)
    if problem is None:
        return shown
    world.api.says("POST", ".*/verify", problem)
    return world.post(f"/sign-in/code{_AT}", {"answer": ""})


def passkey_second_step_refused(world: World) -> TestResponse:
    fault = FieldFault("/assertion", "code_wrong", "")
    return _with_passkey_methods(world, ProblemError(422, "code_wrong", errors=[fault]))


def logging_in_by_passkey(world: World) -> TestResponse:
    world.api.says("POST", ".*/sign-in/passkey", BY_PASSKEY)
    return world.get(f"/sign-in/passkey{_AT}")


def passkey_refused(world: World) -> TestResponse:
    refusal = ProblemError(401, "sign_in_failed")
    world.api.says("POST", ".*/sign-in/passkey", lambda call: refusal if call.body else BY_PASSKEY)
    world.get(f"/sign-in/passkey{_AT}")
    return world.post(f"/sign-in/passkey{_AT}", {"answer": ""})


def passkey_stopped(world: World) -> TestResponse:
    with_second_steps(world).api.says("GET", "/api/identity/v1/me/authenticators", listed(PASSKEY, STOPPED_PASSKEY))
    return world.get(f"{_OWN}?done=passkey_added")


def passkey_without_name(world: World) -> TestResponse:
    with_second_steps(world).get(f"{_OWN}/passkey")
    fault = FieldFault("/name", "text_invalid", "")
    world.api.says("POST", "/api/identity/v1/me/authenticators", ProblemError(422, "invalid", errors=[fault]))
    return world.post(f"{_OWN}/passkey", {"name": ""})


def making_passkey(world: World) -> TestResponse:
    with_second_steps(world).get(f"{_OWN}/passkey")
    return world.get(world.post(f"{_OWN}/passkey", {"name": "My laptop"}).location)


def passkey_not_made(world: World) -> TestResponse:
    making_passkey(world)
    fault = FieldFault("/attestation", "passkey_refused", "")
    refusal = ProblemError(422, "passkey_refused", errors=[fault])
    world.api.says("POST", "/api/identity/v1/me/authenticators/.*/confirm", refusal)
    return world.post(f"{_OWN}/passkey/key", {"answer": ""})


def app_without_name(world: World) -> TestResponse:
    with_second_steps(world).get(f"{_OWN}/app")
    fault = FieldFault("/name", "text_invalid", "")
    world.api.says("POST", "/api/identity/v1/me/authenticators", ProblemError(422, "invalid", errors=[fault]))
    return world.post(f"{_OWN}/app", {"name": ""})


def app_key(world: World) -> TestResponse:
    with_second_steps(world).get(f"{_OWN}/app")
    return world.get(world.post(f"{_OWN}/app", {"name": "My phone"}).location)


def app_key_refused(world: World) -> TestResponse:
    app_key(world)
    world.api.says("POST", "/api/identity/v1/me/authenticators/.*/confirm", _WRONG_CODE)
    return world.post(f"{_OWN}/app/key", {"code": "000000"})


def _contact(world: World, action: str) -> str:
    """Where that may be done with a contact, the first that has it."""
    found = re.search(rf'href="({_CONTACTS}/[^/"]+/{action})"', world.get(_CONTACTS).text)
    assert found
    return found[1]


def _at_contact(action: str) -> State:
    return lambda world: world.get(_contact(with_contacts(world), action))


def adding_no_address(world: World) -> TestResponse:
    with_contacts(world).get(f"{_CONTACTS}/email/add")
    world.api.says("POST", "/api/identity/v1/me/contacts", _NO_ADDRESS)
    return world.post(f"{_CONTACTS}/email/add", {"value": "mary"})


def contact_code(world: World) -> TestResponse:
    address = _contact(with_contacts(world, CHANGING), "verify")
    world.get(address)
    return world.get(world.post(address).location)


def contact_code_too_soon(world: World) -> TestResponse:
    address = _contact(with_contacts(world), "verify")
    world.get(address)
    refusal = ProblemError(429, "too_many_attempts", retry_after=1900)
    world.api.says("POST", "/api/identity/v1/me/contacts/.*/send", refusal)
    return world.get(world.post(address).location)


def contact_code_wrong(world: World) -> TestResponse:
    contact_code(world)
    world.api.says("POST", "/api/identity/v1/me/contacts/.*/verify", _WRONG_CODE)
    return world.post(_contact(world, "verify").replace("/verify", "/code"), {"code": "000000"})


def undoing_nothing(world: World) -> TestResponse:
    world.get("/contacts/undo")
    world.api.says("POST", "/api/identity/v1/contacts/undo", _UNDOES_NOTHING)
    return world.post("/contacts/undo", {"token": "kJx-2vQ"})


def recovery_codes(world: World) -> TestResponse:
    with_second_steps(world).get(f"{_OWN}/recovery-codes")
    return world.post(f"{_OWN}/recovery-codes")


def _confirming(method: str = "") -> State:
    def state(world: World) -> TestResponse:
        gone_stale(with_second_steps(world)).get(f"{_OWN}/recovery-codes")
        shown = world.get(world.post(f"{_OWN}/recovery-codes").location)
        return world.get(world.post("/settings/confirm", {"method": method}).location) if method else shown

    return state


def _refusing_own(path: str, method: str, problem: ProblemError, **typed: str) -> State:
    def state(world: World) -> TestResponse:
        with_second_steps(world).api.says(method, f"/api/identity/v1/me/{path}", problem)
        page = f"{_OWN}/{'password' if path == 'password' else 'questions'}"
        world.get(page)
        return world.post(page, typed)

    return state


_NO_ADDRESS: Final = ProblemError(422, "invalid", errors=[FieldFault("/value", "email_invalid", "")])
_UNDOES_NOTHING: Final = ProblemError(422, "undo_not_valid", errors=[FieldFault("/token", "undo_not_valid", "")])
_PRESENT_WRONG: Final = ProblemError(
    422, "password_wrong", errors=[FieldFault("/current_password", "password_wrong", "")]
)
_TWICE: Final = ProblemError(
    422, "invalid", errors=[FieldFault("/security_answers/1/question", "question_duplicate", "")]
)
_PASSWORDS: Final = {"current_password": "quiet-harbor", "new_password": "amber-thicket-ferry-5"}


# Forgetting


def forgotten_nowhere(world: World) -> TestResponse:
    world.get("/forgot-user-id")
    return world.post("/forgot-user-id", {"email": "zoe"})


def reminded_too_often(world: World) -> TestResponse:
    world.api.says("POST", ".*/recovery/user-id", ProblemError(429, "too_many_attempts", retry_after=900))
    world.get("/forgot-user-id")
    return world.post("/forgot-user-id", {"email": "zoe@example.com", **PROOFS})


def no_user_id(world: World) -> TestResponse:
    world.get("/forgot-password")
    return world.post("/forgot-password")


def recovery_where_to(world: World) -> TestResponse:
    forgetful = Forgetful(world).join()
    forgetful.methods.append(PHONE)
    return world.post(forgetful.come_to_code(), {})


def recovery_ways(world: World) -> TestResponse:
    forgetful = Forgetful(world).join()
    forgetful.methods.append(ANY_PHONE)
    return world.get(forgetful.come_to_code())


def recovery_by_text(world: World) -> TestResponse:
    forgetful = Forgetful(world).join()
    forgetful.methods.append(ANY_PHONE)
    forgetful.come_to_code()
    return world.get(world.post("/forgot-password/method?flow=c1", {"method": "sms"}).location)


def recovery_code_wrong(world: World) -> TestResponse:
    return world.post(Forgetful(world).join().come_to_code(), {"code": "12"})


def recovery_code_again(world: World) -> TestResponse:
    Forgetful(world).join().come_to_code()
    return world.get(world.post("/forgot-password/method?flow=c1", {"method": "email"}).location)


def recovery_code_too_soon(world: World) -> TestResponse:
    forgetful = Forgetful(world).join()
    world.api.says("POST", ".*/send", ProblemError(429, "too_many_attempts", retry_after=900))
    return world.get(forgetful.come_to_code())


def recovery_code_expired(world: World) -> TestResponse:
    path = Forgetful(world).join().come_to_proofs()
    world.api.says("POST", ".*/verify", EXPIRED)
    return world.get(world.post(path, PROOFS).location)


def _refusing_proofs(problem: ProblemError, **typed: str) -> State:
    def state(world: World) -> TestResponse:
        path = Forgetful(world).join().come_to_proofs()
        world.api.says("POST", ".*/verify", problem)
        return world.post(path, {**PROOFS, **typed})

    return state


def recovery_password_weak(world: World) -> TestResponse:
    path = Forgetful(world).join().come_to_password()
    fault = FieldFault("/new_password", "password_weak", "")
    world.api.says("POST", ".*/c1/password", ProblemError(422, "invalid", errors=[fault]))
    return world.post(path, NEW)


# Registering


def _applicant(world: World) -> Applicant:
    registration = FakeRegistration()
    registration.join(world.api)
    return Applicant(world, registration)


def wrong_tins(world: World) -> TestResponse:
    _applicant(world).come_to_tins()
    return world.post("/register/tins", {"has_tin": "yes", "tin-0": "12", "tin-1": "123456789"})


def account_empty(world: World) -> TestResponse:
    _applicant(world).come_to_account()
    return world.post("/register/account", {"user_id": "mmartin5", "password": "short"})


def account_filled(world: World) -> TestResponse:
    _applicant(world).come_to_review()
    return world.get("/register/account")


def refused_at_the_end(world: World) -> TestResponse:
    applicant = _applicant(world)
    applicant.come_to_review()
    applicant.registration.taken.add(ACCOUNT["user_id"])
    return world.post("/register/review")


def _registered(problem: ProblemError) -> State:
    def state(world: World) -> TestResponse:
        _applicant(world).register()
        world.api.says("POST", "/api/identity/v1/accounts/.*/confirm", problem)
        return world.post("/register/done", {"code": "000000"})

    return state


def address_to_mend(world: World) -> TestResponse:
    _applicant(world).register()
    world.api.says("POST", ".*/confirm/send", Answer(202, {"resend_after": 60}, {}))
    world.get("/register/done/address")
    world.get(world.post("/register/done/address", {"email": "zoe@example.com", "password": "x"}).location)
    return world.get("/register/done/address")


def address_refused(world: World) -> TestResponse:
    _applicant(world).register()
    world.api.says("POST", ".*/confirm/send", ProblemError(429, "too_many_attempts", retry_after=1800))
    world.get("/register/done/address")
    return world.post("/register/done/address", {"email": "zoe@example.com", "password": "x"})


# Managing

_REVIEWS: Final = "/api/entitlements/v1/reviews"
_BULK: Final = "/api/entitlements/v1/access/bulk"


def _led_to(world: World, address: str) -> str:
    """The first link of the last page that leads to such an address, in whichever language; the page is opened."""
    found = re.search(f'href="({address})"', world.page)
    assert found, address
    assert world.get(found[1]).status_code == 200
    return found[1]


def review(world: World) -> str:
    world.get("/dashboard")
    return _led_to(world, '/users/waiting/[^/"]+')


def preview(world: World) -> str:
    return str(world.post(review(world), PROCESSOR).location)


def open_matrix(world: World) -> str:
    world.get("/users?view=all")
    return _led_to(world, '/users/[^/"]+/access')


def _decided(state_name: str, by: str) -> State:
    def state(world: World) -> TestResponse:
        path = review(_managing(world))
        wish = request(state=state_name, decided_by=by, decided_at="2026-03-02T15:00:00Z", reason="Not one of us.")
        world.api.says("GET", f"/api/entitlements/v1/requests/{REQUEST}", wish)
        return world.get(path)

    return state


def forbidden_change(world: World) -> TestResponse:
    cell = {"tin": STATE_MEDICAL, "line": "medical", "code": "not_yours_to_give", "function": "claim_status"}
    body = {"before": [], "after": [], "violations": [{**cell, "detail": ""}]}
    _managing(world).api.says("PUT", PUT, Answer(200, body, {"ETag": ETAG}))
    return world.get(preview(world))


def changed_meanwhile(world: World) -> TestResponse:
    path = preview(_managing(world))
    body = {"before": [], "after": [access(STATE_MEDICAL)], "violations": []}
    shown, refused = Answer(200, body, {"ETag": ETAG}), ProblemError(412, "changed_meanwhile")
    world.api.says("PUT", PUT, lambda call: shown if call.body.get("dry_run") else refused)
    return world.post(path)


def no_level_chosen(world: World) -> TestResponse:
    return world.post(review(_managing(world)), {f"level-{STATE_MEDICAL}-medical": "none"})


def nothing_different(world: World) -> TestResponse:
    same = {f"level-{tin}-medical": "processor" for tin in (STATE_MEDICAL, OGYAM)}
    path = open_matrix(_managing(world))
    return world.post(path, {**same, f"may-{STATE_MEDICAL}-medical": "patient_coverage"})


def selected_users(world: World) -> TestResponse:
    world.get("/users?view=all")
    ticked = re.findall(r'name="user" id="[^"]+" value="([^"]+)"', world.page)
    return world.get(world.post("/users/selected", {"user": ticked}).location)


def _at_selected(world: World) -> str:
    """The matrix of all users on the list."""
    path = selected_users(_managing(world)).request.path
    return str(world.post(path, {f"may-{STATE_MEDICAL}-medical-claim_status": "give"}).location)


def nothing_chosen_for_selected(world: World) -> TestResponse:
    path = selected_users(_managing(world)).request.path
    return world.post(path, {})


def selected_changes(world: World) -> TestResponse:
    return world.get(_at_selected(world))


def selected_changes_forbidden(world: World) -> TestResponse:
    cell = {"tin": STATE_MEDICAL, "line": "medical", "code": "last_manager", "detail": ""}
    here = [access(STATE_MEDICAL, "medical", "primary")]
    mary = {"user_id": "mmartin5", "name": "Mary Martin", "before": here, "after": here, "violations": [cell]}
    body = {"id": None, "undo_until": None, "items": [mary], "next": None}
    path = _at_selected(world)
    world.api.says("POST", _BULK, Answer(200, body, {"ETag": ETAG}))
    return world.get(path)


def _changed_for_selected(world: World) -> TestResponse:
    path = selected_changes(world).request.path
    return world.get(world.post(path).location)


def not_undone(world: World) -> TestResponse:
    path = _changed_for_selected(world).request.path.removesuffix("done") + "undo"
    world.api.says("POST", f"{_BULK}/.*/undo", ProblemError(412, "changed_meanwhile"))
    return world.post(path)


def undone(world: World) -> TestResponse:
    path = _changed_for_selected(world).request.path.removesuffix("done") + "undo"
    return world.get(world.post(path).location)


def _at_review(world: World) -> str:
    _managing(world).get("/reviews")
    return _led_to(world, '/reviews/[^/"]+')


def review_open(world: World) -> TestResponse:
    return world.get(_at_review(world))


def review_nothing_chosen(world: World) -> TestResponse:
    return world.post(_at_review(world), {})


def _confirming_review(world: World) -> str:
    path = _at_review(world)
    return str(world.post(path, {f"row-{REVIEWED[0]['id']}": "remove", "rest": "keep"}).location)


def review_confirmation(world: World) -> TestResponse:
    return world.get(_confirming_review(world))


def review_refused(world: World) -> TestResponse:
    path = _confirming_review(world)
    world.get(path)
    world.api.says("POST", f"{_REVIEWS}/.*", ProblemError(409, "already_reviewed"))
    return world.post(path)


def review_finished(world: World) -> TestResponse:
    path = _at_review(world)
    over = {"state": "closed", "closed_at": "2026-03-20T15:00:00Z", "undecided": 0, "yours": 0}
    world.api.says("GET", f"{_REVIEWS}/.*", practices.review(**over, items=REVIEWED[3:], next=None))
    return world.get(path)


def no_reviews(world: World) -> TestResponse:
    _managing(world).api.says("GET", _REVIEWS, listed())
    return world.get("/reviews")


def no_practice_to_review(world: World) -> TestResponse:
    no_reviews(world)
    return world.post("/reviews", {})


def no_reason(world: World) -> TestResponse:
    path = f"{review(_managing(world))}/decline"
    world.get(path)
    return world.post(path, {"reason": ""})


def nobody_found(world: World) -> TestResponse:
    _managing(world).api.says("GET", USERS, listed())
    world.get("/users")
    return world.get(world.post("/users/search", {"search": "nobody at all", "view": "all"}).location)


def removing_from_nowhere(world: World) -> TestResponse:
    path = open_matrix(_managing(world)).removesuffix("/access") + "/remove"
    world.get(path)
    return world.post(path, {})


def removal_forbidden(world: World) -> TestResponse:
    path = open_matrix(_managing(world)).removesuffix("/access") + "/remove"
    cell = {"tin": STATE_MEDICAL, "line": "medical", "code": "last_manager", "detail": ""}
    body = {"before": [access(STATE_MEDICAL)], "after": [access(STATE_MEDICAL)], "violations": [cell]}
    world.api.says("DELETE", SALLY, Answer(200, body, {"ETag": ETAG}))
    world.get(path)
    return world.get(world.post(path, {"where": "all"}).location)


def period_of_no_history(world: World) -> TestResponse:
    fault = FieldFault("/to", "period_ends_before_it_begins", "")
    _managing(world).api.says("GET", "/api/audit/v1/history", ProblemError(422, "invalid", errors=[fault]))
    return world.get("/history?from=2026-02-02&to=2026-01-01")


def history_empty(world: World) -> TestResponse:
    _managing(world).api.says("GET", "/api/audit/v1/history", listed())
    return world.get("/history")


def asked_twice(world: World) -> TestResponse:
    practice = {"tin": STATE_MEDICAL, "name": "State Medical Center", "lines": ["medical"], "associated": True}
    _managing(world).api.says("GET", "/api/registration/v1/practices/.*", practice)
    world.api.says("POST", "/api/entitlements/v1/requests", ProblemError(409, "request_already_open"))
    world.get("/settings/online-access/ask")
    return world.post("/settings/online-access/ask", {"tin": STATE_MEDICAL})


def several_sessions(world: World) -> TestResponse:
    sessions = listed(session(PRESENT, current=True), session(REQUEST, site="behavioral", address=None))
    with_second_steps(world).api.says("GET", "/api/identity/v1/me/sessions", sessions)
    return world.get("/settings/sign-in")


def no_messages(world: World) -> TestResponse:
    _managing(world).api.says("GET", "/api/notify/v1/me/messages", listed(unread=0))
    return world.get("/messages")


# Adding users from a file

_FILE: Final = "/users/add/file"
_FAULTS: Final = (
    (2, "email", "email_invalid"),
    (3, "functions", "function_unknown"),
    (7, "tin", "not_yours_to_give"),
    (1203, None, "columns_wrong"),
)


def _file(state: str, *errors: tuple[int, str | None, str], **more: Any) -> State:
    def shown(world: World) -> TestResponse:
        importing(world, state, *errors, **more).sign_in()
        world.get(_FILE)
        return world.get(_led_to(world, f'{_FILE}/[^/".]+'))

    return shown


def file_refused(world: World) -> TestResponse:
    fault = FieldFault("/file", "workbook_old_or_protected", "")
    importing(world).sign_in()
    world.api.says("POST", IMPORTS, ProblemError(422, "file_refused", errors=[fault]))
    world.get(_FILE)
    return world.post(_FILE, {"file": (io.BytesIO(b"x"), "people.xls")})


def adding_from_a_file(world: World) -> TestResponse:
    importing(world, "done").sign_in()
    return world.get(_FILE)


def credentials_shown_before(world: World) -> TestResponse:
    found = _file("done", credentials_shown_at="2026-03-02T15:05:00Z")(world)
    return world.get(f"{found.request.path}?shown=before")


def _supporting(world: World, *cases: dict[str, Any], as_agent: str = "support2") -> World:
    support(world, *cases)
    world.sign_in(as_agent)
    return world


def _at_case(*cases: dict[str, Any], act: str = "", as_agent: str = "support2") -> State:
    """The cases of Jane Doe's TIN, or one of the forms of what is done in them."""

    def state(world: World) -> TestResponse:
        _supporting(world, *cases, as_agent=as_agent).get("/support/outreach")
        place = re.search(r'href="(/support/outreach/[^"?]+)"', world.page)
        assert place
        return world.get(f"{place[1]}{act}")

    return state


def _refused_at_case(act: str, problem: ProblemError | None = None) -> State:
    def state(world: World) -> TestResponse:
        page = _at_case(case(), act=act)(world)
        if problem is not None:
            world.api.says("POST", "/api/registration/v1/outreach.*", problem)
        return world.post(page.request.path, {"user_id": "x" if problem else "", "lines": "medical", "proof": "Seen."})

    return state


def no_cases(world: World) -> TestResponse:
    _supporting(world).api.says("GET", "/api/registration/v1/outreach", listed())
    return world.get("/support/outreach?view=closed")


def _managers_of_tin(world: World) -> TestResponse:
    _supporting(world).get("/support/managers")
    return world.get(world.post("/support/managers", {"tin": "98-7654321"}).location)


def removing_manager(world: World) -> TestResponse:
    _managers_of_tin(world)
    place = re.search(r'href="(/support/managers/[^"]+/remove/[^"]+)"', world.page)
    assert place
    return world.get(place[1])


def no_such_tin(world: World) -> TestResponse:
    fault = FieldFault("/tin", "tin_invalid", "")
    refusal = ProblemError(422, "invalid", errors=[fault])
    _supporting(world).api.says("GET", "/api/registration/v1/practices/.*", refusal)
    world.get("/support/managers")
    return world.post("/support/managers", {"tin": "12"})


_WRONG_CODE: Final = ProblemError(422, "code_wrong", errors=[FieldFault("/code", "code_wrong", "")])
_EXPIRED_CODE: Final = ProblemError(422, "code_expired", errors=[FieldFault("/code", "code_expired", "")])

STATES: Final[dict[str, tuple[State, int]]] = {
    "not found": (lambda world: world.get("/no/such/page"), 404),
    "not allowed": (not_allowed, 403),
    "expired form": (expired_form, 400),
    "down for a moment": (_meeting(ProblemError(503, "unavailable", retry_after=5)), 503),
    "failed": (_meeting(RuntimeError("made to fail")), 500),
    "too many requests": (_meeting(ProblemError(429, "too_many_attempts", retry_after=900)), 429),
    "refused": (_meeting(ProblemError(409, "unheard_of", correlation_id="01a20371-7796")), 409),
    "timed out": (lambda world: world.get("/session/over"), 200),
    "signed out": (lambda world: world.get("/signed-out"), 200),
    "signed out meanwhile": (signed_out_meanwhile, 401),
    "sign-in in another browser": (_stopped("sign_in_not_carried_on"), 400),
    "sign-in that a site asked for wrongly": (_stopped("authorization_refused"), 400),
    "sign-in too often": (_stopped("too_many_attempts"), 429),
    "wrong password": (_refusing_password(ProblemError(401, "sign_in_failed")), 422),
    "locked": (_refusing_password(ProblemError(429, "too_many_attempts", retry_after=900)), 422),
    "code sent": (code_sent, 200),
    "code for an unusual log-in": (_unusual("risk", *_SIGNALS), 200),
    "code after a change": (_unusual("account_changed"), 200),
    "code sent again": (code_sent_again, 200),
    "code asked for too soon": (code_asked_for_too_soon, 200),
    "wrong code": (_refusing_code(_WRONG_CODE), 422),
    "expired code": (_refusing_code(_EXPIRED_CODE), 422),
    "too many codes": (_refusing_code(ProblemError(429, "too_many_attempts", retry_after=30)), 422),
    "sign-in too slow": (_refusing_code(ProblemError(409, "authorization_over")), 400),
    "where to": (where_to, 200),
    "where to not chosen": (where_to_not_chosen, 422),
    "code by text": (code_by_text, 200),
    "number opted out": (_opted_out(0), 200),
    "number opted out, other ways": (_opted_out(3), 200),
    "how to confirm it": (lambda world: _with_more_ways(world).get(f"/sign-in/method{_AT}"), 200),
    "app’s code": (lambda world: _with_more_ways(world, APP_ID).get(f"/sign-in/code{_AT}"), 200),
    "app’s code refused": (app_code_refused, 422),
    "code off paper": (lambda world: _with_more_ways(world, "recovery_code").get(f"/sign-in/code{_AT}"), 200),
    "accounts to find": (lambda world: supporting(world).get("/support/accounts"), 200),
    "accounts found": (accounts_found, 200),
    "account": (_account(state="disabled", erasure_proposed_by="support2", erasure_reason="Her letter."), 200),
    "account locked by failures": (_account(locked_until="2026-03-02T15:15:00Z"), 200),
    "account act wrong": (account_act_wrong, 422),
    "account act done": (account_act_done, 200),
    "account erased": (account_erased, 200),
    "password wanted": (password_wanted, 200),
    "password still wanted": (password_wanted_still, 422),
    "password to reset": (password_to_reset, 200),
    "password reset": (_resetting(), 200),
    "password not to be reset": (_resetting(ProblemError(403, "not_yours_to_reset")), 422),
    "second steps": (lambda world: with_second_steps(world).get(f"{_OWN}?done=added"), 200),
    "no second steps": (no_second_steps, 200),
    "adding an app": (lambda world: with_second_steps(world).get(f"{_OWN}/app"), 200),
    "app without a name": (app_without_name, 422),
    "app’s key": (app_key, 200),
    "app’s key refused": (app_key_refused, 422),
    "renaming an app": (_at("app", "name"), 200),
    "removing an app": (_at("app", "remove"), 200),
    "passkey stopped": (passkey_stopped, 200),
    "adding a passkey": (lambda world: with_second_steps(world).get(f"{_OWN}/passkey"), 200),
    "passkey without a name": (passkey_without_name, 422),
    "making a passkey": (making_passkey, 200),
    "passkey not made": (passkey_not_made, 422),
    "renaming a passkey": (_at("passkey", "name"), 200),
    "removing a passkey": (_at("passkey", "remove"), 200),
    "logging in by passkey": (logging_in_by_passkey, 200),
    "passkey refused": (passkey_refused, 422),
    "passkey as second step": (_with_passkey_methods, 200),
    "passkey as second step refused": (passkey_second_step_refused, 422),
    "confirming anew by passkey": (_confirming("passkey"), 200),
    "making recovery codes": (lambda world: with_second_steps(world).get(f"{_OWN}/recovery-codes"), 200),
    "recovery codes": (recovery_codes, 200),
    "removing recovery codes": (lambda world: with_second_steps(world).get(f"{_OWN}/recovery-codes/remove"), 200),
    "changing the password": (lambda world: with_second_steps(world).get(f"{_OWN}/password"), 200),
    "present password wrong": (_refusing_own("password", "POST", _PRESENT_WRONG, **_PASSWORDS), 422),
    "password changed": (lambda world: with_second_steps(world).get(f"{_OWN}?done=password_changed"), 200),
    "own questions": (lambda world: with_second_steps(world).get(f"{_OWN}/questions"), 200),
    "own questions twice": (_refusing_own("security-questions", "PUT", _TWICE, current_password="x"), 422),
    "confirming anew": (_confirming(), 200),
    "confirming anew by mail": (_confirming("m1"), 200),
    "confirming anew by app": (_confirming(APP_ID), 200),
    "contacts": (lambda world: with_contacts(world, CHANGING, MOBILE).get(f"{_CONTACTS}?done=verified"), 200),
    "contacts, a number opted out": (lambda world: with_contacts(world, CHANGING, STOPPED).get(_CONTACTS), 200),
    "adding a mobile phone": (lambda world: with_contacts(world).get(f"{_CONTACTS}/mobile/add"), 200),
    "adding no address": (adding_no_address, 422),
    "changing an address": (_at_contact("change"), 200),
    "verifying a contact": (_at_contact("verify"), 200),
    "contact code sent": (contact_code, 200),
    "contact code asked for too soon": (contact_code_too_soon, 200),
    "contact code wrong": (contact_code_wrong, 422),
    "removing a contact": (_at_contact("remove"), 200),
    "undoing a change of contacts": (lambda world: world.get("/contacts/undo"), 200),
    "undoing nothing": (undoing_nothing, 422),
    "change of contacts undone": (lambda world: world.get("/contacts/undone"), 200),
    "forgotten nowhere": (forgotten_nowhere, 422),
    "reminded too often": (reminded_too_often, 422),
    "reminded": (lambda world: world.get("/forgot-user-id/sent"), 200),
    "no user ID": (no_user_id, 422),
    "recovery, where to": (recovery_where_to, 422),
    "recovery, ways": (recovery_ways, 200),
    "recovery by text": (recovery_by_text, 200),
    "recovery, wrong code": (recovery_code_wrong, 422),
    "recovery, code again": (recovery_code_again, 200),
    "recovery, code too soon": (recovery_code_too_soon, 200),
    "recovery, expired code": (recovery_code_expired, 200),
    "recovery, wrong proofs": (_refusing_proofs(WRONG), 422),
    "recovery, no proofs": (_refusing_proofs(WRONG, birth_day="", question="", answer=""), 422),
    "recovery, too many proofs": (_refusing_proofs(ProblemError(429, "too_many_attempts", retry_after=900)), 422),
    "recovery over": (_refusing_proofs(ProblemError(404, "not_found")), 400),
    "recovery, weak password": (recovery_password_weak, 422),
    "recovery done": (lambda world: world.get("/forgot-password/done"), 200),
    "wrong TINs": (wrong_tins, 422),
    "account empty": (account_empty, 422),
    "account filled": (account_filled, 200),
    "refused at the end": (refused_at_the_end, 422),
    "registered, wrong code": (_registered(_WRONG_CODE), 422),
    "registered, too many codes": (_registered(ProblemError(429, "too_many_attempts", retry_after=900)), 422),
    "address to mend": (address_to_mend, 200),
    "address refused": (address_refused, 422),
    "decided by oneself": (_decided("approved", "mmartin5"), 200),
    "declined by another": (_decided("declined", "geogym1"), 409),
    "taken back": (_decided("withdrawn", "zoe.obrien"), 409),
    "expired request": (_decided("expired", "system:entitlements"), 409),
    "forbidden change": (forbidden_change, 200),
    "changed meanwhile": (changed_meanwhile, 409),
    "no level": (no_level_chosen, 422),
    "nothing different": (nothing_different, 422),
    "selected users": (lambda world: selected_users(_managing(world)), 200),
    "nobody selected": (lambda world: _managing(world).get("/users?none_selected=yes"), 200),
    "nothing chosen for selected users": (nothing_chosen_for_selected, 422),
    "changes of selected users": (selected_changes, 200),
    "forbidden changes of selected users": (selected_changes_forbidden, 200),
    "changed for selected users": (_changed_for_selected, 200),
    "not undone": (not_undone, 409),
    "undone": (undone, 200),
    "access reviews": (lambda world: _managing(world).get("/reviews"), 200),
    "no access reviews": (no_reviews, 200),
    "access review of no practice": (no_practice_to_review, 422),
    "access review": (review_open, 200),
    "access review, nothing chosen": (review_nothing_chosen, 422),
    "access review, to confirm": (review_confirmation, 200),
    "access review, refused": (review_refused, 409),
    "access review finished": (review_finished, 200),
    "no reason": (no_reason, 422),
    "nobody found": (nobody_found, 200),
    "removing from nowhere": (removing_from_nowhere, 422),
    "removal forbidden": (removal_forbidden, 200),
    "wrong period": (period_of_no_history, 422),
    "no history": (history_empty, 200),
    "asked twice": (asked_twice, 422),
    "several sessions": (several_sessions, 200),
    "no messages": (no_messages, 200),
    **INVITING,
    **VOUCHING_STATES,
    **PAST_STATES,
    "adding from a file": (adding_from_a_file, 200),
    "file refused": (file_refused, 422),
    "file with faults": (_file("refused", *_FAULTS, wrong=5210), 200),
    "file ready": (_file("ready"), 200),
    "file under way": (_file("running"), 200),
    "file done": (_file("done"), 200),
    "file done, credentials shown": (credentials_shown_before, 422),
    "file failed": (_file("failed", (2, "level", "not_yours_to_give")), 200),
    "outreach queue": (lambda world: _supporting(world).get("/support/outreach"), 200),
    "no outreach cases": (no_cases, 200),
    "outreach case": (_at_case(), 200),
    "outreach case to confirm": (_at_case(case(proposals=[proposal()])), 200),
    "outreach case that one proposed": (_at_case(case(proposals=[proposal()]), as_agent="support1"), 200),
    "outreach case decided and closed": (_at_case(closed(), act="?done=closed"), 200),
    "outreach case with its history": (_at_case(appointed()), 200),
    "appointing": (_at_case(case(), act="/appoint"), 200),
    "appointing nobody": (_refused_at_case("/appoint"), 422),
    "appointing refused": (_refused_at_case("/appoint", ProblemError(409, "already_manager")), 422),
    "rejecting a proposal": (_at_case(case(proposals=[proposal(kind="remove")]), act="/reject"), 200),
    "closing a case": (_at_case(case(), act="/close"), 200),
    "managers, of which TIN": (lambda world: _supporting(world).get("/support/managers"), 200),
    "managers of no TIN": (no_such_tin, 422),
    "managers of a TIN": (_managers_of_tin, 200),
    "removing a manager": (removing_manager, 200),
}
"""Each with the status that says that it came about."""
