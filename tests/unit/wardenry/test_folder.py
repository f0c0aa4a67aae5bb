from __future__ import annotations

import stat
from pathlib import Path

import pytest

from wardenry.embedded.folder import DataFolder, FolderError


def test_a_new_folder_is_its_owners_alone__OPS_1(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "data")
    folder.prepare()
    folder.write_private("secrets.json", "{}")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "secrets.json").stat().st_mode) == 0o600


def test_two_at_once_are_refused_clearly(tmp_path: Path) -> None:
    first, second = DataFolder(tmp_path), DataFolder(tmp_path)
    first.prepare()
    first.lock()
    second.prepare()
    with pytest.raises(FolderError, match="in use"):
        second.lock()
    first.unlock()
    second.lock()
    second.unlock()


def test_a_folder_with_other_things_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(FolderError, match="something else"):
        DataFolder(tmp_path).prepare()


def test_clearing_keeps_the_lock(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.prepare()
    folder.lock()
    (tmp_path / "identity.sqlite").touch()
    folder.clear()
    assert [each.name for each in tmp_path.iterdir()] == ["wardenry-data"]
    with pytest.raises(FolderError):
        DataFolder(tmp_path).lock()
    folder.unlock()
