"""Signatures of what is sent: Standard Webhooks 1.0, https://www.standardwebhooks.com, scheme `v1` (HMAC-SHA256)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from standardwebhooks import Webhook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from monitor.sinks.cloudevents import Request


class Signer:
    """Signs with each of its keys; while a secret is being changed there are two, and a receiver needs one of them."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._webhooks = tuple(Webhook(key) for key in keys)

    def headers(self, request: Request, at: datetime) -> dict[str, str]:
        """The headers `webhook-id` and `webhook-timestamp` of a request sent *at* (aware UTC), and its signatures.

        Without a key there is no signature; the id is there all the same, to deduplicate by.
        """
        text = request.body.decode()
        signatures = (webhook.sign(request.id, at, text) for webhook in self._webhooks)
        headers = {"webhook-id": request.id, "webhook-timestamp": str(int(at.timestamp()))}
        return headers | ({"webhook-signature": " ".join(signatures)} if self._webhooks else {})
