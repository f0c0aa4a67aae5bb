"""Catches all mail that is sent on this machine, and shows it on a page: in place of the container that does so."""

import email
import email.policy
import html
import json
import ssl
import threading
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.controller import Controller

from deploy.native import ports

_MOST_SHOWN = 200
_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="5">'
    "<title>Mailbox</title><h1>Mailbox</h1><p>All mail that was sent, newest first.</p>{mails}</html>"
)
_MAIL = "<article><hr><h2>{subject}</h2><p>To {to}</p><pre>{text}</pre></article>"


class MailCatcher:
    """An SMTP server that asks for TLS, and a web server: `/` is a page, `/messages?to=` JSON.

    Mails are kept in a file, a line of JSON each.
    """

    def __init__(self, smtp_port: int, page_port: int, tls: tuple[Path, Path], kept: Path) -> None:
        """Nothing is started yet; `tls` are the certificate and its key."""
        kept.touch(mode=0o600)
        self._kept = kept
        self._mails = [json.loads(line) for line in reversed(kept.read_text(encoding="utf-8").splitlines())]
        trust = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        trust.load_cert_chain(*tls)
        self._smtp = Controller(self, hostname=ports.HOST, port=smtp_port, tls_context=trust, require_starttls=True)
        self._pages = ThreadingHTTPServer((ports.HOST, page_port), self._handler())
        self._thread = threading.Thread(target=self._pages.serve_forever, name="mailbox", daemon=True)
        self.url = f"http://localhost:{page_port}"

    def start(self) -> None:
        """Take mail, and show it."""
        self._smtp.start()
        self._thread.start()

    def stop(self) -> None:
        """Take no more."""
        self._smtp.stop()
        self._pages.shutdown()
        self._thread.join()
        self._pages.server_close()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 (aiosmtpd's name)
        """Keep a mail."""
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        told = _told(message, envelope.rcpt_tos[0])
        with self._kept.open("a", encoding="utf-8") as file:
            file.write(json.dumps(told) + "\n")
        self._mails.insert(0, told)
        return "250 kept"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mails = self._mails

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                to = parse_qs(asked.query).get("to")
                found = [mail for mail in mails if to is None or mail["to"] in to][:_MOST_SHOWN]
                if asked.path == "/messages":
                    self._answer("application/json", json.dumps({"items": found}))
                else:
                    self._answer("text/html; charset=utf-8", _PAGE.format(mails="".join(map(_shown, found))))

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

            def _answer(self, kind: str, text: str) -> None:
                body = text.encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Security-Policy", "default-src 'none'")
                self.end_headers()
                self.wfile.write(body)

        return Handler


def _shown(mail: dict[str, Any]) -> str:
    return _MAIL.format_map({name: html.escape(str(text)) for name, text in mail.items()})


def _told(message: EmailMessage, to: str) -> dict[str, Any]:
    body = message.get_body(("plain",))
    return {
        "to": to,
        "notice": message["X-Wardenry-Notice"],
        "subject": message["Subject"],
        "text": body.get_content() if body else "",
    }
