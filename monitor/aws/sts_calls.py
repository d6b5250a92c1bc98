"""Every attempt to ask STS, counted as those to ask Rekognition are. It has no budget: an account asks once an hour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from monitor.aws.faults import code_and_message, meaning_of, meaning_of_code
from monitor.aws.wording import known_code

if TYPE_CHECKING:
    from botocore.hooks import BaseEventHooks

    from monitor.aws.observer import CallObserver


@dataclass(frozen=True, slots=True, kw_only=True)
class StsCalls:
    """The handlers of one client's events. *account_id* is empty while nobody knows it."""

    account_id: str
    region: str
    observer: CallObserver

    def register(self, events: BaseEventHooks) -> None:
        """Attach to a client's events."""
        events.register("request-created.sts", self._begin)
        events.register("response-received.sts", self._end)

    def _begin(self, *, operation_name: str, **_: Any) -> None:
        self.observer.attempted(account_id=self.account_id, region=self.region, operation=operation_name)

    def _end(
        self, *, parsed_response: dict[str, Any] | None, exception: Exception | None, event_name: str, **_: Any
    ) -> None:
        code = None
        if exception is not None:
            code = str(meaning_of(exception).reason)
        elif parsed_response is not None and "Error" in parsed_response:
            said, message = code_and_message(parsed_response)
            code = known_code(said) or str(meaning_of_code(said, message).reason)
        if code is not None:
            operation = event_name.rpartition(".")[2]
            self.observer.failed(account_id=self.account_id, region=self.region, operation=operation, code=code)
