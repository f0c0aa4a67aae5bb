"""Who gets what at each of the portal's routes: one table, held against the routes that there are.

`elsewhere` is the manager of another TIN, with addresses of their own making; `stolen` is the same person with those of
`primary`, who may do everything. `forged` is `primary` sent by a form without a token, and with another session's.
`"` is what stands at its left; `login` and `issuer` lead there; `>…` leads on to a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pytest
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.protection.portal_roles import Visitors, address
from tests.unit.portal.fakes import Call
from tests.unit.portal.world import World

TABLE: Final = """
     route                           nobody processor auditor  secondary elsewhere stolen primary  forged
POST accounts.act                    401    403       403      403       403       403    403      400
GET  accounts.one                    login  403       403      403       403       403    403      -
POST accounts.search                 401    403       403      403       403       403    403      400
GET  accounts.show                   login  403       403      403       403       403    403      -
POST adding_access.add               401    422       422      422       422       422    422      400
GET  adding_access.added             login  >own      >own     >own      >own      >own   >own     -
GET  adding_access.ask               login  200       200      200       200       200    200      -
GET  approval.ask_reason             login  403       403      200       404       404    200      -
POST approval.choose                 401    403       403      422       404       404    422      400
POST approval.decline                401    403       403      422       404       404    422      400
GET  approval.declined               login  403       403      200       404       404    200      -
GET  approval.show                   login  403       403      200       404       404    200      -
GET  assets.get_asset                200    "         "        "         "         "      "        -
POST changes.confirm                 401    403       403      >done     403       404    >done    400
GET  changes.done                    login  >preview  >preview >preview  >preview  404    >preview -
GET  changes.show                    login  403       403      200       403       404    200      -
POST contact_undo.take               422    "         "        "         "         "      "        400
GET  contact_undo.ask                200    "         "        "         "         "      "        -
GET  contact_undo.done               200    "         "        "         "         "      "        -
GET  contacts.ask_change             login  200       200      200       200       404    200      -
GET  contacts.ask_code               login  >verify   >verify  >verify   >verify   404    >verify  -
GET  contacts.ask_new                login  200       200      200       200       200    200      -
GET  contacts.ask_removal            login  200       200      200       200       404    200      -
GET  contacts.ask_verification       login  200       200      200       200       404    200      -
GET  contacts.show                   login  200       200      200       200       200    200      -
POST contacts.add                    401    >sent     >sent    >sent     >sent     >sent  >sent    400
POST contacts.change                 401    >sent     >sent    >sent     >sent     404    >sent    400
POST contacts.remove                 401    >mine     >mine    >mine     >mine     404    >mine    400
POST contacts.send                   401    >sent     >sent    >sent     >sent     404    >sent    400
POST contacts.take_code              401    >mine     >mine    >mine     >mine     404    >mine    400
POST credentials.download            401    >new4     >new4    >new4     >new4     >new4  >new4    400
GET  credentials.show                login  200       200      200       200       200    200      -
GET  dashboard.show                  login  200       200      200       200       200    200      -
GET  health.livez                    200    "         "        "         "         "      "        -
GET  health.metrics                  404    "         "        "         "         "      "        -
GET  health.readyz                   200    "         "        "         "         "      "        -
GET  history.file                    login  403       200      200       200       200    200      -
GET  history.show                    login  403       200      200       200       200    200      -
GET  invitation_change.ask           login  403       403      200       404       404    200      -
POST invitation_change.confirm       401    403       403      >invited  404       404    >invited 400
GET  invitation_change.review        login  403       403      200       404       404    200      -
POST invitation_change.take          401    403       403      422       404       404    422      400
GET  invitations.ask_revoke          login  403       403      200       404       404    200      -
POST invitations.renew               401    403       403      >new4     404       404    >new4    400
POST invitations.revoke              401    403       403      >invited  404       404    >invited 400
GET  invitations.show                login  403       403      200       200       200    200      -
GET  landing.show                    200    >home     >home    >home     >home     >home  >home    -
GET  language.choose                 >front "         "        "         "         "      "        -
POST messages.read                   401    404       404      >list     404       404    >list    400
GET  messages.show                   login  200       200      200       200       200    200      -
POST modification.choose             401    403       403      422       404       404    422      400
GET  modification.show               login  403       403      200       404       404    200      -
GET  new_access.ask                  login  403       403      >new1     >new1     >new1  >new1    -
POST new_access.confirm              401    403       403      >new4     >new4     >new4  >new4    400
GET  new_access.review               login  403       403      >new1     >new1     >new1  >new1    -
POST new_access.take                 401    403       403      >new1     >new1     >new1  >new1    400
GET  new_people.ask                  login  403       403      200       200       200    200      -
POST new_people.cancel               401    >users    >users   >users    >users    >users >users   400
POST new_people.take                 401    403       403      422       422       422    422      400
GET  new_address.ask_code            >newaddr "         "        "         "         "      "        -
GET  new_address.ask_stop            200    "         "        "         "         "      "        -
GET  new_address.ask_user_id         200    "         "        "         "         "      "        -
GET  new_address.lost                200    "         "        "         "         "      "        -
POST new_address.send                422    "         "        "         "         "      "        400
POST new_address.stop                422    "         "        "         "         "      "        400
GET  new_address.stopped             200    "         "        "         "         "      "        -
GET  new_address.verified            200    "         "        "         "         "      "        -
POST new_address.verify              >newaddr "         "        "         "         "      "        400
GET  online_access.ask               login  200       200      200       200       200    200      -
POST online_access.ask_for           401    422       422      422       422       422    422      400
GET  online_access.asked             login  >own      >own     >own      >own      >own   >own     -
GET  online_access.show              login  200       200      200       200       200    200      -
POST online_access.want_manager      401    404       404      >own      404       404    >own     400
POST online_access.withdraw          401    404       404      >own      404       404    >own     400
POST own_devices.forget               401    >steps    >steps   >steps    >steps    404    >steps   400
POST own_devices.forget_all           401    >steps    >steps   >steps    >steps    >steps >steps   400
GET  own_password.ask_password       login  200       200       200       200       200    200      -
GET  own_password.ask_questions      login  200       200       200       200       200    200      -
POST own_password.answer_questions   401    422       422       422       422       422    422      400
POST own_password.change_password    401    422       422       422       422       422    422      400
POST own_sessions.end                401    >steps  >steps  >steps  >steps  404    >steps 400
POST own_sessions.end_others         401    >steps  >steps  >steps  >steps  >steps >steps 400
GET  passkey_sign_in.show            login  "         "        "         "         "      "        -
POST passkey_sign_in.take            401    "         "        "         "         "      "        400
GET  passkeys.ask                    login  200       200      200       200       200    200      -
POST passkeys.begin                  401    >made     >made    >made     >made     >made  >made    400
POST passkeys.confirm                401    >makes  >makes >makes  >makes  >makes >makes 400
GET  passkeys.show                   login  >makes  >makes >makes  >makes  >makes >makes -
GET  people_file.begin               login  403       403      200       200       200    200      -
POST people_file.confirm             401    404       404      >file     404       404    >file    400
POST people_file.credentials         401    404       404      200       404       404    200      400
GET  people_file.progress            login  404       404      200       404       404    200      -
GET  people_file.result              login  404       404      200       404       404    200      -
GET  people_file.show                login  404       404      200       404       404    200      -
GET  people_file.template            login  403       403      200       200       200    200      -
POST people_file.upload              401    403       403      422       422       422    422      400
POST password_reset.reset            401    403       403      403       404       404    200      400
GET  password_reset.show             login  403       403      403       404       404    200      -
GET  recovery.ask_code               400    "         "        "         "         "      "        -
GET  recovery.ask_proofs             400    "         "        "         "         "      "        -
GET  recovery.ask_user_id            200    "         "        "         "         "      "        -
GET  recovery.begin                  200    "         "        "         "         "      "        -
GET  recovery.choose                 400    "         "        "         "         "      "        -
GET  recovery.done                   200    "         "        "         "         "      "        -
GET  recovery.new_password           400    "         "        "         "         "      "        -
POST recovery.remind                 422    "         "        "         "         "      "        400
GET  recovery.reminded               200    "         "        "         "         "      "        -
POST recovery.send                   400    "         "        "         "         "      "        400
POST recovery.set_password           400    "         "        "         "         "      "        400
POST recovery.take_code              400    "         "        "         "         "      "        400
POST recovery.take_proofs            400    "         "        "         "         "      "        400
POST recovery.take_user_id           422    "         "        "         "         "      "        400
GET  registration.account            >step1 "         "        "         "         "      "        -
GET  registration.address            >done  "         "        "         "         "      "        -
POST registration.confirm            >step1 "         "        "         "         "      "        400
GET  registration.done               >step1 "         "        "         "         "      "        -
POST registration.forget             >front "         "        "         "         "      "        400
GET  registration.leave              200    "         "        "         "         "      "        -
POST registration.log_in             login  "         "        "         "         "      "        400
POST registration.look_up_row        404    "         "        "         "         "      "        400
POST registration.password_hint      200    "         "        "         "         "      "        400
GET  registration.practice_type      200    "         "        "         "         "      "        -
GET  registration.review             >step1 "         "        "         "         "      "        -
POST registration.send_again         >done  "         "        "         "         "      "        400
POST registration.submit             >step1 "         "        "         "         "      "        400
POST registration.take_account       >step1 "         "        "         "         "      "        400
POST registration.take_practice_type >step2 "         "        "         "         "      "        400
POST registration.take_tins          >step1 "         "        "         "         "      "        400
GET  registration.tins               >step1 "         "        "         "         "      "        -
POST registration.take_temporary_id  422    "         "        "         "         "      "        400
GET  registration.temporary_id       200    "         "        "         "         "      "        -
POST registration.user_id_hint       200    "         "        "         "         "      "        400
POST removal.choose                  401    403       403      422       404       404    422      400
GET  removal.show                    login  403       403      200       404       404    200      -
POST reviews.begin                   401    403       403      422       422       422    422      400
POST reviews.choose                  401    404       404      422       404       404    422      400
POST reviews.confirm                 401    404       404      404       404       404    404      400
GET  reviews.file                    login  404       404      200       404       404    200      -
GET  reviews.look                    login  404       404      404       404       404    404      -
GET  reviews.one                     login  404       404      200       404       404    200      -
GET  reviews.show                    login  403       403      200       200       200    200      -
GET  second_steps.ask_app            login  200       200      200       200       200    200      -
GET  second_steps.ask_codes          login  200       200      200       200       200    200      -
GET  second_steps.ask_codes_removal  login  200       200      200       200       200    200      -
GET  second_steps.ask_name           login  200       200      200       200       404    200      -
GET  second_steps.ask_removal        login  200       200      200       200       404    200      -
POST second_steps.begin_app          401    >key      >key     >key      >key      >key   >key     400
POST second_steps.confirm_app        401    >app      >app     >app      >app      >app   >app     400
POST second_steps.make_codes         401    200       200      200       200       200    200      400
POST second_steps.remove             401    >steps    >steps   >steps    >steps    404    >steps   400
POST second_steps.remove_codes       401    >steps    >steps   >steps    >steps    >steps >steps   400
POST second_steps.rename             401    >steps    >steps   >steps    >steps    404    >steps   400
GET  second_steps.show               login  200       200      200       200       200    200      -
GET  second_steps.show_key           login  >app      >app     >app      >app      >app   >app     -
GET  session_time.left               200    "         "        "         "         "      "        -
GET  session_time.over               200    "         "        "         "         "      "        -
POST selected.choose                 401    403       403      422       422       404    422      400
POST selected.select                 401    403       403      >users    >users    >users >users   400
GET  selected.show                   login  403       403      200       200       404    200      -
POST selected_changes.confirm        401    403       403      >done     422       404    >done    400
GET  selected_changes.done           login  >preview  >preview >preview  >preview  404    >preview -
GET  selected_changes.show           login  403       403      200       422       404    200      -
POST selected_changes.undo           401    >preview  >preview >preview  >preview  404    >preview 400
POST session_time.stay               200    "         "        "         "         "      "        400
GET  sign_in.begin                   issuer "         "        "         "         "      "        -
POST sign_in.begin_with_passkey      issuer "         "        "         "         "      "        400
POST sign_in.begin_with_password     issuer "         "        "         "         "      "        400
GET  sign_in.finish                  400    "         "        "         "         "      "        -
POST sign_in.sign_out                >out   "         "        "         "         "      "        400
GET  sign_in.signed_out              200    "         "        "         "         "      "        -
GET  sign_in.stopped                 400    "         "        "         "         "      "        -
GET  sign_in_password.show           login  "         "        "         "         "      "        -
POST sign_in_password.take           401    "         "        "         "         "      "        400
GET  sign_in_steps.ask_code          login  "         "        "         "         "      "        -
GET  sign_in_steps.choose            login  "         "        "         "         "      "        -
POST sign_in_steps.send              401    "         "        "         "         "      "        400
GET  sign_in_steps.show              login  "         "        "         "         "      "        -
POST sign_in_steps.take_code         401    "         "        "         "         "      "        400
POST sign_in_steps.take_password     401    "         "        "         "         "      "        400
GET  step_up.ask_code                login  >confirm  >confirm >confirm  >confirm  >confirm >confirm -
GET  step_up.choose                  login  >steps    >steps   >steps    >steps    >steps >steps   -
POST step_up.send                    401    >steps    >steps   >steps    >steps    >steps >steps   400
POST step_up.take_code               401    >confirm  >confirm >confirm  >confirm  >confirm >confirm 400
POST users.search                    401    >users    >users   >users    >users    >users >users   400
GET  users.show                      login  403       403      200       200       200    200      -
GET  vouching.show                   login  403       403      403       404       404    200      -
POST vouching.vouch                  401    403       403      403       404       404    422      400
GET  who_had_access.chain            login  403       403      200       404       404    200      -
GET  who_had_access.show             login  403       403      200       200       200    200      -
"""
SUPPORT: Final = """
     route                           nobody primary  support  forged
