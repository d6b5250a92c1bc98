from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.refusal import Refusal
from monitor.errors import DeliveryError
from monitor.sinks.publishing import REASONS, Entry, batches, hand_over
from tests.fakes_outbox import a_message, an_event
from tests.sinks.messages import Published

if TYPE_CHECKING:
    from monitor.domain.delivery import Message

THROTTLED = DeliveryError("slow down", reason="throttled")


def entry(message: Message) -> Entry:
    return Entry(position=message.position, fields={"it": message.position}, size=1)


def sized(*sizes: int) -> list[Entry]:
    return [Entry(position=index, fields={}, size=size) for index, size in enumerate(sizes)]


@given(st.lists(st.integers(min_value=1, max_value=100), max_size=40).map(lambda sizes: sized(*sizes)))
def test_batches_keep_both_limits_and_the_order(entries: list[Entry]) -> None:
    """Every entry once, in order; never too many, never too large, and no batch that ends before it has to."""
    made = [list(batch) for batch in batches(entries, most=10, limit=100)]

    assert [each for batch in made for each in batch] == entries
    assert all(len(batch) <= 10 and sum(each.size for each in batch) <= 100 for batch in made)
    assert all(
        len(batch) == 10 or sum(each.size for each in batch) + following[0].size > 100
        for batch, following in pairwise(made)
    )


def test_refusals_are_told_by_position() -> None:
    """AWS answers by the place in the call, the dispatcher asks by the place in the history."""
    publisher = Published(refuses={1: THROTTLED, 11: THROTTLED})
    messages = [a_message(an_event(f"v{index}"), position=100 + index) for index in range(12)]

    assert hand_over(publisher, messages, entry) == {101: THROTTLED, 111: THROTTLED}
    assert list(map(len, publisher.calls)) == [10, 2]


def test_a_message_that_cannot_be_made_small_enough() -> None:
    """It is refused for good, and the others are sent."""

    def compose(message: Message) -> Entry:
        if message.position == 1:
            raise ValueError("its envelope is too large")
        return entry(message)

    publisher = Published()
    refused = hand_over(publisher, [a_message(an_event(f"v{index}"), position=index) for index in range(3)], compose)

    assert {1: ("its envelope is too large", "too_large", True)} == {
        position: (str(error), error.reason, error.permanent) for position, error in refused.items()
    }
    assert [{"it": 0}, {"it": 2}] == publisher.entries


def test_nothing_to_send_is_no_call() -> None:
    """AWS refuses an empty batch."""
    publisher = Published()
    assert ({}, []) == (hand_over(publisher, [], entry), publisher.calls)


def test_the_reasons_are_the_closed_set() -> None:
    """Each word of the metric's label once."""
    assert REASONS == tuple(refusal.value for refusal in Refusal)
