"""What the sinks `sns` and `eventbridge` have in common: entries, handed over in as many calls as their sizes need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from monitor.domain.refusal import Refusal
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from monitor.domain.delivery import Message

LIMIT: Final = 256 * 1024
"""Bytes of one call's entries together, and so of one entry. What SNS takes unless a topic says otherwise, and
EventBridge took until it began to take more; their targets may take no more still."""

MOST: Final = 10
"""Entries of one call, for both (Amazon SNS API Reference, PublishBatch; EventBridge API Reference, PutEvents)."""

REASONS: Final = tuple(map(str, Refusal))
"""Why a delivery to a service of AWS's can fail, in the words of the metric's label."""


class Publisher(Protocol):
    """What hands entries to AWS; it makes its client when it is first needed. Compared by `==` on its settings."""

    def publish(self, entries: Sequence[Mapping[str, Any]]) -> Mapping[int, DeliveryError]:
        """Hand over *entries*, `MOST` and `LIMIT` at most; return the refused by index."""

    def close(self) -> None:
        """Give back what it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A message as one API takes it.

    Attributes:
        position: The message's.
        fields: As AWS calls them.
        size: In bytes, as AWS counts.
    """

    position: int
    fields: Mapping[str, Any]
    size: int


def hand_over(
    publisher: Publisher, messages: Sequence[Message], compose: Callable[[Message], Entry]
) -> dict[int, DeliveryError]:
    """Publish *messages*, each as *compose* makes it; return the refused by position.

    *compose* raises ValueError for a message that it cannot make small enough, DeliveryError for one not at all.
    """
    entries: list[Entry] = []
    refused: dict[int, DeliveryError] = {}
    for message in messages:
        try:
            entries.append(compose(message))
        except DeliveryError as error:
            refused[message.position] = error
        except ValueError as error:
            refused[message.position] = DeliveryError(str(error), reason=str(Refusal.TOO_LARGE), permanent=True)
    for batch in batches(entries):
        found = publisher.publish([entry.fields for entry in batch])
        refused |= {batch[index].position: refusal for index, refusal in found.items()}
    return refused


def batches(entries: Sequence[Entry], *, most: int = MOST, limit: int = LIMIT) -> Iterator[Sequence[Entry]]:
    """*entries* in their order, cut into as few runs as *most* entries and *limit* bytes for each allow."""
    run: list[Entry] = []
    for entry in entries:
        if run and (len(run) == most or sum(each.size for each in run) + entry.size > limit):
            yield run
            run = []
        run.append(entry)
    if run:
        yield run


def size_of(*texts: str) -> int:
    """Bytes of *texts* in UTF-8 together."""
    return sum(len(text.encode()) for text in texts)
