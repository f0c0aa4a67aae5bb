"""What reaches access from outside: cases of support, accounts, lines of business, the calendar, operators."""

from __future__ import annotations

from random import Random

import pytest

from chassis.kernel.errors import WardenryError
from chassis.kernel.ids import new_id
from tests.integration.delegation.books import Wished
from tests.integration.delegation.walk import LEVELS, MOST, Walk, path, seed
from tests.unit.entitlements.delegation_table import BOUND

APPOINTED = "registration.outreach.manager_appointed.v1"
REMOVED = "registration.outreach.manager_removed.v1"
REFUSED = "entitlements.manager.change_refused.v1"


class Happening(Walk):
    # Cases of support

    @path(2)
    def agree(self, chance: Random) -> None:
        """What two agents agreed upon is an event; entitlements relies on nobody to have looked at it before."""
        appoints = chance.random() < 0.6
        self.take("appointment" if appoints else "removal by a case", by_people=False)
        user = chance.choice([*self.people, *self.people, *self.agents])
        lost = [place for place in self.places if place[1] not in self.lines[place[0]]]
        tin, line = chance.choice(lost if lost and chance.random() < 0.5 else self.places)
        lines = [line]
        if chance.random() < 0.3:
            lines = sorted(line for where, line in self.places if where == tin)
        first, second = (
            self.agents if chance.random() < 0.7 else (chance.choice(self.agents), chance.choice([*self.agents, user]))
        )
        proposal = str(new_id())
        data = {
            "proposal_id": proposal,
            "tin": tin,
            "lines": lines,
            "user_id": user,
            "proposed_by": first,
            "decided_by": second,
        }
        self.offices.hear(APPOINTED if appoints else REMOVED, f"agreed/{proposal}", data)
        refused = [
            each["code"] for each in self.offices.entitlements.published(REFUSED) if each["proposal_id"] == proposal
        ]
        wishes = self._agreed(user, tin, lines, appoints=appoints)
        code = self._forbidden(user, {first, second}, wishes, appoints=appoints)
        assert bool(refused) is code, (refused, code, wishes)
        self.done[f"{self.step} {'refused' if refused else 'done'}"] += 1
        if not refused:
            self.books.make(f"support:{first}", wishes)

    def _agreed(self, user: str, tin: str, lines: list[str], *, appoints: bool) -> list[Wished]:
        wishes = []
        for place in ((tin, line) for line in lines):
            held = self.books.stands(user, place)
            if appoints:
                kept = held.functions - BOUND if held else frozenset()
                wishes.append(Wished(user, place, "primary", kept, None))
            elif held is not None and held.level == "primary":
                wishes.append(Wished(user, place, None))
        return wishes

    def _forbidden(self, user: str, agents: set[str], wishes: list[Wished], *, appoints: bool) -> bool:
        """Two agents, neither of them the person meant; nobody is appointed twice, nor more than there may be."""
        if len(agents) < 2 or user in agents:
            return True
        if not appoints:
            return not wishes
        held = [self.books.stands(user, each.place) for each in wishes]
        already = all(each is not None and each.level == "primary" for each in held)
        offered = all(each.place[1] in self.lines[each.place[0]] for each in wishes)
        too_many = self.books.forbids("", wishes, operates=True)
        return self.books.accounts[user] != "active" or already or not offered or bool(too_many)

    # Accounts and practices

    @path(2)
    def account_turns(self, chance: Random) -> None:
        self.take("account", by_people=False)
        away = [user for user in self.people if self.books.accounts[user] == "disabled"]
        user = chance.choice(away if away and chance.random() < 0.7 else self.people)
        state = self.books.accounts[user]
        happened = {"active": "disabled", "disabled": "reactivated"}.get(state)
        if happened is None:
            return
        if chance.random() < 0.1:
            happened = "removed"
        data = {"user_id": user, **({"registration_id": None} if happened == "removed" else {})}
        self.offices.hear(f"identity.account.{happened}.v1", f"account/{user}", data)
        self.done[f"account {happened}"] += 1
        self._account_turned(user, happened)

    def _account_turned(self, user: str, happened: str) -> None:
        self.books.accounts[user] = {"reactivated": "active"}.get(happened, happened)
        for key in [key for key in self.books.standing() if key[0] == user]:
            if happened == "removed":
                del self.books.held[key]
            elif happened == "disabled":
                self.books.suspend(key, "account_disabled")
            else:
                self.books.restore(key, "account_disabled")
        for place in self.places if happened == "removed" else ():
            for asked in self.books.waiting(user, place):
                asked.state = "withdrawn"

    @path(1)
    def lines_turn(self, chance: Random) -> None:
        self.take("lines of business", by_people=False)
        tin = chance.choice(self.tins)
        possible = sorted(line for where, line in self.places if where == tin)
        lines = set(possible if chance.random() < 0.6 else chance.sample(possible, len(possible) - 1)) or {"dental"}
        self.versions[tin] += 1
        self.offices.entitlements.practice(tin, "A practice", *sorted(lines), version=self.versions[tin])
        self.offices.settle()
        self.lines[tin] = lines
        for key in self.books.standing():
            if key[1][0] == tin:
                lost = key[1][1] not in lines
                (self.books.suspend if lost else self.books.restore)(key, "line_lost")

    # Time, and operators

    @path(2)
    def time_passes(self, chance: Random) -> None:
        self.take("time", by_people=False)
        self.offices.advance(hours=chance.choice([1, 1, 5, 30, 24 * 11]))
        self.books.now = self.offices.entitlements.clock.now()

    @path(1)
    def access_ends(self, _: Random) -> None:
        self.take("endings", by_people=False)
        self.offices.run("access-endings")

    @path(2)
    def operator_seeds(self, chance: Random) -> None:
        """To people who never had access there; within the limits that hold for everybody."""
        self.take("seeds", by_people=False)
        user, place = chance.choice([*self.people, *self.agents]), chance.choice(self.places)
        level = chance.choice(["primary", "primary", *LEVELS])
        full = [place for place in self.places if len(self.books.people(place[0])) >= MOST]
        new = [
            (who, where) for who in (*self.people, *self.agents) for where in full if (who, where) not in self.books.had
        ]
        if new and chance.random() < 0.6:
            (user, place), level = chance.choice(new), "primary"
        wished = Wished(user, place, level, self.codes(chance, place[1]) if level != "auditor" else frozenset(), None)
        is_new = (user, place) not in self.books.had and self.books.accounts[user] != "removed"
        forbidden = is_new and self._may_not_seed(wished)
        if forbidden:
            with pytest.raises(WardenryError):
                self.offices.entitlements.seed(seed(wished))
        else:
            self.offices.entitlements.seed(seed(wished))
            self.offices.settle()
            if is_new:
                self.books.make("system:test", [wished])
        self.done[f"seeds {'refused' if forbidden else 'done'}"] += 1

    def _may_not_seed(self, wished: Wished) -> bool:
        offered = wished.place[1] in self.lines[wished.place[0]]
        return not offered or bool(self.books.forbids("", [wished], operates=True))
