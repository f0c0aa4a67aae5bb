"""What the steps of registering share: their order, and the draft in the session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, Response, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.pages import go_to
from services.portal.application.problems import Fields
from services.portal.application.registration_calls import Registering
from services.portal.application.registration_draft import ADDRESS, PROFILE, Draft, Invited, TinStep
from services.portal.domain.languages import mark

blueprint = Blueprint("registration", __name__, url_prefix="/register")

STEPS: Final = (
    ("registration.practice_type", mark("Practice type")),
    ("registration.tins", mark("Your TINs")),
    ("registration.account", mark("Your account")),
    ("registration.review", mark("Review and submit")),
    ("registration.done", mark("Done")),
)
INVITED_STEPS: Final = (("registration.temporary_id", mark("Temporary ID")), *STEPS[2:])
"""With a temporary ID (REG-14)."""

DONE: Final = "register.done"
_ACCOUNT_STEP: Final = 3
_TYPE: Final = "register.type"
_TINS: Final = "register.tins"
_INVITED: Final = "register.invited"
_ACCOUNT: Final = "register.account"
_PASSWORD: Final = "register.password"  # noqa: S105 (where it is kept, sealed, until the registration is sent)

_PARTS: Final = (_TYPE, _TINS, _INVITED, _ACCOUNT)

FIELDS: Final = Fields(
    {
        "/practice_type": "practice_type",
        "/tins": "tin-0",
        "/tins/*": "tin-{}",
        "/tins/*/line": "line-{}",
        "/tins/*/nominate": "nominate-{}",
        "/tins/*/nominate/first_name": "nominee_first-{}",
        "/tins/*/nominate/last_name": "nominee_last-{}",
        "/tins/*/nominate/email": "nominee_email-{}",
        **{f"/profile/{name}": name for name in (*PROFILE, "language")},
        **{f"/profile/address/{name}": name for name in ADDRESS},
        "/profile": "first_name",
        "/temporary_id": "temporary_id",
        "/temporary_password": "temporary_id",
        "/user_id": "user_id",
        "/password": "password",
        "/date_of_birth": "date_of_birth",
        "/security_answers": "question_0",
        "/security_answers/*/question": "question_{}",
        "/security_answers/*/answer": "answer_{}",
    }
)


def registering() -> Registering:
    """The API for the applicant."""
    return Registering(context.visitor_api)


def draft() -> Draft:
    """What the session has of the registration."""
    kept: Mapping[str, Any] = context.session
    return Draft(
        practice_type=tuple(kept[_TYPE]) if _TYPE in kept else None,
        tins=TinStep.parse(kept[_TINS]) if _TINS in kept else None,
        account=kept.get(_ACCOUNT),
        password=kept.get(_PASSWORD),
        invited=_invited(kept.get(_INVITED)),
    )


def keep_practice_type(practice_type: list[str]) -> None:
    """Keep the first step; whoever takes it has no temporary ID."""
    context.session[_TYPE] = practice_type
    context.session.pop(_INVITED, None)
    context.session.pop(DONE, None)


def keep_tins(step: TinStep) -> None:
    """Keep the second step."""
    context.session[_TINS] = step.kept()


def keep_invited(invited: Invited) -> None:
    """Keep the temporary ID, in place of the first two steps."""
    context.session[_INVITED] = {**invited.body(), "access": list(invited.access)}
    context.session.pop(DONE, None)


def keep_account(typed: dict[str, str], password: str | None) -> None:
    """Keep the third step; a password that does not pass is not kept."""
    context.session[_ACCOUNT] = typed
    if password:
        context.session[_PASSWORD] = password


def forget_draft() -> None:
    """Keep nothing of what was typed: it is sent, or given up (REG-9)."""
    for name in (_TYPE, _TINS, _INVITED, _ACCOUNT, _PASSWORD):
        context.session.pop(name, None)


def has_draft() -> bool:
    """Whether the session has any of it, or what came of it."""
    return any(name in context.session for name in (*_PARTS, DONE))


def draft_without_secrets() -> dict[str, Any]:
    """What the session has of the registration, but for its password and a temporary one, as JSON."""
    parts = {name: context.session[name] for name in _PARTS if name in context.session}
    if _INVITED in parts:
        parts[_INVITED] = {**parts[_INVITED], "temporary_password": ""}
    return parts


def take_up(parts: Mapping[str, Any]) -> None:
    """Have the session go on from there."""
    for name in _PARTS:
        if name in parts:
            context.session[name] = parts[name]


def await_confirmation(user_id: str) -> None:
    """Somebody who registered before comes back, and has yet to give the code from the e-mail."""
    context.session[DONE] = {
        "id": None,
        "user_id": user_id,
        "email": "",
        "requests": [],
        "no_tin": False,
        "access": [],
        "confirmed": False,
    }


def step_titles() -> list[str]:
    """The names of this registration's steps in the page's language."""
    made: Mapping[str, Any] = context.session.get(DONE) or {}
    return titles_of(INVITED_STEPS if draft().invited or made.get("access") else STEPS)


def titles_of(steps: tuple[tuple[str, str], ...]) -> list[str]:
    """The steps' names in the page's language."""
    return [gettext(title) for _, title in steps]


def goes_back() -> bool:
    """Whether *Previous* was pressed: what was typed is kept, and not judged."""
    return request.form.get("go") == "previous"


def missing_step(before: int) -> Response | None:
    """The way to the first step that must come before the one counted `before` and is not done yet."""
    now = draft()
    account = now.account if now.password else None
    if now.invited is not None:
        if not now.invited.temporary_password:
            return go_to("registration.temporary_id")
        return go_to("registration.account") if before > _ACCOUNT_STEP and account is None else None
    for (endpoint, _), part in zip(STEPS[: before - 1], (now.practice_type, now.tins, account), strict=False):
        if part is None:
            return go_to(endpoint)
    return None


def before_account() -> str:
    """The step that comes before the account's."""
    return "registration.temporary_id" if draft().invited else "registration.tins"


def _invited(kept: Mapping[str, Any] | None) -> Invited | None:
    if kept is None:
        return None
    return Invited(kept["temporary_id"], kept["temporary_password"], tuple(kept["access"]))
