"""Takes secrets out of what is about to be logged: by the names of fields, and by the look of texts (IDN-16)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

HIDDEN: Final = "[hidden]"

_SECRET_WORDS: Final = frozenset(
    {
        "answer",
        "answers",
        "assertion",
        "authorization",
        "code",
        "codes",
        "cookie",
        "credential",
        "credentials",
        "key",
        "otpauth",
        "passphrase",
        "passwd",
        "password",
        "secret",
        "secrets",
        "sealed",
        "token",
        "tokens",
        "verifier",
    }
)
_HARMLESS: Final = frozenset(
    {"code_id", "error_code", "key_id", "routing_key", "secret_id", "status_code", "sqlstate_code", "token_id"}
)
_WORDS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_JOSE: Final = re.compile(r"\beyJ[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*){2,4}")
_BEARER: Final = re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]+")
_URL_PASSWORD: Final = re.compile(r"(?<=://)([^\s:/@]*):[^\s/@]+@")
_ASSIGNED: Final = re.compile(
    r"(?i)((?:password|passwd|secret|token|authorization|cookie|answer|code)[\"']?\s*[:=]\s*)"
    r"(\"[^\"]*\"|'[^']*'|[^\s,;)}\]]+)"
)
_SQL_PARAMETERS: Final = re.compile(r"\[parameters: .*?\](?=\n|$)", re.DOTALL)
_SQL_DETAIL: Final = re.compile(r"(?<=DETAIL:  ).*")
_WORD: Final = re.compile(r"[A-Za-z0-9_./-]*", re.ASCII)
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", re.ASCII)
_TIN: Final = re.compile(r"(?<![\w.-])(\d{2}-?\d{3})(\d{4})(?![\w-])(?!\.\d)")


def redact(_: WrappedLogger, __: str, event: EventDict) -> EventDict:
    """The event without secrets: a structlog processor, to stand last before the one that writes."""
    return {name: _redacted(name, value) for name, value in event.items()}


def redacted_text(text: str) -> str:
    """A text without tokens, passwords in addresses or assignments, or what a database was sent, and with TINs cut to
    their last four digits.
    """
    if _WORD.fullmatch(text) and "eyJ" not in text:  # of all the rest, nothing can stand in a single word
        return _TIN.sub(r"*****\2", text) if _TIN.search(text) else text
    if _MOMENT.fullmatch(text):
        return text
    text = _SQL_PARAMETERS.sub(f"[parameters: {HIDDEN}]", text)
    text = _SQL_DETAIL.sub(HIDDEN, text)
    text = _JOSE.sub(HIDDEN, text)
    text = _BEARER.sub(rf"\1 {HIDDEN}", text)
    text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text)
    text = _ASSIGNED.sub(rf"\1{HIDDEN}", text)
    return _TIN.sub(r"*****\2", text)


@lru_cache(maxsize=1024)
def names_secret(name: str) -> bool:
    """Whether a field of this name may hold a secret: any of its words is one of theirs."""
    if name.lower() in _HARMLESS:
        return False
    return any(word.lower() in _SECRET_WORDS for word in _WORDS.findall(name))


def _redacted(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if names_secret(name) or isinstance(value, bytes):
        return HIDDEN
    if isinstance(value, int | float) and name not in ("tin", "tins"):
        return value
    if not isinstance(value, str):  # asked first, since most are texts
        if isinstance(value, Mapping):
            return {str(inner): _redacted(str(inner), part) for inner, part in value.items()}
        if isinstance(value, list | tuple | set | frozenset):
            return [_redacted(name, part) for part in value]
    return redacted_text(str(value))
