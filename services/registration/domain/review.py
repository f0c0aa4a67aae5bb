"""The review of a form: everything that is wrong with it, and what it comes to (REG-9)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chassis.kernel.errors import Fault
from services.registration.domain.catalogue import Catalogue
from services.registration.domain.form import Form
from services.registration.domain.lines import Line, Lines
from services.registration.domain.nominations import Nomination, read_nomination
from services.registration.domain.practices import Practice
from services.registration.domain.profile import Profile, ProfileRules, read_profile
from services.registration.domain.questions import check_questions
from services.registration.domain.tin_step import Choice, decide_lines, read_practice_type, read_tins
from services.registration.domain.tins import bare_tin
from services.registration.domain.values import Findings, RefusedError

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

PracticeLine = tuple[str, Line]
Managers = Mapping[PracticeLine, frozenset[str]]
"""The user IDs of the access managers, by TIN and line; those without are left out."""


@dataclass(frozen=True, slots=True)
class Directory:
    """What is known of the TINs that a form names."""

    practices: Mapping[str, Practice]
    managers: Managers

    def managers_of(self, choice: Choice) -> frozenset[str]:
        """The managers of the row's line; while that is open, of every line that it may become."""
        lines = (choice.line,) if choice.line else choice.offered
        return frozenset().union(*(self.managers.get((choice.tin or "", line), frozenset()) for line in lines))


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """What a form is judged by: the lists on offer, and how many TINs one registration may name (REG-2)."""

    catalogue: Catalogue
    most_tins: int


@dataclass(frozen=True, slots=True)
class Review:
    """What a form comes to; only one without faults can be submitted."""

    practice_type: Lines | None
    choices: tuple[Choice, ...]
    nominations: Mapping[int, Nomination]
    profile: Profile | None
    faults: tuple[Fault, ...]


def tins_named(form: Form, limit: int) -> frozenset[str]:
    """The well-formed TINs of a form, to look them up."""
    named = set()
    for entry in (form.tins or ())[:limit]:
        try:
            named.add(bare_tin(entry.tin or ""))
        except RefusedError:
            continue
    return frozenset(named)


def review(form: Form, directory: Directory, rules: ReviewRules, *, whole: bool) -> Review:
    """Judge a form; `whole` says that nothing needed may be left out, as at submit."""
    findings = Findings()
    practice_type, choices = _tin_step(form, directory, rules, findings, whole=whole)
    nominations = {
        choice.row: nomination
        for choice in choices
        if (nomination := read_nomination(choice, findings, managed=bool(directory.managers_of(choice))))
    }
    job_roles = frozenset(rules.catalogue.job_roles)
    profile = read_profile(form, ProfileRules(job_roles), findings, whole=whole)
    _check_date_of_birth(form, findings)
    check_questions(form.credentials.security_answers, rules.catalogue.security_questions, findings)
    if whole:
        _demand_credentials(form, findings)
    return Review(practice_type, tuple(choices), nominations, profile, findings.faults)


def _tin_step(
    form: Form, directory: Directory, rules: ReviewRules, findings: Findings, *, whole: bool
) -> tuple[Lines | None, list[Choice]]:
    if form.is_invited:
        return _invited(form, findings, whole=whole), []
    practice_type = read_practice_type(form.practice_type, findings, whole=whole)
    if form.no_tin and form.tins:
        findings.add("/no_tin", "no_tin_with_tins", "Either name TINs, or say that you have none.")
    if not form.tins and not form.no_tin and (whole or form.tins is not None):
        findings.add("/tins", "tins_required", "Name a TIN, or say that you have none.")
    choices = read_tins(form.tins or (), rules.most_tins, findings)
    return practice_type, decide_lines(choices, practice_type, directory.practices, findings)


def _invited(form: Form, findings: Findings, *, whole: bool) -> Lines | None:
    """Whoever has a temporary ID takes no TIN step: what they are to have stands in the invitation (REG-14)."""
    for name in ("temporary_id", "temporary_password"):
        if whole and getattr(form, name) is None:
            findings.add(f"/{name}", "required", "A temporary ID and its password are given together.")
    if form.tins:
        findings.add("/tins", "tins_with_temporary_id", "With a temporary ID leave the TINs out: it says which.")
    return read_practice_type(form.practice_type, findings, whole=False) if form.practice_type else None


def _check_date_of_birth(form: Form, findings: Findings) -> None:
    """Only whether it is a date at all; how long ago it may be, identity judges."""
    text = form.credentials.date_of_birth
    if text is None:
        return
    try:
        if _DATE.fullmatch(text):  # ISO 8601 has other forms, too
            date.fromisoformat(text)
            return
    except ValueError:
        pass
    findings.add("/date_of_birth", "date_of_birth_invalid", "A date is written like 1980-02-29: year, month, day.")


def _demand_credentials(form: Form, findings: Findings) -> None:
    for name in ("user_id", "password", "date_of_birth", "security_answers"):
        if getattr(form.credentials, name) is None:
            findings.add(f"/{name}", "required", "This is needed.")
