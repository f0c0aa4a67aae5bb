"""Text messages over a provider's real interface: what arrives, and what its troubles become (NTF-2, NTF-3)."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notify.adapters.twilio import TwilioMailer
from services.notify.application.outside import Mail, MailRefusedError, MailTooLateError, MailUnavailableError
from services.notify.domain.notices import Channel
from tests.integration.notify.text_provider import TOKEN, Provider, serving

MARY = "+12125550187"


def text(**changes: Any) -> Mail:
    given: dict[str, Any] = {
        "id": "0190",
        "message_id": "<0190@plan.example>",
        "notice": "sign_in_code",
        "channel": Channel.SMS,
        "to": MARY,
        "subject": "",
        "text": "Plan: 482913 es su código & más.",
        "html": None,
        "language": "es",
    }
    return Mail(**given | changes)


@pytest.fixture
def provider() -> Iterator[Provider]:
    with serving(Provider()) as serves:
        yield serves


def test_a_text_arrives_from_the_short_code__NTF_3(provider: Provider) -> None:
    mailer = TwilioMailer(provider.account())
    mailer.send(text())
    mailer.rest()
    mailer.send(text(text="Another."))
    assert provider.arrived == [
        {"To": MARY, "Body": "Plan: 482913 es su código & más.", "From": "55501"},
        {"To": MARY, "Body": "Another.", "From": "55501"},
    ]


def test_a_messaging_service_is_named_as_such__NTF_3(provider: Provider) -> None:
    service = "MG0482913789abcdef0482913789abcdef"
    TwilioMailer(provider.account(sender=service)).send(text())
    (arrived,) = provider.arrived
    assert (arrived["MessagingServiceSid"], "From" in arrived) == (service, False)


@pytest.mark.parametrize("code", [21211, 21610, 21614])
def test_a_number_that_nothing_reaches_is_refused_for_good__NTF_2(provider: Provider, code: int) -> None:
    provider.refusals[MARY] = (400, {"code": code, "message": "…", "status": 400})
    with pytest.raises(MailRefusedError):
        TwilioMailer(provider.account()).send(text())


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, {"code": 21606}),  # the sender is not the account's: our own fault, which can be mended
        (429, {"code": 20429}),
        (500, b"<html>down</html>"),
        (503, b""),
        (400, b"[]"),
        (400, b"{" * 100_000),
        (302, b""),
    ],
    ids=str,
)
def test_whatever_else_is_wrong_is_worth_another_try__NTF_2(provider: Provider, status: int, told: object) -> None:
    provider.refusals[MARY] = (status, told)
    with pytest.raises(MailUnavailableError):
        TwilioMailer(provider.account()).send(text())


def test_a_wrong_token_is_told_in_no_log__IDN_16(provider: Provider, capsys: pytest.CaptureFixture[str]) -> None:
    account = provider.account(token="0" * 32)
    with pytest.raises(MailUnavailableError):
        TwilioMailer(account).send(text())
    shown = repr(account) + "".join(capsys.readouterr())
    assert not [secret for secret in ("0" * 32, TOKEN, MARY, "482913") if secret in shown]


def test_a_provider_that_is_down_or_dawdles_holds_up_nobody__NTF_2(provider: Provider) -> None:
    provider.slow = 2.0
    begun = time.monotonic()
    with pytest.raises(MailUnavailableError):
        TwilioMailer(provider.account(timeout=0.3)).send(text())
    assert time.monotonic() - begun < 1.8
    provider.port = 1
    with pytest.raises(MailUnavailableError):
        TwilioMailer(provider.account()).send(text())


def test_an_expired_code_never_leaves__NTF_2(provider: Provider) -> None:
    now = datetime.now(UTC)
    mailer = TwilioMailer(provider.account(), now=lambda: now)
    with pytest.raises(MailTooLateError):
        mailer.send(text(not_after=now))
    mailer.send(text(not_after=now + timedelta(seconds=1)))
    assert len(provider.arrived) == 1
