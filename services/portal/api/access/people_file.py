"""Add new users from a file: template, upload, what is wrong by row, confirm, progress, result (REG-16)."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext

from chassis.web.bodies import takes_up_to
from services.portal.api.access.desk import open_desk
from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.handles import handle, meant
from services.portal.api.pages import form_key, go_to, page
from services.portal.api.signed_in import api, signed_in
from services.portal.application.errors import ProblemError
from services.portal.application.file_sentences import FILE_SENTENCES, sentence_of_row
from services.portal.application.import_calls import Imports, PeopleImport
from services.portal.application.ports import Download

FILE_SIZE: Final = 4 * 1024 * 1024
SHOWN: Final = 200
"""So many faults stand on the page; all of them are in the workbook."""

_KIND: Final = "import"
_REFUSED: Final = frozenset({413, 422})
_SHOWN_BEFORE: Final = frozenset({409})

blueprint = Blueprint("people_file", __name__, url_prefix="/users/add/file")


@blueprint.get("")
@signed_in
def begin() -> Response:
    """How it works, the template, and the field for the file."""
    open_desk()
    return _upload_page(FormView())


@blueprint.post("")
@takes_up_to(FILE_SIZE)
@signed_in
def upload() -> Response:
    """Have the file looked at; one that cannot be taken at all is refused here."""
    open_desk()
    form = FormView(labels={"file": gettext("File")})
    file = request.files.get("file")
    if file is None or not file.filename:
        form.add("file", gettext("Choose a file."))
        return _upload_page(form)
    try:
        found = Imports(api()).upload(file.filename, file.stream.read(), context.form_key or form_key())
    except ProblemError as problem:
        if problem.status not in _REFUSED:
            raise
        for code in [fault.code for fault in problem.errors] or [problem.code]:
            form.add("file", gettext(FILE_SENTENCES.get(code, FILE_SENTENCES["not_a_workbook"])))
        return _upload_page(form)
    return go_to("people_file.show", upload=handle(found.id, _KIND))


@blueprint.get("/template.xlsx")
@signed_in
def template() -> Response:
    """The file to be filled in."""
    open_desk()
    return _file(Imports(api()).template(), "add-users.xlsx")


@blueprint.get("/<string:upload>")
@signed_in
def show(upload: str) -> Response:
    """Where the import stands: what is wrong, what will be done, how far it is, what came of it."""
    found = _found(upload)
    form = FormView()
    if request.args.get("shown"):
        form.add(None, gettext("The temporary IDs and passwords were downloaded before, and are not shown again."))
    return page("people_file/show.html", section="access", form=form, **_of(found, upload))


@blueprint.get("/<string:upload>/progress")
@signed_in
def progress(upload: str) -> Response:
    """How far it is, as a piece of the page; once it has ended, the page is to be loaded anew."""
    found = _found(upload)
    response = Response(render_template("people_file/progress.html", **_of(found, upload)))
    if found.state != "running":
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/<string:upload>/confirm")
@signed_in
def confirm(upload: str) -> Response:
    """Invite everybody; whoever comes back to an import that cannot be carried out sees why."""
    try:
        Imports(api()).confirm(meant(upload, _KIND), context.form_key)
    except ProblemError as problem:
        if problem.status not in _SHOWN_BEFORE:
            raise
    return go_to("people_file.show", upload=upload)


@blueprint.post("/<string:upload>/credentials")
@signed_in
def credentials(upload: str) -> Response:
    """Temporary IDs and passwords as a file, once."""
    try:
        found = Imports(api()).credentials(meant(upload, _KIND), context.form_key)
    except ProblemError as problem:
        if problem.status not in _SHOWN_BEFORE:
            raise
        return go_to("people_file.show", upload=upload, shown="before")
    return _file(found, "temporary-ids.csv")


@blueprint.get("/<string:upload>/result.xlsx")
@signed_in
def result(upload: str) -> Response:
    """What became of each person, or all that is wrong."""
    return _file(Imports(api()).result(meant(upload, _KIND)), "result.xlsx")


def _found(upload: str) -> PeopleImport:
    return Imports(api()).get(meant(upload, _KIND))


def _of(found: PeopleImport, upload: str) -> dict[str, Any]:
    faults = [(each.row, each.column, gettext(sentence_of_row(each.code))) for each in found.faults[:SHOWN]]
    return {"found": found, "upload": upload, "faults": faults}


def _upload_page(form: FormView) -> Response:
    return page("people_file/begin.html", section="access", form=form, recent=Imports(api()).recent())


def _file(found: Download, name: str) -> Response:
    response = Response(found.chunks, content_type=found.content_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
