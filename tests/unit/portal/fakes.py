"""The portal's surroundings, made by hand: an API that answers what a test says, sessions in memory, an issuer."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chassis.kernel.clock import Clock
from services.portal.application.errors import ProblemError, SignInBrokenError, SignInNeededError
from services.portal.application.ports import Answer, Calling, Download, KeptSession, SignInRequest, Tokens
from services.portal.domain.sites import Site


@dataclass
class Call:
    """One call of the API, as the portal made it."""

    method: str
    path: str
    body: Any
    query: Mapping[str, Any] | None
    form_key: str | None
    headers: Mapping[str, str]
    calling: Calling


@dataclass
class FakeApi:
    """Answers by method and path (a regular expression); what no test has said is a 404."""

    answers: list[tuple[str, str, Any]] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    def says(self, method: str, path: str, answer: Any) -> None:
        """From now on: a body, a `ProblemError`, or a function of the `Call` that gives either."""
        self.answers.insert(0, (method, path, answer))

    def made(self, method: str, path: str) -> list[Call]:
        """The calls of that method to paths that match, in order."""
        return [call for call in self.calls if call.method == method and re.fullmatch(path, call.path)]

    def __call__(self, calling: Calling) -> BoundApi:
        return BoundApi(self, calling)

    def answer(self, call: Call) -> Answer:
        self.calls.append(call)
        for method, path, answer in self.answers:
            if method == call.method and re.fullmatch(path, call.path):
                given = answer(call) if callable(answer) else answer
                if isinstance(given, Exception):
                    raise given
                return given if isinstance(given, Answer) else Answer(200, copy.deepcopy(given), {})
        raise ProblemError(404, "not_found", "no test has said what is here")


@dataclass
class BoundApi:
    """`services.portal.application.ports.Api`."""

    api: FakeApi
    calling: Calling

    def get(self, path: str, query: Mapping[str, Any] | None = None) -> Answer:
        return self.api.answer(Call("GET", path, None, query, None, {}, self.calling))

    def ask(self, path: str, body: Any) -> Answer:
        return self.api.answer(Call("POST", path, body, None, None, {}, self.calling))

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
        return self.api.answer(Call(method, path, body, query, form_key, headers or {}, self.calling))

    def upload(self, path: str, file: tuple[str, bytes, str], fields: Mapping[str, str], *, form_key: str) -> Answer:
        return self.api.answer(Call("POST", path, (file, fields), None, form_key, {}, self.calling))

    def download(self, path: str, query: Mapping[str, Any] | None = None) -> Download:
        answer = self.api.answer(Call("GET", path, None, query, None, {}, self.calling))
        return Download("text/csv", "file.csv", iter([answer.body]))

    def have_made(self, path: str, *, form_key: str | None) -> Download:
        answer = self.api.answer(Call("POST", path, None, None, form_key, {}, self.calling))
        return Download("text/csv", "file.csv", iter([answer.body]))


@dataclass
class _Row:
    data: dict[str, Any]
    site: str
    sid: str | None
    used_at: datetime
    ends_at: datetime
    is_leased: bool = False


@dataclass
class FakeSessions:
    """`services.portal.application.ports.WebSessions`, in memory."""

    clock: Clock
    rows: dict[str, _Row] = field(default_factory=dict)
    tokens: Iterator[int] = field(default_factory=lambda: iter(range(1000)))

    def find(self, token: str, site: str) -> KeptSession | None:
        row = self.rows.get(token)
        if row is None or row.site != site:
            return None
        return KeptSession(copy.deepcopy(row.data), row.site, row.sid, row.used_at, row.ends_at)

    def create(self, site: str, data: Mapping[str, Any], sid: str | None) -> str:
        token, now = f"token-{next(self.tokens)}", self.clock.now()
        self.rows[token] = _Row(copy.deepcopy(dict(data)), site, sid, now, now + timedelta(hours=12))
        return token

    def change(self, token: str, changed: Mapping[str, Any], removed: Sequence[str], sid: str | None) -> bool:
        row = self.rows.get(token)
        if row is None:
            return False
        row.data = {name: value for name, value in row.data.items() if name not in removed} | copy.deepcopy(
            dict(changed)
        )
        row.sid, row.used_at = sid, self.clock.now()
        return True

    def remove(self, token: str) -> None:
        self.rows.pop(token, None)

    def lease(self, token: str) -> bool:
        row = self.rows[token]
        taken, row.is_leased = not row.is_leased, True
        return taken

    def release(self, token: str) -> None:
        if token in self.rows:
            self.rows[token].is_leased = False


@dataclass
class FakeIssuer:
    """`services.portal.application.ports.Issuer`: the code `good` is exchanged, `sessions_over` ends refreshing."""

    clock: Clock
    user_id: str = "mmartin5"
    sessions_over: bool = False
    refreshed: int = 0

    def begin(self, site: Site, language: str) -> SignInRequest:
        return SignInRequest(f"http://issuer.test/oidc/authorize?{language}", f"state-{site.name}", "nonce", "verifier")

    def finish(self, site: Site, request: SignInRequest, code: str) -> Tokens:
        if code != "good" or request.state != f"state-{site.name}":
            raise SignInBrokenError
        return self.tokens("access-0")

    def refresh(self, site: Site, refresh_token: str) -> Tokens:
        if self.sessions_over:
            raise SignInNeededError
        self.refreshed += 1
        return self.tokens(f"access-{self.refreshed}")

    def tokens(self, access_token: str) -> Tokens:
        return Tokens(access_token, "refresh", self.clock.now() + timedelta(minutes=5), "session-1", self.user_id)
