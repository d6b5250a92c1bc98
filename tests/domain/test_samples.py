from __future__ import annotations

from monitor.domain.events import EventType
from monitor.domain.samples import sample_events
from tests.event_examples import examples


def test_there_is_a_sample_of_every_type() -> None:
    """Those that the reference of the events has an example of."""
    assert set(examples()) == {str(event.type) for event in sample_events()}


def test_a_fault_is_told_in_both_forms() -> None:
    """Of a project, and of an account and region, which names no project."""
    found = [
        (event.type, event.project_name)
        for event in sample_events()
        if event.type in (EventType.PROJECT_UNREACHABLE, EventType.PROJECT_RECOVERED)
    ]
    assert [
        (EventType.PROJECT_UNREACHABLE, "sample"),
        (EventType.PROJECT_RECOVERED, "sample"),
        (EventType.PROJECT_UNREACHABLE, None),
        (EventType.PROJECT_RECOVERED, None),
    ] == found


def test_the_samples_are_the_same_at_every_call() -> None:
    """What is accepted once is accepted again."""
    assert sample_events() == sample_events()