GET  outreach.show                   login  403      200      -
POST outreach.search                 401    403      >queue   400
GET  outreach_case.ask_whom          login  403      200      -
GET  outreach_case.ask_why_closed    login  403      200      -
GET  outreach_case.ask_why_not       login  403      200      -
POST outreach_case.appoint           401    403      422      400
POST outreach_case.attempt           401    403      422      400
POST outreach_case.close             401    403      422      400
POST outreach_case.confirm           401    403      404      400
POST outreach_case.reject            401    403      404      400
GET  outreach_case.show              login  403      200      -
GET  tin_managers.ask                login  403      200      -
GET  tin_managers.ask_removal        login  403      200      -
POST tin_managers.look_up            401    403      >tin     400
POST tin_managers.open_case          401    403      >case    400
POST tin_managers.remove             401    403      422      400
GET  tin_managers.show               login  403      200      -
GET  vouchings.one                   login  403      200      -
POST vouchings.settle                401    403      422      400
GET  vouchings.show                  login  403      200      -
"""
"""The pages that are for support alone."""

WAYS: Final = {
    "/login": "login",
    "/": ">front",
    "/register": ">step1",
    "/register/tins": ">step2",
    "/register/done": ">done",
    "/dashboard": ">home",
    "/signed-out": ">out",
    "/users": ">users",
    "/users/selected/…/confirm": ">preview",
    "/users/selected/…/done": ">done",
    "/users/new": ">new1",
    "/users/new/credentials": ">new4",
    "/users/invitations": ">invited",
    "/users/changes/…": ">preview",
    "/users/changes/…/done": ">done",
    "/settings/online-access": ">own",
    "/messages": ">list",
    "/settings/sign-in": ">steps",
    "/settings/sign-in/app": ">app",
    "/settings/sign-in/app/key": ">key",
    "/settings/sign-in/passkey": ">makes",
    "/settings/sign-in/passkey/key": ">made",
    "/settings/contacts": ">mine",
    "/settings/contacts/…/code": ">sent",
    "/settings/contacts/…/verify": ">verify",
    "/settings/confirm": ">confirm",
    "/users/add/file/…": ">file",
    "/support/outreach": ">queue",
    "/support/outreach/…": ">case",
    "/support/managers/…": ">tin",
    "/new-address": ">newaddr",
}
NOT_THE_PORTALS: Final = ("for_tests.", "names.")
VISITORS: Final = Visitors()
REFUSED_HERE: Final = {"400", "401", "403"}
"""Nothing reaches the API but questions ..."""
REFUSED_THERE: Final = {"/api/entitlements/v1/users/zoe.obrien/access", "/api/entitlements/v1/access/bulk"}
"""... save a change at a practice that its person does not administer, which is the API's to refuse."""


