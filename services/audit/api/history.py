"""`history`, on screen and as a document (AUD-2)."""

from __future__ import annotations

from typing import Any

from flask import Response, send_file

from chassis.security.callers import Caller
from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.paging import page
from chassis.web.schemas import list_of
from services.audit.api.context import context
from services.audit.api.history_schemas import ChangeSchema, DocumentQuery, HistoryQuery, shown
from services.audit.application.export_history import ExportHistory, export_history
from services.audit.application.history_rights import Reader
from services.audit.application.ports import Place
from services.audit.application.view_history import ViewHistory, view_history
from services.audit.domain.reading import Format

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8; header=present"

blueprint = Blueprint("history", __name__, description="The delegation history report.")


def _file(content_type: str) -> dict[str, Any]:
    binary = {"type": "string", "format": "binary"}
    return {"200": {"description": "The document.", "content": {content_type: {"schema": binary}}}}


@blueprint.route("/history")
@signed_in
@blueprint.refuses(403, 404)
@blueprint.arguments(HistoryQuery, location="query")
@blueprint.response(200, list_of(ChangeSchema))
def get_history(query: dict[str, Any]) -> dict[str, Any]:
    """Read the delegation history, newest first, of what you administer or audit."""
    after = Place(*query["cursor"]) if query["cursor"] else None
    wish = ViewHistory(_reader(context.caller, query), query["wished"], after, query["limit"])
    found = view_history(wish, context.work, context.ports)
    ends = found.next
    return page(map(shown, found.rows), None if ends is None else (ends.at, ends.leaf_index, ends.ordinal))


@blueprint.route("/history.xlsx")
@signed_in
@blueprint.refuses(403, 404)
@blueprint.arguments(DocumentQuery, location="query")
@blueprint.response(200)
@blueprint.doc(responses=_file(XLSX))
def get_workbook(query: dict[str, Any]) -> Response:
    """Download the delegation history as a workbook."""
    return _document(query, Format.XLSX, XLSX)


@blueprint.route("/history.csv")
@signed_in
@blueprint.refuses(403, 404)
@blueprint.arguments(DocumentQuery, location="query")
@blueprint.response(200)
@blueprint.doc(responses=_file(CSV))
def get_csv(query: dict[str, Any]) -> Response:
    """Download the delegation history as CSV."""
    return _document(query, Format.CSV, CSV)


def _document(query: dict[str, Any], wanted: Format, content_type: str) -> Response:
    wish = ExportHistory(_reader(context.caller, query), query["wished"], wanted)
    file = export_history(wish, context.work, context.ports)
    name = f"delegation-history.{wanted.value}"
    return send_file(file, content_type, as_attachment=True, download_name=name, etag=False, conditional=False)


def _reader(caller: Caller, query: dict[str, Any]) -> Reader:
    return Reader(caller.user_id, caller.is_support, query.get("reason"))
