"""What the portal needs from outside of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from chassis.kernel.clock import Clock
from services.portal.domain.sites import Site, Sites


@dataclass(frozen=True, slots=True)
class Calling:
    """For whom the API is called: the site, who is signed in, where the person is and
    by which browser (as it says itself), and what ties the logs together.
    """

    site: str
    correlation_id: str
    address: str | None = None
    token: str | None = field(default=None, repr=False)
    language: str = "en"
    browser: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API answered: `body` is its JSON, None where there is none."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Download:
    """A file that the API made, to be handed on as it comes."""

    content_type: str
    filename: str
    chunks: Any


class Api(Protocol):
    """The gateway's API, on behalf of one person. Every call has a time limit.

    All methods raise `ProblemError` for what the API refuses, with status 503 where it cannot be reached.
    """

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        """Read; `path` begins with `/api/`. Values of `query` that are None are left out."""

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        form_key: str | None = None,
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, Any] | None = None,
    ) -> Answer:
        """Change something, once per `form_key` and body: a form sent twice is one call (REG-9)."""

    def ask(self, path: str, body: Any) -> Answer:
        """A `POST` that changes nothing."""

    def upload(self, path: str, file: tuple[str, bytes, str], fields: Mapping[str, str], *, form_key: str) -> Answer:
        """Send a file: its name, content and type."""

    def download(self, path: str, query: Mapping[str, Any] | None = None) -> Download:
        """Fetch a file, a piece at a time."""

    def have_made(self, path: str, *, form_key: str | None) -> Download:
        """Have a file made by a `POST` that changes something, once per `form_key`, and fetch it."""


class ApiFor(Protocol):
    """Gives the API on somebody's behalf."""

    def __call__(self, calling: Calling) -> Api:
        """The API as this caller sees it."""


@dataclass(frozen=True, slots=True)
class KeptSession:
    """A web session as it is kept; `data` is what the pages put there."""

    data: dict[str, Any]
    site: str
    sid: str | None
    used_at: datetime
    ends_at: datetime


class WebSessions(Protocol):
    """Keeps what a browser's visits have in common; the browser holds a random token, and the data is sealed.

    A token of one site opens nothing on another. An ended or unknown one is as if it never was.
    """

    def find(self, token: str, site: str) -> KeptSession | None:
        """The session, None where there is none that lives."""

    def create(self, site: str, data: Mapping[str, Any], sid: str | None) -> str:
        """A new session; returns its token."""

    def change(self, token: str, changed: Mapping[str, Any], removed: Sequence[str], sid: str | None) -> bool:
        """Put `changed` over what is there now, take `removed` away, and count it as used.

        What another request changed meanwhile under other names stays. False where the session is gone.
        """

    def remove(self, token: str) -> None:
        """End it."""

    def lease(self, token: str) -> bool:
        """Be the one who does what must be done by one request alone; False where another does. Ends by itself."""

    def release(self, token: str) -> None:
        """Let others."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the issuer gave: `expires_at` is the access token's end, `sid` and `user_id` who it is."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    sid: str
    user_id: str


@dataclass(frozen=True, slots=True)
class SignInRequest:
    """What this browser's sign-in must come back with; `address` is where it goes to."""

    address: str
    state: str
    nonce: str
    verifier: str = field(repr=False)


class Issuer(Protocol):
    """The OpenID provider, as one site's client sees it (IDN-11)."""

    def begin(self, site: Site, language: str) -> SignInRequest:
        """A new authorization request with PKCE."""

    def finish(self, site: Site, request: SignInRequest, code: str) -> Tokens:
        """Exchange the code and verify what comes; raises `SignInBrokenError`, `ProblemError`."""

    def refresh(self, site: Site, refresh_token: str) -> Tokens:
        """New tokens; raises `SignInNeededError` where the session is over, `ProblemError` where nobody answers."""


class EndedSessions(Protocol):
    """Knows which of identity's sessions have ended before their time (IDN-10)."""

    def __call__(self, session_id: str) -> bool:
        """Whether this one has."""


class QrCode(Protocol):
    """Draws what a phone's camera reads."""

    def __call__(self, text: str) -> str:
        """The text as an SVG element that needs no style, script or other file."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What the pages are handed."""

    clock: Clock
    sites: Sites
    api: ApiFor
    sessions: WebSessions
    issuer: Issuer
    has_ended: EndedSessions
    qr_code: QrCode
    issuer_url: str
    time_zone: str
    idle: timedelta
    visitor_idle: timedelta
    demo_password: str | None = None
