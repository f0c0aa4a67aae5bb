"""The people to try things out with, from `data/demo_accounts.csv` (`api.md`, Trying out)."""

from __future__ import annotations

from services.identity.adapters.bundled import rows_of
from services.identity.application.create_demo_account import CreateDemoAccount
from services.identity.domain.accounts import Kind
from services.identity.domain.people import Address, Person, Profile


def demo_accounts(password: str, site: str) -> list[CreateDemoAccount]:
    """One command for each; all have the same password, and the address `<user_id>@example.com`."""
    return [
        CreateDemoAccount(row["user_id"], Kind(row["kind"]), _person(row), password, site)
        for row in rows_of("demo_accounts.csv")
    ]


def _person(row: dict[str, str]) -> Person:
    profile = Profile(
        first_name=row["first_name"],
        middle_initial=row["middle_initial"] or None,
        last_name=row["last_name"],
        job_role=row["job_role"],
        address=Address(row["line1"], row["line2"] or None, row["city"], row["state"], row["zip"]),
        phone=row["phone"],
        extension=row["extension"] or None,
        language=row["language"],
    )
    return Person(profile, f"{row['user_id']}@example.com", row["mobile"] or None)
