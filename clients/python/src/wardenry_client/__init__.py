"""May this user do this here now? Wardenry's answer, for the programs of relying sites (standard library alone).

A `Client` asks on behalf of a site's own client with the scope `entitlements.check`. It fails closed: what cannot be
asked raises `UnavailableError` and is never answered from memory once that memory is too old. It may be used by many
threads at once.
"""

from __future__ import annotations

import base64
import json
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

__all__ = ["Answer", "Client", "Question", "RefusedError", "UnavailableError", "WardenryError"]

MOST_AT_ONCE: Final = 1000
"""How many questions one call takes."""

_CHECK: Final = "/api/entitlements/v1/check"
_TOKEN: Final = "/oidc/token"  # noqa: S105 -- a path
_SCOPE: Final = "entitlements.check"
_RENEW_BEFORE: Final = 30.0
_NOT_AUTHORIZED: Final = 401
_BUSY: Final = frozenset({429, 502, 503, 504})


class WardenryError(Exception):
    """The root of what a client raises."""


class UnavailableError(WardenryError):
    """Wardenry cannot be asked now: treat it as a no. `retry_after` is in seconds, None where nobody knows."""

    def __init__(self, detail: str, retry_after: int | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class RefusedError(WardenryError):
    """Wardenry does not take the call: `status`, and the stable `code` of the problem document (RFC 9457)."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Question:
    """May `user_id` do `function` for this TIN and line of business?"""

    user_id: str
    function: str
    tin: str
    line: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether they may, and the stable word for why (`granted`, `no_access`, `suspended` …)."""

    allowed: bool
    reason: str


class Client:
    """Asks one deployment.

    `url` is where the gateway answers, such as `https://portal.plan.example`. Answers are kept for `lifetime` seconds
    (0: never), at most `most_kept` of them; a change shows by then, and at once where `hear` is told of it.
    `timeout` is in seconds, for each call. `clock` counts seconds, and never goes back.
    """

    def __init__(
        self,
        url: str,
        client_id: str,
        client_secret: str,
        *,
        lifetime: float = 5.0,
        most_kept: int = 10_000,
        timeout: float = 5.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not url.startswith(("https://", "http://")):
            raise ValueError("the URL begins with https://, or on one's own machine with http://")
        self._url = url.rstrip("/")
        self._timeout = timeout
        self._clock = clock
        self._credentials = _basic(client_id, client_secret)
        self._token = ("", 0.0)
        self._token_lock = threading.Lock()
        self._kept = _Kept(lifetime, most_kept, clock)
        self._opener = build_opener(_NoRedirect)

    def check(self, user_id: str, function: str, tin: str, line: str) -> Answer:
        """May they? Raises `UnavailableError`, `RefusedError`."""
        return self.check_many([Question(user_id, function, tin, line)])[0]

    def check_many(self, questions: Sequence[Question]) -> list[Answer]:
        """The answers in the order of the questions, any number of them."""
        found = self._kept.find(questions)
        asked = list(dict.fromkeys(question for question in questions if question not in found))
        for start in range(0, len(asked), MOST_AT_ONCE):
            part = asked[start : start + MOST_AT_ONCE]
            mark = self._kept.mark()
            answers = self._ask(part)
            self._kept.keep(answers, mark)
            found |= answers
        return [found[question] for question in questions]

    def hear(self, event: Mapping[str, Any]) -> None:
        """Forget what an event of Wardenry's (CloudEvents 1.0, its type and subject) may have changed.

        `access.*` and `account.*` are about a user, `practice.*` about a TIN, and a change of the directory about any.
        Other types change no answer. Events may come late, twice and in any order.
        """
        parts = str(event["type"]).removeprefix("wardenry.").split(".")
        about = parts[1] if len(parts) > 1 else ""
        key = str(event["subject"]).partition("/")[2]
        if about in {"access", "account"}:
            self._kept.forget(_user(key))
        elif about == "practice":
            self._kept.forget(_tin(key))
        elif about == "directory":
            self._kept.forget_all()

    def _ask(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        checks = [
            {"user_id": each.user_id, "function": each.function, "tin": each.tin, "line": each.line}
            for each in questions
        ]
        results = self._call({"checks": checks})["results"]
        if len(results) != len(questions):
            raise UnavailableError("Wardenry answered another number of questions than was asked.")
        return {
            question: Answer(result["allowed"] is True, str(result["reason"]))
            for question, result in zip(questions, results, strict=True)
        }

    def _call(self, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """With the token at hand; one that is no longer taken is renewed once."""
        token = self._access_token()
        try:
            return self._checked(token, body)
        except RefusedError as refused:
            if refused.status != _NOT_AUTHORIZED:
                raise
        return self._checked(self._access_token(instead_of=token), body)

    def _checked(self, token: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        return self._post(f"{_CHECK}/batch", json.dumps(body).encode(), headers)

    def _access_token(self, instead_of: str = "") -> str:
        with self._token_lock:
            token, good_until = self._token
            if not token or token == instead_of or self._clock() >= good_until:
                self._token = self._new_token()
            return self._token[0]

    def _new_token(self) -> tuple[str, float]:
        asked_at = self._clock()
        form = urlencode({"grant_type": "client_credentials", "scope": _SCOPE}).encode()
        headers = {"Authorization": self._credentials, "Content-Type": "application/x-www-form-urlencoded"}
        answer = self._post(_TOKEN, form, headers)
        return str(answer["access_token"]), asked_at + float(answer["expires_in"]) - _RENEW_BEFORE

    def _post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Mapping[str, Any]:
        request = Request(  # noqa: S310 -- the scheme was checked
            self._url + path, data=body, headers={**headers, "Accept": "application/json"}, method="POST"
        )
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                answer = json.load(response)
        except HTTPError as refused:
            with refused:
                raise _refusal(refused) from refused
        except (OSError, HTTPException, ValueError) as failed:
            raise UnavailableError(f"Wardenry does not answer: {failed}") from failed
        if not isinstance(answer, dict):
            raise UnavailableError("Wardenry answered something else than expected.")
        return answer


class _Kept:
    """Answers in memory. One that was asked for before something about it was forgotten is not kept any more."""

    def __init__(self, lifetime: float, most: int, clock: Callable[[], float]) -> None:
        self._lifetime = lifetime
        self._most = most
        self._clock = clock
        self._answers: OrderedDict[Question, tuple[Answer, float]] = OrderedDict()
        self._forgotten: OrderedDict[str, int] = OrderedDict()
        self._counter = 0
        self._forgotten_before = 0
        self._lock = threading.Lock()

    def find(self, questions: Sequence[Question]) -> dict[Question, Answer]:
        """Those answers that are fresh."""
        now = self._clock()
        with self._lock:
            kept = {each: self._answers[each] for each in questions if each in self._answers}
        return {question: answer for question, (answer, until) in kept.items() if now < until}

    def mark(self) -> tuple[int, float]:
        """When an asking began."""
        with self._lock:
            return self._counter, self._clock()

    def keep(self, answers: Mapping[Question, Answer], mark: tuple[int, float]) -> None:
        """Keep answers to what was asked at that mark; they count from when they were asked for."""
        counter, asked_at = mark
        if self._lifetime <= 0:
            return
        with self._lock:
            for question, answer in answers.items():
                if self._last_forgotten(question) <= counter:
                    self._answers[question] = (answer, asked_at + self._lifetime)
                    self._answers.move_to_end(question)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)

    def forget(self, key: str) -> None:
        """Drop what is kept about this user or TIN, and what is being asked just now."""
        with self._lock:
            self._counter += 1
            self._forgotten[key] = self._counter
            self._forgotten.move_to_end(key)
            while len(self._forgotten) > self._most:
                self._forgotten_before = max(self._forgotten_before, self._forgotten.popitem(last=False)[1])
            for question in [each for each in self._answers if key in _keys(each)]:
                del self._answers[question]

    def forget_all(self) -> None:
        """Drop everything."""
        with self._lock:
            self._counter += 1
            self._forgotten_before = self._counter
            self._forgotten.clear()
            self._answers.clear()

    def _last_forgotten(self, question: Question) -> int:
        return max(self._forgotten_before, *(self._forgotten.get(key, 0) for key in _keys(question)))


class _NoRedirect(HTTPRedirectHandler):
    """A redirect would carry the token elsewhere: it is an answer that nobody expects."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        """Follow none."""


def _keys(question: Question) -> tuple[str, str]:
    return _user(question.user_id), _tin(question.tin)


def _user(user_id: str) -> str:
    folded = unicodedata.normalize("NFKC", user_id).strip().casefold()
    return f"user {unicodedata.normalize('NFKC', folded)}"


def _tin(tin: str) -> str:
    return f"tin {tin}"


def _basic(client_id: str, client_secret: str) -> str:
    """HTTP Basic as RFC 6749, section 2.3.1, has it: both are form-encoded first."""
    pair = f"{quote(client_id, safe='')}:{quote(client_secret, safe='')}"
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def _refusal(refused: HTTPError) -> WardenryError:
    try:
        problem = json.load(refused)
    except ValueError:
        problem = {}
    problem = problem if isinstance(problem, dict) else {}
    detail = str(problem.get("detail") or problem.get("error_description") or refused.reason)
    if refused.code in _BUSY:
        after = refused.headers.get("Retry-After", "")
        return UnavailableError(detail, int(after) if after.isdecimal() else None)
    return RefusedError(refused.code, str(problem.get("code") or problem.get("error") or "unknown"), detail)
