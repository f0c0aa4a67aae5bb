"""The path of access reviews: opened, decided about, and ended by the calendar (ENT-13)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from werkzeug.test import TestResponse

from tests.integration.delegation.books import SENSITIVE, Key, Wished
from tests.integration.delegation.offices import Offices
from tests.integration.delegation.walk import Walk, path

LASTS: Final = timedelta(days=60)


@dataclass
class Review:
    """A review, with what is to be decided in it."""

    id: str
    tin: str
    due_at: datetime
    items: dict[Key, str]
    ids: dict[Key, str]
    is_open: bool = True


class Reviewing(Walk):
    def __init__(self, offices: Offices, done: Counter[str], chance: Random) -> None:
        super().__init__(offices, done, chance)
        self.reviews: list[Review] = []

    @path(2)
    def open_review(self, chance: Random) -> None:
        self.take("review")
        tin = chance.choice(self.tins)
        opener = self.giver(chance, next(place for place in self.places if place[0] == tin))
        answer = self.offices.call("POST", "/reviews", opener, {"tin": tin})
        managed = {place for place in self.places if place[0] == tin and opener in self.books.managers(place)}
        if not managed:
            self.counted(answer, 404)
        elif any(each.is_open and each.tin == tin for each in self.reviews):
            self.counted(answer, 409)
        else:
            self.counted(answer, 201)
            review_id = answer.get_json()["id"]
            items = {key: "undecided" for key in self.books.standing() if key[1] in managed}
            ids = self.offices.review_items(review_id)
            assert ids.keys() == items.keys()
            self.reviews.append(Review(review_id, tin, self.books.now + LASTS, items, ids))

    @path(5, when=lambda self: any(each.is_open or "suspended" in each.items.values() for each in self.reviews))
    def decide(self, chance: Random) -> None:
        self.take("review decision")
        review = chance.choice([each for each in self.reviews if each.is_open or "suspended" in each.items.values()])
        there = [key for key in sorted(review.items) if review.items[key] in {"undecided", "suspended"}]
        key = chance.choice(there if there and chance.random() < 0.8 else sorted(review.items))
        is_support = chance.random() < 0.2
        decider = chance.choice(self.agents) if is_support else self.giver(chance, key[1])
        alone = [each for each in there if self.books.managers(each[1]) == {each[0]}]
        if alone and chance.random() < 0.3:
            key, decider, is_support = chance.choice(alone), chance.choice(self.agents), True
        verdict = chance.choice(["keep", "remove", "remove"])
        body = {"decisions": [{"item": review.ids[key], "decision": verdict}]}
        path = f"/reviews/{review.id}/decisions"
        answer = self.offices.call("POST", path, decider, body, support=is_support)
        visible = {each for each in review.items if self._may(decider, each, is_support=is_support)}
        if not visible:
            self.counted(answer, 404)
        elif key not in visible:
            self.counted(answer, 422)
        elif decider == key[0]:
            self.counted(answer, 403)
        elif review.items[key] not in {"undecided", "suspended"}:
            self.counted(answer, 409)
        elif self.books.stands(*key) is None:
            self.counted(answer, 412)
        elif verdict == "remove" and decider not in self.books.managers(key[1]):
            self.counted(answer, 409)  # an only manager: that takes a case
        else:
            self._decided(decider, review, key, verdict, answer)

    def _decided(self, decider: str, review: Review, key: Key, verdict: str, answer: TestResponse) -> None:
        wishes = [Wished(*key, None)] if verdict == "remove" else []
        if not self.accepted(answer, self.books.forbids(decider, wishes), of_many=True):
            return
        self.books.make(decider, wishes)
        if verdict == "keep" and review.items[key] == "suspended":
            self.books.restore(key, "review")
        review.items[key] = "kept" if verdict == "keep" else "removed"
        self._close_where_done(review)

    def _may(self, decider: str, key: Key, *, is_support: bool) -> bool:
        """Managers of the place, and support where there is only one, and it is theirs."""
        managers = self.books.managers(key[1])
        return decider in managers or (is_support and managers == {key[0]})

    def _close_where_done(self, review: Review) -> None:
        waits = [key for key, state in review.items.items() if state == "undecided" and self.books.stands(*key)]
        if review.is_open and not waits:
            review.is_open = False
            review.items = {key: "gone" if state == "undecided" else state for key, state in review.items.items()}

    @path(2)
    def reviews_end(self, chance: Random) -> None:
        """What nobody decided about in time is suspended as far as it is sensitive, but for the last manager's."""
        self.take("review endings", by_people=False)
        due = [each.due_at for each in self.reviews if each.is_open]
        if due and chance.random() < 0.5:
            self.offices.advance(seconds=max(0.0, (min(due) - self.books.now).total_seconds()) + 1)
            self.books.now = self.offices.entitlements.clock.now()
        self.offices.run("review-endings")
        for review in self.reviews:
            if review.is_open and review.due_at <= self.books.now:
                for key in sorted(review.items, key=lambda key: (key[1][1], key[0])):
                    if review.items[key] == "undecided" and self.books.stands(*key):
                        review.items[key] = self._left(key)
                self._close_where_done(review)

    def _left(self, key: Key) -> str:
        held, place = self.books.held[key], key[1]
        if held.level == "processor":
            withheld = held.functions & SENSITIVE
            self.books.held[key] = replace(held, withheld=held.withheld | withheld)
            self.done["functions withheld"] += bool(withheld)
            return "suspended" if withheld else "left"
        others = {who for who, each in self.books.standing().items() if who[1] == place and each.lasts} - {key}
        if held.level == "primary" and not others:
            return "left"
        self.books.suspend(key, "review")
        self.done["access suspended"] += 1
        return "suspended"
