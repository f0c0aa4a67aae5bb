"""The paths by which access is prepared: invitations made, changed, renewed and redeemed, and files of people."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Final

from werkzeug.test import TestResponse

from tests.integration.delegation.books import Cell, Wished
from tests.integration.delegation.offices import Offices
from tests.integration.delegation.walk import Walk, path, plain
from tests.integration.registration.practices_with_imports import credentials
from tests.unit.registration.people_files import csv_file

VALID: Final = timedelta(days=30)
_NUMBERS = count(1)


@dataclass
class Invited:
    """An invitation: who vouches for it, to whom it was written, and what it prepares."""

    id: str
    by: str
    email: str
    access: list[Wished]
    secrets: dict[str, str]
    expires_at: datetime
    state: str = "open"


@dataclass
class Imported:
    """A file that is under way."""

    id: str
    by: str
    people: dict[str, list[Wished]]


class Inviting(Walk):
    def __init__(self, offices: Offices, done: Counter[str], chance: Random) -> None:
        super().__init__(offices, done, chance)
        self.invitations: list[Invited] = []
        self.imports: list[Imported] = []

    def may_prepare(self, giver: str, access: list[Wished]) -> set[Cell]:
        """Open invitations do not count as managers (`delegation.md`, 7)."""
        return self.books.forbids(giver, access)

    # One by one

    @path(3)
    def invite(self, chance: Random) -> None:
        self.take("invitation")
        giver = self.giver(chance)
        email, access = self._email(chance), self.prepared(chance, giver)
        body = {"people": [_person(email)], "access": [plain(each) for each in access]}
        answer = self.offices.act("POST", "/invitations", giver, body)
        if self.accepted(answer, self.may_prepare(giver, access)):
            (made,) = answer.get_json()["items"]
            self._invited(made["id"], giver, email, access, _secrets(made))

    @path(1, when=lambda self: self.invitations)
    def rewrite(self, chance: Random) -> None:
        self.take("invitation changed")
        invited = chance.choice(self.invitations)
        giver = self._dealer(chance, invited)
        access = self.prepared(chance, giver)
        body = {"person": _person(invited.email), "access": [plain(each) for each in access]}
        answer = self.offices.act("PUT", f"/invitations/{invited.id}", giver, body)
        if self._is_whole(answer, giver, invited) and self._allowed(
            answer, giver, access, self._state(invited) == "open"
        ):
            invited.by, invited.access = giver, access

    @path(4, when=lambda self: self.invitations)
    def renew(self, chance: Random) -> None:
        self.take("renewal")
        invited = chance.choice(self.invitations)
        giver = self._dealer(chance, invited)
        answer = self.offices.act("POST", f"/invitations/{invited.id}/renew", giver)
        if not self._is_whole(answer, giver, invited):
            return
        if any(isinstance(each.until, datetime) and each.until <= self.books.now for each in invited.access):
            self.counted(answer, 422)
        elif self._allowed(answer, giver, invited.access, self._state(invited) in {"open", "expired"}):
            invited.by, invited.state, invited.expires_at = giver, "open", self.books.now + VALID
            invited.secrets = _secrets(answer.get_json())

    @path(4, when=lambda self: any(self._state(each) == "open" for each in self.invitations))
    def redeem(self, chance: Random) -> None:
        self.take("redemption")
        invited = chance.choice(
            [each for each in self.invitations if self._state(each) == "open"]
            if chance.random() < 0.9
            else self.invitations
        )
        user = invited.email.partition("@")[0] if chance.random() < 0.8 else chance.choice(self.people)
        if self.books.accounts.get(user) != "active":
            return
        answer = self.offices.act("POST", "/invitations/redeem", user, invited.secrets)
        if self._state(invited) != "open":
            self.counted(answer, 422)
            return
        self.counted(answer, 200)
        invited.state = "redeemed"
        self._redeemed(user, invited)

    def _redeemed(self, user: str, invited: Invited) -> None:
        """As if the inviter gave it at this moment; what they can give no more, managers decide (REG-14)."""
        asked, given = set[Any](), list[Wished]()
        for each in invited.access:
            if isinstance(each.until, datetime) and each.until <= self.books.now:
                continue
            joined = self.books.joined(user, each)
            if joined is None:
                asked.add(each.place)
            elif self._differs(joined) or invited.email == f"{user}@example.com":
                given.append(joined)
        if invited.email != f"{user}@example.com":
            asked, given = asked | {each.place for each in given}, []
        forbidden = {place for _, place, *_ in self.books.forbids(invited.by, given)}
        self.books.make(invited.by, [each for each in given if each.place not in forbidden])
        asked |= forbidden
        self.done["redemption reduced"] += bool(asked)
        self.noted_requests({(user, place) for place in asked if not self.books.waiting(user, place)})

    def _differs(self, wished: Wished) -> bool:
        held = self.books.stands(wished.user, wished.place)
        grant = (wished.level, wished.functions | (held.functions if held else frozenset()), wished.until)
        return held is None or held.grant != grant or bool(self.books.waiting(wished.user, wished.place))

    # By a file

    @path(2)
    def upload(self, chance: Random) -> None:
        self.take("bulk file")
        giver = self.giver(chance)
        people = {self._email(chance): self._without_end(chance, giver) for _ in range(chance.choice([1, 2]))}
        rows = [
            {
                "first_name": "Ada",
                "last_name": "Berg",
                "email": email,
                "tin": each.place[0],
                "line": each.place[1],
                "level": each.level,
                "functions": ";".join(sorted(each.functions)),
            }
            for email, access in people.items()
            for each in access
        ]
        answer = self.offices.registration.upload(csv_file(*rows), giver)
        codes = {code for access in people.values() for *_, code in self.may_prepare(giver, access)}
        told = answer.get_json()
        assert {each["code"] for each in told["errors"]} == codes, (told, codes)
        assert told["state"] == ("refused" if codes else "ready")
        self.counted(answer, 201)
        self.done["bulk file refused"] += bool(codes)
        confirmed = self.offices.registration.do(told["id"], "confirm", giver)
        assert confirmed.status_code == (409 if codes else 202)
        if not codes:
            self.imports.append(Imported(told["id"], giver, people))

    @path(2, when=lambda self: self.imports)
    def carry_out(self, _: Random) -> None:
        self.take("bulk file carried out")
        self.offices.registration.carry_out()
        for each in self.imports:
            self._carried_out(each)
        self.imports.clear()

    def _carried_out(self, imported: Imported) -> None:
        """All of it, if all may be given still."""
        state = self.offices.registration.get(f"/imports/{imported.id}", imported.by).get_json()["state"]
        refused = any(self.may_prepare(imported.by, access) for access in imported.people.values())
        assert state == ("failed" if refused else "done"), (state, imported)
        self.done[f"bulk file {state}"] += 1
        if refused:
            return
        shown = credentials(self.offices.registration.do(imported.id, "credentials", imported.by))
        listed = self.offices.registration.get("/invitations", imported.by, limit="100").get_json()["items"]
        ids = {each["temporary_id"]: each["id"] for each in listed}
        for row in shown:
            email = row["email"]
            self._invited(ids[row["temporary_id"]], imported.by, email, imported.people[email], _secrets(row))

    # Helpers of the rules

    def _invited(self, invitation_id: str, by: str, email: str, access: list[Wished], secrets: dict[str, str]) -> None:
        self.invitations.append(Invited(invitation_id, by, email, access, secrets, self.books.now + VALID))

    def _email(self, chance: Random) -> str:
        return f"{chance.choice(self.people)}@example.com"

    def _without_end(self, chance: Random, giver: str) -> list[Wished]:
        return [Wished("", each.place, each.level, each.functions, None) for each in self.prepared(chance, giver)]

    def _state(self, invited: Invited) -> str:
        return "expired" if invited.state == "open" and invited.expires_at <= self.books.now else invited.state

    def _dealer(self, chance: Random, invited: Invited) -> str:
        if chance.random() < 0.4:
            return invited.by
        able = [self.books.managers(each.place) for each in invited.access]
        others = sorted(set[str].intersection(*able) - {invited.by})
        return chance.choice(others) if others else self.giver(chance, invited.access[0].place)

    def _is_whole(self, answer: TestResponse, giver: str, invited: Invited) -> bool:
        """Whether the giver may deal with all of it: whoever made it, and who manages every place of it."""
        if invited.by == giver or all(giver in self.books.managers(each.place) for each in invited.access):
            return True
        self.counted(answer, 403, 404, 422)
        return False

    def _allowed(self, answer: TestResponse, giver: str, access: list[Wished], is_open: bool) -> bool:
        cells = self.may_prepare(giver, access)
        if not cells and not is_open:
            self.counted(answer, 409)
            return False
        return self.accepted(answer, cells)


def _person(email: str) -> dict[str, str]:
    return {"first_name": "Ada", "last_name": "Berg", "email": email}


def _secrets(told: dict[str, Any]) -> dict[str, str]:
    return {name: told[name] for name in ("temporary_id", "temporary_password")}
