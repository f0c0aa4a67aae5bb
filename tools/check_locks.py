"""Checks that nothing committed ties the project to one registry or one machine: python -m tools.check_locks

Lock files hold pinned names and hashes alone, so that every machine takes packages from where it is set up to.
"""

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

LOCKS = "requirements/*.txt"

# Written in parts, since this file is checked as well.
_HOSTS = [
    r"\.".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "(?:org|com)"),
        ("yarnpkg", "com"),
        ("(?:deb|security|ftp|snapshot)", "debian", "org"),
        ("archive", "ubuntu", "com"),
    )
]
_FOLDERS = ("work", "root", "opt")

REGISTRY = re.compile(rf"(?<![\w-])(?:{'|'.join(_HOSTS)})(?![\w-])", re.IGNORECASE)
MACHINE = re.compile(rf"(?<![\w.~/*}})-])/(?:{'|'.join(_FOLDERS)})/")

_PINNED = re.compile(r"[a-z0-9][a-z0-9._-]*(?:\[[a-z0-9,._-]+\])?==[^\s;@]+(?: ; [^\\]+)?(?: \\)?", re.IGNORECASE)
_HASH = re.compile(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?")
_COMMENT = re.compile(r" *#.*|")


def faults_of_lock(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a lock file that should not be there, each with its number and what is wrong."""
    for number, line in enumerate(text.splitlines(), start=1):
        if "://" in line:
            yield number, "an address"
        elif not any(form.fullmatch(line) for form in (_PINNED, _HASH, _COMMENT)):
            yield number, "neither a pinned requirement nor a hash"


def faults_of_file(text: str) -> Iterator[tuple[int, str]]:
    """The lines of any file that name a package registry's host or a folder of somebody's machine."""
    for number, line in enumerate(text.splitlines(), start=1):
        if REGISTRY.search(line):
            yield number, "a package registry's host"
        if MACHINE.search(line):
            yield number, "a folder of one machine"


def faults(paths: Iterable[Path]) -> Iterator[str]:
    """What is wrong with these files, a line for each fault; what is not text is passed over."""
    for path in paths:
        try:
            text = path.read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        found = [*faults_of_file(text), *(faults_of_lock(text) if path.match(LOCKS) else ())]
        yield from (f"{path}:{number}: {what}" for number, what in found)


def tracked() -> list[Path]:
    """Every file that git keeps or would keep, from the current folder on."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], capture_output=True, check=True
    )
    return [Path(name) for name in listed.stdout.decode().split("\0") if name]


def main() -> int:
    """Check every file; 1 if there is any fault."""
    found = list(faults(tracked()))
    print("\n".join(found) or "locks: nothing names a registry or a machine")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
