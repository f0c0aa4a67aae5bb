from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from tools.fetch_assets import AssetError, checked, unpack


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "package.tgz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("package/dist/a.css", "package/dist/img/x.svg", "package/dist/img/y.svg", "package/src/evil.js"):
            member = tarfile.TarInfo(name)
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return path


def test_only_what_is_wanted_is_unpacked(package: Path, tmp_path: Path) -> None:
    into = tmp_path / "vendor"
    unpack(package, {"package/dist/a.css": "css/a.css", "package/dist/img/*.svg": "img/"}, into)
    found = {path.relative_to(into).as_posix() for path in into.rglob("*") if path.is_file()}
    assert found == {"css/a.css", "img/x.svg", "img/y.svg"}
    assert (into / "css" / "a.css").read_text() == "package/dist/a.css"


def test_a_file_that_is_missing_is_told(package: Path, tmp_path: Path) -> None:
    with pytest.raises(AssetError, match=r"has no package/dist/b\.css"):
        unpack(package, {"package/dist/b.css": "b.css"}, tmp_path / "vendor")


def test_a_package_that_is_not_the_pinned_one_is_refused(package: Path) -> None:
    with pytest.raises(AssetError, match="not the pinned one"):
        checked(package, "0" * 64)
