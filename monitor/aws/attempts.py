"""Every attempt of every call: it waits for the budget before it is signed, and is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from monitor.aws.faults import code_and_message, meaning_of, meaning_of_code
from monitor.aws.wording import known_code
from monitor.domain.fault import Reason

if TYPE_CHECKING:
    from botocore.credentials import Credentials
    from botocore.hooks import BaseEventHooks

    from monitor.aws.budget import Budget
    from monitor.aws.observer import CallObserver

_SENT_AT: Final = "rekognition_monitor_sent_at"
_SLOWER: Final = frozenset({Reason.THROTTLED, Reason.THROUGHPUT_EXCEEDED})


class Attempts:
    """The handlers of one client's events: one account and region."""

    def __init__(
        self, *, account_id: str, region: str, budget: Budget, credentials: Credentials, observer: CallObserver
    ) -> None:
        self._account_id = account_id
        self._region = region
        self._budget = budget
        self._credentials = credentials
        self._observer = observer

    def register(self, events: BaseEventHooks) -> None:
        """Attach to a client's events.

        botocore emits `request-created` for each attempt, the retries too, before the handler that signs: so no
        signature grows old in the queue.
        """
        events.register_first("request-created.rekognition", self._begin)
        events.register("response-received.rekognition", self._end)
        self._tell_limit()

    def failed(self, operation: str, code: str) -> None:
        """Count an attempt whose answer turned out to be none."""
        self._observer.failed(account_id=self._account_id, region=self._region, operation=operation, code=code)

    def _begin(self, *, request: Any, operation_name: str, **_: Any) -> None:
        self._credentials.get_frozen_credentials()  # renewing them can take seconds, which must not fall after the turn
        request.context[_SENT_AT] = self._budget.acquire()
        self._observer.attempted(account_id=self._account_id, region=self._region, operation=operation_name)
        self._tell_limit()

    def _end(
        self,
        *,
        parsed_response: dict[str, Any] | None,
        exception: Exception | None,
        context: dict[str, Any],
        event_name: str,
        **_: Any,
    ) -> None:
        if exception is not None:
            self.failed(_operation(event_name), str(meaning_of(exception).reason))
        elif parsed_response is not None and "Error" in parsed_response:
            self._refused(parsed_response, context[_SENT_AT], _operation(event_name))

    def _refused(self, response: dict[str, Any], sent_at: float, operation: str) -> None:
        code, message = code_and_message(response)
        reason = meaning_of_code(code, message).reason
        self.failed(operation, known_code(code) or str(reason))
        if reason in _SLOWER:
            self._budget.throttled(sent_at)
            self._tell_limit()

    def _tell_limit(self) -> None:
        self._observer.limit(account_id=self._account_id, region=self._region, calls_per_second=self._budget.rate)


def _operation(event_name: str) -> str:
    return event_name.rpartition(".")[2]
