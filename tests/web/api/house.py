"""The API over a real database with a short history, served for real."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from monitor.domain.delivery import DeliveryState, Settlement
from monitor.domain.fault import Reason
from monitor.service.sink_states import sink_states
from monitor.store import Store
from monitor.view import ProjectState
from tests.builders import PROJECT_ARN, T0, at, fault, project, project_arn, version, version_arn
from tests.store.commits import clock, poll, url_of
from tests.store.fresh import made
from tests.web.serving import client_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx

    from monitor.domain.project import Project
    from monitor.domain.version import Version

ABROAD = project_arn("abroad", region="eu-west-1", account_id="999988887777")
V1, V2 = version_arn("v1"), version_arn("v2")
FAR = version_arn("far", of=ABROAD)
NOW = at(60)
HOME = project(labels={"team": "vision"})
TRAINED = version(
    "v2",
    "TRAINING_FAILED",
    status_message="Too few images",
    creation_timestamp=at(0.5),
    training_end_timestamp=at(15),
)


@dataclass(frozen=True)
class House:
    """What a test asks, and what is behind it."""

    client: httpx.Client
    store: Store

    def get(self, path: str, **query: Any) -> Any:
        """The JSON that is answered."""
        answer = self.client.get(f"/api/v1/{path}", params=query)
        assert 200 == answer.status_code, answer.text
        return answer.json()


@contextmanager
def inhabited(directory: Path, **parts: Any) -> Iterator[House]:
    """Two projects with three versions and six events; minutes are of the hour before `NOW`.

    v1 went from STOPPED to STARTING (1, by minute 10) and RUNNING (3, by minute 20), and was gone (5, by minute 45);
    v2 appeared in training (2, by minute 10) and failed (4, by minute 20); `far`, of a project whose polls fail now,
    was RUNNING after it was STOPPED (6, by minute 45). Nobody looked at home from minute 25 to minute 40.
    """
    store = Store.open(url_of(made(directory / "state.db")), clock=clock)
    _live(store)
    states = _states(store)
    usual: dict[str, Any] = {
        "records": store.records,
        "sinks": lambda: sink_states([], store.standings()),
        "clock": lambda: NOW,
    }
    try:
        with client_of(*states, **{**usual, **parts}) as client:
            yield House(client, store)
    finally:
        store.close()


def _live(store: Store) -> None:
    training = version("v2", "TRAINING_IN_PROGRESS", creation_timestamp=at(0.5))
    _poll(store, 0, HOME, version("v1", "STOPPED"))
    _poll(store, 0, project(ABROAD), version(arn=FAR, status="STOPPED"))
    _look(store, 5, HOME)
    _poll(store, 10, HOME, training, version("v1", "STARTING"))
    _poll(store, 20, HOME, TRAINED, version("v1", "RUNNING", min_inference_units=2))
    _look(store, 25, HOME)
    _poll(store, 40, HOME, TRAINED)
    _poll(store, 45, HOME, TRAINED)
    _poll(store, 45, project(ABROAD), version(arn=FAR, status="RUNNING"))
    _look(store, 55, HOME)
    store.save_seen()
    settled: dict[str, Any] = {"attempts": 1, "due_at": T0, "at": at(46)}
    store.settle([Settlement(sink="log", position=1, state=DeliveryState.DELIVERED, **settled)])
    store.settle([Settlement(sink="log", position=2, state=DeliveryState.PENDING, error="503", **settled)])


def _poll(store: Store, minute: float, of: Project, *versions: Version) -> None:
    poll(store, *versions, at=at(minute), of=of)
    _look(store, minute, of)


def _look(store: Store, minute: float, of: Project) -> None:
    state = ProjectState(project=of, last_success=at(minute), interval=timedelta(minutes=5), polls=1)
    store.watches.published(state)


def _states(store: Store) -> list[ProjectState]:
    known: dict[str, Any] = {"interval": timedelta(minutes=5), "polls": 3}
    denied = fault(Reason.ACCESS_DENIED, code="AccessDeniedException")
    return [
        ProjectState(project=HOME, snapshot=store.snapshot(PROJECT_ARN), last_success=at(55), **known),
        ProjectState(
            project=project(ABROAD),
            snapshot=store.snapshot(ABROAD),
            last_success=at(45),
            fault=denied,
            failing_since=at(50),
            failed_in_a_row=2,
            **known,
        ),
    ]
