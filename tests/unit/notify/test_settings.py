"""Notify does not start on settings with which it could not send, or would mislead."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chassis.security.sealing import make_recipient_key
from chassis.settings import SettingsError
from services.notify.settings import Settings, parse_private_keys, parse_sender

KEY = make_recipient_key()
GOOD = {
    "WARDENRY_NOTIFY_DATABASE_URL": "postgresql+psycopg://notify:b8a0d3@db.example/notify",
    "WARDENRY_ISSUER": "https://id.plan.example",
    "WARDENRY_NOTIFY_EDGE_SECRET": "0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c",
    "WARDENRY_SERVICE_SECRET": "00112233445566778899aabbccddeeff00112233",
    "WARDENRY_NOTIFY_SEALING_KEYS": "one:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
    "WARDENRY_NOTIFY_PRIVATE_KEYS": json.dumps(KEY.as_dict(private=True)),
    "WARDENRY_NOTIFY_SUPPORT_QUEUE": "Provider support <support@plan.example>",
    "WARDENRY_NOTIFY_PORTAL_URLS": "medical=https://med.plan.example, behavioral=https://beh.plan.example",
    "WARDENRY_NOTIFY_SENDER": "Plan <no-reply@plan.example>",
    "WARDENRY_NOTIFY_SMTP_HOST": "mail.plan.example",
    "WARDENRY_NOTIFY_SMS_ACCOUNT": "AC0123456789abcdef0123456789abcdef",
    "WARDENRY_NOTIFY_SMS_TOKEN": "fedcba9876543210fedcba9876543210",
    "WARDENRY_NOTIFY_SMS_SENDER": "55501",
}


def settings(**changes: str | None) -> Settings:
    named = {f"WARDENRY_NOTIFY_{name.upper()}": value for name, value in changes.items()}
    return Settings.from_environment({name: text for name, text in (GOOD | named).items() if text is not None})


def test_good_settings_are_read() -> None:
    read = settings()
    assert read.portal_urls["behavioral"] == "https://beh.plan.example"
    assert parse_sender(read.support_queue).addr_spec == "support@plan.example"
    assert parse_private_keys(read.private_keys)[0].kid == KEY.kid


def test_keys_can_be_changed_over__NTF_8() -> None:
    newer = make_recipient_key()
    both = json.dumps({"keys": [newer.as_dict(private=True), KEY.as_dict(private=True)]})
    assert [key.kid for key in parse_private_keys(settings(private_keys=both).private_keys)] == [newer.kid, KEY.kid]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"smtp_host": None}, "SMTP_HOST is missing"),
        ({"sms_token": None}, "go together"),
        ({"sms_sender": None}, "go together"),
        ({"sms_sender": "Plan"}, "SMS_SENDER"),
        ({"sms_url": "http://sms.example"}, "only on this very machine"),
        ({"smtp_tls": "none"}, "only towards this very machine"),
        ({"smtp_tls": "maybe"}, "SMTP_TLS"),
        ({"sender": None}, "SENDER is missing"),
        ({"sender": "nobody"}, "must be one address"),
        ({"support_queue": "a@b.example\r\nBcc: c@d.example"}, "must be one address"),
        ({"support_queue": None}, "SUPPORT_QUEUE is missing"),
        ({"support_phone": "8005550142"}, "six digits"),
        ({"plan_name": "Plan 123456"}, "six digits"),
        ({"private_keys": "{}"}, "X25519"),
        ({"private_keys": json.dumps(KEY.as_dict(private=False))}, "private ones alone"),
        ({"portal_urls": "behavioral=https://beh.plan.example"}, "default site"),
        ({"portal_urls": "medical=javascript:alert(1)"}, "PORTAL_URLS"),
    ],
)
def test_bad_settings_are_named__NTF_3(changes: dict[str, Any], complaint: str) -> None:
    with pytest.raises(SettingsError, match=complaint):
        settings(**changes)


def test_mail_in_clear_may_go_to_this_machine() -> None:
    assert settings(smtp_tls="none", smtp_host="127.0.0.1").smtp_tls == "none"


def test_the_local_mailbox_needs_no_server__OPS_1() -> None:
    assert settings(local_mailbox="true", smtp_host=None, sender=None).smtp_host is None


def test_text_messages_are_optional__NTF_3() -> None:
    assert settings(sms_account=None, sms_token=None, sms_sender=None).sms_account is None
    for sender in ("+12125550142", "MG0123456789abcdef0123456789abcdef"):
        assert settings(sms_sender=sender).sms_sender == sender
