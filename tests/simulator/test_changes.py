from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from monitor.simulator import Simulator
from tests.simulator.rig import ADAPTERS, OUTPUT, PROJECT, Clock, client, scenario

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_rekognition import RekognitionClient

OTHER = "arn:aws:rekognition:us-east-1:444455556666:project/theirs/1690474772817"
NOWHERE = "arn:aws:rekognition:us-east-1:111122223333:project/nowhere/1"
STATUSES = [
    "TRAINING_IN_PROGRESS",
    "TRAINING_COMPLETED",
    "TRAINING_FAILED",
    "STARTING",
    "RUNNING",
    "FAILED",
    "STOPPING",
    "STOPPED",
    "DELETING",
    "COPYING_IN_PROGRESS",
    "COPYING_COMPLETED",
    "COPYING_FAILED",
    "DEPRECATED",
    "EXPIRED",
]

IN_USE = "ResourceInUseException"
INVALID = "InvalidParameterException"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def simulator(clock: Clock) -> Iterator[Simulator]:
    with Simulator(scenario(), clock=clock) as running:
        running.world.put_project(OTHER)
        yield running


@pytest.fixture
def aws(simulator: Simulator) -> RekognitionClient:
    return client(simulator)


def _moves(simulator: Simulator) -> list[tuple[str | None, str | None]]:
    return [(change.before, change.after) for change in simulator.world.history]


def _refused(call: Callable[[], Any]) -> str | None:
    """The code of the error that answers, None when there is none."""
    try:
        call()
    except ClientError as error:
        return error.response["Error"]["Code"]
    return None


def _create(aws: RekognitionClient, name: str = "1", project: str = PROJECT, **more: Any) -> str:
    request = {"ProjectArn": project, "VersionName": name, "OutputConfig": OUTPUT, **more}
    return aws.create_project_version(**request)["ProjectVersionArn"]


def _copy(aws: RekognitionClient, version: str, *, source: str = PROJECT, to: str = PROJECT, name: str = "copy") -> str:
    return aws.copy_project_version(
        SourceProjectArn=source,
        SourceProjectVersionArn=version,
        DestinationProjectArn=to,
        VersionName=name,
        OutputConfig=OUTPUT,
    )["ProjectVersionArn"]


def test_a_model_is_trained_started_stopped_and_deleted(
    simulator: Simulator, aws: RekognitionClient, clock: Clock
) -> None:
    """What is begun by hand ends by itself."""
    arn = _create(aws, VersionDescription="By hand")
    clock.advance(minutes=30)
    started = aws.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1, MaxInferenceUnits=3)["Status"]
    clock.advance(minutes=10)
    running = aws.describe_project_versions(ProjectArn=PROJECT)["ProjectVersionDescriptions"][0]
    stopped = aws.stop_project_version(ProjectVersionArn=arn)["Status"]
    clock.advance(minutes=1)
    deleted = aws.delete_project_version(ProjectVersionArn=arn)["Status"]
    clock.advance(minutes=1)

    assert (started, stopped, deleted) == ("STARTING", "STOPPING", "DELETING")
    assert [running.get(key) for key in ("VersionDescription", "MinInferenceUnits", "MaxInferenceUnits")] == [
        "By hand",
        1,
        3,
    ]
    assert running["OutputConfig"] == OUTPUT
    assert [after for _, after in _moves(simulator)] == [
        "TRAINING_IN_PROGRESS",
        "TRAINING_COMPLETED",
        "STARTING",
        "RUNNING",
        "STOPPING",
        "STOPPED",
        "DELETING",
        None,
    ]


def test_a_model_is_copied(simulator: Simulator, aws: RekognitionClient, clock: Clock) -> None:
    """The copy knows its source."""
    source = simulator.world.put_version(PROJECT, "1", status="RUNNING")
    copy = _copy(aws, source)
    clock.advance(minutes=5)

    described = aws.describe_project_versions(ProjectArn=PROJECT, VersionNames=["copy"])["ProjectVersionDescriptions"]
    assert [(v["ProjectVersionArn"], v["Status"], v["SourceProjectVersionArn"]) for v in described] == [
        (copy, "COPYING_COMPLETED", source)
    ]


