"""What notify needs of the outside: words, providers that carry them, and the key that opens sealed fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from chassis.kernel.errors import ForbiddenError
from services.notify.domain.message import Sealed
from services.notify.domain.notices import Channel


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be put into words: a notice's facts, for a channel, in a language, signed for a site."""

    notice: str
    channel: Channel
    language: str
    site: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Words:
    """A letter in words; `html` only for e-mail."""

    subject: str
    text: str
    html: str | None


class NotRenderedError(Exception):
    """There is no text for this notice over this channel, or it needs a fact that is not there."""


class Texts(Protocol):
    """The template files (NTF-4)."""

    def render(self, letter: Letter) -> Words:
        """Put into words; raises `NotRenderedError`.

        A language without texts falls back to English.
        """


@dataclass(frozen=True, slots=True)
class Mail:
    """A message as it leaves the house.

    `message_id` (RFC 5322) is the same in every attempt. It must not leave later than `not_after`.
    """

    id: str
    message_id: str
    notice: str
    channel: Channel
    to: str
    subject: str
    text: str
    html: str | None
    language: str
    not_after: datetime | None = None


class MailUnavailableError(Exception):
    """The provider cannot take it now; trying again is right."""


class MailRefusedError(Exception):
    """The provider will never take it for this recipient."""


class NumberOptedOutError(MailRefusedError):
    """The number wants no texts from us (NTF-5)."""

    def __init__(self, number: str) -> None:
        super().__init__("opted out")
        self.number = number


class MailTooLateError(Exception):
    """It expired before it could leave."""


class Mailer(Protocol):
    """A provider that carries messages out of the house."""

    def send(self, mail: Mail) -> None:
        """Hand it over; on return the provider has taken responsibility.

        Raises `MailUnavailableError`, `MailRefusedError` or `MailTooLateError`.
        """

    def rest(self) -> None:
        """Nothing waits: let go of whatever this thread holds open."""


@dataclass(frozen=True, slots=True)
class Secret:
    """An opened seal: where the message goes, to whom, and the code that it carries, where it carries one."""

    to: str
    code: str | None
    first_name: str | None


class UnsealableError(Exception):
    """The sealed field was not made for this service, or was damaged."""


Unseal = Callable[[Sealed], Secret]
"""Opens a sealed field; raises `UnsealableError`."""


class SignatureWrongError(ForbiddenError):
    """What came in the provider's name was not signed by it."""

    code: ClassVar[str] = "signature_wrong"

    def __init__(self) -> None:
        super().__init__("This is not signed by the provider of text messages, for this address and with our token.")


class TextSignatures(Protocol):
    """Knows what the provider of text messages has signed."""

    def check(self, form: Mapping[str, Sequence[str]], signature: str) -> None:
        """Returns for a form that the provider sent here as it is; raises `SignatureWrongError`."""


NumberKey = Callable[[str], str]
"""What a number is called where it may not be read: a keyed hash, the same for the same number."""


@dataclass(frozen=True, slots=True)
class House:
    """What the operator decides: where support's queue and its lead are reached, the name in Message-IDs, and patience.

    `text_sender` is what texts come from, as the provider knows it: a number, a short code or a service; None where no
    texts are sent.

    `lease` is how long the messages of a killed sender wait; one that lives prolongs its claim thrice in that time.
    Without a lead of its own, the queue is told what the lead should be.
    """

    support_queue: str
    mail_domain: str
    lease: timedelta = timedelta(seconds=15)
    gather_for: timedelta = timedelta(seconds=60)
    support_lead: str | None = None
    text_sender: str | None = None

    @property
    def short_code(self) -> str | None:
        """What people text to, where texts come from one number and not from a service that has several."""
        is_service = self.text_sender is not None and self.text_sender.startswith("MG")
        return None if is_service else self.text_sender
