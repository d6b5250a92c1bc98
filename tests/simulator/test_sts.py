"""The simulated STS, asked by the real client."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError

from monitor.simulator import Simulator
from tests.simulator.rig import ACCOUNT, PROJECT, REGION, START, Clock, client, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from mypy_boto3_rekognition import RekognitionClient

OTHER = "444455556666"
ROLE, STRANGE = f"arn:aws:iam::{OTHER}:role/team/monitor", f"arn:aws:iam::{OTHER}:role/strange"
THEIRS = f"arn:aws:rekognition:{REGION}:{OTHER}:project/theirs/1690474772817"


@contextmanager
def simulated(clock: Clock | None = None, **role: Any) -> Iterator[Simulator]:
    """Two accounts: ours, and the role's, each with a project."""
    made = scenario(roles=[{"arn": ROLE, **role}])
    with Simulator(made, clock=clock or Clock()) as simulator:
        simulator.world.put_project(THEIRS)
        yield simulator


def sts(simulator: Simulator, session: Mapping[str, str] | None = None, **config: Any) -> Any:
    given = session or {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE", "SecretAccessKey": "secret"}
    return boto3.client(
        "sts",
        endpoint_url=simulator.url,
        region_name=REGION,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given.get("SessionToken"),
        config=Config(**{"retries": {"total_max_attempts": 1}, "read_timeout": 60, **config}),
    )


def assume(simulator: Simulator, **more: Any) -> Any:
    return sts(simulator).assume_role(**{"RoleArn": ROLE, "RoleSessionName": "test", **more})


def as_session(simulator: Simulator, session: Mapping[str, str]) -> RekognitionClient:
    return boto3.client(
        "rekognition",
        endpoint_url=simulator.url,
        region_name=REGION,
        aws_access_key_id=session["AccessKeyId"],
        aws_secret_access_key=session["SecretAccessKey"],
        aws_session_token=session["SessionToken"],
        config=Config(retries={"total_max_attempts": 1}),
    )


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_a_role_gives_a_session_of_its_account() -> None:
    """Whose projects are then the caller's; it lasts as long as was asked for."""
    with simulated() as simulator:
        answer = assume(simulator, DurationSeconds=900)
        session = answer["Credentials"]
        identity = sts(simulator, session).get_caller_identity()
        listed = as_session(simulator, session).describe_projects()["ProjectDescriptions"]

    assert answer["AssumedRoleUser"]["Arn"] == f"arn:aws:sts::{OTHER}:assumed-role/monitor/test"
    assert session["Expiration"] == START + timedelta(minutes=15)
    assert (identity["Account"], identity["Arn"]) == (OTHER, answer["AssumedRoleUser"]["Arn"])
    assert [project["ProjectArn"] for project in listed] == [THEIRS]


def test_who_has_no_session_is_the_owner_of_the_key() -> None:
    """As ever."""
    with simulated() as simulator:
        assert sts(simulator).get_caller_identity()["Account"] == ACCOUNT


@pytest.mark.parametrize(
    ("role", "request_", "code"),
    [
        ({}, {}, None),
        ({}, {"RoleArn": STRANGE}, "AccessDenied"),
        ({"external_id": "right"}, {}, "AccessDenied"),
        ({"external_id": "right"}, {"ExternalId": "wrong"}, "AccessDenied"),
        ({"external_id": "right"}, {"ExternalId": "right"}, None),
        ({"trusts": [OTHER]}, {}, "AccessDenied"),
        ({"trusts": [ACCOUNT]}, {}, None),
    ],
)
def test_a_trust_policy_is_kept(role: dict[str, Any], request_: dict[str, str], code: str | None) -> None:
    """A role that there is, trusted accounts, and the external id."""
    with simulated(**role) as simulator:
        if code is None:
            assume(simulator, **request_)
            return
        with pytest.raises(ClientError) as refusal:
            assume(simulator, **request_)

    assert code_of(refusal) == code
    assert refusal.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403


def test_a_web_identity_needs_a_token_and_no_credentials() -> None:
    """The call is not signed."""
    request = {"RoleArn": ROLE, "RoleSessionName": "pod"}
    with simulated(web_identity_token="a-token") as simulator:
        asker = sts(simulator, signature_version=UNSIGNED)
        session = asker.assume_role_with_web_identity(**request, WebIdentityToken="a-token")["Credentials"]
        with pytest.raises(ClientError) as refusal:
            asker.assume_role_with_web_identity(**request, WebIdentityToken="other")
        assert sts(simulator, session).get_caller_identity()["Account"] == OTHER

    assert code_of(refusal) == "InvalidIdentityToken"
    assert simulator.served[0].access_key == ""


def test_a_session_ends() -> None:
    """When its time is over, or when it is ended before."""
    clock = Clock()
    with simulated(clock, session_life="10s") as simulator:
        first = as_session(simulator, assume(simulator)["Credentials"])
        first.describe_projects()
        clock.advance(seconds=10)
        with pytest.raises(ClientError) as ended:
            first.describe_projects()
        second = as_session(simulator, assume(simulator)["Credentials"])
        assert (simulator.roles.end(ACCOUNT), simulator.roles.end(OTHER)) == (0, 1)
        with pytest.raises(ClientError) as revoked:
            second.describe_projects()

    assert [code_of(ended), code_of(revoked)] == ["ExpiredTokenException"] * 2


def test_a_session_of_another_simulator_is_unknown() -> None:
    """Tokens are good where they were given."""
    with simulated() as one:
        session = assume(one)["Credentials"]
    with simulated() as other, pytest.raises(ClientError) as refusal:
        as_session(other, session).describe_projects()

    assert code_of(refusal) == "UnrecognizedClientException"


def test_a_session_reads_its_own_account_only() -> None:
    """An ARN of another one is denied, whether or not it is there."""
    with simulated() as simulator:
        session = as_session(simulator, assume(simulator)["Credentials"])
        session.describe_project_versions(ProjectArn=THEIRS)
        with pytest.raises(ClientError) as refusal:
            session.describe_project_versions(ProjectArn=PROJECT)

    assert code_of(refusal) == "AccessDeniedException"


def test_faults_strike_sts_too() -> None:
    """By operation, account and region; and one by one they can be taken away while it runs."""
    with simulated() as simulator:
        refused = simulator.faults.add("error", code="AccessDenied", operation="AssumeRole", account=OTHER)
        with pytest.raises(ClientError) as refusal:
            assume(simulator)
        simulator.faults.remove(refused)
        assume(simulator)
        simulator.faults.add("hang", region=REGION)
        with pytest.raises(ReadTimeoutError):
            sts(simulator, read_timeout=0.2).get_caller_identity()

    assert code_of(refusal) == "AccessDenied"
    assert [(served.operation, served.account, served.fault) for served in simulator.served[:2]] == [
        ("AssumeRole", OTHER, "error"),
        ("AssumeRole", OTHER, None),
    ]


def test_what_is_no_query_is_refused() -> None:
    """An operation that the simulator does not know."""
    with simulated() as simulator, pytest.raises(ClientError) as refusal:
        sts(simulator).get_session_token()

    assert code_of(refusal) == "UnknownOperationException"


def test_tags_are_listed() -> None:
    """Of projects and of versions; they can change while it runs."""
    with simulated() as simulator:
        version = simulator.world.put_version(PROJECT, "v1")
        simulator.world.set_tags(PROJECT, {"team": "vision"})
        simulator.world.set_tags(version, {"stage": "production"})
        asker = client(simulator)
        tags = [asker.list_tags_for_resource(ResourceArn=arn)["Tags"] for arn in (PROJECT, version)]
        with pytest.raises(ClientError) as refusal:
            asker.list_tags_for_resource(ResourceArn=PROJECT.replace("my-project", "none"))

    assert tags == [{"team": "vision"}, {"stage": "production"}]
    assert code_of(refusal) == "ResourceNotFoundException"


def test_an_account_may_have_another_quota() -> None:
    """The others have the usual one."""
    quotas = {"quotas": {OTHER: 1}, "limits": {"calls_per_second": 3}}
    with Simulator(scenario(**quotas), monotonic=lambda: 0.0) as simulator:  # all within one second
        simulator.world.put_project(THEIRS)
        asker = client(simulator)
        for arn, passing in ((THEIRS, 1), (PROJECT, 3)):
            for _ in range(passing):
                asker.describe_project_versions(ProjectArn=arn)
            with pytest.raises(ClientError) as refusal:
                asker.describe_project_versions(ProjectArn=arn)
            assert code_of(refusal) == "ThrottlingException"
