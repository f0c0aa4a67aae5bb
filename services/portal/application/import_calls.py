"""Registration's imports of people (REG-16), on behalf of whoever is signed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.portal.application.ports import Api, Download

_ROOT: Final = "/api/registration/v1/imports"
_RECENT: Final = 10


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in a row; the column is None for a row as a whole."""

    row: int
    column: str | None
    code: str


@dataclass(frozen=True, slots=True)
class PeopleImport:
    """An import as it stands; `state` is `ready`, `refused`, `running`, `done` or `failed`."""

    id: str
    state: str
    file_name: str
    rows: int
    people: int
    done: int
    wrong: int
    faults: tuple[RowFault, ...]
    created_at: str
    ended_at: str | None
    credentials_shown_at: str | None

    @classmethod
    def of(cls, item: Mapping[str, Any]) -> PeopleImport:
        """What the API tells of one."""
        faults = (RowFault(each["row"], each["column"], each["code"]) for each in item.get("errors", ()))
        names = ("id", "state", "file_name", "rows", "people", "done", "wrong")
        times = ("created_at", "ended_at", "credentials_shown_at")
        return cls(**{name: item[name] for name in (*names, *times)}, faults=tuple(faults))


class Imports:
    """Every method raises `ProblemError`."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def recent(self) -> list[PeopleImport]:
        """The caller's latest, without what is wrong in each."""
        return [PeopleImport.of(each) for each in self._api.get(_ROOT, {"limit": _RECENT}).body["items"]]

    def get(self, import_id: str) -> PeopleImport:
        """One of them."""
        return PeopleImport.of(self._api.get(f"{_ROOT}/{import_id}").body)

    def upload(self, name: str, content: bytes, form_key: str) -> PeopleImport:
        """Have a file looked at; nobody is invited yet."""
        file = (name, content, "application/octet-stream")
        return PeopleImport.of(self._api.upload(_ROOT, file, {"dry_run": "true"}, form_key=form_key).body)

    def confirm(self, import_id: str, form_key: str | None) -> None:
        """Invite everybody in it."""
        self._api.send("POST", f"{_ROOT}/{import_id}/confirm", form_key=form_key)

    def credentials(self, import_id: str, form_key: str | None) -> Download:
        """Everybody's temporary ID and password, once."""
        return self._api.have_made(f"{_ROOT}/{import_id}/credentials", form_key=form_key)

    def result(self, import_id: str) -> Download:
        """What became of each, as a workbook."""
        return self._api.download(f"{_ROOT}/{import_id}/result.xlsx")

    def template(self) -> Download:
        """The file to be filled in."""
        return self._api.download(f"{_ROOT}/template.xlsx")
