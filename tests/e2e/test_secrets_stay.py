"""No secret that was used is to be found afterwards: not in a database, not in the log (IDN-16, NTF-8)."""

from __future__ import annotations

import json
import re
import unicodedata

import httpx

from tests.e2e.traces import Cell, cells, databases
from tests.e2e.trail import BIRTH, Trail, people

MAILBOX = ("notify", "mailbox")


def test_databases_hold_no_secret__IDN_16(trail: Trail) -> None:
    stored = [cell for cell in cells(trail.data) if (cell.service, cell.table) != MAILBOX]
    assert len(stored) > 1000
    for name, secret in trail.secrets.items():
        for form in _forms(secret):
            assert [_where(cell) for cell in stored if form in cell.value] == [], name


def test_no_page_of_a_database_holds_a_secret__IDN_16(trail: Trail) -> None:
    for path in databases(trail.data).values():
        for file in path.parent.glob(f"{path.name}*"):
            content = file.read_bytes()
            for name, secret in trail.secrets.items():
                assert secret.encode() not in content, (file.name, name)


def test_databases_hold_no_code__NTF_8(trail: Trail) -> None:
    stored = [cell for cell in cells(trail.data) if (cell.service, cell.table) != MAILBOX]
    for code in trail.codes:
        alone = re.compile(rf"(?<![0-9A-Za-z._:-]){code}(?![0-9A-Za-z_-])")
        assert [_where(cell) for cell in stored if alone.search(cell.value)] == []


def test_identity_alone_knows_the_date_of_birth__REG_8(trail: Trail) -> None:
    assert {cell.service for cell in cells(trail.data) if BIRTH in cell.value} == {"identity"}


def test_the_log_tells_no_secret__IDN_16(trail: Trail) -> None:
    lines = [json.loads(line) for line in trail.log.splitlines()]
    assert any(line.get("event") == "request" for line in lines)
    for name, secret in trail.secrets.items():
        for form in _forms(secret):
            assert form not in trail.log, name
    for code in trail.codes:
        assert not re.search(rf"(?<![0-9A-Za-z.:-]){code}(?![0-9A-Za-z-])", trail.log)
    for own in (*trail.personal, BIRTH):
        assert own not in trail.log


def test_log_and_mails_show_four_digits_of_a_tin__IDN_16(trail: Trail) -> None:
    mails = [mail for person in people(trail) for mail in trail.deployment.mails(person.email)]
    mails += trail.deployment.mails("support@example.com")
    assert len({mail["notice"] for mail in mails}) >= 8
    shown = "\n".join(f"{mail['subject']}\n{mail['text']}\n{mail['html']}" for mail in mails)
    for tin in trail.tins:
        for form in (tin, f"{tin[:2]}-{tin[2:]}", f"{tin[:3]}-{tin[3:5]}-{tin[5:]}"):
            assert form not in shown
            assert form not in trail.log
    assert trail.tins[0][-4:] in shown


def test_no_mail_tells_what_is_not_its_own__NTF_8(trail: Trail) -> None:
    mails = httpx.get(trail.deployment.url("/dev/messages")).json()["items"]
    for mail in mails:
        text = f"{mail['subject']} {mail['text']} {mail['html']}"
        assert not [name for name, secret in trail.secrets.items() if secret in text]
        carries_code = mail["notice"] in {"confirm_email", "sign_in_code"}
        assert carries_code or not [code for code in trail.codes if re.search(rf"(?<!\d){code}(?!\d)", mail["text"])]


def _forms(secret: str) -> set[str]:
    """A secret as it was typed, and as it might be kept folded."""
    bare = "".join(letter for letter in unicodedata.normalize("NFD", secret) if not unicodedata.combining(letter))
    return {secret, json.dumps(secret)[1:-1], bare.casefold().replace(" ", "")}


def _where(cell: Cell) -> str:
    return f"{cell.service}.{cell.table}.{cell.column}"
