"""The rule engine against delegation.md said a second time, and over long random histories (GO-2)."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from services.entitlements.domain.changes import Change, Wish
from services.entitlements.domain.givers import Giver
from services.entitlements.domain.grants import Grant
from services.entitlements.domain.judgement import Judgement
from services.entitlements.domain.levels import LEVEL_BOUND, Level
from services.entitlements.domain.manager_limits import Managers
from services.entitlements.domain.places import Place
from tests.unit.entitlements.delegation_table import Case, becomes, forbidden
from tests.unit.entitlements.rulebook import (
    CATALOGUE,
    ELSEWHERE,
    HERE,
    THERE,
    cells,
    day,
    giver,
    judged,
)

CODES = [function.code for function in CATALOGUE]
SETS = st.sets(st.sampled_from(CODES), max_size=6)
LEVELS = st.sampled_from([None, *Level])
ENDS = st.sampled_from([0, 0, 5, 9])
PLACES = st.sampled_from([HERE, THERE])


@st.composite
def _held(draw: st.DrawFn) -> Grant | None:
    level = draw(LEVELS)
    return Grant.of(level, draw(SETS), day(draw(ENDS))) if level else None


@st.composite
def _situations(draw: st.DrawFn) -> tuple[Case, Judgement]:
    place, own = draw(PLACES), draw(st.booleans())
    before = draw(_held())
    holder = before if own else draw(_held())
    who = Giver("giver", {place: holder} if holder else {})
    wished = Wish(place, draw(LEVELS), frozenset(draw(SETS)), day(draw(ENDS)))
    approves = wished.level is not None and draw(st.booleans())
    suspended = draw(st.booleans()) and not own
    subject = "giver" if own else "someone"
    change = Change(subject, wished, before, approves, suspended)
    others = draw(st.sets(st.sampled_from(["giver", "third"]), max_size=2)) - {subject}
    case = Case(
        giver=holder.level.value if holder else "nobody",
        giver_holds=set(holder.functions) if holder else set(),
        own=own,
        level=before.level.value if before else None,
        holds=set(before.functions) if before else set(),
        ends=_number(before),
        wished_level=wished.level.value if wished.level else None,
        wished=set(wished.functions),
        wished_end=_number(change.after) if change.after else 0,
        approves=approves,
        line_has={function.code for function in CATALOGUE if place.line in function.lines},
        other_managers=len(others),
        suspended=suspended,
    )
    return case, judged(who, change, known=_managers(place, change, others))


def _number(grant: Grant | None) -> int:
    return next((number for number in (5, 9) if grant and grant.until == day(number)), 0)


def _managers(place: Place, change: Change, others: set[str]) -> Managers:
    manages = change.before is not None and change.before.level is Level.PRIMARY
    lasts = manages and change.before is not None and change.before.until is None and not change.suspended
    return Managers(
        {place: frozenset(others | ({change.subject} if manages else set()))},
        {place: frozenset(others | ({change.subject} if lasts else set()))},
    )


@given(_situations())
@settings(max_examples=1500)
def test_the_engine_says_what_the_table_says__GO_2_ENT_2_ENT_4(situation: tuple[Case, Judgement]) -> None:
    case, judgement = situation
    assert cells(judgement) == forbidden(case)


@given(_situations())
@settings(max_examples=500)
def test_what_would_be_held_is_what_the_level_and_the_wish_make__ENT_2(situation: tuple[Case, Judgement]) -> None:
    case, judgement = situation
    for effect in judgement.effects:
        assert (set(effect.after.functions) if effect.after else set()) == becomes(case)


@given(_situations())
@settings(max_examples=500)
def test_who_may_give_less_never_gives_more__GO_2(situation: tuple[Case, Judgement]) -> None:
    case, judgement = situation
    if judgement.violations:
        return
    for effect in judgement.effects:
        assert case.giver in {"primary", "secondary"}
        if case.giver == "secondary":
            gained = (effect.after.functions if effect.after else frozenset()) - (
                effect.before.functions if effect.before else frozenset()
            )
            assert gained <= case.giver_holds - LEVEL_BOUND
            assert {grant.level for grant in (effect.before, effect.after) if grant} <= {Level.PROCESSOR}
        if case.own and effect.after is not None:
            assert effect.before is not None


PEOPLE = ["anna", "bert", "cleo", "dora", "emil"]
TINS = [HERE, THERE, ELSEWHERE]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(PEOPLE),
        st.lists(
            st.tuples(st.sampled_from(PEOPLE), st.sampled_from(TINS), LEVELS, SETS, ENDS),
            min_size=1,
            max_size=3,
            unique_by=lambda step: (step[0], step[1]),
        ),
    ),
    min_size=1,
    max_size=30,
)


@given(STEPS)
@settings(max_examples=200)
def test_no_history_leaves_a_line_without_manager_or_a_tin_with_too_many__ENT_3_GO_2(
    steps: list[tuple[str, list[tuple[str, Place, Level | None, set[str], int]]]],
) -> None:
    held = {("anna", HERE): _primary(), ("anna", THERE): _primary(), ("bert", ELSEWHERE): _primary()}
    for who, wishes in steps:
        changes = [
            Change(user, Wish(place, level, frozenset(functions), day(ends)), held.get((user, place)))
            for user, place, level, functions, ends in wishes
        ]
        standing = {place: grant for (user, place), grant in held.items() if user == who}
        judgement = judged(Giver(who, standing), *changes, known=_managers_of(held), most=3)
        if not judgement.violations:
            for effect in judgement.effects:
                held.pop((effect.subject, effect.place), None)
                if effect.after:
                    held[effect.subject, effect.place] = effect.after
        known = _managers_of(held)
        assert all(known.lasting.get(place) for place in TINS)
        assert max(len(known.people(place.tin)) for place in TINS) <= 3


def _primary() -> Grant:
    return Grant.of(Level.PRIMARY, CATALOGUE.of_line(HERE.line) & CATALOGUE.of_line(THERE.line))


def _managers_of(held: dict[tuple[str, Place], Grant]) -> Managers:
    primaries = [(user, place, grant) for (user, place), grant in held.items() if grant.level is Level.PRIMARY]
    return Managers(
        {place: frozenset(user for user, where, _ in primaries if where == place) for place in TINS},
        {
            place: frozenset(user for user, where, grant in primaries if where == place and grant.until is None)
            for place in TINS
        },
    )


def test_the_same_verdict_on_every_order_of_changes__GO_2() -> None:
    gone = Change("giver", Wish(HERE, None, frozenset()), _primary())
    come = Change("third", Wish(HERE, Level.PRIMARY, frozenset()))
    known = Managers({HERE: frozenset({"giver"})}, {HERE: frozenset({"giver"})})
    for changes in ((gone, come), (come, gone)):
        assert judged(giver("primary"), *changes, known=known).violations == ()
