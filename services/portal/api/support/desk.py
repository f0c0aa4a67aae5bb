"""What support's pages have in common: who may open them, and forms whose refusals are shown beside their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Final, ParamSpec, TypeVar

from flask import abort, request
from flask_babel import gettext

from services.portal.api.forms import FormView
from services.portal.api.navigation import reach
from services.portal.api.signed_in import signed_in
from services.portal.api.step_up import STEP_UP_REQUIRED, keep_typed
from services.portal.application.errors import ProblemError
from services.portal.application.problems import Fields

P = ParamSpec("P")
R = TypeVar("R")

_WRONG_ROLE: Final = 403
_SHOWN: Final = frozenset({403, 409, 422})


def for_support(view: Callable[P, R]) -> Callable[P, R]:
    """The page is for support agents: 403 for everybody else; what agents may do the API decides again."""

    @signed_in
    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not reach().is_support:
            abort(_WRONG_ROLE)
        return view(*args, **kwargs)

    return checked


def form_of(labels: Mapping[str, str]) -> FormView:
    """What was typed, lists for boxes; the API's pointers have the names of the fields."""
    values = {name: request.form.getlist(name) if name == "lines" else request.form.get(name, "") for name in labels}
    fields = Fields({f"/{name}": name for name in labels})
    return FormView(values=values, fields=fields, labels=labels)


def note_in(form: FormView, name: str) -> str:
    """The note in a field, its lines as they are kept; without one that is noted as an error."""
    note = str(form.value(name)).replace("\r\n", "\n").strip()
    if not note:
        form.add(name, gettext("Write a few words: they stay with the case."))
    return note


def is_done(form: FormView, act: Callable[[], None]) -> bool:
    """Do it, unless the form is wrong already; what is refused is noted on the form.

    What was typed is kept, if they have to confirm first that it is them.
    """
    if form.is_wrong:
        return False
    try:
        act()
    except ProblemError as problem:
        if problem.code == STEP_UP_REQUIRED:
            keep_typed(form.values)
            raise
        if problem.status not in _SHOWN:
            raise
        form.refuse(problem)
        return False
    return True
