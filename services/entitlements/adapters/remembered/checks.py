"""What answers stand on, from memory where that is known to be true, else from the database (ENT-10)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from sqlalchemy import Engine

from chassis.assembly import Errand
from chassis.telemetry.meters import CheckMeter
from chassis.telemetry.readings import Figure
from services.entitlements.adapters.checks import SqlChecks
from services.entitlements.adapters.remembered.filler import Filler
from services.entitlements.adapters.remembered.freshness import TRUSTED_FOR, moment
from services.entitlements.adapters.remembered.keeper import Keeper
from services.entitlements.adapters.remembered.line import PostgresqlLine
from services.entitlements.adapters.remembered.memory import NEVER, Memory
from services.entitlements.adapters.remembered.whole import WholePeople, WholePractices
from services.entitlements.domain.checking import Knowledge, Question

_MEMORY: Final = "memory"
_DATABASE: Final = "database"


class RememberedChecks:
    """`Checks` of a PostgreSQL database, of which at most so many places are remembered.

    Nothing is remembered, and the database answers, unless a process runs the `errands`. A question of moment *t* is
    answered from memory only where that was true after *t* - `TRUSTED_FOR`: whoever was answered `SETTLES_IN` after the
    commit of a change sees it, whichever process they ask.
    """

    def __init__(self, engine: Engine, most: int, meter: CheckMeter) -> None:
        self._database = SqlChecks(engine)
        self._memory = Memory(most)
        self._keeper = Keeper(self._memory, partial(PostgresqlLine.to, engine.url))
        self._filler = Filler(self._memory, WholePeople(engine), WholePractices(engine))
        self._meter = meter

    @property
    def errands(self) -> tuple[Errand, ...]:
        """What a web process runs beside its answers."""
        return (
            Errand("checks-kept-true", self._keeper.step, self._keeper.wakeup),
            Errand("checks-filled", self._filler.step, self._filler.wakeup),
        )

    def known(self, questions: Sequence[Question]) -> Sequence[Knowledge]:
        now = moment()
        self._keeper.asked(now)
        remembered = self._memory.known(questions, now - TRUSTED_FOR)
        if remembered is not None:
            self._meter.answered(_MEMORY, len(questions))
            return remembered
        known = self._database.known(questions)
        self._meter.answered(_DATABASE, len(questions))
        for question, each in zip(questions, known, strict=True):
            self._want(question, each)
        return known

    def figures(self) -> Sequence[Figure]:
        """How much is remembered here, and how old it is."""
        true_as_of = self._memory.true_as_of
        figures = [
            Figure("wardenry_checks_remembered_users", "Users whom this process remembers", self._memory.users),
            Figure("wardenry_checks_remembered_places", "Places of theirs that it remembers", self._memory.places),
        ]
        if true_as_of == NEVER:
            return figures
        age = Figure("wardenry_checks_age_seconds", "Since what is remembered was known true", moment() - true_as_of)
        return [*figures, age]

    def _want(self, question: Question, known: Knowledge) -> None:
        """What nobody has heard of is not remembered, or questions could fill the memory."""
        if known.account is not None:
            tin = question.place.tin if question.place and known.lines is not None else None
            self._filler.want(question.user_id, tin)
