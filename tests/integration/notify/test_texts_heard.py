"""What people text to the plan's number, over HTTP as the provider tells of it (NTF-5)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from werkzeug.test import TestResponse

from chassis.db.tables import outbox
from services.notify.adapters.tables import message
from tests.integration.notify.world import PATH, World

TOKEN = "5ca1ab1e0ddba11c0ffee5ca1ab1e0dd"
URL = "https://texts.plan.example/api/notify/v1/sms/inbound"
MARY = "+12125550187"
EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@pytest.fixture
def world(url: str) -> Iterator[World]:
    made = World(
        url, sms_account="AC" + "0" * 32, sms_token=TOKEN, sms_sender="55501", sms_inbound_url=URL, local_mailbox=True
    )
    yield made
    made.service.engine.dispose()


def form(text: str, text_id: str = "SM1", **changes: str) -> dict[str, str]:
    return {"MessageSid": text_id, "From": MARY, "To": "55501", "Body": text, "NumSegments": "1"} | changes


def signed(given: Mapping[str, str], url: str = URL, token: str = TOKEN) -> str:
    told = url + "".join(f"{name}{value}" for name, value in sorted(given.items()))
    return base64.b64encode(hmac.new(token.encode(), told.encode(), hashlib.sha1).digest()).decode()


def tell(world: World, given: Mapping[str, str], signature: str | None = None, **headers: str) -> TestResponse:
    headers = {"X-Twilio-Signature": signed(given) if signature is None else signature, **headers}
    return world.service.app.test_client().post(f"{PATH}/sms/inbound", data=given, headers=headers)


def turns(world: World) -> list[tuple[str, int, Any]]:
    rows = [row for row in world.rows(outbox) if row.type.startswith("notify.number.")]
    return [(row.type.split(".")[2], row.sequence, row.data) for row in sorted(rows, key=lambda row: row.sequence)]


def test_stop_start_and_help_are_answered_and_told__NTF_5(world: World) -> None:
    stopped = tell(world, form("Stop"))
    assert (stopped.status_code, stopped.mimetype) == (200, "text/xml")
    assert "<Message>Wardenry Health Plan: you get no more texts" in stopped.text
    assert "Text STOP to end them." in tell(world, form("help", "SM2")).text
    assert "you get texts from this number again" in tell(world, form("START", "SM3")).text
    assert tell(world, form("Hello?", "SM4")).text == EMPTY
    (out, first, told), (back, second, _) = turns(world)
    assert (out, first, back, second) == ("opted_out", 1, "opted_in", 2)
    assert told["person"] == {"mobile": MARY}
    assert told["short_code"] == "55501"


def test_what_the_provider_answered_itself_is_heard_and_not_answered_twice__NTF_5(world: World) -> None:
    assert tell(world, form("STOP", OptOutType="STOP")).text == EMPTY
    assert [turn[0] for turn in turns(world)] == ["opted_out"]


def test_nothing_unsigned_or_signed_otherwise_is_heard__NTF_5(world: World) -> None:
    given = form("STOP")
    forged = ["", "AAAA", signed(given, token="0" * 32), signed(given, url="http://localhost/"), signed(form("START"))]
    for signature in forged:
        refused = tell(world, given, signature, Host="texts.plan.example")
        assert (refused.status_code, refused.get_json()["code"]) == (403, "signature_wrong")
    assert tell(world, {"Body": "STOP"}).get_json()["errors"][0]["pointer"] == "/MessageSid"
    as_json = world.service.app.test_client().post(f"{PATH}/sms/inbound", json=given)
    assert as_json.status_code == 403
    assert turns(world) == []


def test_where_no_texts_are_sent_none_come_in__NTF_5(url: str) -> None:
    world = World(url)
    assert tell(world, form("STOP")).status_code == 404
    world.service.engine.dispose()


def test_two_at_once_count_as_one__NTF_5(world: World) -> None:
    given = [form("STOP", f"SM{number % 3}") for number in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda each: tell(world, each), given))
    assert {answer.status_code for answer in answers} == {200}
    assert [turn[0] for turn in turns(world)] == ["opted_out"]


def test_a_code_is_texted_answered_with_stop_and_not_texted_again__NTF_5(world: World) -> None:
    world.hear(world.account("mary", language="es"))
    contact = {"user_id": "mary", "contact_id": "c1", "kind": "mobile", "person": {"value": MARY}}
    world.hear(world.event("identity.contact.verified.v1", "account/mary", contact))
    world.hear(world.code("mary", "482913", channel="sms", to=MARY))
    world.send()
    (texted,) = world.mails(channel="sms")
    assert (texted["to"], "482913" in texted["text"]) == (MARY, True)
    page = world.call("GET", "/dev/mailbox")
    assert page.text.count('name="text"') == 3
    path = f"/dev/mailbox/{texted['id']}/answer"
    client = world.service.app.test_client()
    elsewhere = client.post(path, data={"text": "STOP"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert elsewhere.status_code == 403
    answered = client.post(path, data={"text": "STOP"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answered.status_code, answered.headers["Location"]) == (303, "/dev/mailbox?to=%2B12125550187")
    answer, _ = world.mails(to=MARY)
    assert (answer["notice"], answer["text"][:37]) == ("sms_answer", "Wardenry Health Plan: no recibirá más")
    world.hear(world.code("mary", "593024", channel="sms", to=MARY))
    world.send()
    assert len(world.mails(to=MARY)) == 2
    assert [(row.state, row.reason, row.sealed) for row in world.rows(message)][-1] == ("failed", "opted_out", None)
    client.post(path, data={"text": "START"})
    world.hear(world.code("mary", "604135", channel="sms", to=MARY))
    world.send()
    assert "604135" in world.mails(to=MARY)[0]["text"]
