"""The Python client against a running Wardenry: a site's own client, registered by the command line (ENT-10)."""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.e2e.deployments import WARDENRY, Embedded
from tests.e2e.people import Person
from wardenry_client import Answer, Client, Question, RefusedError

OGYAM = "223344556"


@pytest.fixture(scope="module")
def credentials(embedded: Embedded) -> Any:
    command = [WARDENRY, "clients", "add", "client-of-a-site", "--redirect-uri", "https://site.example/back"]
    options = ["--scope", "entitlements.check", "--json", "--data", str(embedded.data)]
    return json.loads(subprocess.run([*command, *options], check=True, capture_output=True, text=True).stdout)


@pytest.fixture
def client(embedded: Embedded, credentials: Any) -> Client:
    return Client(embedded.url("/"), credentials["client_id"], credentials["client_secret"], lifetime=600, timeout=30)


def test_a_site_asks_about_anyone_and_sees_a_removal_when_it_hears_of_it__ENT_10(
    embedded: Embedded, client: Client
) -> None:
    sally = Question("SSmith1234", "patient_coverage", OGYAM, "medical")
    assert client.check_many([sally, Question("nobody.here", "claim_status", OGYAM, "medical")]) == [
        Answer(True, "granted"),
        Answer(False, "user_unknown"),
    ]
    george = Person(embedded, "geogym1", embedded.password)
    george.sign_in()
    change = {"tin": OGYAM, "line": "medical", "level": "processor", "functions": ["claim_status"]}
    path = "/api/entitlements/v1/users/ssmith1234/access"
    assert george.call("PUT", path, json={"changes": [change]}, headers={"If-Match": "*"}).status_code == 200
    assert client.check_many([sally]) == [Answer(True, "granted")]
    client.hear({"type": "wardenry.entitlements.access.changed.v1", "subject": "access/ssmith1234"})
    assert client.check_many([sally]) == [Answer(False, "not_granted")]


def test_a_wrong_secret_and_a_wrong_question_are_refused__ENT_10(
    embedded: Embedded, client: Client, credentials: Any
) -> None:
    with pytest.raises(RefusedError) as refused:
        Client(embedded.url("/"), credentials["client_id"], "guessed").check("a", "claim_status", OGYAM, "medical")
    assert (refused.value.status, refused.value.code) == (401, "invalid_client")
    with pytest.raises(RefusedError) as refused:
        client.check("ssmith1234", "claim_status", "12", "medical")
    assert refused.value.status == 422
