"""A second step under way, at log-in or afterwards, as the browser's session keeps it between its pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

import orjson
from flask import g, request
from flask_babel import gettext

from services.portal.api.context import context
from services.portal.api.forms import FormView
from services.portal.api.waiting import seconds_until
from services.portal.application.errors import ProblemError, SignInBrokenError
from services.portal.application.problems import Fields
from services.portal.application.sign_in_calls import PASSKEY, Challenge, Method, Proof
from services.portal.domain.languages import mark as _

FIELDS: Final = Fields({"/code": "code", "/method": "method", "/user_id": "user_id", "/password": "password"})
"""The fields of logging in and of confirming."""

_CODE_WRONG: Final = "code_wrong"
_WRONG: Final[Mapping[str, str]] = {
    "totp": _("This is not the code that the app shows now. Each code works once: wait for the next one."),
    "recovery_code": _("This is not one of your recovery codes, or you used it before."),
}


_PASSKEY_REFUSED: Final = _("This passkey was not accepted: try again, or confirm it in another way.")


class News(StrEnum):
    """What came of choosing a method."""

    SENT = "sent"
    SENT_AGAIN = "sent_again"
    TOO_SOON = "too_soon"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The method that was chosen, and, where it sends codes, the seconds until another may be asked for."""

    method: Method
    wait: int
    news: News


@dataclass(frozen=True, slots=True)
class Flow:
    """The one that the session keeps under this name."""

    name: str

    def begin(self, challenge: Challenge, **more: Any) -> None:
        """A challenge stands open; `more` is kept beside it, as JSON."""
        context.session[self.name] = {**challenge.kept(), **more}

    @property
    def kept(self) -> dict[str, Any]:
        """What is kept; nothing where none is under way."""
        kept: dict[str, Any] = context.session.get(self.name, {})
        return kept

    def challenge(self) -> Challenge:
        """The challenge under way; raises `SignInBrokenError` where there is none."""
        if "challenge" not in self.kept:
            raise SignInBrokenError("no second step under way")
        return Challenge.parse(self.kept)

    def choose(self, method: Method, seconds: int = 0, news: News = News.NONE) -> None:
        """A code is asked for that comes by it; another may be sent after so many seconds."""
        again_at = (g.now + timedelta(seconds=seconds)).isoformat()
        chosen = {"method": method.id, "again_at": again_at, "news": news.value}
        context.session[self.name] = {**self.kept, "chosen": chosen}

    def chosen(self) -> Chosen | None:
        """What was chosen, None where nothing is yet."""
        kept = self.kept.get("chosen")
        method = self.challenge().method(kept["method"]) if kept else None
        return Chosen(method, seconds_until(kept["again_at"]), News(kept["news"])) if kept and method else None

    def forget(self) -> None:
        """It is over."""
        context.session.pop(self.name, None)


def choosing(methods: Sequence[Method], chosen: str | None = None, *, is_refused: bool = False) -> FormView:
    """The form to choose one of the methods; the first is chosen to begin with, and none where nothing sensible was."""
    values = {} if is_refused else {"method": chosen or methods[0].id}
    form, all_send = FormView(values, FIELDS), all(method.sends for method in methods)
    form.labels = {"method": gettext("Where to send the code") if all_send else gettext("How to confirm it")}
    if is_refused and all_send:
        form.add_code("method", "method_unknown")
    elif is_refused:
        form.add("method", gettext("Choose one of these ways."))
    return form


def typed_code() -> FormView:
    """The form as it came: the code without blanks."""
    return FormView({"code": "".join(request.form.get("code", "").split())}, FIELDS)


def proof(form: FormView, method: Method) -> Proof:
    """What came by a method, as the API takes it."""
    return {"assertion": browsers_answer()} if method.kind == PASSKEY else {"code": form.value("code")}


def browsers_answer() -> Any:
    """What the page's script has had the browser say of a passkey; nothing sensible where it did not run."""
    try:
        answer = orjson.loads(request.form.get("answer", ""))
    except orjson.JSONDecodeError:
        return {}
    return answer if isinstance(answer, dict) else {}


def refuse_code(form: FormView, problem: ProblemError, method: Method) -> None:
    """Note what is wrong with a code, in words that fit where it came from."""
    text = _WRONG.get(method.kind)
    if problem.code == _CODE_WRONG and method.kind == PASSKEY:
        form.add(None, gettext(_PASSKEY_REFUSED))
    elif problem.code == _CODE_WRONG and text is not None:
        form.add("code", gettext(text))
    else:
        form.refuse(problem)
