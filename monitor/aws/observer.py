"""What is told of the calls to AWS, as they happen."""

from __future__ import annotations

from typing import Protocol


class CallObserver(Protocol):
    """What is counted of calls. Called from every polling thread, and in the way of each call: it has to be quick."""

    def attempted(self, *, account_id: str, region: str, operation: str) -> None:
        """One attempt is about to be sent; retries too."""

    def failed(self, *, account_id: str, region: str, operation: str, code: str) -> None:
        """One attempt failed. *code* is AWS's error code, or a `Reason` where AWS gave none."""

    def limit(self, *, account_id: str, region: str, calls_per_second: float) -> None:
        """What the budget allows now."""
