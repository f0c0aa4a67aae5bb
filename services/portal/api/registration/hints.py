"""Pieces of the third step's page for browsers that ask while one types: is the user ID free, how strong is this."""

from __future__ import annotations

from flask import Response, render_template, request

from services.portal.api.forms import translated
from services.portal.api.registration.wizard import blueprint, registering
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Sentence
from services.portal.application.registration_calls import why_not_free
from services.portal.application.sentences import SENTENCES
from services.portal.domain.passwords import strength_of

_LONGEST = 200


@blueprint.post("/account/user-id")
def user_id_hint() -> Response:
    """Whether the user ID is free, and if not, what is; nothing where that cannot be said now."""
    wished = request.form.get("user_id", "").strip()
    if not wished:
        return Response("")
    try:
        found = registering().availability(wished[:_LONGEST])
    except ProblemError:
        return Response("")
    why = None if found.available else translated(Sentence(SENTENCES[why_not_free(found)]))
    return Response(
        render_template(
            "registration/user_id_hint.html", why=why, suggestions=found.suggestions, is_free=found.available
        )
    )


@blueprint.post("/account/password-strength")
def password_hint() -> Response:
    """How strong the password looks."""
    known = [request.form.get(name, "") for name in ("first_name", "last_name", "user_id", "email")]
    typed = request.form.get("password") or request.form.get("new_password", "")
    strength = strength_of(typed, known)
    return Response(render_template("registration/password_hint.html", strength=strength))
