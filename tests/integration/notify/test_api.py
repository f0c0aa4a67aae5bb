"""One's own messages over HTTP, and everybody's mail in embedded mode alone (`api.md`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from chassis.kernel.ids import new_id
from tests.integration.notify.world import PATH, World


def messages(world: World, user_id: str, **query: Any) -> dict[str, Any]:
    answer = world.call("GET", f"{PATH}/me/messages", user_id, query_string=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.get_json()
    return body


def test_ones_own_messages_newest_first_with_a_count__NTF_3(world: World) -> None:
    world.hear(world.account("mary"), world.account("george"))
    world.hear(world.request("r1", ["mary", "george"]))
    world.hear(world.reuse("mary"))
    body = messages(world, "mary")
    assert [item["notice"] for item in body["items"]] == ["refresh_reuse", "request_awaiting"]
    assert (body["unread"], body["next"]) == (2, None)
    newest = body["items"][0]
    assert set(newest) == {"id", "notice", "subject", "text", "at", "read"}
    assert str(UUID(newest["id"])) == newest["id"]
    assert newest["at"].endswith("Z")
    assert newest["read"] is False
    assert len(messages(world, "george")["items"]) == 1
    assert messages(world, "nobody")["items"] == []


def test_messages_are_read_page_by_page__NTF_3(world: World) -> None:
    world.hear(world.account("mary"), *(world.reuse("mary") for _ in range(5)))
    seen, cursor = [], None
    while True:
        body = messages(world, "mary", limit=2, **({"cursor": cursor} if cursor else {}))
        seen += [item["id"] for item in body["items"]]
        cursor = body["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


def test_marking_as_read_is_for_ones_own_messages_and_once__NTF_3(world: World) -> None:
    world.hear(world.account("mary"), world.reuse("mary"))
    (item,) = messages(world, "mary")["items"]
    path = f"{PATH}/me/messages/{item['id']}/read"
    assert world.call("POST", path, "george").status_code == 404
    assert messages(world, "mary")["unread"] == 1
    for _ in range(2):
        answer = world.call("POST", path, "mary")
        assert (answer.status_code, answer.data) == (204, b"")
    body = messages(world, "mary")
    assert (body["unread"], body["items"][0]["read"]) == (0, True)
    assert world.call("POST", f"{PATH}/me/messages/{new_id()}/read", "mary").status_code == 404
    assert world.call("POST", f"{PATH}/me/messages/nonsense/read", "mary").status_code == 404


def test_nobody_reads_without_signing_in__NTF_3(world: World) -> None:
    assert world.call("GET", f"{PATH}/me/messages").status_code == 401
    assert world.call("POST", f"{PATH}/me/messages/{new_id()}/read").status_code == 401


def test_the_mailbox_is_filtered_exactly_newest_first__OPS_1(world: World) -> None:
    world.hear(world.account("mary"), world.account("mary2"), world.request("r1", ["mary", "mary2"]))
    world.send()
    world.hear(world.code("mary", "483920"))
    world.send()
    assert [mail["notice"] for mail in world.mails(to="mary@example.com")] == ["sign_in_code", "request_awaiting"]
    assert world.mails(to="MARY@example.com") == world.mails(to="mary@example") == world.mails(channel="sms") == []
    assert len(world.mails()) == len(world.mails(channel="email")) == 3
    newest = world.mails()[0]
    assert set(newest) == {"id", "notice", "channel", "to", "subject", "text", "html", "sent_at"}
    assert newest["sent_at"].endswith("Z")
    assert newest["html"].startswith("<!DOCTYPE html>")


def test_a_name_with_line_breaks_adds_no_line__NTF_3(world: World) -> None:
    world.hear(world.account("mary"), world.request("r1", ["mary"]))
    world.send()
    (mail,) = world.mails()
    assert mail["subject"] == "Zoë Bcc: all@example.com Smith asks for access to State Medical Center"
    assert not any(line.startswith("Bcc") for line in mail["text"].splitlines())


def test_the_mailbox_page_is_readable_and_runs_nothing__OPS_1(world: World) -> None:
    world.hear(world.account("mary"), world.account("george"), world.request("r1", ["mary", "george"]))
    world.send()
    page = world.call("GET", "/dev/mailbox")
    assert page.status_code == 200
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy
    assert page.text.count("<article>") == 2
    assert "<script" not in page.text
    assert " style=" not in page.text
    narrowed = world.call("GET", "/dev/mailbox", query_string={"to": "mary@example.com"})
    assert narrowed.text.count("<article>") == 1
    style = world.call("GET", "/dev/static/mailbox.css")
    assert (style.status_code, style.mimetype) == (200, "text/css")


def test_a_mails_html_is_shown_in_a_box_of_its_own__OPS_1(world: World) -> None:
    world.hear(world.account("mary"), world.reuse("mary"))
    world.send()
    (mail,) = world.mails()
    shown = world.call("GET", f"/dev/mailbox/{mail['id']}")
    assert shown.status_code == 200
    assert shown.text == mail["html"]
    policy = shown.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert world.call("GET", f"/dev/mailbox/{new_id()}").status_code == 404


@pytest.mark.parametrize("path", ["/dev/messages", "/dev/mailbox", "/dev/static/mailbox.css"])
def test_outside_of_embedded_mode_there_is_no_mailbox__OPS_1(url: str, path: str) -> None:
    world = World(url, local_mailbox=False, smtp_host="mail.plan.example", sender="Plan <no-reply@plan.example>")
    answer = world.call("GET", path)
    assert answer.status_code == 404
    assert answer.mimetype == "application/problem+json"
    world.service.engine.dispose()
