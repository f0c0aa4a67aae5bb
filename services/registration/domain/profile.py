"""The applicant's details, read from the form with every fault by its pointer (REG-5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.registration.domain import contacts, texts
from services.registration.domain.addresses import Address, us_state, zip_code
from services.registration.domain.form import Form, Texts
from services.registration.domain.values import Findings, RefusedError

LANGUAGES = ("en", "es")


@dataclass(frozen=True, slots=True)
class Profile:
    """Who registers; phones are E.164, texts composed and trimmed."""

    first_name: str
    middle_initial: str | None
    last_name: str
    job_role: str
    address: Address
    phone: str
    extension: str | None
    mobile: str | None
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class ProfileRules:
    """What the values are read against: the codes of job roles."""

    job_roles: frozenset[str]

    def job_role(self, code: str) -> str:
        """A code of the list; raises `RefusedError` for another."""
        if code not in self.job_roles:
            raise RefusedError("job_role_unknown", "Choose one of the job roles on offer.")
        return code


def read_profile(form: Form, rules: ProfileRules, findings: Findings, *, whole: bool) -> Profile | None:
    """The profile, or None where anything in it was found wrong or (unless `whole`) left out."""
    if form.profile is None:
        if whole:
            findings.add("/profile", "required", "Tell who you are.")
        return None
    found = len(findings.faults)
    part = _Part("/profile", form.profile, findings, whole=whole)
    profile = Profile(
        first_name=part.needed("first_name", texts.person_name),
        middle_initial=part.optional("middle_initial", texts.middle_initial),
        last_name=part.needed("last_name", texts.person_name),
        job_role=part.needed("job_role", rules.job_role),
        address=_address(form.address, findings, whole=whole),
        phone=part.needed("phone", contacts.phone),
        extension=part.optional("extension", contacts.extension),
        mobile=part.optional("mobile", contacts.phone),
        email=part.needed("email", contacts.email),
        language=part.optional("language", _language) or LANGUAGES[0],
    )
    return profile if len(findings.faults) == found else None


def _address(given: Texts | None, findings: Findings, *, whole: bool) -> Address:
    if given is None and whole:
        findings.add("/profile/address", "required", "Tell where mail is to be sent.")
    part = _Part("/profile/address", given or {}, findings, whole=whole and given is not None)
    return Address(
        line1=part.needed("line1", texts.plain_text),
        line2=part.optional("line2", texts.plain_text),
        city=part.needed("city", texts.plain_text),
        state=part.needed("state", us_state),
        zip=part.needed("zip", zip_code),
    )


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise RefusedError("language_unknown", "Mails are written in English (en) or Spanish (es).")
    return code


class _Part:
    """One object of the form, read field by field; `whole` says that what is needed may not be left out."""

    def __init__(self, pointer: str, given: Texts, findings: Findings, *, whole: bool) -> None:
        self._pointer = pointer
        self._given = given
        self._findings = findings
        self._whole = whole

    def needed(self, name: str, read: Callable[[str], str]) -> str:
        """The value, or "" where none passes: then the profile as a whole does not."""
        text = self._given.get(name)
        if text is not None and text.strip():
            return self._findings.take(f"{self._pointer}/{name}", read, text) or ""
        if text is not None or self._whole:
            self._findings.add(f"{self._pointer}/{name}", "required", "This is needed.")
        return ""

    def optional(self, name: str, read: Callable[[str], str]) -> str | None:
        """The value of a field that may be left out or empty."""
        text = self._given.get(name)
        return self._findings.take(f"{self._pointer}/{name}", read, text) if text and text.strip() else None
