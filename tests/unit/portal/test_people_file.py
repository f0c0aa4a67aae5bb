"""Adding users from a file: what the pages send, and what they say (REG-16)."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from werkzeug.test import TestResponse

from services.portal.api.access.people_file import FILE_SIZE, SHOWN
from services.portal.application.errors import FieldFault, ProblemError
from tests.unit.portal.imports import IMPORT, IMPORTS, importing
from tests.unit.portal.practices import everybody
from tests.unit.portal.world import World

PAGE = "/users/add/file"
FILE = b"first_name,last_name"


def upload(world: World, content: bytes = FILE, name: str = "people.csv") -> TestResponse:
    world.get(PAGE)
    return world.post(PAGE, {"file": (io.BytesIO(content), name)})


def shown(world: World) -> str:
    """The address of the upload."""
    found = re.search(f'href="({PAGE}/[^"/.]+)"', world.get(PAGE).text)
    assert found
    return found[1]


def test_a_file_is_only_looked_at__REG_16(world: World) -> None:
    importing(world).sign_in()
    answer = upload(world)
    assert answer.status_code == 303
    (call,) = world.api.made("POST", IMPORTS)
    assert call.body == (("people.csv", FILE, "application/octet-stream"), {"dry_run": "true"})
    page = world.get(answer.location).text
    assert "1200 people will be added" in page
    assert IMPORT not in page
    assert not world.api.made("POST", f"{IMPORTS}/.*/confirm")


def test_confirming_leads_to_how_far_it_is__REG_16(world: World) -> None:
    importing(world).sign_in()
    path = shown(world)
    world.get(path)
    assert world.post(f"{path}/confirm").location == path
    importing(world, "running")
    page = world.get(path).text
    assert "500 of 1,240 rows" in page
    assert f'href="{path}"' in page  # without scripts
    assert "HX-Refresh" not in world.get(f"{path}/progress").headers
    importing(world, "done")
    assert world.get(f"{path}/progress").headers["HX-Refresh"] == "true"


def test_every_fault_is_told_by_row_and_column__REG_16(world: World) -> None:
    errors = [(2, "email", "email_invalid"), (3, None, "columns_wrong"), (4, "functions", "function_unknown")]
    importing(world, "refused", *errors).sign_in()
    page = world.get(shown(world)).text
    assert "3 cells are to be corrected" in page
    assert "all of it" in page
    assert "second sheet" in page
    assert "/confirm" not in page


def test_very_many_faults_stand_in_the_workbook__REG_16(world: World) -> None:
    importing(world, "refused", *((number, "tin", "tin_invalid") for number in range(2, 1002))).sign_in()
    page = world.get(shown(world)).text
    assert page.count('scope="row"') == SHOWN
    assert "And 800 more." in page


@pytest.mark.parametrize(
    ("code", "words"), [("workbook_macros", "macros"), ("too_many_rows", "5,000"), ("unheard_of", "Save it once more")]
)
def test_a_file_that_cannot_be_taken_says_so_beside_its_field__REG_16(world: World, code: str, words: str) -> None:
    refusal = ProblemError(422, "file_refused", errors=[FieldFault("/file", code, "")])
    importing(world).sign_in()
    world.api.says("POST", IMPORTS, refusal)
    answer = upload(world)
    assert answer.status_code == 422
    assert words in answer.text
    assert 'href="#file"' in answer.text


def test_a_form_without_a_file_is_told__REG_16(world: World) -> None:
    importing(world).sign_in()
    world.get(PAGE)
    assert world.post(PAGE).status_code == 422
    assert not world.api.made("POST", IMPORTS)


@pytest.mark.parametrize(("size", "status"), [(FILE_SIZE - 2000, 303), (FILE_SIZE + 1, 413)])
def test_files_may_be_larger_than_forms__REG_16(world: World, size: int, status: int) -> None:
    importing(world).sign_in()
    world.get(PAGE)
    extra: dict[str, Any] = world.hidden()
    body = _multipart(extra, bytes(size) if status == 303 else b"x")
    length = {"CONTENT_LENGTH": str(len(body) if status == 303 else size)}
    answer = world.browser.post(
        PAGE,
        base_url="http://medical.test",
        headers={"X-Wardenry-Site": "medical", "Origin": "http://medical.test"},
        input_stream=io.BytesIO(body),
        content_type="multipart/form-data; boundary=b",
        environ_overrides=length,
    )
    assert answer.status_code == status


def test_credentials_are_a_file_that_is_shown_once__REG_16(world: World) -> None:
    importing(world, "done").sign_in()
    path = shown(world)
    world.get(path)
    answer = world.post(f"{path}/credentials")
    assert (answer.status_code, answer.data) == (200, b"first_name\r\n")
    assert answer.headers["Content-Disposition"] == "attachment; filename=temporary-ids.csv"
    assert answer.headers["Cache-Control"] == "no-store"
    world.api.says("POST", f"{IMPORTS}/{IMPORT}/credentials", ProblemError(409, "already_shown"))
    again = world.post(f"{path}/credentials")
    assert "are not shown again" in world.get(again.location).text
    importing(world, "done", credentials_shown_at="2026-03-02T15:05:00Z")
    assert f"{path}/credentials" not in world.get(path).text


def test_the_template_and_the_result_are_files__REG_16(world: World) -> None:
    importing(world, "done").sign_in()
    assert world.get(f"{PAGE}/template.xlsx").data == b"PK"
    assert world.get(f"{shown(world)}/result.xlsx").data == b"PK"


def test_only_administrators_come_here__REG_16(world: World) -> None:
    everybody(world)
    world.sign_in("ssmith1234")
    assert world.get(PAGE).status_code == 403
    assert world.get(f"{PAGE}/template.xlsx").status_code == 403


def test_what_rules_forbid_meanwhile_is_told__REG_16(world: World) -> None:
    importing(world, "failed", (2, "level", "not_yours_to_give")).sign_in()
    page = world.get(shown(world)).text
    assert "Nobody was added" in page
    assert "You can only give what you may give." in page


def _multipart(fields: dict[str, str], content: bytes) -> bytes:
    parts = [
        f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="people.csv"\r\n\r\n'
    return b"".join((*parts, head, content, b"\r\n--b--\r\n"))
