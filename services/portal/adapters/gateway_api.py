"""The gateway's API over HTTP: time limits, one effect per form, and refusals as `ProblemError`."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, Final

import httpx
import orjson

from chassis.calling.deadline import within
from services.portal.adapters.problem_documents import problem_of
from services.portal.application.errors import UNAVAILABLE, ProblemError
from services.portal.application.ports import Answer, Calling, Download

TIME_LIMITS: Final = httpx.Timeout(10.0, connect=2.0, pool=2.0)
_WHOLE: Final = 15.0
"""Seconds that a call takes at most, its repeat included; files take as long as pieces of them keep coming."""

_FILE_LIMITS: Final = httpx.Timeout(60.0, connect=2.0, pool=2.0)
_MULTIPLE: Final = 300
_RETRY_AFTER: Final = 5
_FILENAME: Final = re.compile(r"[A-Za-z0-9._ -]{1,100}")


@dataclass(frozen=True, slots=True)
class Origins:
    """Where the gateway answers, by site."""

    urls: Mapping[str, str]
    default: str

    def of(self, site: str) -> str:
        """The origin to call for a site."""
        return self.urls.get(site, self.urls[self.default])


class GatewayApi:
    """`services.portal.application.ports.Api` for one caller."""

    def __init__(self, client: httpx.Client, origins: Origins, calling: Calling) -> None:
        self._client = client
        self._origin = origins.of(calling.site)
        self._calling = calling

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        """Read; once more where the connection broke, since reading changes nothing."""
        return self._insisting("GET", path, params=_given(query))

    def ask(self, path: str, body: Any) -> Answer:
        """A `POST` that changes nothing."""
        return self._certain("POST", path, content=orjson.dumps(body), headers={"Content-Type": "application/json"})

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
        """Change something; sent once more where the connection broke, under the same key."""
        content = b"" if body is None else orjson.dumps(body)
        sent = {"Idempotency-Key": _key(form_key, method, path, content), **(headers or {})}
        if content:
            sent["Content-Type"] = "application/json"
        return self._insisting(method, path, content=content, headers=sent, params=_given(query))

    def upload(self, path: str, file: tuple[str, bytes, str], fields: Mapping[str, str], *, form_key: str) -> Answer:
        """Send a file as `multipart/form-data`."""
        name, content, kind = file
        headers = {"Idempotency-Key": _key(form_key, "POST", path, content)}
        files = {"file": (name, content, kind)}
        return self._certain("POST", path, files=files, data=dict(fields), headers=headers)

    def download(self, path: str, query: Mapping[str, Any] | None = None) -> Download:
        """Fetch a file, a piece at a time; the connection is let go with the last piece."""
        return self._file("GET", path, params=_given(query))

    def have_made(self, path: str, *, form_key: str | None) -> Download:
        """Have a file made and fetch it; sent once, since making it may take long."""
        return self._file("POST", path, headers={"Idempotency-Key": _key(form_key, "POST", path, b"")})

    def _file(self, method: str, path: str, **options: Any) -> Download:
        request = self._request(method, path, timeout=_FILE_LIMITS, **options)
        try:
            response = self._client.send(request, stream=True)
        except httpx.TransportError as error:
            raise _unavailable() from error
        if response.status_code >= _MULTIPLE:
            response.read()
            raise problem_of(response)
        return Download(response.headers.get("Content-Type", ""), _filename(response), _chunks(response))

    def _insisting(self, method: str, path: str, **options: Any) -> Answer:
        with within(_WHOLE):
            try:
                return self._answered(method, path, **options)
            except _BrokenError:
                return self._certain(method, path, **options)

    def _certain(self, method: str, path: str, **options: Any) -> Answer:
        try:
            with within(_WHOLE):
                return self._answered(method, path, **options)
        except _BrokenError as error:
            raise _unavailable() from error

    def _answered(self, method: str, path: str, **options: Any) -> Answer:
        request = self._request(method, path, **options)
        try:
            response = self._client.send(request)
        except httpx.TransportError as error:
            raise _BrokenError from error
        if response.status_code >= _MULTIPLE:
            raise problem_of(response)
        body = orjson.loads(response.content) if response.content else None
        return Answer(response.status_code, body, response.headers)

    def _request(self, method: str, path: str, **options: Any) -> httpx.Request:
        headers = {"X-Correlation-ID": self._calling.correlation_id, "Accept-Language": self._calling.language}
        if self._calling.address:
            headers["X-Forwarded-For"] = self._calling.address
        if self._calling.browser:
            headers["User-Agent"] = self._calling.browser
        if self._calling.token:
            headers["Authorization"] = f"Bearer {self._calling.token}"
        headers.update(options.pop("headers", {}))
        return self._client.build_request(method, f"{self._origin}{path}", headers=headers, **options)


class _BrokenError(Exception):
    """Nobody knows whether the call arrived."""


def _key(form_key: str | None, method: str, path: str, content: bytes) -> str:
    """The same for the same form with the same content; of its own for a call without a form."""
    if form_key is None:
        return secrets.token_urlsafe(24)
    digest = hashlib.sha256()
    for part in (form_key.encode(), method.encode(), path.encode(), content):
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _given(query: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if query is None else {name: value for name, value in query.items() if value is not None}


def _unavailable() -> ProblemError:
    return ProblemError(503, UNAVAILABLE, retry_after=_RETRY_AFTER)


def _chunks(response: httpx.Response) -> Iterator[bytes]:
    try:
        yield from response.iter_bytes()
    finally:
        response.close()


def _filename(response: httpx.Response) -> str:
    message = Message()
    message["Content-Disposition"] = response.headers.get("Content-Disposition", "")
    name = message.get_filename() or ""
    return name if _FILENAME.fullmatch(name) else "download"
