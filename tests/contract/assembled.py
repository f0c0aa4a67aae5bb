"""All services in this process, seeded, without servers or threads: what there is to do is done when asked."""

from __future__ import annotations

import re
from typing import Any, Final

from flask.testing import FlaskClient

from chassis.assembly import Service
from chassis.bus.quiet import is_quiet
from chassis.bus.relay import Relay
from chassis.bus.transport import LocalSubscriber, LocalTransport
from wardenry.demo import PASSWORD, seed
from wardenry.embedded.folder import DataFolder
from wardenry.embedded.services import EmbeddedServices, assemble

_CHEAP: Final = {"WARDENRY_IDENTITY_HASH_PASSES": "1", "WARDENRY_IDENTITY_HASH_MEMORY_KIB": "64"}
_PORT: Final = 8080
_IDENTITY: Final = "/api/identity/v1"


class Assembled:
    """`services` are those that answer below `/api`, by name."""

    def __init__(self, folder: DataFolder) -> None:
        folder.prepare()
        everything = assemble(folder, _PORT, _CHEAP)
        self.services: dict[str, Service] = {each.name: each for each in everything.apis}
        self.portal, self.identity_settings = everything.portal, everything.identity_settings
        self._all = everything.all
        self._relays = self._joined(everything)
        for each in self._all:
            each.migrate()
            each.prepare()
        seed(everything, self.settle)
        self.settle()

    def settle(self) -> None:
        """Deliver every event and mail."""
        while True:
            for each in self._all:
                steps = (self._relays[each.name].step, each.inbox_step, *(errand.step for errand in each.errands))
                for step in steps:
                    while step():
                        pass
            if all(is_quiet(each.engine) for each in self._all):
                return

    def close(self) -> None:
        for each in self._all:
            each.engine.dispose()

    def client(self, service: str) -> FlaskClient:
        """Calls a service's application."""
        return self.services[service].app.test_client()

    def access_token(self, user_id: str) -> str:
        """That of a new session of a demo user, come by as everybody comes by one."""
        identity = self.client("identity")
        begun = self._post(identity, f"{_IDENTITY}/sign-in", {"user_id": user_id, "password": PASSWORD})
        flow = f"{_IDENTITY}/sign-in/{begun['challenge']}"
        secret, method = begun["challenge_secret"], begun["methods"][0]["id"]
        self._post(identity, f"{flow}/send", {"method": method}, secret)
        self.settle()
        done = self._post(identity, f"{flow}/verify", {"method": method, "code": self._code(user_id)}, secret)
        return str(done["access_token"])

    def _code(self, user_id: str) -> str:
        mails = self.client("notify").get("/dev/messages", query_string={"to": f"{user_id}@example.com"}).get_json()
        mail = next(each for each in mails["items"] if each["notice"] == "sign_in_code")
        found = re.search(r"(?<!\d)\d{6}(?!\d)", mail["text"])
        assert found
        return found[0]

    @staticmethod
    def _post(client: FlaskClient, path: str, body: dict[str, str], secret: str = "") -> dict[str, Any]:
        answer = client.post(path, json=body, headers={"X-Challenge-Secret": secret})
        assert answer.status_code < 300, answer.text
        told: dict[str, Any] = answer.get_json()
        return told

    def _joined(self, everything: EmbeddedServices) -> dict[str, Relay]:
        subscribers = [
            LocalSubscriber(each.engine, frozenset(each.sources), each.appetite, each.inbox_wakeup)
            for each in everything.all
        ]
        transport = LocalTransport(subscribers)
        return {each.name: Relay(each.engine, each.name, transport) for each in everything.all}
