from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest

from monitor.simulator.lives import UNKNOWN_STATUSES, LifeStyle, Pace, random_life
from monitor.simulator.moves import BIRTHS, MOVES

MODELS = LifeStyle(feature="CUSTOM_LABELS")


def _pairs(style: LifeStyle, lives: int = 200) -> set[tuple[str | None, str | None]]:
    pairs: set[tuple[str | None, str | None]] = set()
    for seed in range(lives):
        statuses = [None, *(step.status for step in random_life(Random(seed), style))]
        pairs |= set(pairwise(statuses))
    return pairs


def _documented(feature: str) -> set[tuple[str | None, str | None]]:
    births = {(None, move.after) for move in BIRTHS[feature]}
    return births | {(status, move.after) for status, moves in MOVES[feature].items() for move in moves}


def test_the_same_seed_gives_the_same_life() -> None:
    """And another one another."""
    one, same, other = (random_life(Random(seed), MODELS) for seed in (1, 1, 2))

    assert (one == same, one == other) == (True, False)


@pytest.mark.parametrize("feature", ["CUSTOM_LABELS", "CONTENT_MODERATION"])
def test_lives_go_through_the_documented_moves_and_no_others(feature: str) -> None:
    """Two hundred lives meet all of them."""
    assert _pairs(LifeStyle(feature=feature, moves=200)) == _documented(feature)


def test_a_life_ends_with_the_deletion() -> None:
    """The last step takes the version away, and no other does."""
    life = random_life(Random(5), LifeStyle(feature="CUSTOM_LABELS", moves=1000))

    assert [step.gone for step in life] == [False] * (len(life) - 1) + [True]


def test_a_life_has_at_most_so_many_moves() -> None:
    """It then stays as it is."""
    assert len(random_life(Random(5), LifeStyle(feature="CUSTOM_LABELS", moves=2))) == 2


def test_a_fast_life_moves_every_few_seconds() -> None:
    """For tests and demonstrations."""
    life = random_life(Random(5), LifeStyle(feature="CUSTOM_LABELS", pace=Pace.FAST, moves=1000))

    assert all(timedelta(seconds=1) <= step.after <= timedelta(seconds=20) for step in life)


def test_a_realistic_training_takes_half_an_hour_to_a_day() -> None:
    """As AWS says of trainings."""
    style = LifeStyle(feature="CONTENT_MODERATION")
    trainings = [random_life(Random(seed), style)[1].after for seed in range(50)]

    assert all(timedelta(minutes=30) <= stay <= timedelta(hours=24) for stay in trainings)


def test_births_can_be_brought_together() -> None:
    """Within a time that is given."""
    style = LifeStyle(feature="CUSTOM_LABELS", born_within=timedelta(seconds=1))

    assert all(random_life(Random(seed), style)[0].after < timedelta(seconds=1) for seed in range(50))


def test_statuses_that_aws_does_not_use_come_between() -> None:
    """When the style asks for them."""
    style = LifeStyle(feature="CUSTOM_LABELS", unknown_statuses=0.5)
    met = {after for _, after in _pairs(style)}

    assert set(UNKNOWN_STATUSES) <= met


def test_two_moves_can_come_at_once() -> None:
    """Then a pair shows that is not in the table."""
    pairs = _pairs(LifeStyle(feature="CUSTOM_LABELS", skipped_moves=0.5))

    assert ("STOPPED", "RUNNING") in pairs - _documented("CUSTOM_LABELS")
