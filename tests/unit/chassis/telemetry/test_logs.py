"""Logs are JSON with the correlation ID, and let no secret out (OPS-5, IDN-16)."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from chassis.telemetry.logs import configure_logs
from chassis.telemetry.redaction import HIDDEN, names_secret, redacted_text


class Written(io.StringIO):
    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = Written()
    configure_logs(service="sample", stream=stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def test_both_kinds_of_logging_give_the_same_lines__OPS_5(written: Written) -> None:
    with structlog.contextvars.bound_contextvars(correlation_id="c-1"):
        structlog.get_logger("a").info("happened", rows=5)
        logging.getLogger("b").warning("took %s s", 7, extra={"rows": 6})
    one, other = written.lines
    assert (one["event"], one["rows"], one["level"], one["logger"]) == ("happened", 5, "info", "a")
    assert (other["event"], other["rows"], other["level"], other["logger"]) == ("took 7 s", 6, "warning", "b")
    for line in (one, other):
        assert (line["service"], line["correlation_id"]) == ("sample", "c-1")
        assert line["timestamp"].endswith("Z")


def test_an_exception_is_one_line_with_its_stack(written: Written) -> None:
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        logging.getLogger("a").exception("failed")
    (line,) = written.lines
    assert "RuntimeError: broken" in line["exception"]


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\x0b"])
def test_what_people_typed_adds_no_line__IDN_16(written: Written, breaks: str) -> None:
    typed = f'Zoë{breaks}{{"event": "made up"}}'
    structlog.get_logger("a").info("happened", name=typed)
    logging.getLogger("b").warning("took %s", typed)
    one, other = written.lines
    assert (one["event"], one["name"]) == ("happened", typed)
    assert other["event"] == f"took {typed}"


@pytest.mark.parametrize(
    "name",
    [
        *("password", "new_password", "code", "access_token", "refresh-token", "security_answers", "Authorization"),
        *("Set-Cookie", "challengeSecret", "sealed", "temporary_password", "edge_secret", "otpauth_uri", "newPassword"),
    ],
)
def test_fields_of_secrets_are_hidden__IDN_16(written: Written, name: str) -> None:
    structlog.get_logger().info("x", **{name: "hunter2"})
    logging.getLogger().info("x", extra={"inner": {name: ["hunter2"]}})
    assert "hunter2" not in written.getvalue()
    assert written.lines[0][name] == HIDDEN


@pytest.mark.parametrize("name", ["status_code", "encoded", "event", "user_id", "rows", "monkey", "reason", "route"])
def test_other_fields_are_not(name: str) -> None:
    assert not names_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hunter2hunter2",
        "got eyJhbGciOiJFZERTQSJ9.hunter2.hunter2",
        "postgresql://app:hunter2@db/x failed",
        'body {"password": "hunter2"}',
        "password=hunter2, x=1",
        "INSERT failed\n[SQL: INSERT ...]\n[parameters: {'a': 'hunter2'}]\n(Background ...)",
        "duplicate key\nDETAIL:  Key (email)=(hunter2) already exists.",
        "code: hunter2",
    ],
)
def test_texts_are_freed_of_secrets__IDN_16(written: Written, text: str) -> None:
    logging.getLogger().info("%s", text)
    logging.getLogger().info("x", extra={"note": text, "more": [text]})
    assert "hunter2" not in written.getvalue()


def test_a_secret_in_an_exception_is_hidden_too__IDN_16(written: Written) -> None:
    try:
        raise RuntimeError("password=hunter2")
    except RuntimeError:
        structlog.get_logger().exception("failed")
    assert "hunter2" not in written.lines[0]["exception"]
    assert "RuntimeError" in written.lines[0]["exception"]


def test_tins_show_their_last_four_digits__IDN_16(written: Written) -> None:
    structlog.get_logger().info("x", tin="123456789", tins=[223344556], subject="practice/987654321", note="12-3456789")
    (line,) = written.lines
    assert (line["tin"], line["tins"], line["subject"]) == ("*****6789", ["*****4556"], "practice/*****4321")
    assert "3456789" not in line["note"]


def test_other_numbers_stay() -> None:
    for text in ("2026-03-02T09:30:00.123456Z", "0199aaaa-0000-7000-8000-000000000000", "1234567890", "0.123456789"):
        assert redacted_text(text) == text