@dataclass(frozen=True, slots=True)
class Case:
    """One cell."""

    method: str
    endpoint: str
    who: str
    outcome: str

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}: {self.who}"


def cases() -> list[Case]:
    return [case for table in (TABLE, SUPPORT) for case in cases_of(table)]


def cases_of(table: str) -> list[Case]:
    head, *rows = (line.split() for line in table.strip().splitlines())
    found: list[Case] = []
    for method, endpoint, *cells in rows:
        for who, cell in zip(head[1:], cells, strict=True):
            found.append(Case(method, endpoint, who, found[-1].outcome if cell == '"' else cell))
    return found


def routes(world: World) -> dict[tuple[str, str], Rule]:
    rules = [rule for rule in world.app.url_map.iter_rules() if not rule.endpoint.startswith(NOT_THE_PORTALS)]
    return {(method, rule.endpoint): rule for rule in rules for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}


FORGED: Final = [case for case in cases() if case.who == "forged" and case.outcome != "-"]
OPENLY: Final = [case for case in cases() if case.who != "forged"]


def test_every_route_has_its_row() -> None:
    known = {(case.method, case.endpoint) for case in cases()}
    assert known == set(routes(VISITORS.arrive("nobody")))


def test_every_form_is_guarded() -> None:
    assert {case.endpoint for case in FORGED} == {case.endpoint for case in cases() if case.method != "GET"}


