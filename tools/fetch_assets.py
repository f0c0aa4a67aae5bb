"""Fetch the portal's third-party files by `npm pack`: pinned, checked by SHA-256, and only what pages need.

They are unpacked into `services/portal/static/vendor`, which is not committed. Nothing of a package is run.
"""

from __future__ import annotations

import fnmatch
import hashlib
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PINS = ROOT / "tools" / "portal_assets.json"
VENDOR = ROOT / "services" / "portal" / "static" / "vendor"
NODE = ROOT / "requirements" / "node.txt"
_SECONDS = 300


class AssetError(Exception):
    """The files cannot be had, or are not those that were pinned; the message says which."""


def fetch(pins: Mapping[str, Mapping[str, Any]], vendor: Path) -> None:
    """Replace `vendor` by what the pins name; raises `AssetError`, leaving what was there."""
    with tempfile.TemporaryDirectory(dir=vendor.parent, prefix=".vendor-") as folder:
        work = Path(folder)
        for name, pin in pins.items():
            unpack(_packed(name, pin, work), pin["files"], work / "vendor" / pin["into"])
        shutil.rmtree(vendor, ignore_errors=True)
        (work / "vendor").rename(vendor)


def unpack(archive: Path, files: Mapping[str, str], into: Path) -> None:
    """The wanted members of a package; raises `AssetError` for a pattern that nothing matches."""
    with tarfile.open(archive) as package:
        members = {member.name: member for member in package.getmembers() if member.isfile()}
        for pattern, target in files.items():
            names = list(_matching(members, pattern))
            if not names:
                raise AssetError(f"{archive.name} has no {pattern}")
            for name in names:
                path = into / (target + Path(name).name if target.endswith("/") else target)
                path.parent.mkdir(parents=True, exist_ok=True)
                content = package.extractfile(members[name])
                path.write_bytes(content.read() if content else b"")


def checked(archive: Path, sha256: str) -> Path:
    """The archive, if it is the pinned one; raises `AssetError`."""
    found = hashlib.sha256(archive.read_bytes()).hexdigest()
    if found != sha256:
        raise AssetError(f"{archive.name} is not the pinned one: its SHA-256 is {found}")
    return archive


def _matching(names: Mapping[str, object], pattern: str) -> Iterator[str]:
    depth = pattern.count("/")
    return (name for name in names if name.count("/") == depth and fnmatch.fnmatchcase(name, pattern))


def _packed(name: str, pin: Mapping[str, Any], work: Path) -> Path:
    spec = f"{name}@{pin['version']}"
    command = [*npm(), "pack", "--ignore-scripts", "--json", "--silent", spec]
    try:
        done = subprocess.run(command, cwd=work, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetError(f"npm cannot fetch {spec}: {error}") from error
    if done.returncode:
        raise AssetError(f"npm cannot fetch {spec}:\n{done.stderr.strip()}")
    (archive,) = work.glob("*.tgz")
    moved = archive.rename(work / f"{archive.stem}.fetched")
    return checked(moved, pin["sha256"])


def npm() -> Sequence[str]:
    """The machine's npm, else one from PyPI, installed beside this Python."""
    found = shutil.which("npm") or shutil.which("npm", path=str(Path(sys.executable).parent))
    if found:
        return [found]
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "-qq"]
    subprocess.run([*pip, "--require-hashes", "-r", str(NODE)], check=True)
    return [str(Path(sys.executable).with_name("npm"))]


def main() -> None:
    """For `make`: fetch all that is pinned."""
    print("Fetching the portal's style sheets, scripts and fonts ...")
    VENDOR.parent.mkdir(parents=True, exist_ok=True)
    try:
        fetch(json.loads(PINS.read_text(encoding="utf-8")), VENDOR)
    except AssetError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
