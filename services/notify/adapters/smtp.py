"""Mail over SMTP (RFC 5321), with TLS, as multipart of plain text and HTML."""

from __future__ import annotations

import smtplib
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum

import structlog

from services.notify.application.outside import (
    Mail,
    MailRefusedError,
    MailTooLateError,
    MailUnavailableError,
)

_PERMANENT = 500
_OK = 250

log = structlog.get_logger(__name__)


class Tls(StrEnum):
    """How the connection is secured; `none` only towards this very machine."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail leaves, how, and who signs in. `timeout` (seconds) is for each answer of the server."""

    host: str
    port: int
    tls: Tls
    user: str | None = None
    password: str | None = None
    timeout: float = 10.0
    trust: ssl.SSLContext | None = None


def _now() -> datetime:
    return datetime.now(UTC)


class _Open(threading.local):
    """A thread's own connection."""

    connection: smtplib.SMTP | None = None


class SmtpMailer:
    """`Mailer` over SMTP. Each thread keeps its connection for the mails that follow, until it rests.

    A refusal of the recipient or the content (5xx) is for good; everything else, also a refusal of ourselves, is
    worth another try.
    """

    def __init__(self, server: SmtpServer, sender: Address, *, now: Callable[[], datetime] = _now) -> None:
        self._server = server
        self._sender = sender
        self._now = now
        self._open = _Open()

    def send(self, mail: Mail) -> None:
        try:
            message = compose(mail, self._sender, self._now())
        except ValueError as error:
            raise MailRefusedError(str(error)) from error
        try:
            self._hand_over(message, mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, _ = next(iter(error.recipients.values()))
            raise self._refusal(code, error, mail) from error
        except smtplib.SMTPDataError as error:
            raise self._refusal(error.smtp_code, error, mail) from error
        except (OSError, smtplib.SMTPException) as error:
            self.rest()
            raise self._unavailable(error, mail) from error

    def rest(self) -> None:
        kept, self._open.connection = self._open.connection, None
        if kept:
            kept.close()

    def _hand_over(self, message: EmailMessage, mail: Mail) -> None:
        connection = self._connection()
        if mail.not_after and self._now() >= mail.not_after:
            raise MailTooLateError
        connection.send_message(message, self._sender.addr_spec, [mail.to])

    def _connection(self) -> smtplib.SMTP:
        kept = self._open.connection
        if kept and _answers(kept):
            return kept
        self.rest()
        self._open.connection = connection = self._connect()
        return connection

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        trust = server.trust or ssl.create_default_context()
        if server.tls is Tls.IMPLICIT:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=trust)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.tls is Tls.STARTTLS:
                connection.starttls(context=trust)
            if server.user and server.password:
                connection.login(server.user, server.password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _refusal(self, code: int, error: Exception, mail: Mail) -> Exception:
        if code < _PERMANENT:
            return self._unavailable(error, mail)
        log.warning("mail_refused", message_id=mail.id, notice=mail.notice, smtp_code=code)
        return MailRefusedError(str(code))

    def _unavailable(self, error: Exception, mail: Mail) -> MailUnavailableError:
        log.warning("mail_unavailable", message_id=mail.id, notice=mail.notice, error=type(error).__name__)
        return MailUnavailableError(type(error).__name__)


def compose(mail: Mail, sender: Address, at: datetime) -> EmailMessage:
    """The mail as RFC 5322 has it, with the headers that a DKIM signer on the way covers.

    Raises `ValueError` for an address that is none. No value can add a header: the policy refuses line breaks.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    message["To"] = Address(addr_spec=mail.to)
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = mail.message_id
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    if mail.html:
        message.add_alternative(mail.html, subtype="html")
    message["Content-Language"] = mail.language
    message["X-Wardenry-Notice"] = mail.notice
    return message


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == _OK
    except (OSError, smtplib.SMTPException):
        return False
