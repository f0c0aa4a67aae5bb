"""Mail over a real SMTP server: what arrives, and what its troubles become (NTF-2, NTF-3)."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.native.ports import free
from services.notify.adapters.smtp import Tls, compose
from services.notify.application.outside import Mail, MailRefusedError, MailTooLateError, MailUnavailableError
from services.notify.domain.notices import Channel
from tests.integration.notify.smtp_server import SENDER, Post, authenticate, certificate, mailer_at, serving


def mail(**changes: Any) -> Mail:
    given: dict[str, Any] = {
        "id": "0190",
        "message_id": "<0190@plan.example>",
        "notice": "refresh_reuse",
        "channel": Channel.EMAIL,
        "to": "mary@example.com",
        "subject": "Zoë asks – for access",
        "text": "Hola, Núñez\n\n" + "a long line " * 200,
        "html": "<!DOCTYPE html><p>Núñez</p>",
        "language": "es",
    }
    return Mail(**given | changes)


def test_a_mail_arrives_in_both_forms_with_its_headers__NTF_3() -> None:
    post = Post()
    with serving(post) as port, mailer_at(port) as mailer:
        mailer.send(mail())
    (arrived,) = post.arrived
    assert arrived["From"] == "Wardenry Health Plan <no-reply@plan.example>"
    assert arrived["To"] == "mary@example.com"
    assert arrived["Subject"] == "Zoë asks – for access"
    assert arrived["Message-ID"] == "<0190@plan.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Content-Language"] == "es"
    assert arrived["X-Wardenry-Notice"] == "refresh_reuse"
    assert abs(arrived["Date"].datetime - datetime.now(UTC)) < timedelta(minutes=1)
    assert arrived.get_content_type() == "multipart/alternative"
    plain, html = arrived.get_body(["plain"]), arrived.get_body(["html"])
    assert plain is not None
    assert html is not None
    assert plain.get_content().split("\r\n")[:3] == ["Hola, Núñez", "", "a long line " * 200]
    assert html.get_content().strip() == "<!DOCTYPE html><p>Núñez</p>"


def test_no_line_is_longer_than_smtp_allows__NTF_3() -> None:
    raw = compose(mail(html="<p>" + "x" * 5000), SENDER, datetime.now(UTC)).as_bytes()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998


@pytest.mark.parametrize("field", ["subject", "to", "message_id"])
def test_a_line_break_never_makes_a_header__NTF_3(field: str) -> None:
    post = Post()
    with serving(post) as port, mailer_at(port) as mailer, pytest.raises(MailRefusedError):
        mailer.send(mail(**{field: "Zoë\r\nBcc: all@example.com"}))
    assert post.arrived == []


def test_a_server_that_is_down_is_worth_another_try__NTF_2() -> None:
    (port,) = free(1)
    post = Post()
    with mailer_at(port) as mailer:
        with pytest.raises(MailUnavailableError):
            mailer.send(mail())
        with serving(post, port):
            mailer.send(mail())
        with pytest.raises(MailUnavailableError):
            mailer.send(mail())
        with serving(post, port):
            mailer.send(mail())
    assert len(post.arrived) == 2


def test_a_slow_server_is_waited_for_no_longer_than_set__NTF_2() -> None:
    with serving(Post(slow=5.0)) as port, mailer_at(port, timeout=0.3) as mailer:
        begun = time.monotonic()
        with pytest.raises(MailUnavailableError):
            mailer.send(mail())
        assert time.monotonic() - begun < 3


def test_a_refused_recipient_is_refused_alone__NTF_2() -> None:
    post = Post(refused={"gone@example.com"})
    with serving(post) as port, mailer_at(port) as mailer:
        with pytest.raises(MailRefusedError):
            mailer.send(mail(to="gone@example.com"))
        mailer.send(mail())
    assert [arrived["To"] for arrived in post.arrived] == ["mary@example.com"]


def test_a_greylisted_recipient_is_tried_again__NTF_2() -> None:
    post = Post(busy={"mary@example.com"})
    with serving(post) as port, mailer_at(port) as mailer, pytest.raises(MailUnavailableError):
        mailer.send(mail())


@pytest.mark.parametrize(
    ("answer", "error"),
    [("554 5.7.1 looks like spam", MailRefusedError), ("452 4.3.1 disk full", MailUnavailableError)],
)
def test_a_refused_content_is_for_good_unless_the_server_says_otherwise__NTF_2(
    answer: str, error: type[Exception]
) -> None:
    with serving(Post(data_answer=answer)) as port, mailer_at(port) as mailer, pytest.raises(error):
        mailer.send(mail())


def test_mails_in_a_row_share_a_connection__NTF_2() -> None:
    post = Post()
    with serving(post) as port, mailer_at(port) as mailer:
        for _ in range(3):
            mailer.send(mail())
    assert (len(post.arrived), post.connections) == (3, 1)


def test_what_has_expired_does_not_leave__NTF_2() -> None:
    post = Post()
    with serving(post) as port, mailer_at(port) as mailer:
        with pytest.raises(MailTooLateError):
            mailer.send(mail(not_after=datetime.now(UTC)))
        mailer.send(mail(not_after=datetime.now(UTC) + timedelta(minutes=1)))
    assert len(post.arrived) == 1


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")  # TLS from the first byte on
@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_mail_is_secured_and_signed_in__NTF_3(tmp_path: Path, tls: Tls) -> None:
    served, trusted = certificate(tmp_path)
    starttls = {"tls_context": served, "require_starttls": True, "auth_require_tls": True}
    implicit = {"ssl_context": served, "auth_require_tls": False}
    options: dict[str, Any] = starttls if tls is Tls.STARTTLS else implicit
    post = Post()
    with serving(post, authenticator=authenticate, auth_required=True, **options) as port:
        with mailer_at(port, tls, trust=trusted, user="wardenry", password="right") as mailer:
            mailer.send(mail())
        wrong = mailer_at(port, tls, trust=trusted, user="wardenry", password="wrong")
        with wrong as mailer, pytest.raises(MailUnavailableError):
            mailer.send(mail())
        with mailer_at(port, tls) as mailer, pytest.raises(MailUnavailableError):
            mailer.send(mail())  # nobody vouches for the certificate
    assert len(post.arrived) == 1


def test_without_tls_on_offer_nothing_is_sent_in_clear__NTF_3() -> None:
    post = Post()
    with serving(post) as port, mailer_at(port, Tls.STARTTLS) as mailer, pytest.raises(MailUnavailableError):
        mailer.send(mail())
    assert post.arrived == []
