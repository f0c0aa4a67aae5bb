"""Adding many people at once, from a file (REG-16)."""

from __future__ import annotations

import io
from typing import Any, Final
from uuid import UUID

from flask import Response, send_file
from werkzeug.utils import secure_filename

from chassis.web.access import signed_in
from chassis.web.blueprints import Blueprint
from chassis.web.bodies import takes_up_to
from chassis.web.idempotency import shows_secret_once
from chassis.web.paging import PageQuery, page
from chassis.web.schemas import list_of
from services.registration.api.context import context
from services.registration.api.import_schemas import ImportItemSchema, ImportSchema, UploadSchema
from services.registration.application.confirm_import import ConfirmImport, confirm_import
from services.registration.application.hand_out_credentials import HandOutCredentials, hand_out_credentials
from services.registration.application.list_imports import ListImports, list_imports
from services.registration.application.show_import import ShowImport, show_import
from services.registration.application.show_import_result import ShowImportResult, show_import_result
from services.registration.application.show_template import ShowTemplate, show_template
from services.registration.application.upload_people import UploadPeople, upload_people
from services.registration.domain.people_imports import PeopleImport

FILE_SIZE: Final = 4 * 1024 * 1024
"""Bytes of a file, with what stands around it; five thousand rows have about one of its four million."""

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV: Final = "text/csv; charset=utf-8; header=present"
_NAME_LENGTH: Final = 100

blueprint = Blueprint("imports", __name__, url_prefix="/imports", description="Adding many people, from a file.")


def _file(content_type: str) -> dict[str, Any]:
    binary = {"type": "string", "format": "binary"}
    return {"200": {"description": "The document.", "content": {content_type: {"schema": binary}}}}


@blueprint.route("", methods=["POST"])
@signed_in
@takes_up_to(FILE_SIZE)
@blueprint.arguments(UploadSchema, location="files")
@blueprint.response(201, ImportSchema)
def upload(sent: dict[str, Any]) -> PeopleImport:
    """Look at a file of people: everything that is wrong in it, by row and column. Nobody is invited yet."""
    file = sent["file"]
    command = UploadPeople(
        import_id=context.operation_id,
        uploaded_by=context.caller.user_id,
        file=file.stream,
        file_name=secure_filename(file.filename or "")[-_NAME_LENGTH:] or "people",
        at_once=not sent["dry_run"],
    )
    return upload_people(command, context.work, context.ports)


@blueprint.route("")
@signed_in
@blueprint.arguments(PageQuery, location="query")
@blueprint.response(200, list_of(ImportItemSchema))
def get_imports(query: dict[str, Any]) -> dict[str, Any]:
    """The caller's own imports, the newest first."""
    cursor = query["cursor"]
    before = (cursor[0], UUID(cursor[1])) if cursor else None
    found = list_imports(ListImports(context.caller.user_id, before, query["limit"]), context.work, context.ports)
    following = (found.following[0], str(found.following[1])) if found.following else None
    return page(found.imports, following)


@blueprint.route("/template.xlsx")
@signed_in
@blueprint.response(200)
@blueprint.doc(responses=_file(XLSX))
def get_template() -> Response:
    """Download an empty file to be filled in; the codes that it takes stand on its second sheet."""
    return _document(show_template(ShowTemplate(), context.work, context.ports), XLSX, "add-users.xlsx")


@blueprint.route("/<uuid:import_id>")
@signed_in
@blueprint.response(200, ImportSchema)
def get_import(import_id: UUID) -> PeopleImport:
    """How far the caller's import is, and what is wrong in its file."""
    return show_import(ShowImport(import_id, context.caller.user_id), context.work, context.ports)


@blueprint.route("/<uuid:import_id>/confirm", methods=["POST"])
@signed_in
@blueprint.refuses(409)
@blueprint.response(202, ImportSchema)
def confirm(import_id: UUID) -> PeopleImport:
    """Invite all of its people, in the background: all of them or none."""
    return confirm_import(ConfirmImport(import_id, context.caller.user_id), context.work, context.ports)


@blueprint.route("/<uuid:import_id>/credentials", methods=["POST"])
@signed_in
@shows_secret_once
@blueprint.refuses(409)
@blueprint.response(200)
@blueprint.doc(responses=_file(CSV))
def post_credentials(import_id: UUID) -> Response:
    """Make everybody's temporary password, and show them with the temporary IDs, once."""
    wish = HandOutCredentials(import_id, context.caller.user_id)
    return _document(hand_out_credentials(wish, context.work, context.ports), CSV, "credentials.csv")


@blueprint.route("/<uuid:import_id>/result.xlsx")
@signed_in
@blueprint.response(200)
@blueprint.doc(responses=_file(XLSX))
def get_result(import_id: UUID) -> Response:
    """Download what became of each person of the file, or what is wrong in it."""
    wish = ShowImportResult(import_id, context.caller.user_id)
    return _document(show_import_result(wish, context.work, context.ports), XLSX, "import-result.xlsx")


def _document(content: bytes, content_type: str, name: str) -> Response:
    file = io.BytesIO(content)
    answer = send_file(file, content_type, as_attachment=True, download_name=name, etag=False, conditional=False)
    answer.headers["Cache-Control"] = "no-store"
    return answer