def test_a_project_is_created_and_deleted(simulator: Simulator, aws: RekognitionClient, clock: Clock) -> None:
    """Deletion takes its time: the project is listed until it is gone."""
    arn = aws.create_project(ProjectName="new", Feature="CONTENT_MODERATION")["ProjectArn"]
    status = aws.delete_project(ProjectArn=arn)["Status"]
    listed = aws.describe_projects(ProjectNames=["new"], Features=["CONTENT_MODERATION"])["ProjectDescriptions"]
    clock.advance(minutes=1)

    assert (status, [project["Status"] for project in listed], simulator.world.project(arn)) == (
        "DELETING",
        ["DELETING"],
        None,
    )


@pytest.mark.parametrize("status", STATUSES)
def test_start_needs_a_model_that_is_ready(simulator: Simulator, aws: RekognitionClient, status: str) -> None:
    """Trained, copied, stopped or failed; what is busy is in use, the rest can never be started."""
    arn = simulator.world.put_version(PROJECT, "1", status=status)
    expected = {
        **dict.fromkeys(("TRAINING_COMPLETED", "COPYING_COMPLETED", "STOPPED", "FAILED")),
        **dict.fromkeys(("TRAINING_FAILED", "COPYING_FAILED", "DEPRECATED", "EXPIRED"), INVALID),
    }

    code = _refused(lambda: aws.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1))
    assert code == expected.get(status, IN_USE)


@pytest.mark.parametrize("status", STATUSES)
def test_stop_needs_a_model_that_runs(simulator: Simulator, aws: RekognitionClient, status: str) -> None:
    """What is busy with something else is in use."""
    arn = simulator.world.put_version(PROJECT, "1", status=status)
    busy = ("TRAINING_IN_PROGRESS", "STARTING", "STOPPING", "COPYING_IN_PROGRESS", "DELETING")
    expected = {"RUNNING": None, **dict.fromkeys(busy, IN_USE)}

    assert _refused(lambda: aws.stop_project_version(ProjectVersionArn=arn)) == expected.get(status, INVALID)


@pytest.mark.parametrize("status", STATUSES)
def test_delete_is_refused_while_something_goes_on(simulator: Simulator, aws: RekognitionClient, status: str) -> None:
    """A version that runs or trains cannot be deleted, says AWS; nor one that is on its way."""
    arn = simulator.world.put_version(PROJECT, "1", status=status)
    busy = {"TRAINING_IN_PROGRESS", "STARTING", "RUNNING", "STOPPING", "COPYING_IN_PROGRESS", "DELETING"}

    code = _refused(lambda: aws.delete_project_version(ProjectVersionArn=arn))
    assert code == (IN_USE if status in busy else None)


@pytest.mark.parametrize("status", STATUSES)
def test_copy_needs_a_model_that_was_trained(simulator: Simulator, aws: RekognitionClient, status: str) -> None:
    """Whether it is hosted makes no difference."""
    arn = simulator.world.put_version(PROJECT, "1", status=status)
    expected = {
        **dict.fromkeys(("TRAINING_IN_PROGRESS", "COPYING_IN_PROGRESS", "DELETING"), IN_USE),
        **dict.fromkeys(("TRAINING_FAILED", "COPYING_FAILED", "DEPRECATED", "EXPIRED"), INVALID),
    }

    assert _refused(lambda: _copy(aws, arn)) == expected.get(status)


def test_what_is_not_there_is_not_found(simulator: Simulator, aws: RekognitionClient) -> None:
    """By every operation."""
    nothing = NOWHERE.replace("/nowhere/", "/nowhere/version/1/")
    version = simulator.world.put_version(PROJECT, "1")

    assert {
        _refused(lambda: _create(aws, project=NOWHERE)),
        _refused(lambda: aws.start_project_version(ProjectVersionArn=nothing, MinInferenceUnits=1)),
        _refused(lambda: aws.stop_project_version(ProjectVersionArn=nothing)),
        _refused(lambda: aws.delete_project_version(ProjectVersionArn=nothing)),
        _refused(lambda: aws.delete_project(ProjectArn=NOWHERE)),
        _refused(lambda: _copy(aws, nothing)),
        _refused(lambda: _copy(aws, version, to=NOWHERE)),
        _refused(lambda: _copy(aws, version, source=ADAPTERS)),
    } == {"ResourceNotFoundException"}


def test_a_name_is_used_once(simulator: Simulator, aws: RekognitionClient) -> None:
    """For projects, new versions and copies."""
    version = simulator.world.put_version(PROJECT, "1")

    assert [
        _refused(lambda: aws.create_project(ProjectName="my-project")),
        _refused(lambda: _create(aws, "1")),
        _refused(lambda: _copy(aws, version, name="1")),
    ] == [IN_USE] * 3


