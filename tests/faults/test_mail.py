"""The mail provider fails: what is to be told is told later; at most one mail is doubled, and logged (NTF-2)."""

from __future__ import annotations

import pytest

from chassis.testing.waiting import eventually
from tests.faults.stand import Stand

pytestmark = [pytest.mark.slow, pytest.mark.faults, pytest.mark.timeout(900)]


def test_while_it_is_down_mails_wait_and_each_leaves_once__NTF_2(stand: Stand) -> None:
    stand.deployment.post_office.stop()
    stand.registering("personmail1").result(600)
    eventually(lambda: _state(stand, "personmail1") == ("queued", "unavailable"), within=180)
    stand.deployment.post_office.start()
    assert stand.reckon().faults == []
    assert _arrivals(stand, "personmail1") == 1


def test_slower_than_its_time_limit_it_is_tried_again_and_each_double_is_logged__NTF_2(stand: Stand) -> None:
    stand.deployment.post_office.slowness = 4.0
    stand.registering("personmail2").result(600)
    eventually(lambda: _state(stand, "personmail2") == ("queued", "unavailable"), within=180)
    stand.deployment.post_office.slowness = 0.0
    assert stand.reckon().faults == []
    assert _arrivals(stand, "personmail2") == 1 + _lost_answers(stand, "personmail2") > 1


def test_where_its_answer_is_lost_the_mail_is_doubled_and_logged__NTF_2(stand: Stand) -> None:
    stand.deployment.post_office.mute = True
    stand.registering("personmail3").result(600)
    eventually(lambda: _state(stand, "personmail3") == ("queued", "unavailable"), within=180)
    stand.deployment.post_office.mute = False
    assert stand.reckon().faults == []
    assert _arrivals(stand, "personmail3") == 1 + _lost_answers(stand, "personmail3") > 1


_OF = "FROM message WHERE recipient = :recipient AND notice = 'confirm_email'"


def _message(stand: Stand, what: str, user_id: str) -> list[object]:
    rows = stand.rows("notify", f"SELECT {what} {_OF}", recipient=f"user:{user_id}")
    return [tuple(row) if len(row) > 1 else row[0] for row in rows]


def _state(stand: Stand, user_id: str) -> object:
    return next(iter(_message(stand, "state, reason", user_id)), None)


def _arrivals(stand: Stand, user_id: str) -> int:
    office = stand.deployment.post_office
    (mail,) = office.mails(f"{user_id}@example.com")
    return office.arrivals[mail["id"]]


def _lost_answers(stand: Stand, user_id: str) -> int:
    """How many attempts are logged of which nobody knows whether the mail had left."""
    (message_id,) = _message(stand, "id", user_id)
    log = dict(stand.deployment.logs())["work-notify"]
    return sum("mail_unavailable" in line and str(message_id) in line for line in log.splitlines())
