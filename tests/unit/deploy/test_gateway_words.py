"""The gateway's own refusals say what a service's would: its words stand twice, and must not drift apart."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from chassis.web import problems
from chassis.web.headers import ALWAYS
from deploy.gateway.render import TEMPLATES, MissingVariableError, render, variables
from wardenry.embedded import problems as embedded

VALUES = {name: f"/some/{name.lower()}" for name in variables()}
WORDS = render(VALUES)["problem-words.conf"]


def words(name: str) -> dict[str, str]:
    (table,) = re.findall(rf"map \S+ \${name} {{(.*?)}}", WORDS, re.DOTALL)
    pairs = re.findall(r'^ {4}(?:"~\^)?(\w+)"? (?:"(.*)"|(\S+));$', table, re.MULTILINE)
    return {status: quoted or bare for status, quoted, bare in pairs}


def test_codes_titles_and_details_are_the_services_own() -> None:
    codes, titles, details = words("problem_code"), words("problem_title"), words("problem_detail")
    for status in ("400", "404", "405", "408", "413", "500", "503"):
        code, detail = problems._CODES[int(status)]  # noqa: SLF001 -- the words that must not drift apart
        assert (codes[status], details[status]) == (code, detail)
        assert titles.get(status, titles["default"]) == problems.TITLES.get(int(status), "Refused")
    assert (codes["429"], titles["429"]) == ("too_many_attempts", problems.TITLES[429])
    assert (codes["400"], details["400odd"]) == (embedded.NOT_PLAIN.code, embedded.NOT_PLAIN.detail)
    assert details["404"] == embedded.NOT_FOUND.detail
    assert {details["414"], details["431"]} == {embedded._TOO_LARGE[1]}  # noqa: SLF001


def test_headers_are_those_of_every_answer() -> None:
    written = dict(re.findall(r'^add_header (\S+) "?(.*?)"? always;$', render(VALUES)["headers.conf"], re.MULTILINE))
    assert {name: written[name] for name in ALWAYS} == dict(ALWAYS)


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(MissingVariableError, match="GATEWAY_RESOLVER"):
        render({name: text for name, text in VALUES.items() if name != "GATEWAY_RESOLVER"})


def test_no_variable_is_left_and_none_of_nginx_is_taken() -> None:
    for name, text in render(VALUES).items():
        assert "GATEWAY_" not in text, name
    assert "$request_uri" in render(VALUES)["nginx.conf"]


@pytest.mark.skipif(shutil.which("envsubst") is None, reason="the container's own tool is not installed here")
def test_envsubst_makes_the_same_of_every_template() -> None:
    named = " ".join(f"${{{name}}}" for name in VALUES)
    for path in TEMPLATES.glob("*.template"):
        done = subprocess.run(
            ["envsubst", named], input=path.read_text(), env=VALUES, capture_output=True, text=True, check=True
        )
        assert done.stdout == render(VALUES)[path.name.removesuffix(".template")]
