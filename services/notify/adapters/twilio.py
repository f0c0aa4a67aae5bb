"""Text messages over Twilio's Messages API (version 2010-04-01), by HTTPS."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

import httpx
import orjson
import structlog

from chassis.calling.deadline import BoundedTransport, within
from services.notify.application.outside import (
    Mail,
    MailRefusedError,
    MailTooLateError,
    MailUnavailableError,
    NumberOptedOutError,
    SignatureWrongError,
)

_LIMITS: Final = httpx.Limits(max_connections=32, max_keepalive_connections=32)
_BAD_REQUEST: Final = 400
_LONGEST_ANSWER: Final = 64 * 1024

_OPTED_OUT: Final = 21610
"""Twilio's code for a number that has texted STOP, whether we heard of it or not."""

_OF_THE_RECIPIENT: Final = frozenset({21211, 21214, 21217, 21265, 21408, 21612, 21614, 21617})
"""Twilio's codes for a number that no message reaches: wrong, no mobile, or where none may go; or a text
that is too long. Any other refusal is of ourselves, as that of a wrong token, and worth another try.
"""

log = structlog.get_logger(__name__)


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class TwilioAccount:
    """Who sends, by which number, short code or messaging service (`MG…`). `timeout` (seconds) is for a whole call."""

    sid: str
    token: str = field(repr=False)
    sender: str
    url: str = "https://api.twilio.com"
    timeout: float = 10.0

    @property
    def messages(self) -> str:
        """Where messages are handed over."""
        return f"{self.url}/2010-04-01/Accounts/{self.sid}/Messages.json"

    @property
    def sending(self) -> dict[str, str]:
        """The sender as the API has it named."""
        return {"MessagingServiceSid" if self.sender.startswith("MG") else "From": self.sender}


class TwilioSignatures:
    """`TextSignatures` by `X-Twilio-Signature`: HMAC-SHA1 under the account's token over the address that Twilio was
    given, and every parameter's name and values, in the order of the names (Twilio's "Webhooks security").

    The address is the operator's word, never that of the request: whoever sends it could write what they like.
    """

    def __init__(self, token: str, url: str) -> None:
        self._token = token.encode()
        self._url = url

    def check(self, form: Mapping[str, Sequence[str]], signature: str) -> None:
        told = "".join(f"{name}{value}" for name in sorted(form) for value in sorted(set(form[name])))
        wanted = base64.b64encode(hmac.digest(self._token, f"{self._url}{told}".encode(), "sha1"))
        if not hmac.compare_digest(wanted, signature.encode()):
            raise SignatureWrongError


class TwilioMailer:
    """`Mailer` for text messages.

    The API knows no key that makes a repeat harmless: of a call whose answer was lost, the next attempt may send the
    same text twice, which the log says (`quality.md`).
    """

    def __init__(self, account: TwilioAccount, *, now: Callable[[], datetime] = _now) -> None:
        self._account = account
        self._now = now
        self._client = httpx.Client(
            transport=BoundedTransport(_LIMITS),
            timeout=account.timeout,
            auth=(account.sid, account.token),
            trust_env=False,
            follow_redirects=False,
        )

    def send(self, mail: Mail) -> None:
        if mail.not_after and self._now() >= mail.not_after:
            raise MailTooLateError
        form = {"To": mail.to, "Body": mail.text, **self._account.sending}
        try:
            with (
                within(self._account.timeout),
                self._client.stream("POST", self._account.messages, data=form) as answer,
            ):
                told = _read(answer)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            log.warning("text_unavailable", message_id=mail.id, notice=mail.notice, error=type(error).__name__)
            raise MailUnavailableError(type(error).__name__) from error
        if not answer.is_success:
            raise _refusal(answer.status_code, told, mail)

    def rest(self) -> None:
        """Connections are shared by all senders, and close by themselves."""


def _read(answer: httpx.Response) -> bytes:
    read = b""
    for chunk in answer.iter_bytes():
        read += chunk
        if len(read) > _LONGEST_ANSWER:
            return b""
    return read


def _refusal(status: int, told: bytes, mail: Mail) -> Exception:
    code = _code_of(told)
    if status == _BAD_REQUEST and code == _OPTED_OUT:
        return NumberOptedOutError(mail.to)
    if status == _BAD_REQUEST and code in _OF_THE_RECIPIENT:
        log.warning("text_refused", message_id=mail.id, notice=mail.notice, provider_code=code)
        return MailRefusedError(str(code))
    log.warning("text_unavailable", message_id=mail.id, notice=mail.notice, status=status, provider_code=code)
    return MailUnavailableError(f"{status} {code}")


def _code_of(told: bytes) -> int | None:
    try:
        code = orjson.loads(told)["code"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return code if isinstance(code, int) else None
