from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.events import EventType
from monitor.sinks.shortening import EVERYTHING, MARK, ORDER, shorten
from tests.sinks.messages import example

TEXTS = st.text(max_size=60)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def events(draw: st.DrawFn) -> dict[str, Any]:
    """A real event with anything in its data, in its known places and in others."""
    event = example(draw(st.sampled_from([EventType.VERSION_STATUS_CHANGED, EventType.PROJECT_UNREACHABLE])))
    data = event["data"] | draw(st.dictionaries(TEXTS, JSON, max_size=3)) | {"summary": draw(TEXTS)}
    for path in draw(st.lists(st.sampled_from(ORDER))):
        inner = data if len(path) == 1 else data.setdefault(path[0], {})
        if isinstance(inner, dict):
            inner[path[-1]] = draw(JSON)
    return event | {"data": data}


def envelope(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name != "data"}


@given(events(), st.integers(min_value=700, max_value=4000))
def test_always_small_enough_and_whole_outside(event: dict[str, Any], limit: int) -> None:
    """Whatever stands in its data, the event is JSON of the wanted size, and its envelope is what it was."""
    shortened = shorten(orjson.dumps(event), limit)

    assert len(shortened) <= limit
    assert envelope(orjson.loads(shortened)) == envelope(event)


@given(events(), st.integers(min_value=700, max_value=4000))
def test_what_is_left_is_what_was_there(event: dict[str, Any], limit: int) -> None:
    """Members are left out, never changed, until only the summary is left; the mark names each, in the order."""
    data = orjson.loads(shorten(orjson.dumps(event), limit))["data"]
    left_out = data.pop(MARK, [])

    if left_out == [EVERYTHING]:
        assert event["data"]["summary"].startswith(data.pop("summary"))
        assert data == {}
    else:
        expected = orjson.loads(orjson.dumps(event))["data"]
        paths = [path for path in ORDER if ".".join(path) in left_out]
        for path in paths:
            inner = expected if len(path) == 1 else expected[path[0]]
            del inner[path[-1]]
        expected.pop(MARK, None)
        assert left_out == [".".join(path) for path in paths]
        assert data == expected


def test_an_event_that_fits_is_not_touched() -> None:
    """The very same bytes: what was stored is what is sent."""
    document = orjson.dumps(example())
    assert shorten(document, len(document)) is document


def test_what_says_least_goes_first() -> None:
    """Fields that AWS added go before what every receiver knows, and no more goes than has to."""
    event = example()
    event["data"]["version"] = {**event["data"]["version"], "extra": {"Histogram": "x" * 300_000}}
    kept = {name: value for name, value in event["data"]["version"].items() if name != "extra"}

    shortened = orjson.loads(shorten(orjson.dumps(event), 262_144))

    assert shortened["data"] == {**event["data"], "version": kept, MARK: ["version.extra"]}


def test_the_last_resort_is_the_summary() -> None:
    """Members that nobody foresaw can fill an event too."""
    event = example(unforeseen="x" * 5000)
    shortened = orjson.loads(shorten(orjson.dumps(event), 1000))
    assert shortened["data"] == {"summary": event["data"]["summary"], MARK: [EVERYTHING]}


def test_an_envelope_that_is_too_large() -> None:
    """It is never touched, so such an event cannot be sent."""
    event = example()
    with pytest.raises(ValueError, match=f"envelope of event {event['id']} alone is larger than 300 bytes"):
        shorten(orjson.dumps(event), 300)
