"""Which modules can call another process over the network at all: those that `architecture.md` has a reason for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENTS = {
    *("httpx", "httpcore", "requests", "urllib3", "aiohttp", "pycurl", "http.client", "urllib.request", "socket"),
    *("xmlrpc.client", "smtplib", "aiosmtplib", "ftplib", "grpc", "websockets", "websocket", "dns.resolver", "asyncio"),
}
NAMED = {
    "services/registration/adapters/service_calls.py": (
        "identity: is this account possible; reserve it. entitlements: may this person prepare this access"
    ),
    "services/registration/bootstrap.py": "wires the former",
    "services/portal/adapters/gateway_api.py": "the gateway's API, as any client",
    "services/portal/adapters/problem_documents.py": "reads the gateway's answers",
    "services/portal/adapters/oidc_issuer.py": "the OpenID provider, as any client",
    "services/portal/adapters/id_tokens.py": "the provider's keys",
    "services/portal/bootstrap.py": "wires the former",
    "chassis/calling/deadline.py": "limits every call",
    "chassis/telemetry/outgoing.py": "marks every call with its trace",
}
OUTSIDE = {
    "services/notify/adapters/smtp.py": "the mail provider",
    "services/notify/adapters/twilio.py": "the provider of text messages",
    "services/identity/adapters/logout_sender.py": "sites, told of sessions that ended",
    "chassis/bus/operations/management.py": "the broker's management, for the operator's commands",
}


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def callers() -> set[str]:
    paths = [path for folder in ("services", "chassis") for path in (ROOT / folder).rglob("*.py")]
    return {str(path.relative_to(ROOT)) for path in paths if not CLIENTS.isdisjoint(imported(path))}


def test_no_service_calls_another_but_where_the_architecture_names_it__OPS_3() -> None:
    assert callers() == {*NAMED, *OUTSIDE}


def test_every_client_that_calls_a_service_waits_in_limited_time__OPS_8() -> None:
    wired = [ROOT / path for path in NAMED if path.endswith("bootstrap.py")]
    assert all("BoundedTransport(" in path.read_text(encoding="utf-8") for path in wired)
