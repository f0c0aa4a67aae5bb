"""What kind of change a change of access is, and who made it."""

from __future__ import annotations

import pytest

from services.audit.domain.changes import TITLES, Grant, Kind, changer, kind_of

PRIMARY = Grant("primary", ("delegate_access", "history_report"), None)
SECONDARY = Grant("secondary", ("delegate_access", "history_report"), None)
PROCESSOR = Grant("processor", ("claim_status",), None)


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (None, PROCESSOR, Kind.ACCESS_GIVEN),
        (None, SECONDARY, Kind.ACCESS_GIVEN),
        (PROCESSOR, SECONDARY, Kind.ACCESS_CHANGED),
        (PROCESSOR, None, Kind.ACCESS_REMOVED),
        (None, PRIMARY, Kind.MANAGER_ADDED),
        (SECONDARY, PRIMARY, Kind.MANAGER_ADDED),
        (PRIMARY, PROCESSOR, Kind.MANAGER_REMOVED),
        (PRIMARY, None, Kind.MANAGER_REMOVED),
        (PRIMARY, PRIMARY, Kind.ACCESS_CHANGED),
    ],
)
def test_becoming_or_ceasing_to_be_manager_says_more_than_the_rest__AUD_2(
    before: Grant | None, after: Grant | None, kind: Kind
) -> None:
    assert kind_of(before, after) is kind


def test_access_whose_time_was_over_was_taken_away_by_nobody__AUD_2_ENT_11() -> None:
    assert kind_of(PROCESSOR, None, by_time=True) is Kind.ACCESS_ENDED
    assert kind_of(PRIMARY, None, by_time=True) is Kind.MANAGER_REMOVED


def test_every_kind_has_words__AUD_2() -> None:
    assert set(TITLES) == set(Kind)
    assert len(set(TITLES.values())) == len(Kind)


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        ("mmartin5", "mmartin5"),
        ("user:mmartin5", "mmartin5"),
        ("support:support1", "support1"),
        ("system:demo", "system"),
        ("system", "system"),
        ("client:portal", "system"),
    ],
)
def test_who_made_the_change_is_a_user_id_or_the_system__AUD_2(actor: str, shown: str) -> None:
    assert changer(actor) == shown
