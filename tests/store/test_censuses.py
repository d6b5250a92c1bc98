from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest

from monitor.domain.census import Census, Resident
from monitor.domain.commit import Commit
from monitor.errors import StateDamagedError
from monitor.store import Store
from tests.builders import at, project, project_arn
from tests.store.commits import url_of

if TYPE_CHECKING:
    from pathlib import Path

A, B = project_arn("a"), project_arn("b")
CENSUS = Census(
    features=("CUSTOM_LABELS", "CONTENT_MODERATION"),
    taken_at=at(3),
    residents={
        A: Resident(arn=A, watched=True, missed=1, deleting=True),
        B: Resident(arn=B, watched=False),
    },
)


def opened(path: Path) -> Store:
    return Store.open(url_of(path), clock=at)


def test_the_last_census_of_a_place_is_read_after_a_restart(path: Path) -> None:
    """Whole, and of that account and region only."""
    store = opened(path)
    store.commit(Commit(project=project(), at=at(), census=("prod/us-east-1", Census(features=(), taken_at=at()))))
    store.commit(Commit(project=project(), at=at(), census=("prod/us-east-1", CENSUS)))
    store.close()
    again = opened(path)
    assert (CENSUS, None) == (again.census("prod/us-east-1"), again.census("prod/eu-west-1"))
    again.close()


@pytest.mark.parametrize("text", ["{", "[{}]", "[3]", "3"])
def test_a_census_that_cannot_be_read_is_said_to_be_damaged(path: Path, text: str) -> None:
    """With what to do about it."""
    store = opened(path)
    store.commit(Commit(project=project(), at=at(), census=("p", CENSUS)))
    with sqlite3.connect(path) as database:
        database.execute("UPDATE censuses SET residents = ?", [text])
    database.close()
    with pytest.raises(StateDamagedError, match=r"the census of p cannot be read: .*restore a backup"):
        store.census("p")
    store.close()
