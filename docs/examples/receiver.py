"""Takes the monitor's webhooks: verifies each, and handles each event once. Needs `pip install standardwebhooks`."""
# ruff: noqa: INP001 - a program, not a part of a package

from __future__ import annotations

import json
import os
import sqlite3
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

WEBHOOK = Webhook(os.environ["WEBHOOK_SECRET"])
SEEN = sqlite3.connect(os.environ.get("SEEN_DB", "seen.db"))
SEEN.execute("CREATE TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY, at TEXT DEFAULT CURRENT_TIMESTAMP)")


def handle(event: dict[str, Any]) -> None:
    """Do here what has to be done. After an exception there is no answer, and the event comes again."""
    sys.stdout.write(json.dumps(event["data"]["summary"]) + "\n")
    sys.stdout.flush()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = WEBHOOK.verify(body, dict(self.headers))  # the signature, and that it is not older than 5 minutes
        except WebhookVerificationError as error:
            return self.answer(401, str(error))
        with SEEN:  # one transaction: it is remembered if, and only if, it was handled
            new = SEEN.execute("INSERT OR IGNORE INTO seen (id) VALUES (?)", [event["id"]]).rowcount
            if new:
                handle(event)
        return self.answer(204)

    def answer(self, status: int, text: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Receiver).serve_forever()
