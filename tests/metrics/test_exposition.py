from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry

from monitor.domain.fault import Reason
from monitor.domain.status import KNOWN, Status
from monitor.metrics.exposition import Exposition
from monitor.view import ProjectState, View
from tests.builders import T0, at, fault, project, project_arn, snapshot, tracked, version, version_arn
from tests.metrics.fleet import OPENMETRICS, TEXT, exposition_of, rich_fleet, text_of
from tests.metrics.members import read_member
from tests.metrics.parsing import parse_openmetrics, parse_text
from tests.strategies import whole_versions

STATUS: Final = "rekognition_project_version_status"
P: Final = 'aws_account_id="111122223333",aws_region="us-east-1",project="getting-started"'

_names = st.from_regex(r"[a-zA-Z0-9_.\-]{1,6}", fullmatch=True)
_words = st.sampled_from(list(KNOWN)) | st.text(min_size=1, max_size=6) | st.just("\ud800")
_labels = st.dictionaries(st.sampled_from(["team", "note", "project", "version"]), st.text(max_size=6), max_size=3)


@st.composite
def fleets(draw: st.DrawFn) -> list[ProjectState]:
    """Projects with few names between them, so that they often clash, and versions of any text."""
    arns = draw(
        st.lists(
            st.builds(project_arn, st.sampled_from(["a", "b"]), created_ms=st.integers(0, 10**15)),
            max_size=4,
            unique=True,
        )
    )
    return [draw(states(arn)) for arn in arns]


@st.composite
def states(draw: st.DrawFn, arn: str) -> ProjectState:
    """A project's state with versions of any text, whose names often clash."""
    arns = draw(st.lists(st.builds(version_arn, _names, created_ms=st.integers(0, 9)), max_size=4, unique=True))
    versions = [replace(draw(whole_versions), arn=each, name=each.split("/")[-2]) for each in arns]
    odd = [replace(each, status=Status(draw(_words))) for each in versions]
    transitions = draw(st.dictionaries(st.tuples(_words, _words), st.integers(0, 9), max_size=4))
    return ProjectState(
        project=project(arn, labels=draw(_labels)),
        snapshot=snapshot(*(tracked(each) for each in odd), arn=arn),
        transitions=transitions,
        fault=draw(st.sampled_from([None, fault()])),
        polls=draw(st.integers(0, 3)),
    )


@given(fleets())
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_any_fleet_gives_each_series_once_and_parses(fleet: list[ProjectState]) -> None:
    """Whatever the names and texts, both formats parse, say the same, and hold no series twice."""
    exposition = exposition_of(*fleet)
    plain = [
        (sample.name, frozenset(sample.labels.items()))
        for family in parse_text(exposition.render(TEXT)[0].decode())
        for sample in family.samples
    ]
    openmetrics = [
        (sample.name, frozenset(sample.labels.items()))
        for family in parse_openmetrics(exposition.render(OPENMETRICS)[0].decode())
        for sample in family.samples
    ]
    assert (len(plain), plain) == (len(set(plain)), openmetrics)


_arns = st.sampled_from([project_arn("a", created_ms=1), project_arn("a", created_ms=2), project_arn("b")])


@st.composite
def small_states(draw: st.DrawFn) -> ProjectState:
    """The state of one of few projects, of which two have one name, with few versions."""
    arn = draw(_arns)
    statuses = draw(st.dictionaries(st.sampled_from(["v1", "v2", "v3"]), st.sampled_from(["RUNNING", "STOPPED"])))
    versions = [version(arn=version_arn(name, of=arn), status=status) for name, status in statuses.items()]
    return ProjectState(
        project=project(arn), snapshot=snapshot(*map(tracked, versions), arn=arn), polls=draw(st.integers(0, 2))
    )


histories = st.lists(small_states() | _arns | st.none(), max_size=12)
"""What happens to an exposition: a state is published, a project by its ARN removed, or (None) it is scraped."""


@given(histories, st.booleans())
def test_any_history_shows_what_is_left_of_it(history: list[ProjectState | str | None], packed: bool) -> None:  # noqa: FBT001 - drawn
    """After any publishing, removing and scraping the answer is that of an exposition that saw only the end."""
    exposition = exposition_of()
    left: dict[str, ProjectState] = {}
    for step in history:
        match step:
            case ProjectState():
                exposition.published(step)
                left[step.project.arn] = step
            case str():
                exposition.removed(step)
                left.pop(step, None)
            case None:
                exposition.answer(TEXT, gzip=packed)
    expected = exposition_of(*left.values())
    for accept in (TEXT, OPENMETRICS):
        body, content_type = expected.render(accept)
        parts, packed_type = exposition.answer(accept, gzip=True)
        assert (body, content_type, body, content_type) == (
            read_member(b"".join(parts)),
            packed_type,
            *exposition.render(accept),
        )


