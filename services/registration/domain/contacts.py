"""Telephone numbers and e-mail addresses, read by the libraries made for them (REG-5)."""

from __future__ import annotations

import re

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import NumberParseException, PhoneNumberFormat, ValidationResult

from services.registration.domain.values import RefusedError

HOME_REGION = "US"
_PHONE_LENGTH = 40
_EMAIL_LENGTH = 254  # RFC 5321, section 4.5.3.1.3
_EXTENSION = re.compile(r"[0-9]{1,10}")


def phone(text: str) -> str:
    """The number as E.164; one without a country is of the United States.

    Judged by its length for its country only: whether a number is assigned, the library may learn late.
    """
    try:
        number = phonenumbers.parse(text[: _PHONE_LENGTH + 1], HOME_REGION)
    except NumberParseException:
        raise _bad_phone() from None
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if len(text) > _PHONE_LENGTH or not possible or number.extension:
        raise _bad_phone()
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def extension(text: str) -> str:
    """The digits dialled after the number."""
    digits = text.strip()
    if not _EXTENSION.fullmatch(digits):
        raise RefusedError("extension_invalid", "An extension has one to ten digits.")
    return digits


def email(text: str) -> str:
    """The address, normalised; its domain is not looked up here.

    Domains set aside for tests pass: nobody reads mail there, and a mail server's silence harms nobody.
    """
    if len(text) > _EMAIL_LENGTH:
        raise RefusedError("email_invalid", "The e-mail address is too long.")
    try:
        return validate_email(text.strip(), check_deliverability=False, test_environment=True, strict=True).normalized
    except EmailNotValidError as error:
        raise RefusedError("email_invalid", str(error)) from None


def _bad_phone() -> RefusedError:
    return RefusedError("phone_invalid", "A telephone number has its area code; any extension stands beside it.")