@pytest.mark.parametrize("case", OPENLY, ids=str)
def test_each_gets_what_is_theirs__ENT_6(case: Case) -> None:
    stolen = VISITORS.names(VISITORS.arrive("primary")) if case.who == "stolen" else None
    world = VISITORS.arrive("elsewhere" if case.who == "stolen" else case.who)
    names = stolen or VISITORS.names(world)
    assert told(knock(world, case, names), names) == case.outcome
    if case.outcome == "login" or case.outcome in REFUSED_HERE:
        assert not changed(world)


@pytest.mark.parametrize("token", ["missing", "of another session"])
@pytest.mark.parametrize("case", FORGED, ids=str)
def test_a_forged_form_does_nothing(case: Case, token: str) -> None:
    others = VISITORS.arrive("secondary").hidden()["csrf_token"] if token == "of another session" else ""
    world = VISITORS.arrive("primary")
    names = VISITORS.names(world)
    assert told(knock(world, case, names, {"csrf_token": others}), names) == case.outcome
    assert not world.api.calls


def knock(world: World, case: Case, names: dict[str, str], form: dict[str, str] | None = None) -> TestResponse:
    path = address(routes(world)[case.method, case.endpoint], names)
    world.api.calls.clear()
    return world.get(path) if case.method == "GET" else world.post(path, form)


def told(answer: TestResponse, names: dict[str, str]) -> str:
    """The outcome in the table's words."""
    if not answer.location:
        return str(answer.status_code)
    path = answer.location.partition("?")[0].removeprefix("http://medical.test")
    for kept in ("draft", "selection", "upload", "tin"):
        path = path.replace(names.get(kept, "…"), "…")
    path = re.sub(r"(?<=/settings/contacts/)[^/]{60,}", "…", path)
    return "issuer" if path.endswith("/oidc/authorize") else WAYS.get(path, path)


def changed(world: World) -> list[Call]:
    """What was asked of the API that would have changed something, had it not refused by itself."""
    asked = [call for call in world.api.calls if call.method != "GET" and not (call.body or {}).get("dry_run")]
    return [call for call in asked if call.calling.token and call.path not in REFUSED_THERE]
