"""Hands entries to a service of AWS's that takes events, and says which it did not take.

An entry counts as taken only when the answer names it as taken: botocore makes `{}` of a 200 whose body is empty, cut
off or HTML.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from monitor.aws.clients import ExternalIdError
from monitor.aws.refusals import (
    CREDENTIAL_REFUSALS,
    Asked,
    make_refusal,
    refusal_of,
    refusal_of_entry,
)
from monitor.domain.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from monitor.aws.clients import ClientSettings
    from monitor.errors import DeliveryError

_TROUBLE: Final = (BotoCoreError, ClientError, ExternalIdError, ResponseParserError, OSError, ValueError, RuntimeError)
"""What AWS, the network and the machine's AWS configuration make boto3 raise: ValueError for an address that is none,
OSError for files, RuntimeError for new credentials that have expired."""


@dataclass(kw_only=True)
class Publisher:
    """One topic or bus, with a client that is made at the first entry; several threads may publish.

    Two with the same settings are equal, so that a reload leaves the one that runs alone.

    Attributes:
        service: Which API.
        target: The ARN or name of what takes the entries.
        settings: Of the client.
        make: Makes the client.
    """

    service: Service
    target: str
    settings: ClientSettings
    make: Callable[[ClientSettings], Any] = field(compare=False, repr=False)
    _client: Any = field(default=None, init=False, compare=False, repr=False)
    _lock: Lock = field(default_factory=Lock, init=False, compare=False, repr=False)

    def publish(self, entries: Sequence[Mapping[str, Any]]) -> Mapping[int, DeliveryError]:
        """Hand over *entries*, as many as the API takes in one call; return the refused by index. Raises nothing.

        When the call is refused for what is in a message, each entry is sent alone: the others have no part in it.
        """
        client = None
        try:
            client = self._open()
            return self._refused(self.service.ask(client, self.target, entries), len(entries))
        except _TROUBLE as error:
            refusal = refusal_of(error, self._asked)
        if refusal.reason in CREDENTIAL_REFUSALS:
            self._leave(client)  # the next one looks for credentials anew
        if refusal.permanent and len(entries) > 1:
            return {index: alone for index, entry in enumerate(entries) for alone in self.publish([entry]).values()}
        return dict.fromkeys(range(len(entries)), refusal)

    def close(self) -> None:
        """Close the connections; the next entry opens another one."""
        self._leave(self._client)

    def _open(self) -> Any:
        with self._lock:
            if self._client is None:
                self._client = self.make(self.settings)
            return self._client

    def _leave(self, client: Any) -> None:
        """Close *client*, unless another thread has done it."""
        with self._lock:
            if client is None or self._client is not client:
                return
            self._client = None
        client.close()

    @property
    def _asked(self) -> Asked:
        return Asked(operation=self.service.operation, action=self.service.action, target=self.target)

    def _refused(self, verdicts: Mapping[str, Verdict], entries: int) -> Mapping[int, DeliveryError]:
        found = {index: self._refusal(verdicts.get(str(index), _UNANSWERED)) for index in range(entries)}
        return {index: refusal for index, refusal in found.items() if refusal is not None}

    def _refusal(self, verdict: Verdict) -> DeliveryError | None:
        if verdict is TAKEN:
            return None
        if verdict is _UNANSWERED:
            told = "the answer does not say what became of the entry"
            return make_refusal(Refusal.RESPONSE_MALFORMED, told, self._asked)
        return refusal_of_entry(verdict.code, verdict.message, self._asked, sender_fault=verdict.sender_fault)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the answer says of one entry."""

    code: str = ""
    message: str = ""
    sender_fault: bool = False


TAKEN: Final = Verdict()
_UNANSWERED: Final = Verdict(code="(none)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """An API that takes entries.

    Attributes:
        name: botocore's.
        operation: The operation's name in errors of botocore's.
        action: The permission it needs.
        ask: Makes the call and reads what became of each entry, by its index in decimal digits, from the answer.
    """

    name: str
    operation: str
    action: str
    ask: Callable[[Any, str, Sequence[Mapping[str, Any]]], Mapping[str, Verdict]]


def _publish_batch(client: Any, topic_arn: str, entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Verdict]:
    numbered = [{"Id": str(index), **entry} for index, entry in enumerate(entries)]
    answer = client.publish_batch(TopicArn=topic_arn, PublishBatchRequestEntries=numbered)
    verdicts = {taken.get("Id"): TAKEN for taken in answer.get("Successful", ())}
    for failed in answer.get("Failed", ()):
        verdicts[failed.get("Id")] = Verdict(
            code=str(failed.get("Code")),
            message=str(failed.get("Message")),
            sender_fault=bool(failed.get("SenderFault")),
        )
    return verdicts


def _put_events(client: Any, bus: str, entries: Sequence[Mapping[str, Any]]) -> Mapping[str, Verdict]:
    answer = client.put_events(Entries=[{"EventBusName": bus, **entry} for entry in entries])
    return {str(index): _verdict(result) for index, result in enumerate(answer.get("Entries", ()))}


def _verdict(result: Mapping[str, Any] | None) -> Verdict:
    """EventBridge says of each entry, in the order of the request, its new id or an error; not whose fault it is."""
    if result and result.get("EventId"):
        return TAKEN
    if not result or not result.get("ErrorCode"):
        return _UNANSWERED
    return Verdict(code=str(result["ErrorCode"]), message=str(result.get("ErrorMessage")))


SNS: Final = Service(name="sns", operation="PublishBatch", action="sns:Publish", ask=_publish_batch)
EVENTBRIDGE: Final = Service(name="events", operation="PutEvents", action="events:PutEvents", ask=_put_events)
