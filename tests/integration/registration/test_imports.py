"""Adding people from a file, with the real rule engine behind it, on both databases (REG-16, GO-2)."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from services.registration.application import run_import
from tests.integration.entitlements.world import OURS, THEIRS
from tests.integration.entitlements.world import World as Entitlements
from tests.integration.registration.practices_with_imports import (
    MARY,
    SALLY,
    SECONDARY,
    Practices,
    credentials,
    told,
    wrong,
)
from tests.integration.registration.test_races import at_once
from tests.unit.registration.people_files import csv_file, row, xlsx_file

FINISHED = "registration.import.finished.v1"


@pytest.fixture(scope="module")
def entitlements(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entitlements]:
    made = Entitlements(f"sqlite:///{tmp_path_factory.mktemp('imports') / 'entitlements.sqlite'}")
    made.practice(OURS, "State Medical Center", "medical", "behavioral")
    made.practice(THEIRS, "OGYAM GEORGE Y MD", "medical")
    for user_id in (MARY, SECONDARY, SALLY):
        made.account(user_id)
    made.give(MARY, "primary")
    made.give(MARY, "primary", line="behavioral")
    made.give(MARY, "primary", tin=THEIRS)
    made.give(SECONDARY, "secondary", "patient_coverage", "claim_status")
    made.give(SALLY, "processor", "patient_coverage")
    yield made
    made.service.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def practices(request: pytest.FixtureRequest, tmp_path: Path, entitlements: Entitlements) -> Iterator[Practices]:
    on_sqlite = request.param == "sqlite"
    url = f"sqlite:///{tmp_path / 'registration.sqlite'}" if on_sqlite else request.getfixturevalue("database")
    made = Practices(url, entitlements)
    yield made
    made.service.engine.dispose()


@pytest.fixture
def practice(tmp_path: Path, entitlements: Entitlements) -> Iterator[Practices]:
    """For what no database does differently."""
    made = Practices(f"sqlite:///{tmp_path / 'registration.sqlite'}", entitlements)
    yield made
    made.service.engine.dispose()


def people(count: int, **other: object) -> list[dict[str, Any]]:
    return [row(number, **other) for number in range(count)]


def test_a_file_becomes_invitations_with_credentials_shown_once__REG_16(practices: Practices) -> None:
    file = xlsx_file(row(1), row(1, line="behavioral"), row(2, tin=THEIRS, level="secondary", until="2099-12-31"))
    uploaded = practices.upload(file)
    assert uploaded.status_code == 201
    assert {name: told(uploaded)[name] for name in ("state", "rows", "people", "done", "errors")} == {
        "state": "ready",
        "rows": 3,
        "people": 2,
        "done": 0,
        "errors": [],
    }
    import_id = told(uploaded)["id"]
    assert practices.invited() == []
    confirmed = practices.do(import_id, "confirm")
    assert (confirmed.status_code, told(confirmed)["state"]) == (202, "running")
    practices.carry_out()
    done = told(practices.get(f"/imports/{import_id}", MARY))
    assert (done["state"], done["done"]) == ("done", 3)

    first, second = practices.invited()
    assert first["person"]["email"] == "ada1@example.com"
    assert [(each["tin"], each["line"], each["level"]) for each in first["access"]] == [
        (OURS, "medical", "processor"),
        (OURS, "behavioral", "processor"),
    ]
    assert second["access"][0]["until"].startswith("2100-01-01T05:00:00")
    assert practices.published(FINISHED)[0] | {"finished_at": ""} == {
        "import_id": import_id,
        "uploaded_by": MARY,
        "outcome": "done",
        "rows": 3,
        "people": 2,
        "wrong": 0,
        "finished_at": "",
    }

    shown = practices.do(import_id, "credentials", key="once")
    rows = credentials(shown)
    assert [each["email"] for each in rows] == ["ada1@example.com", "ada2@example.com"]
    assert {len(each["temporary_password"]) for each in rows} == {10}
    assert [each["temporary_id"] for each in rows] == [each["temporary_id"] for each in practices.invited()]
    assert practices.do(import_id, "credentials", key="once").data == shown.data
    again = practices.do(import_id, "credentials")
    assert (again.status_code, told(again)["code"]) == (409, "already_shown")
    if practices.service.engine.dialect.name == "sqlite":
        assert rows[0]["temporary_password"] not in practices.everything_kept()
    typed = {"temporary_id": rows[0]["temporary_id"], "temporary_password": rows[0]["temporary_password"]}
    assert practices.post("/invitations/redeem", typed).status_code == 200


def test_nothing_is_done_where_a_row_is_wrong__REG_16(practices: Practices) -> None:
    uploaded = practices.upload(csv_file(row(1), row(2, email="ada"), row(3, tin="1")))
    assert (uploaded.status_code, told(uploaded)["state"]) == (201, "refused")
    assert wrong(uploaded) == [(3, "email", "email_invalid"), (4, "tin", "tin_invalid")]
    refused = practices.do(told(uploaded)["id"], "confirm")
    assert (refused.status_code, told(refused)["code"]) == (409, "import_refused")
    practices.carry_out()
    assert practices.invited() == []


def test_nobody_gives_more_by_a_file_than_by_a_form__GO_2(practice: Practices) -> None:
    rows = (
        row(1, functions="patient_coverage;fee_schedule"),
        row(2, level="secondary", functions=""),
        row(3, tin=THEIRS),
        row(4, functions="claim_status"),
    )
    assert wrong(practice.upload(csv_file(*rows), SECONDARY)) == [
        (2, "functions", "not_yours_to_give"),
        (3, "level", "not_yours_to_give"),
        (4, "level", "not_yours_to_give"),
        (4, "functions", "not_yours_to_give"),
        (4, "functions", "not_yours_to_give"),
    ]
    assert {code for _, _, code in wrong(practice.upload(csv_file(row(1)), SALLY))} == {"not_yours_to_give"}


def test_what_nobody_could_wish_is_told_by_row__REG_16(practice: Practices) -> None:
    rows = (
        row(1, functions="patient_coverage;no_such"),
        row(2, tin=THEIRS),
        row(2, until="2020-01-01"),
        row(3, functions="precert_submit", line="behavioral"),
        row(4, level="auditor", functions="claim_status"),
    )
    assert wrong(practice.upload(csv_file(*rows))) == [
        (2, "functions", "function_unknown"),
        (4, "until", "until_past"),
        (5, "functions", "function_not_in_line"),
        (6, "functions", "function_not_in_level"),
    ]


def test_power_lost_meanwhile_stops_all_of_it__GO_2(practices: Practices) -> None:
    entitlements = practices.deciding
    giver = f"giver-{practices.service.engine.dialect.name}"
    entitlements.account(giver)
    entitlements.give(giver, "primary", tin=THEIRS)
    import_id = told(practices.upload(csv_file(*people(3, tin=THEIRS)), giver))["id"]
    assert practices.do(import_id, "confirm", giver).status_code == 202
    removed = entitlements.put(MARY, giver, {"tin": THEIRS, "line": "medical", "level": None, "functions": []})
    assert removed.status_code == 200, removed.text
    practices.carry_out()
    ended = practices.get(f"/imports/{import_id}", giver)
    assert (told(ended)["state"], told(ended)["done"]) == ("failed", 0)
    assert {(each, code) for each, _, code in wrong(ended)} == {(each, "not_yours_to_give") for each in (2, 3, 4)}
    assert practices.invited() == []
    assert practices.published(FINISHED)[0]["outcome"] == "failed"


def test_an_import_is_its_uploaders_alone__REG_16(practice: Practices) -> None:
    import_id = told(practice.upload(csv_file(row(1))))["id"]
    assert practice.get(f"/imports/{import_id}", SECONDARY).status_code == 404
    assert practice.get(f"/imports/{import_id}/result.xlsx", SECONDARY).status_code == 404
    for what in ("confirm", "credentials"):
        assert practice.do(import_id, what, SECONDARY).status_code == 404
    assert told(practice.get("/imports", SECONDARY))["items"] == []
    (listed,) = told(practice.get("/imports", MARY))["items"]
    assert (listed["id"], listed["state"]) == (import_id, "ready")


def test_one_upload_many_times_is_one_import__REG_16(practices: Practices) -> None:
    answers = at_once(lambda _: practices.upload(csv_file(row(1)), key="the-same").text)
    assert len(set(answers)) == 1
    assert len(told(practices.get("/imports", MARY))["items"]) == 1


def test_confirmed_by_many_at_once_invites_once__REG_16(practices: Practices) -> None:
    import_id = told(practices.upload(csv_file(*people(5))))["id"]
    assert set(at_once(lambda _: practices.do(import_id, "confirm").status_code)) == {202}
    at_once(lambda _: practices.carry_out())
    practices.carry_out()
    assert len(practices.invited()) == 5
    assert len(practices.published(FINISHED)) == 1
    assert told(practices.do(import_id, "confirm"))["state"] == "done"


def test_credentials_by_many_at_once_are_shown_to_one__REG_16(practices: Practices) -> None:
    import_id = practices.imported(csv_file(*people(3)))
    answers = at_once(lambda _: practices.do(import_id, "credentials"))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * (len(answers) - 1)  # type: ignore[attr-defined]


def test_cut_off_anywhere_it_goes_on_without_doubling_anybody__REG_16(
    practices: Practices, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "PEOPLE_AT_ONCE", 2)
    import_id = told(practices.upload(csv_file(*people(5)), dry_run="false"))["id"]
    (errand,) = (errand for errand in practices.service.errands if errand.name == "imports")
    seen = []
    for step in range(8):
        with pytest.MonkeyPatch.context() as cut_off:
            cut_off.setattr("chassis.db.work.SqlUnitOfWork._write_out", _cut)
            cut_off.setattr("services.registration.adapters.imports.SqlImports.save", _cut)
            with pytest.raises(ConnectionError):
                errand.step()
        assert practices.invited() == [], step
        errand.step()
        seen.append(told(practices.get(f"/imports/{import_id}", MARY))["done"])
        if practices.invited():
            break
    assert seen == [2, 4, 5, 5]
    practices.carry_out()
    assert len(practices.invited()) == len({each["temporary_id"] for each in practices.invited()}) == 5


def _cut(*_: object) -> None:
    raise ConnectionError("cut off")


def test_it_waits_while_entitlements_is_away_and_goes_on_then__REG_16(practices: Practices) -> None:
    import_id = told(practices.upload(csv_file(row(1)), dry_run="false"))["id"]
    practices.gate.is_open = False
    with pytest.raises(Exception, match="cannot be looked up"):
        practices.carry_out()
    assert told(practices.get(f"/imports/{import_id}", MARY))["state"] == "running"
    assert practices.upload(csv_file(row(2))).status_code == 503
    practices.gate.is_open = True
    practices.carry_out()
    assert len(practices.invited()) == 1


def test_one_import_that_cannot_go_on_holds_up_no_other__REG_16(practice: Practices) -> None:
    first, second = (told(practice.upload(csv_file(row(each)), dry_run="false"))["id"] for each in (1, 2))
    with practice.service.engine.begin() as connection:
        broken = text("UPDATE import_person SET access = '?' WHERE import_id = :id")
        connection.execute(broken, {"id": first.replace("-", "")})
    (errand,) = (errand for errand in practice.service.errands if errand.name == "imports")
    for _ in range(8):
        try:
            errand.step()
        except ValueError:
            continue
    assert told(practice.get(f"/imports/{second}", MARY))["state"] == "done"
    assert told(practice.get(f"/imports/{first}", MARY))["state"] == "running"


def test_an_invitation_that_was_dealt_with_meanwhile_keeps_what_it_has__REG_16(practice: Practices) -> None:
    import_id = practice.imported(csv_file(*people(3)))
    ids = [each["id"] for each in told(practice.get("/invitations", MARY))["items"]]
    assert (
        practice.post(f"/invitations/{ids[0]}/revoke", None, Authorization=f"Bearer {practice.token(MARY)}").status_code
        < 300
    )
    renewed = practice.post(f"/invitations/{ids[1]}/renew", None, Authorization=f"Bearer {practice.token(MARY)}")
    assert renewed.status_code < 300, renewed.text
    rows = credentials(practice.do(import_id, "credentials"))
    assert sorted(len(each["temporary_password"]) for each in rows) == [0, 0, 10]


def test_the_template_is_filled_in_and_taken__REG_16(practice: Practices) -> None:
    template = practice.get("/imports/template.xlsx", MARY)
    assert template.status_code == 200
    book = load_workbook(io.BytesIO(template.data))
    codes = [cells[1] for cells in book["Codes"].iter_rows(min_row=2, values_only=True) if cells[0] == "functions"]
    assert "patient_coverage" in codes
    sheet = book.worksheets[0]
    columns = [cell.value for cell in sheet[1]]
    for place, column in enumerate(columns, 1):
        sheet.cell(2, place, str(row(1).get(str(column), "")) or None)
    filled = io.BytesIO()
    book.save(filled)
    assert told(practice.upload(filled.getvalue()))["state"] == "ready"


def test_the_result_tells_what_became_of_each__REG_16(practice: Practices) -> None:
    import_id = practice.imported(csv_file(row(1), row(2, first_name="-Ada"), row(1, line="behavioral")))
    sheet = load_workbook(io.BytesIO(practice.get(f"/imports/{import_id}/result.xlsx", MARY).data)).worksheets[0]
    header, *rows = sheet.iter_rows(values_only=True)
    found = [dict(zip(header, cells, strict=True)) for cells in rows]
    assert [(each["rows"], each["first_name"], each["state"]) for each in found] == [
        ("2, 4", "Ada", "open"),
        ("3", "-Ada", "open"),
    ]
    refused = told(practice.upload(csv_file(row(1, tin="1"))))["id"]
    errors = load_workbook(io.BytesIO(practice.get(f"/imports/{refused}/result.xlsx", MARY).data)).worksheets[0]
    assert [cell.value for cell in errors[2]][:3] == [2, "tin", "tin_invalid"]


def test_no_cell_of_the_credentials_acts_as_a_formula__REG_16(practice: Practices) -> None:
    import_id = practice.imported(csv_file(row(1, first_name="-Ada")))
    assert credentials(practice.do(import_id, "credentials"))[0]["first_name"] == "'-Ada"


def test_files_of_people_are_not_kept_for_long__REG_16(practices: Practices) -> None:
    jobs = practices.service.jobs
    assert jobs is not None
    looked_at = told(practices.upload(csv_file(row(1))))["id"]
    done = practices.imported(csv_file(row(2)))
    assert jobs.run("import-clearing") == 0
    practices.clock.advance(hours=25)
    assert jobs.forecast("import-clearing") == 1
    assert jobs.run("import-clearing") == 1
    assert practices.get(f"/imports/{looked_at}", MARY).status_code == 404
    assert told(practices.get(f"/imports/{done}", MARY))["state"] == "done"
    practices.clock.advance(hours=24 * 30)
    assert jobs.run("import-clearing") == 1
    assert len(practices.invited()) == 1


@pytest.mark.parametrize(
    ("file", "code"),
    [
        (b"", "rows_missing"),
        (b"PK\x03\x04", "not_a_workbook"),
        (csv_file(row(1), encoding="utf-16"), "not_utf8"),
    ],
)
def test_files_that_cannot_be_taken_are_refused_whole__REG_16(practice: Practices, file: bytes, code: str) -> None:
    refused = practice.upload(file)
    assert refused.status_code == 422
    assert refused.mimetype == "application/problem+json"
    problem = told(refused)
    assert [(each["pointer"], each["code"]) for each in problem["errors"]] == [("/file", code)]
    assert told(practice.get("/imports", MARY))["items"] == []


def test_files_that_are_too_large_are_not_even_read__REG_16(practice: Practices) -> None:
    headers = {"Authorization": f"Bearer {practice.token(MARY)}"}
    told_of = {"CONTENT_LENGTH": str(5 * 1024 * 1024), "CONTENT_TYPE": "multipart/form-data; boundary=x"}
    client = practice.service.app.test_client()
    refused = client.post("/api/registration/v1/imports", headers=headers, environ_overrides=told_of)
    assert (refused.status_code, told(refused)["code"]) == (413, "too_large")
