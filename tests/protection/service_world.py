"""All services in one process, and people at one practice: who holds what there, and what everybody has left lying.

Everything stands at the one practice and line that `service_roles.py` measures its roles by.
"""

from __future__ import annotations

import base64
from functools import partial
from typing import Any, Final

import httpx

from chassis.security.callers import ClientCaller
from chassis.security.service_tokens import ServiceTokens
from chassis.security.tokens import claims_of
from chassis.testing.clocks import StandingClock
from services.identity.application.add_client import AddClient, add_client
from services.identity.bootstrap import operate
from services.identity.domain.totp import code_of, step_at
from tests.e2e.forging import real_key
from tests.e2e.people import Person
from tests.integration.registration.town import ADDRESS, Lasting, Town
from wardenry.embedded.folder import DataFolder
from wardenry.embedded.secrets import OwnSecrets

OURS, THEIRS, WITHOUT, OTHER_WITHOUT = "123456789", "223344556", "987654321", "310000011"
SIGN_IN, STEP_UP, RECOVERY = "/api/identity/v1/sign-in", "/api/identity/v1/me/step-up", "/api/identity/v1/recovery"
_WORK: Final = {"tin": OURS, "line": "medical", "level": "processor", "functions": ["claim_status"]}


class Remembered(Lasting):
    """Somebody whose device is trusted from now on."""

    def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        is_last_step = path.startswith(SIGN_IN) and path.endswith("/verify")
        return super().post(path, body | {"remember_device": True} if is_last_step else body, **options)


INVITING: Final[dict[str, list[dict[str, Any]]]] = {
    "people": [{"first_name": "Ina", "last_name": "Vited", "email": "ina@example.com"}],
    "access": [_WORK],
}
_HEAD: Final = "first_name,middle_initial,last_name,email,phone,extension,tin,line,level,functions,until"
PEOPLE_FILE: Final = {
    "file": (
        "people.csv",
        f"{_HEAD}\nIda,,Listed,ida@example.com,,,{OURS},medical,processor,claim_status,\n",
        "text/csv",
    )
}


