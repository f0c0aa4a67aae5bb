from pathlib import Path

import pytest

from tools.check_locks import faults, faults_of_file, faults_of_lock, tracked

HASH = "    --hash=sha256:" + "0" * 64
SCHEME = "https:" + "//"


def host(*parts: str) -> str:
    return ".".join(parts)  # in parts, since this file is checked as well


def test_compiled_lock_is_accepted() -> None:
    lock = f"""\
amqp==5.4.2 \\
{HASH}
    # via
    #   -r requirements/app.in
colorama==0.4.6 ; sys_platform == 'win32' \\
{HASH} \\
{HASH}
psycopg[binary]==3.3.9 \\
{HASH}
"""

    assert list(faults_of_lock(lock)) == []


@pytest.mark.parametrize(
    "line",
    [
        f"--index-url {SCHEME}packages.example/simple",
        "--find-links /srv/wheels",
        "-r app.in",
        "-e .",
        f"flask @ {SCHEME}packages.example/flask.whl",
        "flask>=3.1",
        "flask",
        "    --hash=md5:0",
    ],
)
def test_line_that_ties_the_lock_to_a_place_or_leaves_it_open_is_refused(line: str) -> None:
    assert [number for number, _ in faults_of_lock(f"amqp==5.4.2\n{line}\n")] == [2]


@pytest.mark.parametrize(
    "line",
    [
        "index = " + SCHEME + host("files", "pythonhosted", "org"),
        "see " + host("PyPI", "org"),
        '"resolved": "' + SCHEME + host("registry", "npmjs", "org") + '/x"',
        "deb " + host("deb", "debian", "org"),
        "cd /" + "work/main",
        "'/" + "root/.cache'",
        "--find-links=/" + "opt/wheels",
    ],
)
def test_registry_or_folder_of_one_machine_is_refused_anywhere(line: str) -> None:
    assert [number for number, _ in faults_of_file(f"first\n{line}\n")] == [2]


@pytest.mark.parametrize(
    "line", ["wardenry work identity", "services/root/opt/work", "https://example.org/work/", "~/work/x", "debian.org"]
)
def test_what_only_looks_similar_is_accepted(line: str) -> None:
    assert list(faults_of_file(line)) == []


def test_faults_name_file_and_line_and_pass_over_what_is_no_text(tmp_path: Path) -> None:
    lock = tmp_path / "requirements" / "app.txt"
    lock.parent.mkdir()
    lock.write_text("flask\n")
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\xff")

    found = list(faults([lock, picture, tmp_path / "gone"]))

    assert found == [f"{lock}:1: neither a pinned requirement nor a hash"]


def test_this_project_has_no_fault() -> None:
    assert list(faults(tracked())) == []
