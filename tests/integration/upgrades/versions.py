"""Later versions of two services, made of this one by an overlay: trees of their own, from which processes start.

`newer` expands: registration has a column more (null where this version writes), and publishes what it tells of a
submitted registration as `v2` beside `v1`; entitlements takes both. `newest` contracts: the column is there for all,
and `v1` is gone. Each is what a developer would commit; an edit that no longer finds its place fails the test.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[3]
_PACKAGES = ("chassis", "wardenry")
_CHANGED = ("registration", "entitlements")
_REGISTRATION, _ENTITLEMENTS = "services/registration", "services/entitlements"

Edits = Mapping[str, tuple[tuple[str, str], ...]]
"""For each file what stands there, and what is to stand there instead."""


def _ahead(anchor: str, text: str) -> tuple[str, str]:
    """Puts a text ahead of another."""
    return anchor, text + anchor


_SUBMITTED_V1 = '    Subscription("registration.registration.submitted.v1", SubmittedSchema, registration_submitted),\n'

EXPANDED: Edits = {
    f"{_REGISTRATION}/adapters/tables.py": (
        _ahead('    Index("ix_registration_user_id"', '    Column("greeting", String(120)),\n'),
    ),
    f"{_REGISTRATION}/adapters/registrations.py": (
        _ahead(
            '        "first_name": profile.first_name,\n',
            '        "greeting": f"{profile.first_name} {profile.last_name}",\n',
        ),
    ),
    f"{_REGISTRATION}/domain/events.py": (
        _ahead(
            "@dataclass(frozen=True, slots=True)\nclass OutreachOpened(Event):",
            """\
@dataclass(frozen=True, slots=True)
class RegistrationHandedIn(Event):
    registration: Registration


""",
        ),
    ),
    f"{_REGISTRATION}/application/submit_registration.py": (
        ("import RegistrationSubmitted\n", "import RegistrationHandedIn, RegistrationSubmitted\n"),
        (
            "work.record(RegistrationSubmitted(registration))",
            "work.record(RegistrationSubmitted(registration), RegistrationHandedIn(registration))",
        ),
    ),
    f"{_REGISTRATION}/events/published.py": (
        _ahead("    RegistrationSubmitted,\n", "    RegistrationHandedIn,\n"),
        _ahead("    RegistrationSubmitted: _submitted,\n", "    RegistrationHandedIn: _handed_in,\n"),
        _ahead(
            "def _request(request",
            """\
def _handed_in(event: RegistrationHandedIn) -> Message:
    earlier = _submitted(RegistrationSubmitted(event.registration))
    data = dict(earlier.data)
    data["handed_in_at"] = data.pop("submitted_at")
    return Message("registration.registration.submitted.v2", earlier.subject, data)


""",
        ),
    ),
    f"{_ENTITLEMENTS}/events/subscribed.py": (
        _ahead(
            "def account_created(",
            """\
class HandedInSchema(ProfileSchema):
    registration_id = fields.String(required=True)
    handed_in_at = fields.AwareDateTime(required=True)
    requests = fields.List(fields.Nested(WishSchema), required=True)


""",
        ),
        _ahead(
            "def _learn(",
            """\
def registration_handed_in(received: Received, work: UnitOfWork[Store], ports: Ports) -> None:
    if not any(work.writing().requests.get(each["request_id"]) for each in received.data["requests"]):
        received.data["submitted_at"] = received.data["handed_in_at"]
        registration_submitted(received, work, ports)


""",
        ),
        _ahead(
            _SUBMITTED_V1,
            _SUBMITTED_V1.replace("submitted.v1", "submitted.v2").replace(
                "SubmittedSchema, registration_submitted", "HandedInSchema, registration_handed_in"
            ),
        ),
    ),
}

CONTRACTED: Edits = {
    f"{_REGISTRATION}/application/submit_registration.py": (
        ("import RegistrationHandedIn, RegistrationSubmitted\n", "import RegistrationHandedIn\n"),
        ("RegistrationSubmitted(registration), ", ""),
    ),
    f"{_REGISTRATION}/adapters/tables.py": (
        ('Column("greeting", String(120))', 'Column("greeting", String(120), nullable=False)'),
    ),
}

_EXPAND = '''"""How a person wishes to be greeted."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = "{before}"


def upgrade():
    op.add_column("registration", sa.Column("greeting", sa.String(120)))


def downgrade():
    op.drop_column("registration", "greeting")
'''

_CONTRACT = '''"""Everybody has a greeting."""

from alembic import op

revision = "{revision}"
down_revision = "{before}"
serves_from = "{before}"


def upgrade():
    op.execute("UPDATE registration SET greeting = first_name || ' ' || last_name WHERE greeting IS NULL")
    op.alter_column("registration", "greeting", nullable=False)


def downgrade():
    op.alter_column("registration", "greeting", nullable=True)
'''


def make_newer(folder: Path) -> Path:
    """This version with what expands."""
    tree = _copy(folder)
    _edit(tree, EXPANDED)
    _revise(tree, _EXPAND)
    return tree


def make_newest(folder: Path) -> Path:
    """The newer one with what contracts."""
    tree = make_newer(folder)
    _edit(tree, CONTRACTED)
    _revise(tree, _CONTRACT)
    return tree


def _copy(folder: Path) -> Path:
    """Links to what stays as it is, copies of what does not."""
    services = folder / "services"
    services.mkdir(parents=True)
    for name in _PACKAGES:
        (folder / name).symlink_to(ROOT / name)
    for path in (ROOT / "services").iterdir():
        if path.name in _CHANGED:
            shutil.copytree(path, services / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            (services / path.name).symlink_to(path)
    return folder


def _edit(tree: Path, edits: Edits) -> None:
    for name, replacements in edits.items():
        path = tree / name
        text = path.read_text(encoding="utf-8")
        for before, after in replacements:
            assert text.count(before) == 1, f"{name}: {before!r} stands there {text.count(before)} times"
            text = text.replace(before, after)
        path.write_text(text, encoding="utf-8")


def _revise(tree: Path, text: str) -> None:
    folder = tree / _REGISTRATION / "migrations/versions"
    before = max(path.name.partition("_")[0] for path in folder.glob("[0-9]*.py"))
    revision = f"{int(before) + 1:04d}"
    (folder / f"{revision}_later.py").write_text(text.format(revision=revision, before=before), encoding="utf-8")
