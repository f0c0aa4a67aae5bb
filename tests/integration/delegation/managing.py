"""The paths that managers walk day by day: matrix, approval, bulk edit and its undoing, removal, requests."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.integration.delegation.books import Held, Key, Wished
from tests.integration.delegation.offices import Offices
from tests.integration.delegation.walk import Walk, path, plain


@dataclass
class Changed:
    """A change of many as it was made: what was there before, and the number of what came."""

    by: str
    at: datetime
    effects: dict[Key, tuple[Held | None, int | None]]
    undone: bool = False


class Managing(Walk):
    def __init__(self, offices: Offices, done: Counter[str], chance: Random) -> None:
        super().__init__(offices, done, chance)
        self.changes: dict[str, Changed] = {}

    # The matrix, and approving by it

    @path(4)
    def change(self, chance: Random) -> None:
        self.take("matrix")
        place, user = chance.choice(self.places), chance.choice(self.people)
        withheld = sorted(key for key, held in self.books.standing().items() if held.withheld)
        if withheld and chance.random() < 0.4:
            user, place = chance.choice(withheld)
        places = sorted({place, chance.choice(self.places)})
        giver = self.giver(chance, place)
        self._change(giver, user, [self._tempting(giver, self.wish(chance, user, each)) for each in places])

    def _tempting(self, giver: str, wish: Wished) -> Wished:
        """With what is suspended of the giver's own functions there."""
        own = self.books.stands(giver, wish.place)
        if own is None or not own.withheld or wish.level in {None, "auditor"}:
            return wish
        return replace(wish, functions=wish.functions | own.withheld)

    @path(2)
    def change_oneself(self, chance: Random) -> None:
        self.take("matrix, oneself")
        user = self.giver(chance)
        place = chance.choice(sorted(self.books.administers(user)) or self.places)
        held = self.books.stands(user, place)
        if held is not None and chance.random() < 0.5:
            self._change(user, user, [Wished(user, place, held.level, held.functions, self.end(chance))])
        else:
            self._change(user, user, [self.wish(chance, user, place)])

    @path(5, when=lambda self: self.books.requests)
    def approve(self, chance: Random) -> None:
        self.take("approval")
        request_id = self._some_request(chance)
        asked = self.books.requests[request_id]
        giver = asked.user if chance.random() < 0.2 else self.giver(chance, asked.place)
        wish = self.wish(chance, asked.user, asked.place)
        self._change(giver, asked.user, [wish], request_id)

    def _change(self, giver: str, user: str, wishes: list[Wished], request_id: str | None = None) -> None:
        body: dict[str, Any] = {"changes": [plain(each) for each in wishes]}
        if request_id is not None:
            body["request_id"] = request_id
        answer = self.offices.call("PUT", f"/users/{user}/access", giver, body, matching=True)
        missing = self._missing(giver, user, wishes, request_id)
        if missing is not None:
            self.counted(answer, missing)
        elif self.accepted(answer, {(user, *cell[1:]) for cell in self.books.forbids(giver, wishes)}):
            self.books.make(giver, wishes)

    def _missing(self, giver: str, user: str, wishes: list[Wished], request_id: str | None) -> int | None:
        """What is told before anything is judged: whoever may see nothing is told nothing."""
        if request_id is not None:
            asked = self.books.requests[request_id]
            if giver != asked.user and asked.place not in self.books.administers(giver):
                return 404
            if asked.state != "waiting":
                return 409
            if not any(each.place == asked.place and each.level for each in wishes):
                return 422
        return None if self.books.sees(giver, user) else 404

    # Requests

    @path(3)
    def ask(self, chance: Random) -> None:
        self.take("request")
        user, place = chance.choice(self.people), chance.choice(self.places)
        without = [(who, where) for who in self.people for where in self.places if not self.books.stands(who, where)]
        if without and chance.random() < 0.8:
            user, place = chance.choice(without)
        answer = self.offices.call("POST", "/requests", user, {"tin": place[0], "line": place[1]})
        if self.books.accounts[user] == "removed":
            self.counted(answer, 503)
        elif place[1] not in self.lines[place[0]] or self.books.stands(user, place) or self.books.waiting(user, place):
            self.counted(answer, 409)
        else:
            self.counted(answer, 201)
            self.noted_requests({(user, place)})

    @path(1, when=lambda self: self.books.requests)
    def decline(self, chance: Random) -> None:
        self.take("decline")
        request_id = self._some_request(chance)
        asked = self.books.requests[request_id]
        decider = asked.user if chance.random() < 0.2 else self.giver(chance, asked.place)
        answer = self.offices.call("POST", f"/requests/{request_id}/decline", decider, {"reason": "Not ours."})
        if decider != asked.user and asked.place not in self.books.administers(decider):
            self.counted(answer, 404)
        elif decider == asked.user or self.books.row(decider, asked.place) != "primary":
            self.counted(answer, 403)
        elif asked.state != "waiting":
            self.counted(answer, 409)
        else:
            self.counted(answer, 200)
            asked.state = "declined"

    @path(1, when=lambda self: self.books.requests)
    def withdraw(self, chance: Random) -> None:
        self.take("withdrawal")
        request_id = self._some_request(chance)
        asked = self.books.requests[request_id]
        user = asked.user if chance.random() < 0.7 else chance.choice(self.people)
        answer = self.offices.call("POST", f"/requests/{request_id}/withdraw", user)
        if user != asked.user:
            self.counted(answer, 404)
        elif asked.state != "waiting":
            self.counted(answer, 409)
        else:
            self.counted(answer, 200)
            asked.state = "withdrawn"

    def _some_request(self, chance: Random) -> str:
        waiting = [each for each, asked in self.books.requests.items() if asked.state == "waiting"]
        return chance.choice(waiting if waiting and chance.random() < 0.8 else list(self.books.requests))

    # Many at once, and back

    @path(4)
    def edit(self, chance: Random) -> None:
        self.take("bulk edit")
        giver = self.giver(chance)
        users = self._seen(chance, giver)
        gains = self._edits(chance, giver) if chance.random() < 0.7 else {}
        losses = self._edits(chance, giver) if not gains or chance.random() < 0.4 else {}
        losses = {
            place: Wished(
                "", place, each.level, each.functions - gains[place].functions if place in gains else each.functions
            )
            for place, each in losses.items()
        }
        body = {
            "user_ids": users,
            "add": [plain(each) for each in gains.values()],
            "remove": [{**plain(each)} for each in losses.values()],
        }
        answer = self.offices.call("POST", "/access/bulk", giver, body, matching=True)
        if not all(self.books.sees(giver, user) for user in users):
            self.counted(answer, 422)
            return
        wishes = [wish for user in users for wish in self.books.edited(user, gains, losses)]
        self._make_many(giver, wishes, answer)

    def _make_many(self, giver: str, wishes: list[Wished], answer: Any) -> None:
        if not self.accepted(answer, self.books.forbids(giver, wishes), of_many=True):
            return
        keys = [(each.user, each.place) for each in wishes]
        before = {key: self.books.stands(*key) for key in keys}
        self.books.make(giver, wishes)
        after = {key: self.books.stands(*key) for key in keys}
        numbers = {key: (before[key], held.number if (held := after[key]) else None) for key in keys}
        effects = {key: pair for key, pair in numbers.items() if (pair[0].number if pair[0] else None) != pair[1]}
        change_id = answer.get_json()["id"]
        assert (change_id is not None) is bool(effects), (change_id, effects)
        if effects:
            self.changes[change_id] = Changed(giver, self.books.now, effects)

    @path(2, when=lambda self: self.changes)
    def undo(self, chance: Random) -> None:
        self.take("undoing")
        open_ones = [each for each, made in self.changes.items() if not made.undone]
        change_id = chance.choice(open_ones[-3:] if open_ones and chance.random() < 0.8 else list(self.changes))
        made = self.changes[change_id]
        giver = made.by if chance.random() < 0.8 else chance.choice(self.people)
        answer = self.offices.call("POST", f"/access/bulk/{change_id}/undo", giver, {})
        if giver != made.by:
            self.counted(answer, 404)
        elif made.undone or self.books.now > made.at + timedelta(hours=24):
            self.counted(answer, 409)
        elif not all(self.books.sees(giver, user) for user, _ in made.effects):
            self.counted(answer, 422)
        elif any(self._number(key) != number for key, (_, number) in made.effects.items()):
            self.counted(answer, 412)
        else:
            self._make_many(
                giver, [self._as_before(key, was) for key, (was, _) in sorted(made.effects.items())], answer
            )
            made.undone = answer.status_code == 200

    def _number(self, key: Key) -> int | None:
        held = self.books.stands(*key)
        return held.number if held else None

    def _as_before(self, key: Key, was: Held | None) -> Wished:
        if was is None or (was.until is not None and was.until <= self.books.now):
            return Wished(*key, None)
        return Wished(*key, was.level, was.functions, was.until)

    def _seen(self, chance: Random, giver: str) -> list[str]:
        seen = [user for user in self.people if self.books.sees(giver, user)]
        among = seen if seen and chance.random() < 0.9 else self.people
        return chance.sample(among, min(len(among), chance.choice([1, 2, 2, 3])))

    def _edits(self, chance: Random, giver: str) -> dict[Any, Wished]:
        own = sorted(self.books.administers(giver)) if chance.random() < 0.85 else []
        places = own or self.places
        edits = {}
        for place in chance.sample(places, min(len(places), chance.choice([1, 1, 2]))):
            level = chance.choice([None, None, None, "processor", "secondary", "primary", "auditor"])
            edits[place] = Wished("", place, level, self.codes(chance, place[1]))
        return edits

    # All of it away

    @path(2)
    def remove(self, chance: Random) -> None:
        self.take("removal")
        giver, user = self.giver(chance), chance.choice(self.people)
        secondary = sorted(key for key in self.books.standing() if self.books.row(*key) == "secondary")
        if secondary and chance.random() < 0.5:
            giver, place = chance.choice(secondary)
            others = [who for who, where in sorted(self.books.standing()) if where == place]
            user = chance.choice([who for who in others if self.books.held[who, place].level == "processor"] or others)
        tin = chance.choice([None, None, *self.tins])
        answer = self.offices.call(
            "DELETE", f"/users/{user}/access" + (f"?tin={tin}" if tin else ""), giver, matching=True
        )
        here = {place[0] for place in self.books.administers(giver)}
        if not self.books.sees(giver, user) or (tin is not None and user != giver and tin not in here):
            self.counted(answer, 404)
            return
        wishes = self.books.taken_away(giver, user, tin)
        if self.accepted(answer, self.books.forbids(giver, wishes)):
            self.books.make(giver, wishes)
