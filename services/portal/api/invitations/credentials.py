"""Add new users, step 4: their credentials, to print or to download once; never shown again (REG-15)."""

from __future__ import annotations

import csv
import io
from typing import Final

from flask import Blueprint, Response, make_response

from services.portal.api.context import context
from services.portal.api.invitations import drafts
from services.portal.api.invitations.people import step_titles
from services.portal.api.pages import go_to, page
from services.portal.api.signed_in import signed_in

blueprint = Blueprint("credentials", __name__, url_prefix="/users/new/credentials")

_COLUMNS: Final = ("NAME", "EMAIL", "TEMPORARY ID", "TEMPORARY PASSWORD", "VALID UNTIL")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@blueprint.get("")
@signed_in
def show() -> Response:
    """What to hand over, with instructions for a new and for a registered user."""
    found = drafts.credentials()
    return page(
        "invitations/credentials.html",
        section="access",
        credentials=found,
        address=context.site.url,
        steps=step_titles(),
    )


@blueprint.post("/file")
@signed_in
def download() -> Response:
    """As a CSV file; with it they are gone from here."""
    found = drafts.credentials()
    if not found:
        return go_to("credentials.show")
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows(
        map(_plain, (each.name, each.email, each.temporary_id, each.temporary_password, each.expires_at.isoformat()))
        for each in found
    )
    drafts.forget_credentials()
    response = make_response("\ufeff" + text.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = 'attachment; filename="credentials.csv"'
    return response


def _plain(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