def test_adapters_are_trained_and_deleted_only(simulator: Simulator, aws: RekognitionClient) -> None:
    """Starting, stopping and copying are Custom Labels' own."""
    adapter = simulator.world.put_version(ADAPTERS, "1", status="TRAINING_COMPLETED")
    model = simulator.world.put_version(PROJECT, "1", status="TRAINING_COMPLETED")

    assert [
        _refused(lambda: aws.start_project_version(ProjectVersionArn=adapter, MinInferenceUnits=1)),
        _refused(lambda: aws.stop_project_version(ProjectVersionArn=adapter)),
        _refused(lambda: _copy(aws, adapter, source=ADAPTERS)),
        _refused(lambda: _copy(aws, model, to=ADAPTERS)),
        _refused(lambda: _create(aws, "2", FeatureConfig={"ContentModeration": {"ConfidenceThreshold": 50}})),
        _refused(lambda: _create(aws, "2", ADAPTERS, FeatureConfig={"ContentModeration": {"ConfidenceThreshold": 50}})),
    ] == [INVALID] * 5 + [None]


def test_units_have_bounds(simulator: Simulator, aws: RekognitionClient) -> None:
    """At most five, and the most is not less than the least."""
    arn = simulator.world.put_version(PROJECT, "1", status="STOPPED")

    def start(lowest: int, highest: int) -> str | None:
        return _refused(
            lambda: aws.start_project_version(
                ProjectVersionArn=arn, MinInferenceUnits=lowest, MaxInferenceUnits=highest
            )
        )

    assert [start(2, 1), start(1, 6), start(1, 5)] == [INVALID, "LimitExceededException", None]


def test_awss_quotas_hold(simulator: Simulator, aws: RekognitionClient) -> None:
    """Two trainings and two running models at a time, five copies, a hundred versions."""
    world = simulator.world
    ready = world.put_version(PROJECT, "ready", status="STOPPED")
    for number in range(2):
        world.put_version(PROJECT, f"training-{number}", status="TRAINING_IN_PROGRESS")
        world.put_version(PROJECT, f"running-{number}", status="RUNNING")
    for number in range(5):
        world.put_version(PROJECT, f"copying-{number}", status="COPYING_IN_PROGRESS")
    codes = [
        _refused(lambda: _create(aws)),
        _refused(lambda: aws.start_project_version(ProjectVersionArn=ready, MinInferenceUnits=1)),
        _refused(lambda: _copy(aws, ready)),
    ]
    for number in range(90):
        world.put_version(PROJECT, f"old-{number}", status="STOPPED")

    assert [*codes, _refused(lambda: _create(aws))] == [
        *["LimitExceededException"] * 3,
        "ServiceQuotaExceededException",
    ]


def test_projects_are_limited_too() -> None:
    """By a scenario's own number here."""
    with Simulator(scenario(limits={"calls_per_second": None, "projects": 2})) as simulator:
        aws = client(simulator)

        assert _refused(lambda: aws.create_project(ProjectName="new")) == "LimitExceededException"


def test_another_account_copies_only_what_is_shared_with_it(simulator: Simulator, aws: RekognitionClient) -> None:
    """The project policy says with whom."""
    version = simulator.world.put_version(PROJECT, "1")
    before = _refused(lambda: _copy(aws, version, to=OTHER))
    simulator.world.put_project(PROJECT, shared_with=["444455556666"])
    shared = simulator.world.put_version(PROJECT, "1")

    assert (before, _refused(lambda: _copy(aws, shared, to=OTHER))) == ("AccessDeniedException", None)


def test_a_project_with_versions_stays(simulator: Simulator, aws: RekognitionClient) -> None:
    """They have to be deleted first; nothing begins in a project that is being deleted."""
    version = simulator.world.put_version(PROJECT, "1", status="STOPPED")
    codes = [_refused(lambda: aws.delete_project(ProjectArn=PROJECT))]
    simulator.world.remove_version(version)
    codes += [_refused(lambda: aws.delete_project(ProjectArn=PROJECT)), _refused(lambda: _create(aws))]

    assert codes == [IN_USE, None, IN_USE]


def test_a_refusal_changes_nothing(simulator: Simulator, aws: RekognitionClient) -> None:
    """The world is as it was."""
    arn = simulator.world.put_version(PROJECT, "1", status="RUNNING")
    before = simulator.world.history
    _refused(lambda: aws.delete_project_version(ProjectVersionArn=arn))

    assert simulator.world.history == before