def test_what_is_published_meanwhile_is_in_the_next_scrape() -> None:
    """Threads that publish and threads that scrape lose nothing to one another."""
    first = rich_fleet()[0]
    exposition = exposition_of(*rich_fleet())
    arns = [project_arn(f"p{number}") for number in range(4)]

    def publish(arn: str) -> None:
        for polls in range(50):
            exposition.published(replace(first, project=project(arn), polls=polls))

    def scrape(number: int) -> None:
        for _ in range(10):
            exposition.answer(TEXT, gzip=bool(number % 2))

    with ThreadPoolExecutor(8) as threads:
        done = [threads.submit(publish, arn) for arn in arns] + [threads.submit(scrape, each) for each in range(4)]
    assert [None] * 8 == [each.result() for each in done]
    last = [replace(first, project=project(arn), polls=49) for arn in arns]
    assert exposition_of(*rich_fleet(), *last).render(TEXT) == exposition.render(TEXT)


def test_current_status_alone_is_shown_where_it_is_wanted() -> None:
    """With `metrics.statuses: current` a version has one series for its status, and all else is as it was."""
    state = rich_fleet()[0]
    exposition = Exposition(CollectorRegistry(), current_only=True)
    exposition.published(state)
    shown = [line for line in exposition.render(TEXT)[0].decode().splitlines() if not line.startswith("#")]
    assert [line for line in text_of(state) if not (line.startswith(f"{STATUS}{{") and line.endswith(" 0"))] == shown


def test_other_statuses_are_shown_after_a_reload() -> None:
    """What is shown of statuses can change while it is scraped."""
    exposition = exposition_of(*rich_fleet())
    exposition.render(TEXT)
    exposition.configure(current_only=True)
    current = Exposition(CollectorRegistry(), current_only=True)
    for state in rich_fleet():
        current.published(state)
    assert current.render(TEXT) == exposition.render(TEXT)


def test_reload_that_changes_nothing_makes_nothing_again() -> None:
    """The blocks stay the same objects when statuses are shown as they were."""
    exposition = exposition_of(*rich_fleet())
    before, _ = exposition.answer(TEXT, gzip=False)
    exposition.configure(current_only=False)
    after, _ = exposition.answer(TEXT, gzip=False)
    assert all(one is other for one, other in zip(before[:-1], after[:-1], strict=True))


def test_poll_that_found_nothing_new_leaves_the_blocks_of_versions_alone() -> None:
    """After it, only the count of polls, the time of the last, the monitor's own metrics and the trailer are new."""
    before = rich_fleet()[0]
    exposition = exposition_of(*rich_fleet())
    first, _ = exposition.answer(TEXT, gzip=True)
    exposition.published(replace(before, polls=13, last_success=at(1)))
    again, _ = exposition.answer(TEXT, gzip=True)
    known = set(map(id, first))
    assert (len(first), 4) == (len(again), len([part for part in again if id(part) not in known]))


def test_what_is_prepared_is_not_left_for_the_first_scrape() -> None:
    """Some projects at a time, until none is left; a scrape in between has all, and so has one at the end."""
    fleet = [ProjectState(project=project(project_arn(f"p{number}"))) for number in range(12)]
    expected, exposition = exposition_of(*fleet).render(TEXT), exposition_of(*fleet)
    assert ([True, False, False], expected) == ([exposition.prepare() for _ in range(3)], exposition.render(TEXT))


def test_newest_of_two_versions_of_one_name_is_shown() -> None:
    """Of two versions of one name the one created last is shown, though the listing has it last."""
    older = tracked(version(arn=version_arn("v1", created_ms=999), status="DELETING", min_inference_units=1))
    newer = tracked(version(arn=version_arn("v1", created_ms=1000), min_inference_units=2))
    lines = text_of(ProjectState(project=project(), snapshot=snapshot(older, newer)))
    assert [f'rekognition_project_version_min_inference_units{{{P},version="v1"}} 2'] == [
        line for line in lines if "min_inference_units" in line
    ]


def test_newest_of_two_projects_of_one_name_is_shown() -> None:
    """Of two projects of one name in one place only the one created last is shown, whichever was published last."""
    newer = ProjectState(project=project(project_arn(created_ms=2000)), polls=2)
    older = ProjectState(project=project(project_arn(created_ms=1000)), polls=1)
    assert text_of(newer) == text_of(newer, older)