class Practice:
    """`tokens` are people's access tokens by user ID, `names` what stands in addresses and bodies."""

    def __init__(self, folder: DataFolder, clock: StandingClock) -> None:
        self.town, self.clock = Town(folder), clock
        self.names: dict[str, str] = {"tin": OURS}
        self._folder = folder
        before = self.town.somebody_known("support1")
        clock.advance(minutes=6)
        self.manager = self.town.somebody_known("mmartin5")
        self.people = {"mmartin5": self.manager} | {
            user_id: self.town.somebody_known(user_id)
            for user_id in ("geogym1", "secadm01", "audit001", "support1", "support2")
        }
        self._arrive()
        self._leave_things()
        self.tokens = {user_id: str(each.tokens["access_token"]) for user_id, each in self.people.items()}
        _done(before.refresh())
        self.token_of_before = str(before.tokens["access_token"])

    def close(self) -> None:
        self.town.close()

    def client_token(self, *scopes: str) -> str:
        """Of a relying site's own program, as identity signs them."""
        caller, issuer = ClientCaller("a-site", frozenset(scopes)), ADDRESS
        return real_key(self._folder.path).sign(claims_of(caller, issuer=issuer, now=self.clock.now()), typ="at+jwt")

    def service_token(self, callee: str) -> str:
        """Of another service, for one callee."""
        secret = OwnSecrets(self._folder).secret("service_secret").encode()
        return ServiceTokens([secret], "registration", self.clock).issue(callee)

    # Who is here

    def _arrive(self) -> None:
        for user_id in ("zoe.obrien", "paul.works", "vera.works"):
            self._join(user_id, [_WORK])
        self._join("petra.peer", [_WORK | {"level": "primary", "functions": []}])
        behavioral = {"tin": OURS, "line": "behavioral", "level": "primary", "functions": []}
        self._join("linda.line", [behavioral], line="behavioral")
        waiting = self._register("wanda.waits", [{"tin": OURS, "line": "medical"}])
        self.names |= {"registration_id": waiting, "request_id": self.manager.waiting("wanda.waits", OURS)["id"]}
        self._register("nora.nothing", [], no_tin=True)

    def _register(self, user_id: str, tins: list[dict[str, Any]], **changes: Any) -> str:
        person = Remembered(self.town, user_id, http=self.manager.http)
        made = _done(person.register(tins, **changes))
        assert person.confirm().status_code == 204
        person.sign_in()
        self.people[user_id] = person
        return str(made["id"])

    def _join(self, user_id: str, access: list[dict[str, Any]], *, line: str = "medical") -> None:
        self._register(user_id, [{"tin": OURS, "line": line}], practice_type=[line])
        request = self.manager.waiting(user_id, OURS)["id"]
        _done(self.manager.give(user_id, access, request_id=request))

    # What lies about

    def _leave_things(self) -> None:
        self._of_zoes()
        self._of_the_managers()
        self._of_supports()
        self._flows()
        self._clients()

    def _of_zoes(self) -> None:
        zoe = self.people["zoe.obrien"]
        me = "/api/identity/v1/me"
        self.names |= {
            "contact": _items(zoe, f"{me}/contacts")[0]["id"],
            "session": _items(zoe, f"{me}/sessions")[0]["id"],
            "device": _items(zoe, f"{me}/devices")[0]["id"],
            "message_id": _items(zoe, "/api/notify/v1/me/messages")[0]["id"],
            "mail_id": self.town.mails(zoe.email)[0]["id"],
            "pending_contact": _done(zoe.post(f"{me}/contacts", {"kind": "email", "value": "z@example.com"}))["id"],
            "app": self._app(zoe, "phone", confirmed=True),
            "unconfirmed_app": self._app(zoe, "tablet", confirmed=False),
        }
        _done(zoe.post(f"{me}/recovery-codes"))

    def _app(self, person: Person, name: str, *, confirmed: bool) -> str:
        path = "/api/identity/v1/me/authenticators"
        begun = _done(person.post(path, {"kind": "totp", "name": name}))
        if confirmed:
            code = code_of(base64.b32decode(begun["secret"]), step_at(self.clock.now()))
            _done(person.post(f"{path}/{begun['id']}/confirm", {"code": code}))
        return str(begun["id"])

    def _of_the_managers(self) -> None:
        invited = _done(self.manager.post("/api/registration/v1/invitations", INVITING))["items"][0]
        imported = self.manager.post("/api/registration/v1/imports", files=PEOPLE_FILE)
        bulk = {
            "user_ids": ["vera.works"],
            "add": [{"tin": OURS, "line": "medical", "functions": ["patient_coverage"]}],
        }
        changed = self.manager.post(
            "/api/entitlements/v1/access/bulk", bulk | {"remove": []}, headers={"If-Match": "*"}
        )
        vouched = {"email": "vera@new.example.com", "reason": "She called."}
        vouching = self.manager.post("/api/identity/v1/accounts/vera.works/vouch", vouched)
        review, reviewed = self._review(OURS)
        _, theirs = self._review(THEIRS)
        self.names |= {
            "invitation_id": invited["id"],
            "temporary_id": invited["temporary_id"],
            "temporary_password": invited["temporary_password"],
            "import_id": _done(imported)["id"],
            "change_id": _done(changed)["id"],
            "vouching": _done(vouching)["id"],
            "review_id": review,
            "review_item": reviewed["zoe.obrien"],
            "other_review_item": theirs["ssmith1234"],
        }

    def _review(self, tin: str) -> tuple[str, dict[str, str]]:
        """A new one, with its items by whose access it is."""
        review = str(_done(self.manager.post("/api/entitlements/v1/reviews", {"tin": tin}))["id"])
        items = _items(self.manager, f"/api/entitlements/v1/reviews/{review}?limit=200")
        return review, {each["user_id"]: each["id"] for each in items}

    def _of_supports(self) -> None:
        path = "/api/registration/v1/outreach"
        second = self.people["support2"]
        for tin in (WITHOUT, OTHER_WITHOUT):
            _done(second.post(path, {"tin": tin, "line": "medical"}))
        proposal = {"user_id": "vera.works", "lines": ["medical"], "proof": "A letter of the practice."}
        proposed = _done(second.post(f"{path}/{WITHOUT}/appoint", proposal))["items"][0]["proposals"]
        self.names["proposal_id"] = proposed[0]["id"]

    def _flows(self) -> None:
        """Sign-in, recovery and step-up of Zoe's, each begun."""
        zoe = self.people["zoe.obrien"]
        entered = {"user_id": zoe.user_id, "password": zoe.password}
        begun = {
            "sign_in": self._anybody("POST", SIGN_IN, entered),
            "recovery": self._anybody("POST", f"{RECOVERY}/password", {"user_id": zoe.user_id}),
            "step_up": _done(zoe.post(STEP_UP)),
        }
        for flow, step in begun.items():
            method = next(each["id"] for each in step["methods"] if each["kind"] == "email")
            self.names |= {
                flow: step["challenge"],
                f"{flow}_secret": step["challenge_secret"],
                f"{flow}_method": method,
            }

    def _anybody(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        return _done(Person(self.town, "", http=self.manager.http).call(method, path, json=body))

    def _clients(self) -> None:
        command = AddClient(
            "a-site", "medical", ("https://site.example.com/in",), scopes=("openid", "entitlements.check")
        )
        service = self.town.services["identity"]
        made = operate(service, self.town.identity_settings, partial(add_client, command))
        self.names |= {"client_id": made.client.client_id, "client_secret": str(made.secret)}


def _done(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    return dict(answer.json()) if answer.content else {}


def _items(person: Person, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = _done(person.get(path))["items"]
    return items
