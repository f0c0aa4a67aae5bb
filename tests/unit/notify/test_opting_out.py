"""STOP, START and HELP by text message: what is heard, told and kept to (NTF-5)."""

from __future__ import annotations

from typing import Any

import pytest

from services.notify.application.hear_text import HearText, hear_text
from services.notify.application.outside import Mail, NumberOptedOutError
from services.notify.domain.events import NumberOptedIn, NumberOptedOut
from services.notify.domain.message import Reason, State
from services.notify.domain.notices import Channel
from services.notify.domain.numbers import Keyword, keyword_of
from tests.unit.notify.fakes import FakeMailer
from tests.unit.notify.world import SHORT_CODE, World

MARY = "+12125550187"


@pytest.fixture
def world() -> World:
    return World()


def text(world: World, words: str, *, text_id: str | None = None, **changes: Any) -> str | None:
    given = {"text_id": text_id or f"SM{len(world.store.numbers.heard)}", "number": MARY, "to": SHORT_CODE}
    return hear_text(HearText(text=words, **given | changes), world.work(), world.ports)


def turns(world: World) -> list[Any]:
    return [each for each in world.recorded if isinstance(each, NumberOptedOut | NumberOptedIn)]


@pytest.mark.parametrize(
    ("words", "keyword"),
    [
        *((word, Keyword.STOP) for word in ("STOP", "stop", " Stop. ", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END")),
        *((word, Keyword.STOP) for word in ("QUIT", "OPT-OUT", "REVOKE", "Alto", "¡ALTO!", "Parar", "baja")),
        *((word, Keyword.START) for word in ("START", "UNSTOP", "Yes", "opt in", "Iniciar")),
        *((word, Keyword.HELP) for word in ("HELP", "info", "Ayuda?")),
        *((word, None) for word in ("", "please don't stop", "482913", "STOP it", "СТОП", "stop stop")),
    ],
)
def test_the_standard_words_and_no_sentence_with_one__NTF_5(words: str, keyword: Keyword | None) -> None:
    assert keyword_of(words) is keyword


def test_stop_and_start_are_told_once_each__NTF_5(world: World) -> None:
    assert text(world, "STOP") is not None
    assert text(world, "QUIT") is not None
    assert text(world, "START") is not None
    assert text(world, "yes") is not None
    out, back = turns(world)
    assert isinstance(out, NumberOptedOut)
    assert isinstance(back, NumberOptedIn)
    assert (out.number, out.number_key, out.short_code) == (MARY, f"key-of-{MARY}", SHORT_CODE)


def test_what_comes_again_after_its_opposite_changes_nothing__NTF_5(world: World) -> None:
    text(world, "STOP", text_id="SM1")
    text(world, "START", text_id="SM2")
    assert text(world, "STOP", text_id="SM1") is not None
    assert len(turns(world)) == 2
    assert not world.store.numbers.for_update(MARY, SHORT_CODE).opted_out


def test_start_of_a_number_that_never_stopped_and_help_tell_nothing__NTF_5(world: World) -> None:
    assert text(world, "START") is not None
    assert text(world, "HELP") is not None
    assert turns(world) == []


@pytest.mark.parametrize("changes", [{"to": "55599"}, {"number": "55501"}, {"number": "STOP"}], ids=str)
def test_what_is_not_for_us_or_from_no_number_is_not_heard__NTF_5(world: World, changes: dict[str, str]) -> None:
    assert text(world, "STOP", **changes) is None
    assert turns(world) == []


def test_no_text_goes_out_to_a_number_that_opted_out__NTF_5(world: World) -> None:
    def refuse(mail: Mail) -> None:
        raise NumberOptedOutError(mail.to)

    mailer = FakeMailer(world.clock, trouble=refuse)
    world.ports.mailers[Channel.SMS] = mailer  # type: ignore[index] # a dict in this world
    world.ask_for_code(channel="sms", sealed=f"sealed:{MARY},123456")
    world.send_all()
    (message,) = world.messages
    assert (message.state, message.reason, message.sealed) == (State.FAILED, Reason.OPTED_OUT, None)
    (out,) = turns(world)
    assert (out.number, out.short_code) == (MARY, SHORT_CODE)


def test_what_the_provider_refused_before_a_start_opts_nobody_out__NTF_5(world: World) -> None:
    def dawdle(mail: Mail) -> None:
        world.clock.advance(seconds=1)
        text(world, "STOP")
        text(world, "START")
        raise NumberOptedOutError(mail.to)

    world.ports.mailers[Channel.SMS] = FakeMailer(world.clock, trouble=dawdle)  # type: ignore[index]
    world.ask_for_code(channel="sms", sealed=f"sealed:{MARY},123456")
    world.send_all()
    assert not world.store.numbers.for_update(MARY, SHORT_CODE).opted_out
    assert len(turns(world)) == 2
