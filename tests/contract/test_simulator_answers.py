"""Every answer of the simulator, checked against botocore's own model of Rekognition, before any client reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from monitor.simulator import Simulator, load_scenario, shipped_scenario
from tests.simulator.rig import ADAPTERS, OUTPUT, PROJECT, Clock, post, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import ServiceModel, Shape

    from tests.simulator.rig import Answer

FEATURES = ["CUSTOM_LABELS", "CONTENT_MODERATION"]


@pytest.fixture(scope="module")
def model() -> ServiceModel:
    return botocore.session.get_session().get_service_model("rekognition")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(clock: Clock) -> Iterator[Simulator]:
    with Simulator(scenario(), clock=clock) as running:
        yield running


@dataclass(frozen=True, slots=True)
class Exchange:
    operation: str
    request: dict[str, Any]


def _breaches(model: ServiceModel, operation: str, answer: Answer) -> list[str]:
    """What is wrong with an answer: members and types (botocore's validator), enumerations and patterns (ours)."""
    shape = model.operation_model(operation).output_shape
    assert shape is not None
    report = ParamValidator().validate(answer.document, shape).generate_report()
    return [*report.splitlines(), *_values(shape, answer.document)]


def _values(shape: Shape, value: Any) -> Iterator[str]:
    """botocore's validator leaves enumerations and patterns to the server; ours is the server."""
    if shape.type_name == "structure":
        for name, member in value.items():
            yield from _values(shape.members[name], member)  # type: ignore[attr-defined] # of structures only
    elif shape.type_name == "list":
        for item in value:
            yield from _values(shape.member, item)  # type: ignore[attr-defined] # of lists only
    elif shape.type_name == "string":
        enumeration, pattern = getattr(shape, "enum", []), shape.metadata.get("pattern", "")
        if enumeration and value not in enumeration:
            yield f"{shape.name}: {value} is none of {enumeration}"
        if not re.search(pattern, value):
            yield f"{shape.name}: {value} is not like {pattern}"


def _version(simulator: Simulator, status: str, project: str = PROJECT) -> str:
    return simulator.world.put_version(project, status.lower(), status=status)


@pytest.mark.parametrize("feature", FEATURES)
def test_the_listing_of_a_life_of_everything_is_as_the_model_says(model: ServiceModel, feature: str) -> None:
    """Every page of versions and of projects, at every second of the first minute and a half."""
    play, clock = load_scenario(shipped_scenario("life-of-everything")), Clock()
    unthrottled = play.model_copy(update={"limits": scenario().limits})
    breaches: list[str] = []
    met: set[str] = set()
    with Simulator(unthrottled, clock=clock, speed=play.speed) as simulator:
        chosen = [arn for arn in play.project_arns if ("moderation" in arn) == (feature == "CONTENT_MODERATION")]
        for _ in range(90):
            clock.advance(seconds=1)
            for arn in chosen:
                answer = post(simulator, "DescribeProjectVersions", {"ProjectArn": arn})
                breaches += _breaches(model, "DescribeProjectVersions", answer)
                met |= {version["Status"] for version in answer.document["ProjectVersionDescriptions"]}
        breaches += _breaches(model, "DescribeProjects", post(simulator, "DescribeProjects", {"Features": [feature]}))

    assert (breaches, len(met)) == ([], 12 if feature == "CUSTOM_LABELS" else 6)


def test_each_page_of_a_listing_is_as_the_model_says(model: ServiceModel, simulator: Simulator) -> None:
    """Tokens too."""
    for name in "abc":
        simulator.world.put_version(PROJECT, name)
    first = post(simulator, "DescribeProjectVersions", {"ProjectArn": PROJECT, "MaxResults": 2})
    token = first.document["NextToken"]
    last = post(simulator, "DescribeProjectVersions", {"ProjectArn": PROJECT, "MaxResults": 2, "NextToken": token})

    assert [breach for page in (first, last) for breach in _breaches(model, "DescribeProjectVersions", page)] == []


def test_the_answers_of_changes_are_as_the_model_says(model: ServiceModel, simulator: Simulator) -> None:
    """All seven operations, when they succeed."""
    stopped, running = _version(simulator, "STOPPED"), _version(simulator, "RUNNING")
    done = _version(simulator, "TRAINING_FAILED")
    copy = {"SourceProjectArn": PROJECT, "SourceProjectVersionArn": running, "DestinationProjectArn": PROJECT}
    exchanges = [
        Exchange("CreateProject", {"ProjectName": "new"}),
        Exchange("CreateProjectVersion", {"ProjectArn": PROJECT, "VersionName": "1", "OutputConfig": OUTPUT}),
        Exchange("CopyProjectVersion", {**copy, "VersionName": "2", "OutputConfig": OUTPUT}),
        Exchange("StartProjectVersion", {"ProjectVersionArn": stopped, "MinInferenceUnits": 1}),
        Exchange("StopProjectVersion", {"ProjectVersionArn": running}),
        Exchange("DeleteProjectVersion", {"ProjectVersionArn": done}),
        Exchange("DeleteProject", {"ProjectArn": ADAPTERS}),
    ]
    answers = {exchange.operation: post(simulator, exchange.operation, exchange.request) for exchange in exchanges}

    assert {operation: answer.status for operation, answer in answers.items()} == dict.fromkeys(answers, 200)
    assert [breach for operation, answer in answers.items() for breach in _breaches(model, operation, answer)] == []


def test_refusals_are_errors_that_the_model_knows_for_the_operation(model: ServiceModel, simulator: Simulator) -> None:
    """Their code is in the operation's list, and their body in the form of AWS's recorded error."""
    running, failed = _version(simulator, "RUNNING"), _version(simulator, "COPYING_FAILED")
    adapter = _version(simulator, "TRAINING_COMPLETED", ADAPTERS)
    nowhere = PROJECT.replace("my-project", "nowhere")
    copy = {"SourceProjectArn": PROJECT, "DestinationProjectArn": PROJECT, "VersionName": "2", "OutputConfig": OUTPUT}
    exchanges = [
        Exchange("DescribeProjects", {"NextToken": "made-up"}),
        Exchange("DescribeProjectVersions", {"ProjectArn": nowhere}),
        Exchange("DescribeProjectVersions", {"ProjectArn": PROJECT, "NextToken": "made-up"}),
        Exchange("CreateProject", {"ProjectName": "my-project"}),
        Exchange("CreateProjectVersion", {"ProjectArn": PROJECT, "VersionName": "running", "OutputConfig": OUTPUT}),
        Exchange("StartProjectVersion", {"ProjectVersionArn": running, "MinInferenceUnits": 1}),
        Exchange("StartProjectVersion", {"ProjectVersionArn": failed, "MinInferenceUnits": 1}),
        Exchange("StopProjectVersion", {"ProjectVersionArn": adapter}),
        Exchange("CopyProjectVersion", {**copy, "SourceProjectVersionArn": failed}),
        Exchange("DeleteProjectVersion", {"ProjectVersionArn": running}),
        Exchange("DeleteProject", {"ProjectArn": PROJECT}),
    ]
    unlisted = []
    for exchange in exchanges:
        body = post(simulator, exchange.operation, exchange.request).document
        listed = [shape.name for shape in model.operation_model(exchange.operation).error_shapes]
        if body["Code"] not in listed or list(body) != ["__type", "Code", "Logref", "Message"]:
            unlisted.append((exchange.operation, body))

    assert unlisted == []
