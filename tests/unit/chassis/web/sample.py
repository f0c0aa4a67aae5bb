"""A service of a few routes on SQLite, through which the tests see the chassis' edge as services use it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

from flask import Blueprint as PlainBlueprint
from flask import Response
from flask.testing import FlaskClient
from marshmallow import fields, validate
from sqlalchemy import Column, Connection, Engine, Integer, String, Table, func, insert, select, update

from chassis.db.outbox import Outlet
from chassis.db.tables import metadata
from chassis.db.work import SqlUnitOfWork
from chassis.kernel.cause import Cause
from chassis.kernel.errors import (
    ChangedMeanwhileError,
    ConflictError,
    Fault,
    InvalidError,
    NotFoundError,
    TooManyError,
    UnavailableError,
    WardenryError,
)
from chassis.kernel.messages import Event, Message
from chassis.security.callers import Bearer, Caller, ClientCaller
from chassis.security.service_tokens import ServiceTokens
from chassis.security.signing import SigningKey
from chassis.security.tokens import AccessTokenVerifier, claims_of
from chassis.testing.clocks import StandingClock
from chassis.web import etags, paging
from chassis.web.access import internal, needs_scope, public, signed_in, signed_in_or_client
from chassis.web.application import WardenryApp, create_app
from chassis.web.blueprints import Blueprint
from chassis.web.bodies import takes_up_to
from chassis.web.context import RequestContext
from chassis.web.definition import ServiceApp
from chassis.web.exchange import OnBegin
from chassis.web.idempotency import shows_secret_once
from chassis.web.rates import limited_by_address
from chassis.web.schemas import Coded, Instant, QuerySchema, RequestSchema, ResponseSchema, UploadField, list_of

ISSUER = "https://id.example.test"
SERVICE_SECRET = b"0123456789abcdef0123456789abcdef"

TABLES = metadata()
NOTES = Table(
    "note",
    TABLES,
    Column("id", String(36), primary_key=True),
    Column("owner", String(40), nullable=False),
    Column("text", String(200), nullable=False, unique=True),
    Column("version", Integer, nullable=False),
)
GUESSES = Table("guess", TABLES, Column("id", Integer, primary_key=True), Column("code", String(20), nullable=False))


@dataclass(frozen=True, slots=True)
class NoteWritten(Event):
    id: str


class WrongGuessError(WardenryError):
    code: ClassVar[str] = "code_wrong"
    keeps_work = True


class TakenError(ConflictError):
    code: ClassVar[str] = "text_taken"


class Notes:
    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def add(self, note_id: UUID, owner: str, text: str) -> None:
        self.connection.execute(insert(NOTES).values(id=str(note_id), owner=owner, text=text, version=1))

    def get(self, note_id: UUID) -> Any:
        row = self.connection.execute(select(NOTES).where(NOTES.c.id == str(note_id))).one_or_none()
        if row is None:
            raise NotFoundError
        return row

    def after(self, text: str, limit: int) -> list[Any]:
        statement = select(NOTES).where(NOTES.c.text > text).order_by(NOTES.c.text).limit(limit)
        return list(self.connection.execute(statement))

    def is_taken(self, text: str) -> bool:
        return self.connection.execute(select(NOTES.c.id).where(NOTES.c.text == text)).first() is not None

    def count(self) -> int:
        return self.connection.execute(select(func.count()).select_from(NOTES)).scalar_one()


@dataclass
class Ports:
    """What tests change to bring about what they look at."""

    before_writing: Callable[[], None] = lambda: None
    after_writing: Callable[[], None] = lambda: None
    seen: list[Any] = field(default_factory=list)
    secrets: Iterable[str] = ()


context: RequestContext[Notes, Ports] = RequestContext()


class LabelSchema(RequestSchema):
    name = fields.String(required=True, validate=validate.Length(1, 20))
    weight = fields.Integer(validate=validate.Range(1, 9))


class NoteWish(RequestSchema):
    text = fields.String(required=True, validate=validate.Length(1, 50))
    labels = fields.List(fields.Nested(LabelSchema))
    pinned = fields.Boolean()
    due = Instant()


class NoteSchema(ResponseSchema):
    id = fields.String(required=True)
    text = fields.String(required=True)


class NoteQuery(paging.PageQuery):
    owner = fields.String()


class SecretSchema(ResponseSchema):
    secret = fields.String(required=True)


class GuessSchema(RequestSchema):
    code = fields.String(required=True)


def is_tin(tin: str) -> None:
    if len(tin) != 9:
        raise Coded("tin_invalid", "A TIN has nine digits.")


class TinSchema(RequestSchema):
    tin = fields.String(required=True, validate=is_tin)


class TinsSchema(RequestSchema):
    tins = fields.List(fields.Nested(TinSchema), required=True)


class UploadSchema(QuerySchema):
    file = UploadField(required=True)


class NumberSchema(RequestSchema):
    n = fields.Integer(required=True)


class WhichSchema(QuerySchema):
    which = fields.String()


class WhoSchema(ResponseSchema):
    actor = fields.String(required=True)
    site = fields.String(required=True, allow_none=True)
    address = fields.String(required=True, allow_none=True)
    correlation_id = fields.String(required=True)


def _cause() -> Cause:
    return context.cause


def make_blueprints() -> list[Blueprint]:  # noqa: C901, PLR0915 -- a list of small views
    blp = Blueprint("notes", __name__, description="Notes.")

    @blp.route("/notes", methods=["POST"])
    @blp.arguments(NoteWish)
    @blp.response(201, NoteSchema)
    @signed_in
    def add_note(wish: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
        """Write a note"""
        note_id, ports = context.operation_id, context.ports
        with context.work.reading() as notes:
            if notes.is_taken(wish["text"]):
                raise TakenError("There is such a note.")
        ports.before_writing()
        context.work.writing().add(note_id, context.caller.user_id, wish["text"])
        context.work.record(NoteWritten(str(note_id)))
        ports.after_writing()
        return {"id": str(note_id), "text": wish["text"]}, {"Location": f"/api/sample/v1/notes/{note_id}"}

    @blp.route("/notes")
    @blp.arguments(NoteQuery, location="query")
    @blp.response(200, list_of(NoteSchema))
    @signed_in
    def list_notes(query: dict[str, Any]) -> dict[str, Any]:
        """List notes"""
        (after,) = query["cursor"] or ("",)
        with context.work.reading() as notes:
            found = notes.after(after, query["limit"] + 1)
        items = found[: query["limit"]]
        return paging.page(items, (items[-1].text,) if len(found) > len(items) else None)

    @blp.route("/notes/<uuid:note_id>")
    @blp.response(200, NoteSchema)
    @signed_in
    def get_note(note_id: UUID) -> Any:
        """Read a note"""
        with context.work.reading() as notes:
            note = notes.get(note_id)
        etags.show(note.version)
        return note

    @blp.route("/notes/<uuid:note_id>", methods=["PUT"])
    @blp.arguments(NoteWish)
    @blp.response(200, NoteSchema)
    @signed_in
    @etags.takes_if_match
    def change_note(wish: dict[str, Any], note_id: UUID) -> Any:
        """Change a note"""
        versions = etags.matching_versions()
        notes = context.work.writing()
        note = notes.get(note_id)
        if versions is not None and str(note.version) not in versions:
            raise ChangedMeanwhileError
        changed = update(NOTES).where(NOTES.c.id == str(note_id)).values(text=wish["text"], version=note.version + 1)
        notes.connection.execute(changed)
        etags.show(note.version + 1)
        return notes.get(note_id)

    @blp.route("/notes/<uuid:note_id>", methods=["DELETE"])
    @blp.response(204)
    @signed_in
    def delete_note(note_id: UUID) -> None:
        """Delete a note"""
        notes = context.work.writing()
        notes.get(note_id)
        notes.connection.execute(NOTES.delete().where(NOTES.c.id == str(note_id)))

    @blp.route("/secrets", methods=["POST"])
    @blp.response(201, SecretSchema)
    @shows_secret_once
    @signed_in
    def make_secret() -> dict[str, Any]:
        """Make a secret"""
        context.work.writing().add(context.operation_id, context.caller.user_id, str(context.operation_id))
        return {"secret": "s3cr3t-of-" + str(context.operation_id)}

    @blp.route("/guesses", methods=["POST"])
    @blp.arguments(GuessSchema)
    @blp.response(204)
    @public
    def guess(wish: dict[str, Any]) -> None:
        """Guess a code"""
        notes = context.work.writing()
        notes.connection.execute(insert(GUESSES).values(code=wish["code"]))
        if wish["code"] == "too-many":
            raise TooManyError("Too many.", retry_after=7)
        if wish["code"] != "right":
            raise WrongGuessError("That is not the code.")

    @blp.route("/tins", methods=["POST"])
    @blp.arguments(TinsSchema)
    @blp.response(204)
    @public
    def take_tins(_: dict[str, Any]) -> None:
        """Take TINs"""

    @blp.route("/numbers", methods=["POST"])
    @blp.arguments(NumberSchema)
    @blp.response(204)
    @public
    def take_number(_: dict[str, Any]) -> None:
        """Take a number"""

    @blp.route("/who")
    @blp.response(200, WhoSchema)
    @public
    def who() -> Cause:
        """Say who calls"""
        return _cause()

    @blp.route("/who-strictly")
    @blp.response(204)
    @public
    def who_strictly() -> None:
        """Look at the caller, if there is one"""
        context.ports.seen.append(context.caller_or_none)

    return [blp, _odd_blueprint()]


def _odd_blueprint() -> Blueprint:  # noqa: C901 -- a list of small views
    blp = Blueprint("odd", __name__, url_prefix="/odd", description="What goes wrong, and what is rare.")

    @blp.route("/boom")
    @blp.response(204)
    @public
    def boom() -> None:
        """Fail"""
        context.work.writing().add(context.operation_id, "nobody", "boom")
        raise RuntimeError("hunter2 is the password")

    @blp.route("/down")
    @blp.response(204)
    @public
    def down() -> None:
        """Lack a part"""
        raise UnavailableError("The other part is down.", retry_after=9)

    @blp.route("/missing-table")
    @blp.response(204)
    @public
    def missing_table() -> None:
        """Lack the database"""
        with context.work.reading() as notes:
            notes.connection.exec_driver_sql("select * from nowhere")

    @blp.route("/faulty", methods=["POST"])
    @blp.response(204)
    @signed_in
    def faulty() -> None:
        """Refuse by pointer"""
        context.work.writing().add(context.operation_id, "x", "undone")
        raise InvalidError([Fault("/tins/1/tin", "tin_duplicate", "Twice the same TIN.")])

    @blp.route("/support")
    @blp.response(204)
    @needs_scope("support")
    def support() -> None:
        """For support"""

    @blp.route("/check")
    @blp.response(200, WhoSchema)
    @signed_in_or_client
    def check() -> Cause:
        """For people and programs"""
        return _cause()

    @blp.route("/uploads", methods=["POST"])
    @blp.arguments(UploadSchema, location="files")
    @blp.response(201, SecretSchema)
    @takes_up_to(300_000)
    @signed_in
    def upload(files: dict[str, Any]) -> dict[str, Any]:
        """Upload a file"""
        content = files["file"].read()
        context.work.writing().add(context.operation_id, "x", str(context.operation_id))
        return {"secret": str(len(content))}

    @blp.route("/things", methods=["DELETE"])
    @blp.arguments(WhichSchema, location="query")
    @blp.response(204)
    @public
    def forget(_: dict[str, Any]) -> None:
        """Forget things"""

    @blp.route("/named/<name>")
    @blp.response(204)
    @public
    def named(name: str) -> None:
        """Be named"""

    @blp.route("/limited")
    @blp.response(204)
    @limited_by_address("limited", times=2, per=timedelta(minutes=1), by_network=3)
    @public
    def limited() -> None:
        """Be limited"""

    @blp.route("/moment")
    @blp.response(200, _MomentSchema)
    @public
    def moment() -> dict[str, Any]:
        """Tell a moment"""
        return {"at": datetime(2026, 3, 2, 9, 30, tzinfo=UTC)}

    return blp


class _MomentSchema(ResponseSchema):
    at = Instant(required=True)


def make_internal() -> Blueprint:
    blp = Blueprint("internal", __name__)

    @blp.route("/ping", methods=["POST"])
    @blp.response(200, WhoSchema)
    @internal
    def ping() -> Cause:
        """Answer another service"""
        context.ports.seen.append(context.service)
        return _cause()

    return blp


def make_root() -> PlainBlueprint:
    blueprint = PlainBlueprint("protocol", __name__)

    @blueprint.post("/oidc/token")
    @public
    def token() -> Response:
        context.work.writing().add(context.operation_id, "x", str(context.operation_id))
        return Response(b"{}", content_type="application/json")

    return blueprint


def publish(event: Event) -> Message:
    if isinstance(event, NoteWritten):
        return Message("sample.note.written.v1", f"note/{event.id}", {"id": event.id})
    raise LookupError(event)


class Sample:
    """The sample service with its clock, keys and client."""

    def __init__(self, engine: Engine, **changes: Any) -> None:
        self.engine = engine
        self.clock = StandingClock()
        self.ports = Ports()
        self.key = SigningKey.make()
        self.ended: set[str] = set()
        self.services = ServiceTokens([SERVICE_SECRET], "sample", self.clock)
        TABLES.create_all(engine)
        self.definition = ServiceApp(**(self._definition() | changes))
        self.app: WardenryApp = create_app(self.definition)
        self.client: FlaskClient = self.app.test_client()

    def _definition(self) -> dict[str, Any]:
        keys = {self.key.kid: self.key.public_jwk()}
        return {
            "name": "sample",
            "title": "Sample",
            "description": "A sample.",
            "blueprints": make_blueprints(),
            "internal_blueprints": [make_internal()],
            "root_blueprints": [make_root()],
            "engine": self.engine,
            "begin": self.begin,
            "ports": self.ports,
            "verify_token": AccessTokenVerifier(ISSUER, keys.get, self.ended.__contains__, self.clock),
            "verify_service": self.services.verify,
            "edge_secret": b"edge-secret-of-the-sample-service",
            "clock": self.clock,
        }

    def begin(self, cause: Cause, on_begin: OnBegin | None) -> SqlUnitOfWork[Notes]:
        return SqlUnitOfWork(self.engine, Notes, Outlet("sample", publish), cause, self.clock, on_begin=on_begin)

    def token(self, bearer: Bearer) -> str:
        return self.key.sign(claims_of(bearer, issuer=ISSUER, now=self.clock.now()), typ="at+jwt")

    def headers(self, bearer: Bearer, **more: str) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"Authorization": f"Bearer {self.token(bearer)}"} | named

    def count(self, table: Table = NOTES) -> int:
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(table)).scalar_one()


def person(user_id: str = "mmartin5", *, scopes: Iterable[str] = (), session_id: str = "s-1") -> Caller:
    return Caller(
        user_id=user_id,
        session_id=session_id,
        site="behavioral",
        acr="urn:two",
        amr=("pwd", "otp"),
        auth_time=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
        scopes=frozenset(scopes),
        client_id="portal",
    )


PROGRAM = ClientCaller("site-program", frozenset({"entitlements.check"}))
