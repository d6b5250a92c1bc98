"""Every attempt of every call: it waits for the budget before it is signed, and is counted."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from monitor.aws.credentials import REVOKED
from monitor.aws.faults import code_and_message, meaning_of, meaning_of_code
from monitor.aws.wording import known_code
from monitor.domain.fault import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.credentials import Credentials, ReadOnlyCredentials
    from botocore.hooks import BaseEventHooks

    from monitor.aws.budget import Budget
    from monitor.aws.credentials import RoleCredentials
    from monitor.aws.fetching import Fetched
    from monitor.aws.observer import CallObserver
    from monitor.aws.reach import Reach

_NO_OTHERS: Final[Mapping[str, Budget]] = MappingProxyType({})
_SENT_AT: Final = "rekognition_monitor_sent_at"
_SIGNED_WITH: Final = "rekognition_monitor_signed_with"
_NEW_CREDENTIALS: Final = frozenset({Reason.CREDENTIALS_EXPIRED, Reason.CREDENTIALS_REFUSED, Reason.ACCESS_DENIED})
_SLOWER: Final = frozenset({Reason.THROTTLED, Reason.THROUGHPUT_EXCEEDED})


class Attempts:
    """Those of one account and region: what becomes of each, from its credentials to its answer."""

    def __init__(
        self,
        *,
        account_id: str,
        region: str,
        budget: Budget,
        budgets: Mapping[str, Budget] = _NO_OTHERS,
        credentials: Credentials | RoleCredentials,
        observer: CallObserver,
        renewable: Fetched[ReadOnlyCredentials] | None = None,
        reach: Reach | None = None,
    ) -> None:
        """Build them.

        Args:
            account_id: For the metrics.
            region: For the metrics.
            budget: Of this account and region.
            budgets: Of operations that have one of their own there, by name.
            credentials: What signs.
            observer: What counts.
            renewable: What *credentials* are fetched by; None where they cannot be fetched anew.
            reach: Told of each answer, and of what came instead of one.
        """
        self._account_id = account_id
        self._region = region
        self._budget = budget
        self._budgets = budgets
        self._credentials = credentials
        self._observer = observer
        self._renewable = renewable
        self._reach = reach

    def check(self) -> None:
        """Raises HeldOffError while the region does not answer and somebody else is finding out."""
        if self._reach is not None:
            self._reach.check()

    def failed(self, operation: str, code: str) -> None:
        """Count an attempt whose answer turned out to be none."""
        self._observer.failed(account_id=self._account_id, region=self._region, operation=operation, code=code)

    def begin(self, *, request: Any, operation_name: str, **_: Any) -> None:
        """One is about to be signed: give it credentials, and let it wait for the budget."""
        request.context.setdefault("signing", {})["request_credentials"] = self._credentials
        # Renewing them can take seconds, which must not fall after the turn.
        request.context[_SIGNED_WITH] = self._credentials.get_frozen_credentials()
        request.context[_SENT_AT] = self._budgets.get(operation_name, self._budget).acquire()
        self._observer.attempted(account_id=self._account_id, region=self._region, operation=operation_name)
        self.tell_limit()

    def end(
        self,
        *,
        parsed_response: dict[str, Any] | None,
        exception: Exception | None,
        context: dict[str, Any],
        event_name: str,
        **_: Any,
    ) -> None:
        """One has been answered, or not."""
        self._tell_reach(exception)
        if exception is not None:
            self.failed(_operation(event_name), str(meaning_of(exception).reason))
        elif parsed_response is not None and "Error" in parsed_response:
            self._refused(parsed_response, context, _operation(event_name))

    def _tell_reach(self, exception: Exception | None) -> None:
        if self._reach is None:
            return
        if exception is None:
            self._reach.answered()
        else:
            self._reach.failed(exception)

    def _refused(self, response: dict[str, Any], context: dict[str, Any], operation: str) -> None:
        code, message = code_and_message(response)
        reason = meaning_of_code(code, message).reason
        self.failed(operation, known_code(code) or str(reason))
        if reason in _SLOWER:
            self._budgets.get(operation, self._budget).throttled(context[_SENT_AT])
            self.tell_limit()
        if reason in _NEW_CREDENTIALS and self._renewable is not None:
            age = 0.0 if reason is Reason.CREDENTIALS_EXPIRED else REVOKED
            self._renewable.drop(context[_SIGNED_WITH], older_than=age)

    def again(
        self,
        *,
        response: tuple[Any, dict[str, Any]] | None,
        attempts: int,
        **_: Any,
    ) -> float | None:
        """Ask once more, at once, when the credentials of a role ended before their time; others' it is no use for.

        botocore emits `needs-retry` after each attempt, takes seconds for an answer, and signs the next one anew.
        """
        if response is None or self._renewable is None or attempts > 1:
            return None
        reason = meaning_of_code(*code_and_message(response[1])).reason
        return 0.0 if reason is Reason.CREDENTIALS_EXPIRED else None

    def tell_limit(self) -> None:
        """Say what the budget allows now."""
        self._observer.limit(account_id=self._account_id, region=self._region, calls_per_second=self._budget.rate)


def route(events: BaseEventHooks, owner: Callable[[dict[str, Any]], Attempts]) -> None:
    """Let the attempts of a client be those of the *owner*, who is found by the context of each call.

    botocore emits `request-created` for each attempt, the retries too, before the handler that signs: so no signature
    grows old in the queue.
    """

    def begin(*, request: Any, **event: Any) -> None:
        owner(request.context).begin(request=request, **event)

    def end(*, context: dict[str, Any], **event: Any) -> None:
        owner(context).end(context=context, **event)

    def again(*, request_dict: dict[str, Any], **event: Any) -> float | None:
        return owner(request_dict["context"]).again(**event)

    events.register_first("request-created.rekognition", begin)
    events.register("response-received.rekognition", end)
    events.register("needs-retry.rekognition", again)  # type: ignore[arg-type] # the stubs know of no answer


def _operation(event_name: str) -> str:
    return event_name.rpartition(".")[2]
