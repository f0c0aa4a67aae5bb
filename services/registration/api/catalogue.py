"""The lists that applicants choose from (REG-5, REG-8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from marshmallow import fields

from chassis.web.access import public
from chassis.web.blueprints import Blueprint
from chassis.web.schemas import ResponseSchema, list_of
from services.registration.api.context import context

blueprint = Blueprint("catalogue", __name__, description="What applicants choose from.")


class ChoiceSchema(ResponseSchema):
    """Something to choose: `code` is what is sent back."""

    code = fields.String(required=True)
    title = fields.String(required=True)


@blueprint.route("/job-roles")
@public
@blueprint.response(200, list_of(ChoiceSchema))
def get_job_roles() -> dict[str, Any]:
    """The job roles, all of them."""
    return _all_of(context.ports.catalogue.job_roles)


@blueprint.route("/security-questions")
@public
@blueprint.response(200, list_of(ChoiceSchema))
def get_security_questions() -> dict[str, Any]:
    """The security questions, all of them."""
    return _all_of(context.ports.catalogue.security_questions)


def _all_of(titles: Mapping[str, str]) -> dict[str, Any]:
    return {"items": [{"code": code, "title": title} for code, title in titles.items()], "next": None}
