from __future__ import annotations

from itertools import pairwise

import pytest

from monitor.domain.lifecycle import ENTRIES, MOVES, Move, MoveKind, classify
from monitor.domain.status import (
    COPYING_COMPLETED,
    COPYING_FAILED,
    COPYING_IN_PROGRESS,
    DELETING,
    DEPRECATED,
    EXPIRED,
    FAILED,
    KNOWN,
    RUNNING,
    STARTING,
    STOPPED,
    STOPPING,
    TRAINING_COMPLETED,
    TRAINING_FAILED,
    TRAINING_IN_PROGRESS,
    UNSPECIFIED,
    Status,
)

WORDS = [*KNOWN.values(), UNSPECIFIED, Status("REFINING")]
PAIRS = [(before, after) for before in WORDS for after in WORDS]


def distances() -> dict[tuple[Status, Status], int]:
    """The fewest steps between any two statuses, by Floyd and Warshall: nothing in common with what is tested."""
    steps = {(before, after): 1 for before, following in MOVES.items() for after in following}
    for middle in WORDS:
        for before, after in PAIRS:
            if (before, middle) in steps and (middle, after) in steps:
                through = steps[before, middle] + steps[middle, after]
                steps[before, after] = min(through, steps.get((before, after), through))
    return steps


def test_the_table_holds_the_documented_moves() -> None:
    """Each status is followed by what the Developer Guides name, and by three moves that their words imply."""
    documented = {
        TRAINING_IN_PROGRESS: {TRAINING_COMPLETED, TRAINING_FAILED},
        TRAINING_COMPLETED: {STARTING, DEPRECATED, DELETING},
        TRAINING_FAILED: {DELETING},
        STARTING: {RUNNING, FAILED},
        RUNNING: {STOPPING},
        FAILED: {DELETING},
        STOPPING: {STOPPED},
        STOPPED: {STARTING, DELETING},
        COPYING_IN_PROGRESS: {COPYING_COMPLETED, COPYING_FAILED},
        COPYING_COMPLETED: {STARTING, DELETING},
        COPYING_FAILED: {DELETING},
        DEPRECATED: {EXPIRED, DELETING},
        EXPIRED: {DELETING},
        DELETING: set(),
    }
    implied = {(RUNNING, FAILED), (FAILED, STARTING), (STOPPING, FAILED)}

    moves = {(before, after) for before, following in MOVES.items() for after in following}

    assert moves == {(before, after) for before, following in documented.items() for after in following} | implied


def test_every_status_has_a_row_and_only_deleting_ends() -> None:
    """A status left out of the table would be taken for a final one."""
    assert set(MOVES) == set(KNOWN.values())
    assert [status for status, following in MOVES.items() if not following] == [DELETING]


def test_every_status_but_the_entries_is_reached_from_an_entry() -> None:
    """A version comes into being by training or copying, and from there every other status can be reached."""
    reached = {after for before, after in distances() if before in ENTRIES}

    assert reached == set(KNOWN.values()) - set(ENTRIES)


def test_a_status_ends_by_itself_only_where_something_follows_or_the_version_goes() -> None:
    """Whatever is transient leads somewhere: DELETING out of the listing, the others to another status."""
    assert [status for status in KNOWN.values() if status.transient and not MOVES[status]] == [DELETING]


@pytest.mark.parametrize(
    ("before", "after", "kind", "via"),
    [
        (STARTING, RUNNING, MoveKind.DIRECT, ()),
        (STOPPED, RUNNING, MoveKind.SKIPPED, (STARTING,)),
        (RUNNING, STOPPED, MoveKind.SKIPPED, (STOPPING,)),
        (TRAINING_IN_PROGRESS, STARTING, MoveKind.SKIPPED, (TRAINING_COMPLETED,)),
        (TRAINING_IN_PROGRESS, RUNNING, MoveKind.SKIPPED, (TRAINING_COMPLETED, STARTING)),
        (TRAINING_COMPLETED, EXPIRED, MoveKind.SKIPPED, (DEPRECATED,)),
        (RUNNING, TRAINING_COMPLETED, MoveKind.UNEXPECTED, ()),
        (DELETING, STOPPED, MoveKind.UNEXPECTED, ()),
        (RUNNING, Status("REFINING"), MoveKind.UNEXPECTED, ()),
        (Status("REFINING"), RUNNING, MoveKind.UNEXPECTED, ()),
        (RUNNING, UNSPECIFIED, MoveKind.UNEXPECTED, ()),
        (RUNNING, RUNNING, MoveKind.SKIPPED, (FAILED, STARTING)),
    ],
)
def test_a_pair_is_classified(before: Status, after: Status, kind: MoveKind, via: tuple[Status, ...]) -> None:
    """One step is direct, a way through unseen statuses is skipped and names them, anything else is unexpected."""
    assert classify(before, after) == Move(before, after, kind, via)


def test_reachability_agrees_with_the_closure_of_the_table() -> None:
    """Of all pairs, those with no way are unexpected, those one step apart direct, the others skipped."""
    steps = distances()
    expected = {
        pair: {None: MoveKind.UNEXPECTED, 1: MoveKind.DIRECT}.get(steps.get(pair), MoveKind.SKIPPED) for pair in PAIRS
    }

    assert {pair: classify(*pair).kind for pair in PAIRS} == expected


def test_skipped_ways_are_as_short_as_can_be() -> None:
    """No shorter way exists than the one that is named."""
    steps = distances()

    assert {pair: len(classify(*pair).via) + 1 for pair in steps} == steps


def test_skipped_ways_can_be_walked() -> None:
    """Each step of a way that is named is a move of the table."""
    ways = [(move.before, *move.via, move.after) for move in (classify(*pair) for pair in distances())]

    assert [step for way in ways for step in pairwise(way) if step[1] not in MOVES[step[0]]] == []
