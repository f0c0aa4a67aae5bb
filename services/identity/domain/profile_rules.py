"""What a profile may say: texts, phones, addresses, job roles and languages (REG-5)."""

from __future__ import annotations

import re
from collections.abc import Callable

import email_validator
import phonenumbers
from phonenumbers import PhoneNumberFormat

from chassis.kernel.errors import Fault
from services.identity.domain.words import is_printable_text

LONGEST_TEXT = 100
LANGUAGES = frozenset({"en", "es"})
REGION = "US"

_ZIP = re.compile(r"[0-9]{5}(-[0-9]{4})?")
_EXTENSION = re.compile(r"[0-9]{1,8}")
_STATES = (
    "AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK "
    "OR PA RI SC SD TN TX UT VT VA WA WV WI WY AS GU MP PR VI AA AE AP"
)


class Faults:
    """Collects what is wrong, so that a form can be mended in one go."""

    def __init__(self) -> None:
        self.found: list[Fault] = []

    def taken(self, pointer: str, text: str, rule: Callable[[str], str]) -> str:
        """What `rule` makes of the text; a `ValueError` of the rule (`code: detail`) is noted at `pointer`."""
        try:
            return rule(text)
        except ValueError as error:
            code, _, detail = str(error).partition(": ")
            self.found.append(Fault(pointer, code, detail))
            return text


def plain_text(text: str) -> str:
    """One line of 1 to 100 characters without control characters, blanks around it gone."""
    bare = text.strip()
    if not bare or len(bare) > LONGEST_TEXT or not is_printable_text(bare):
        raise ValueError(f"text_invalid: Write 1 to {LONGEST_TEXT} characters on one line.")
    return bare


def phone_number(text: str) -> str:
    """The number as E.164; without a country's prefix it is taken as one of the United States."""
    try:
        number = phonenumbers.parse(text, REGION)
    except phonenumbers.NumberParseException as error:
        raise ValueError("phone_invalid: This is not a phone number.") from error
    if not phonenumbers.is_possible_number(number) or number.extension:
        raise ValueError("phone_invalid: This is not a phone number with its area code.")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def extension(text: str) -> str:
    """1 to 8 digits."""
    return _matching(_EXTENSION, text.strip(), "extension_invalid: An extension has 1 to 8 digits.")


def email_address(text: str) -> str:
    """The normalised address; whether its domain takes mail is not asked here."""
    try:
        address = email_validator.validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except email_validator.EmailNotValidError as error:
        raise ValueError("email_invalid: This is not an e-mail address.") from error
    return address.normalized


def state(text: str) -> str:
    """The two letters of a state, district or territory of the United States, or of its forces' post."""
    return _one_of(frozenset(_STATES.split()), text.strip().upper(), "state_invalid: Choose a state.")


def zip_code(text: str) -> str:
    """ZIP or ZIP+4."""
    return _matching(_ZIP, text.strip(), "zip_invalid: A ZIP code has five digits, or nine with a dash.")


def language(text: str) -> str:
    """One of the languages that messages are written in (NTF-4)."""
    return _one_of(LANGUAGES, text, "language_invalid: Choose English or Spanish.")


def job_role_among(roles: frozenset[str]) -> Callable[[str], str]:
    """The rule that a job role is one of these codes."""
    return lambda text: _one_of(roles, text, "job_role_invalid: Choose one of the job roles.")


def _matching(form: re.Pattern[str], text: str, fault: str) -> str:
    if form.fullmatch(text) is None:
        raise ValueError(fault)
    return text


def _one_of(offered: frozenset[str], text: str, fault: str) -> str:
    if text not in offered:
        raise ValueError(fault)
    return text
