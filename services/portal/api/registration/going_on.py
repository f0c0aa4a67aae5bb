"""A registration goes on after its visit has ended: from what the step's page holds of it, sealed (REG-9, ADR 0038).

The page has all that was typed before but the passwords, and only this portal can read it. The form that is sent too
late brings it along; its step is shown again with that and with what was typed into it, and nothing else is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import orjson
from flask import Response, g, request
from flask_wtf.csrf import CSRFError

from chassis.security.sealing import SealBrokenError, Sealer, derived_key
from services.portal.api.context import context
from services.portal.api.errors import has_cookie, of_expired_form
from services.portal.api.pages import go_to
from services.portal.api.registration.account_fields import typed_account
from services.portal.api.registration.tin_forms import read_step
from services.portal.api.registration.wizard import (
    blueprint,
    draft_without_secrets,
    has_draft,
    keep_account,
    keep_invited,
    keep_practice_type,
    keep_tins,
    take_up,
)
from services.portal.api.signed_in import is_signed_in
from services.portal.application.registration_draft import Invited, TinStep, without_blanks

HOLDS_FOR: Final = timedelta(hours=12)
"""A page that is older is not gone on from."""

_KEY: Final = "drafts of registrations"
_WENT_ON: Final = "register.went_on"
_NOTHING_TO_SAY: Final = 204


@blueprint.context_processor
def of_every_step() -> dict[str, Any]:
    """`sealed_draft()` and `went_on()` for the templates."""
    return {"sealed_draft": sealed_draft, "went_on": went_on}


def sealed_draft() -> str:
    """The registration so far, for this site alone."""
    kept = {"at": g.now.isoformat(), "parts": draft_without_secrets()}
    return _sealer().seal(orjson.dumps(kept), _place())


def went_on() -> bool:
    """Whether this is the page that is shown again, once."""
    return bool(context.session.pop(_WENT_ON, False))


@blueprint.errorhandler(CSRFError)
def go_on(error: CSRFError) -> Response:
    """Show the step again, if its form came after the end of its visit; a registration begun since then stays."""
    if "HX-Request" in request.headers:
        return Response(status=_NOTHING_TO_SAY)
    parts = _unsealed(request.form.get("draft", "")) if _is_over() else None
    step = _STEPS.get(request.endpoint or "")
    if parts is None or step is None:
        return of_expired_form(error)
    take_up(parts)
    endpoint, keep_typed = step
    keep_typed()
    context.session[_WENT_ON] = True
    return go_to(endpoint)


def _is_over() -> bool:
    return has_cookie() and not has_draft() and not is_signed_in()


def _unsealed(sealed: str) -> Mapping[str, Any] | None:
    try:
        kept: dict[str, Any] = orjson.loads(_sealer().unseal(sealed, _place()))
    except SealBrokenError:
        return None
    parts: Mapping[str, Any] = kept["parts"]
    return parts if g.now - datetime.fromisoformat(kept["at"]) < HOLDS_FOR else None


def _sealer() -> Sealer:
    return Sealer({_KEY: derived_key(context.definition.handle_secret, _KEY)})


def _place() -> str:
    return f"register.draft:{context.site.name}"


def _practice_type() -> None:
    if chosen := request.form.getlist("practice_type"):
        keep_practice_type(chosen)


def _tins() -> None:
    step = read_step(request.form)
    keep_tins(TinStep(without_blanks(step.rows), step.no_tin))


def _account() -> None:
    keep_account(typed_account(request.form), None)


def _temporary_id() -> None:
    keep_invited(Invited(request.form.get("temporary_id", "").strip(), "", ()))


def _nothing() -> None:
    """The review has no fields."""


_STEPS: Final[Mapping[str, tuple[str, Callable[[], None]]]] = {
    "registration.take_practice_type": ("registration.practice_type", _practice_type),
    "registration.take_tins": ("registration.tins", _tins),
    "registration.take_account": ("registration.account", _account),
    "registration.take_temporary_id": ("registration.temporary_id", _temporary_id),
    "registration.submit": ("registration.review", _nothing),
}
