"""A configuration and a database for the commands that read them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from monitor.domain.commit import Addressed, Commit
from monitor.domain.delivery import DeliveryState, Settlement
from monitor.domain.events import Window, appeared, status_changed
from monitor.domain.lifecycle import classify
from monitor.domain.status import parse_status
from monitor.store import Store
from tests.builders import PROJECT_ARN, T0, at, project, project_arn, snapshot, tracked, version
from tests.store.fresh import made

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.domain.events import Event
    from monitor.domain.snapshot import Tracked

STOPPED: Final = "The monitor is not running. Its last answer from AWS is {age} old (2026-11-21T18:00:00Z).\n"
"""What a command says on stderr of `store_versions`, at a given age."""

NOTHING_YET: Final = "The monitor is not running. It has had no answer yet.\n"
"""The same where no project was seen."""

OTHER_ARN: Final = project_arn("second", region="eu-west-1")


def write_config(folder: Path, extra: str = "") -> Path:
    """A file that watches two projects and keeps its state in *folder*."""
    path = folder / "monitor.yaml"
    path.write_text(
        f"state: {{url: 'sqlite:///{folder}/state.db'}}\n"
        f"projects:\n  - arn: {PROJECT_ARN}\n  - arn: {OTHER_ARN}\n"
        f"sinks:\n  - {{name: audit, type: file, path: {folder}/events.jsonl}}\n{extra}",
        encoding="utf-8",
    )
    return path


@contextmanager
def open_store(folder: Path) -> Iterator[Store]:
    """The database of `write_config`, made where it is missing."""
    store = Store.open(f"sqlite:///{made(folder / 'state.db')}", clock=lambda: T0)
    try:
        yield store
    finally:
        store.close()


def store_versions(folder: Path, *versions: Tracked) -> None:
    """Make these the first snapshot of the first project."""
    with open_store(folder) as store:
        store.commit(Commit(project=project(), at=T0, after=snapshot(*versions)))


def store_events(folder: Path, *events: Event, sinks: tuple[str, ...] = ()) -> None:
    """Store events for *sinks*."""
    with open_store(folder) as store:
        told = tuple(Addressed(event=event, sinks=sinks) for event in events)
        store.commit(Commit(project=project(), at=T0, events=told))


def give_up(folder: Path, sink: str, position: int) -> None:
    """Make a delivery dead."""
    settlement = Settlement(
        sink=sink, position=position, state=DeliveryState.DEAD, attempts=3, due_at=T0, error="410: gone\x1b[2J", at=T0
    )
    with open_store(folder) as store:
        store.settle([settlement])


def change(
    minutes: float = 0, before: str = "STARTING", after: str = "RUNNING", *, message: str | None = None
) -> Event:
    """A version of the first project changed its status, so many minutes after the beginning."""
    moment = at(minutes)
    now = tracked(version("v1", after, status_message=message), since=moment, sequence=int(minutes) + 1)
    move = classify(parse_status(before), parse_status(after))
    return status_changed(project(), now, Window(after=T0, by=moment), move, {})


def arrival(minutes: float = 0) -> Event:
    """A version of the second project appeared."""
    moment = at(minutes)
    new = tracked(version("v2", "TRAINING_IN_PROGRESS"), since=moment, sequence=1)
    return appeared(project(OTHER_ARN), new, Window(after=T0, by=moment))
