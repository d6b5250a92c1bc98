from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.domain.diff import diff
from monitor.domain.events import Event, EventType
from monitor.domain.reachability import Reachability, observe_failure
from monitor.domain.routing import HIGHEST, Route, sinks_for
from monitor.domain.severity import Severity
from monitor.metrics.own import EVENT_SEVERITIES
from tests.builders import ENDPOINT, PROJECT_ARN, T0, fault, listing, project, snapshot, tracked, version, version_arn


def outage() -> Event:
    """An account and region unreachable: about no project and no version."""
    return observe_failure(Reachability(), project(), fault(), T0, after=1)[1][0]


def change(before: str = "STARTING", after: str = "RUNNING") -> Event:
    """A version's change of status."""
    known = snapshot(tracked(version(status=before)))
    return diff(project(), known, listing(version(status=after)), T0).events[0]


STARTED, FAILED, APPEARED, OUTAGE = (
    change(),
    change(after="FAILED"),
    diff(project(), snapshot(), listing(version()), T0).events[0],
    outage(),
)
LABELLED = diff(project(labels={"team": "vision", "stage": "prod"}), snapshot(), listing(version()), T0).events[0]
EVENTS = {"started": STARTED, "failed": FAILED, "appeared": APPEARED, "outage": OUTAGE}


@pytest.mark.parametrize(
    ("route", "accepted"),
    [
        (Route(sink="ops"), "started failed appeared outage"),
        (Route(sink="ops", min_severity=Severity.WARNING), "failed outage"),
        (Route(sink="ops", min_severity=Severity.ERROR), "failed outage"),
        (Route(sink="ops", min_severity=Severity.CRITICAL), "failed"),
        (Route(sink="ops", types=frozenset({EventType.VERSION_STATUS_CHANGED})), "started failed"),
        (Route(sink="ops", types=frozenset({EventType.VERSION_UPDATED})), ""),
        (Route(sink="ops", types=frozenset({EventType.PROJECT_UNREACHABLE})), "outage"),
        (Route(sink="ops", statuses=frozenset({"RUNNING", "STOPPED"})), "started appeared"),
        (Route(sink="ops", statuses=frozenset({"STARTING"})), ""),
        (Route(sink="ops", projects=("getting-*",)), "started failed appeared outage"),
        (Route(sink="ops", projects=(PROJECT_ARN,)), "started failed appeared outage"),
        (Route(sink="ops", projects=("Getting-*", "other")), "outage"),
        (Route(sink="ops", projects=("other", "arn:aws:*:111122223333:*")), "started failed appeared outage"),
        (Route(sink="ops", projects=("other",), statuses=frozenset({"RUNNING"})), ""),
        (Route(sink="ops", left=frozenset({"STARTING"})), "started failed"),
        (Route(sink="ops", left=frozenset({"STARTING"}), statuses=frozenset({"FAILED"})), "failed"),
        (Route(sink="ops", left=frozenset({"RUNNING"})), ""),
        (Route(sink="ops", versions=("v*",)), "started failed appeared outage"),
        (Route(sink="ops", versions=(version_arn(),)), "started failed appeared outage"),
        (Route(sink="ops", versions=("prod-*",)), "outage"),
        (Route(sink="ops", labels={"team": "vis*"}), "outage"),
    ],
)
def test_a_sink_is_told_what_its_route_lets_through(route: Route, accepted: str) -> None:
    """Severity, type, status and project must all fit; where the route does not say, everything does."""
    assert [name for name, event in EVENTS.items() if route.accepts(event)] == accepted.split()


@pytest.mark.parametrize(
    ("labels", "accepted"),
    [
        ({"team": "vision"}, True),
        ({"team": "vis*", "stage": "*"}, True),
        ({"team": "vision", "stage": "test"}, False),
        ({"owner": "*"}, False),
    ],
)
def test_every_label_that_is_asked_for_has_to_fit(labels: dict[str, str], accepted: bool) -> None:  # noqa: FBT001 - a case
    """Its value by a pattern; a label that the project does not have fits none."""
    assert Route(sink="ops", labels=labels).accepts(LABELLED) is accepted


def test_the_highest_severities_are_those_of_the_metrics() -> None:
    """The table that warns of types that reach nobody, and the one that begins the counters, say the same."""
    assert {kind: max(severities) for kind, severities in EVENT_SEVERITIES.items()} == HIGHEST


def test_the_sinks_of_an_event_come_in_the_order_of_the_routes() -> None:
    """Every sink that accepts is named once, no other."""
    routes = [
        Route(sink="log"),
        Route(sink="pager", min_severity=Severity.CRITICAL),
        Route(sink="audit"),
    ]

    assert {name: sinks_for(event, routes) for name, event in EVENTS.items()} == {
        "started": ("log", "audit"),
        "failed": ("log", "pager", "audit"),
        "appeared": ("log", "audit"),
        "outage": ("log", "audit"),
    }


def test_without_routes_an_event_is_history_only() -> None:
    """An event that no sink wants is still an event."""
    assert sinks_for(STARTED, []) == ()


@given(
    st.sampled_from(list(EVENTS.values())),
    st.frozensets(st.sampled_from(EventType)),
    st.sampled_from(Severity),
    st.lists(st.sampled_from(["*", "getting-*", "other", PROJECT_ARN, ENDPOINT]), max_size=2).map(tuple),
    st.frozensets(st.sampled_from(["RUNNING", "FAILED", "STOPPED"])),
)
def test_one_more_condition_never_lets_more_through(
    event: Event, types: frozenset[EventType], least: Severity, projects: tuple[str, ...], statuses: frozenset[str]
) -> None:
    """A route accepts what all of its conditions accept by themselves."""
    parts = [
        Route(sink="ops", types=types),
        Route(sink="ops", min_severity=least),
        Route(sink="ops", projects=projects),
        Route(sink="ops", statuses=statuses),
    ]
    whole = Route(sink="ops", types=types, min_severity=least, projects=projects, statuses=statuses)

    assert whole.accepts(event) == all(part.accepts(event) for part in parts)
