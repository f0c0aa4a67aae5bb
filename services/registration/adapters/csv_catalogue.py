"""The lists on offer, from the tables that come with the service."""

from __future__ import annotations

import csv
from importlib.resources import files

from services.registration.domain.catalogue import Catalogue


def read_catalogue() -> Catalogue:
    """The job roles and the security questions."""
    return Catalogue(job_roles=_titles("job_roles.csv"), security_questions=_titles("security_questions.csv"))


def _titles(name: str) -> dict[str, str]:
    table = files("services.registration").joinpath("data", name).read_text(encoding="utf-8")
    return {row["code"]: row["title"] for row in csv.DictReader(table.splitlines())}
