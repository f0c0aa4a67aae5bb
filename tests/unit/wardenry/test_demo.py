from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from deploy import composed
from deploy.composed import SECRETS
from deploy.make_secrets import Addresses, SecretFiles, make_secrets
from wardenry.commands.demo import demo


def test_people_with_a_known_password_come_into_no_site_that_others_reach__OPS_1(tmp_path: Path) -> None:
    files = SecretFiles(tmp_path / "secrets")
    make_secrets(files, Addresses())
    part = composed.parts({"WARDENRY_MEDICAL_URL": "https://portal.plan.example"})["demo"]
    variables = {name: text.replace(SECRETS, f"{files.folder}/") for name, text in part.environment.items()}
    done = CliRunner().invoke(demo, env=variables)
    assert done.exit_code == 2
    assert "known password" in done.output
