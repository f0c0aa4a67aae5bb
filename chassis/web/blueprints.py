"""flask-smorest's blueprint with this project's strictness, and with types."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import marshmallow
from flask_smorest.blueprint import Blueprint as SmorestBlueprint

from chassis.web.parsing import StrictParser

View = TypeVar("View", bound=Callable[..., Any])


class Blueprint(SmorestBlueprint):
    """A resource's routes. The app puts the prefix `/api/<service>/v1` before its own `url_prefix`.

    Unknown fields of a body and unknown query parameters are refused whatever the schema's own setting.
    """

    ARGUMENTS_PARSER = StrictParser()

    def __init__(self, name: str, import_name: str, *, url_prefix: str | None = None, description: str = "") -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            name, import_name, url_prefix=url_prefix, description=description
        )

    def arguments(
        self,
        schema: type[marshmallow.Schema] | marshmallow.Schema,
        *,
        location: str = "json",
        required: bool = True,
        **documented: Any,
    ) -> Callable[[View], View]:
        """Load the request through `schema` and hand it to the view as a positional argument.

        The schema is made once, for making it takes longer than loading most requests.
        """
        made = schema() if isinstance(schema, type) else schema
        decorate: Callable[[View], View] = super().arguments(  # type: ignore[no-untyped-call]
            made, location=location, required=required, **documented
        )
        return decorate

    def response(
        self,
        status_code: int,
        schema: type[marshmallow.Schema] | marshmallow.Schema | None = None,
        *,
        headers: Mapping[str, Any] | None = None,
        **documented: Any,
    ) -> Callable[[View], View]:
        """Dump what the view returns through `schema` and answer with `status_code`."""
        decorate: Callable[[View], View] = super().response(  # type: ignore[no-untyped-call]
            status_code, schema, headers=dict(headers) if headers else None, **documented
        )
        return decorate

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Register a view function, or a `MethodView` class, for the path."""
        decorate: Callable[[View], View] = super().route(rule, **options)  # type: ignore[no-untyped-call]
        return decorate

    @staticmethod
    def refuses(*statuses: int) -> Callable[[View], View]:
        """Name in the OpenAPI document the refusals that the view's marks do not tell."""
        problems = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}
        return Blueprint.doc(responses=problems)

    @staticmethod
    def doc(**described: Any) -> Callable[[View], View]:
        """Add to the operation's description in the OpenAPI document."""
        decorate: Callable[[View], View] = SmorestBlueprint.doc(**described)  # type: ignore[no-untyped-call]
        return decorate
