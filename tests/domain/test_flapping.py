from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import orjson
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.events import EventType
from monitor.domain.flapping import Change, FlappingPolicy, Spell, due_at, opening, spell_of, spells, summed_up
from monitor.domain.severity import Severity
from tests.builders import at
from tests.fakes_outbox import a_message, an_event

if TYPE_CHECKING:
    from monitor.domain.delivery import Message

POLICY = FlappingPolicy(changes=3, within=timedelta(minutes=10), longest=timedelta(hours=1))


def changes(*minutes: float) -> list[Change]:
    """Changes of status at these minutes, at positions 1, 2, 3 …"""
    return [Change(position, at(minute)) for position, minute in enumerate(minutes, 1)]


def message(position: int, minute: float, before: str, after: str, severity: Severity = Severity.INFO) -> Message:
    """The story of a change of status."""
    event = an_event(
        "a",
        position,
        event_type=EventType.VERSION_STATUS_CHANGED,
        severity=severity,
        time=at(minute),
        data={"from": before, "to": after},
    )
    return a_message(event, position)


def test_as_many_changes_as_allowed_are_no_spell() -> None:
    """Three in ten minutes, again and again."""
    assert [] == spells(changes(0, 4, 8, 12, 16, 20), POLICY)


def test_one_too_many_begins_a_spell() -> None:
    """The fourth in ten minutes, the tenth minute included; it is over ten minutes later."""
    assert [Spell(opening=4, last=4, calm_at=at(20))] == spells(changes(0, 4, 8, 10), POLICY)


def test_a_spell_lasts_while_it_goes_on() -> None:
    """Each change within ten minutes of the last one belongs to it, however few they have become."""
    assert [Spell(opening=4, last=7, calm_at=at(41))] == spells(changes(0, 1, 2, 3, 12, 21, 31), POLICY)


def test_after_a_calm_there_can_be_another_spell() -> None:
    """It needs one too many again, those of the first spell counted."""
    assert [Spell(opening=4, last=4, calm_at=at(13)), Spell(opening=8, last=8, calm_at=at(36))] == spells(
        changes(0, 1, 2, 3, 20, 22, 24, 26), POLICY
    )


def test_a_clock_that_was_put_back_makes_no_spell() -> None:
    """Changes that seem to come before those that they follow are not near them."""
    assert [] == spells(changes(0, 1, 2, -1440, -1439, -1438), POLICY)


def test_only_what_comes_after_the_opening_belongs_to_the_spell() -> None:
    """What was told before it was flapping stays what it was."""
    found = changes(0, 1, 2, 3, 4)
    spell = Spell(opening=4, last=5, calm_at=at(14))
    assert [None, None, None, spell, spell, None] == [spell_of(position, found, POLICY) for position in range(1, 7)]


def test_what_is_held_is_told_when_it_is_calm_or_after_long_enough() -> None:
    """Whichever comes first."""
    early, late = Spell(opening=1, last=9, calm_at=at(20)), Spell(opening=1, last=9, calm_at=at(90))
    assert (at(20), at(65)) == (due_at(early, at(5), POLICY), due_at(late, at(5), POLICY))


@given(st.lists(st.integers(0, 60), max_size=30))
def test_spells_are_apart_and_in_order(minutes: list[int]) -> None:
    """No change belongs to two spells, and between two of them it was calm."""
    found = changes(*sorted(minutes))
    borders = [border for spell in spells(found, POLICY) for border in (spell.opening, spell.last)]
    assert borders == sorted(borders)
    for before, after in zip(spells(found, POLICY), spells(found, POLICY)[1:], strict=False):
        assert found[after.opening - 1].at > before.calm_at


def test_the_opening_says_what_will_follow() -> None:
    """The event itself, with the same id, and why there will be less."""
    first = message(4, 3, "STARTING", "RUNNING")
    told = opening(first, POLICY)
    data = orjson.loads(told.document)["data"]
    assert (first.id, first.position, first.severity) == (told.id, told.position, told.severity)
    assert (
        "shop / a: 4. Flapping: more than 3 changes of status in 10 min. What follows comes as one message when there "
        "was none for 10 min, or after 1 h"
    ) == data["summary"]
    assert {"ended": False, "changes": 4} == data["flapping"]


def test_a_summary_stands_for_all_that_was_held() -> None:
    """The last event with its id, the highest severity, and the way that the version went."""
    held = [
        message(5, 4, "RUNNING", "STOPPING"),
        message(6, 6, "STOPPING", "FAILED", Severity.CRITICAL),
        message(7, 8, "FAILED", "STARTING"),
    ]
    told = summed_up(held, Spell(opening=4, last=7, calm_at=at(18)), at(18))
    document = orjson.loads(told.document)
    assert (held[-1].id, held[-1].position, Severity.CRITICAL) == (told.id, told.position, told.severity)
    assert (
        "shop / a flapped: 3 events from 2026-11-21T18:04:00Z to 2026-11-21T18:08:00Z "
        "(RUNNING -> STOPPING -> FAILED -> STARTING)"
    ) == document["data"]["summary"]
    assert {
        "ended": True,
        "events": [each.id for each in held],
        "statuses": ["RUNNING", "STOPPING", "FAILED", "STARTING"],
    } == document["data"]["flapping"]


def test_a_summary_before_it_is_over_says_so() -> None:
    """Whoever reads it knows that there will be more."""
    told = summed_up([message(5, 4, "RUNNING", "STOPPING")] * 2, Spell(opening=4, last=7, calm_at=at(18)), at(17))
    assert "is still flapping" in orjson.loads(told.document)["data"]["summary"]


def test_the_document_stays_one_line_of_the_same_text() -> None:
    """Other members, and letters beyond ASCII, come through."""
    event = an_event("ä", time=at())
    told = opening(a_message(event), POLICY)
    document = orjson.loads(told.document)
    assert (b"\n" in told.document, "ä" in told.document.decode()) == (False, True)
    assert {name: value for name, value in event.document.items() if name != "data"} == {
        name: value for name, value in document.items() if name != "data"
    }


def test_the_lookback_reaches_to_where_a_spell_can_have_begun() -> None:
    """The longest spell, and on either side the time in which changes make one."""
    policy = FlappingPolicy(changes=4, within=timedelta(minutes=10), longest=timedelta(hours=1))
    assert timedelta(minutes=80) == policy.lookback