def test_older_project_shows_when_the_newer_goes() -> None:
    """When the newer of two projects of one name is removed, the older one is shown at once."""
    older = ProjectState(project=project(project_arn(created_ms=1000)), polls=1)
    exposition = exposition_of(older, ProjectState(project=project(project_arn(created_ms=2000)), polls=2))
    exposition.removed(project_arn(created_ms=2000))
    assert exposition_of(older).render(TEXT) == exposition.render(TEXT)


def test_removed_project_is_gone_at_once() -> None:
    """A project that the view removes leaves no series."""
    exposition = exposition_of()
    view = View(exposition)
    view.publish(ProjectState(project=project(), polls=1))
    view.remove(project().arn)
    assert exposition_of().render(TEXT) == exposition.render(TEXT)


def test_removing_what_is_not_there_changes_nothing() -> None:
    """A project that was never published can be removed."""
    exposition = exposition_of(*rich_fleet())
    exposition.removed("arn:unknown")
    assert exposition_of(*rich_fleet()).render(TEXT) == exposition.render(TEXT)


def test_order_does_not_depend_on_the_order_of_publishing() -> None:
    """The same fleet gives the same text, whoever was published first."""
    assert exposition_of(*rich_fleet()).render(TEXT) == exposition_of(*reversed(rich_fleet())).render(TEXT)


def test_unchanged_versions_are_not_made_again() -> None:
    """A poll that changed nothing moves the poll's metrics, and keeps the text of the versions."""
    before = rich_fleet()[0]
    after = replace(before, polls=13, last_success=at(1))
    exposition = exposition_of(before)
    exposition.published(after)
    assert exposition_of(after).render(TEXT) == exposition.render(TEXT)


def test_changed_version_is_made_again() -> None:
    """A snapshot with other versions shows them."""
    before = rich_fleet()[0]
    after = replace(before, snapshot=snapshot(tracked(version(status="FAILED"))))
    exposition = exposition_of(before)
    exposition.published(after)
    assert exposition_of(after).render(TEXT) == exposition.render(TEXT)


def test_changed_transitions_are_made_again() -> None:
    """Transitions that were counted on show, though the versions are the same."""
    before = rich_fleet()[0]
    after = replace(before, transitions={("STARTING", "RUNNING"): 4})
    exposition = exposition_of(before)
    exposition.published(after)
    assert exposition_of(after).render(TEXT) == exposition.render(TEXT)


def test_changed_labels_are_made_again() -> None:
    """Labels that a reload gave the project show, though the versions are the same."""
    before = rich_fleet()[0]
    after = replace(before, project=replace(before.project, labels={"team": "audio"}))
    exposition = exposition_of(before)
    exposition.published(after)
    assert exposition_of(after).render(TEXT) == exposition.render(TEXT)


def test_families_are_contiguous() -> None:
    """Every metric has its HELP and TYPE once, followed by all of its samples."""
    body, _ = exposition_of(*rich_fleet()).render(TEXT)
    names = [line.split()[2] if line.startswith("#") else line.partition("{")[0] for line in body.decode().splitlines()]
    runs = [name for index, name in enumerate(names) if index == 0 or names[index - 1] != name]
    assert len(set(runs)) == len(runs)


def test_up_is_absent_before_the_first_poll() -> None:
    """A project that was restored and not yet polled is neither up nor down."""
    lines = text_of(ProjectState(project=project(), snapshot=snapshot(tracked()), last_success=T0))
    assert [] == [line for line in lines if line.startswith("rekognition_project_up")]


def test_fault_turns_up_to_0_and_keeps_the_series() -> None:
    """A failed poll turns up to 0 and leaves every series of the versions as it was."""
    good = ProjectState(project=project(), snapshot=snapshot(tracked()), polls=1)
    bad = replace(good, fault=fault(Reason.THROTTLED))
    assert [
        line.replace(f"rekognition_project_up{{{P}}} 1", f"rekognition_project_up{{{P}}} 0") for line in text_of(good)
    ] == text_of(bad)


@pytest.mark.parametrize("score", [None, math.nan, math.inf])
def test_value_that_is_none_is_no_sample(score: float | None) -> None:
    """A score that AWS did not give, or that is no number, is absent: NaN never means missing."""
    lines = text_of(ProjectState(project=project(), snapshot=snapshot(tracked(version(f1_score=score)))))
    assert [] == [line for line in lines if "f1_score" in line]


def test_operators_label_never_takes_the_place_of_an_own_one() -> None:
    """A label of the operator that is named like one of ours is passed over."""
    lines = text_of(ProjectState(project=project(labels={"project": "mine", "team": "vision"})))
    arn = project().arn
    assert [f'rekognition_project_info{{{P},project_arn="{arn}",team="vision"}} 1'] == [
        line for line in lines if line.startswith("rekognition_project_info")
    ]
