"""Reads request bodies and parameters so that nothing malformed reaches a schema, and nothing unnamed passes one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

import marshmallow
import orjson
from flask import Request
from webargs import core
from webargs.flaskparser import FlaskParser, is_json_request
from werkzeug.datastructures import CombinedMultiDict

from chassis.kernel.errors import Category, Fault, InvalidError, WardenryError
from chassis.web.pointers import escaped, faults_of

MAX_DEPTH = 32
_UNFIT = frozenset("\x00")
_ESCAPED_NUL = rb"\u0000"
"""The only way in which JSON can write one."""


class MalformedError(WardenryError):
    """The request's body is not what its content type says."""

    category: ClassVar[Category] = Category.MALFORMED
    code: ClassVar[str] = "malformed"


class StrictParser(FlaskParser):
    """JSON by orjson (no NaN, no lone surrogates, no recursion), and unknown names refused in the query as well."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 -- as the base declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": marshmallow.RAISE,
        "querystring": marshmallow.RAISE,
        "form": marshmallow.RAISE,
        "files": marshmallow.RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        body = req.get_data(cache=True)
        if not body or not is_json_request(req):
            return core.missing
        return loaded_json(body)

    def load_querystring(self, req: Request, schema: marshmallow.Schema) -> Any:
        given = req.args.to_dict(flat=False)
        refuse_unfit_text(given)
        _refuse_repeats(given, schema)
        return super().load_querystring(req, schema)

    def load_form(self, req: Request, schema: marshmallow.Schema) -> Any:
        refuse_unfit_text(req.form.to_dict(flat=False))
        return super().load_form(req, schema)

    def load_files(self, req: Request, schema: marshmallow.Schema) -> Any:
        """The files of a `multipart/form-data` body, and the fields beside them."""
        refuse_unfit_text(req.form.to_dict(flat=False))
        return self._makeproxy(CombinedMultiDict([req.files, req.form]), schema)

    def handle_error(
        self,
        error: marshmallow.ValidationError,
        req: Request,  # noqa: ARG002 -- webargs hands it in
        schema: marshmallow.Schema,  # noqa: ARG002
        **_: Any,
    ) -> NoReturn:
        """Raise what a schema found as this project's own refusal."""
        raise InvalidError(faults_of(error.messages)) from error


def loaded_json(body: bytes) -> Any:
    """The value of a JSON text; raises `MalformedError` for anything else and for one nested too deep,
    `InvalidError` for text that no database takes.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise MalformedError("The body is not valid JSON in UTF-8.") from error
    _refuse_deep(value)
    if _ESCAPED_NUL in body:
        refuse_unfit_text(value)
    return value


def refuse_unfit_text(value: Any) -> None:
    """Raise `InvalidError` where a text has a NUL."""
    faults: list[Fault] = []
    waiting: list[tuple[str, Any]] = [("", value)]
    while waiting:
        pointer, part = waiting.pop()
        if isinstance(part, dict):
            waiting.extend((f"{pointer}/{escaped(name)}", inner) for name, inner in part.items())
            faults.extend(_unfit(pointer) for name in part if not _UNFIT.isdisjoint(name))
        elif isinstance(part, list):
            waiting.extend((f"{pointer}/{place}", inner) for place, inner in enumerate(part))
        elif isinstance(part, str) and not _UNFIT.isdisjoint(part):
            faults.append(_unfit(pointer))
    if faults:
        raise InvalidError(faults)


def _refuse_deep(value: Any) -> None:
    """Raise `MalformedError` where lists and objects nest too deep."""
    level = [value]
    for _ in range(MAX_DEPTH + 1):
        level = [
            inner
            for part in level
            if isinstance(part, dict | list)
            for inner in (part.values() if isinstance(part, dict) else part)
        ]
        if not level:
            return
    raise MalformedError(f"The body nests deeper than {MAX_DEPTH} levels.")


def _refuse_repeats(given: Mapping[str, list[str]], schema: marshmallow.Schema) -> None:
    """Raise `InvalidError` for parameters that stand more than once: which of them is meant, nobody knows."""
    lists = {
        field.data_key or name for name, field in schema.fields.items() if isinstance(field, marshmallow.fields.List)
    }
    repeated = [name for name, values in given.items() if len(values) > 1 and name not in lists]
    if repeated:
        raise InvalidError([Fault(f"/{escaped(name)}", "repeated", "Give this once.") for name in repeated])


def _unfit(pointer: str) -> Fault:
    return Fault(pointer, "character_not_allowed", "This has a character (NUL) that no text may have.")
