"""Accounts over real boto3, asked of a simulator with an STS."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import BotoCoreError
from botocore.loaders import create_loader

from monitor.aws.callers import Caller
from monitor.aws.clients import make_config
from monitor.aws.faults import fault_at
from monitor.aws.profiles import Profile
from monitor.aws.source import RekognitionSource
from monitor.aws.trouble import TROUBLE, WrongAccountError
from monitor.domain.account import Place
from monitor.domain.fault import Fault, Reason, Scope
from tests.aws.accounts import NORTH, REGION, SOUTH, asking, operations, project_in, settings_for, simulated
from tests.aws.wire import Calls, FarEnd, answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitor.aws.settings import AccountSettings
    from monitor.domain.snapshot import Listing

LIST = "DescribeProjectVersions"


def reason_of(answer: Listing | Fault) -> Reason | None:
    return answer.reason if isinstance(answer, Fault) else None


def make_caller(
    account: AccountSettings, *, sts_endpoint_url: str | None = None, monotonic: Callable[[], float] = lambda: 0.0
) -> Caller:
    config = make_config(timedelta(seconds=5), timedelta(seconds=5), connections=1)
    profile = Profile(account.profile, create_loader(), config)
    return Caller(account, profile, Calls(), sts_endpoint_url=sts_endpoint_url, monotonic=monotonic, chance=lambda: 0.5)


def test_each_account_is_asked_with_its_own_role() -> None:
    """The role is assumed once, its account is asked for once, and then the projects."""
    north, south = project_in(NORTH), project_in(SOUTH)
    with simulated(north, south) as simulator, asking(simulator, settings_for(NORTH), settings_for(SOUTH)) as sessions:
        source = RekognitionSource(sessions)
        answers = [source.list_versions(each) for each in (north, south, north)]

    assert [reason_of(answer) for answer in answers] == [None] * 3
    assert operations(simulator) == [
        ("AssumeRole", NORTH),
        ("GetCallerIdentity", NORTH),
        (LIST, NORTH),
        ("AssumeRole", SOUTH),
        ("GetCallerIdentity", SOUTH),
        (LIST, SOUTH),
        (LIST, NORTH),
    ]
    keys = {served.access_key for served in simulator.served if served.operation == LIST}
    assert all(key.startswith("ASIA") for key in keys)
    assert len(keys) == 2


def test_the_regions_of_an_account_share_its_credentials() -> None:
    """Two clients, one session of the role."""
    near, far = project_in(NORTH), project_in(NORTH, region="eu-west-1")
    with simulated(near, far) as simulator, asking(simulator, settings_for(NORTH)) as sessions:
        source = RekognitionSource(sessions)
        assert [reason_of(source.list_versions(each)) for each in (near, far)] == [None, None]
        assert sessions.client(near) is not sessions.client(far)

    assert [operation for operation, _ in operations(simulator)].count("AssumeRole") == 1


def test_an_external_id_comes_from_its_file(tmp_path: Path) -> None:
    """It is read whenever the role is assumed; a wrong one is refused."""
    north = project_in(NORTH)
    file = tmp_path / "external-id"
    file.write_text("right\n")
    with simulated(north, external_id="right") as simulator:
        with asking(simulator, settings_for(NORTH, external_id_file=str(file))) as sessions:
            good = RekognitionSource(sessions).list_versions(north)
        file.write_text("wrong\n")
        with asking(simulator, settings_for(NORTH, external_id_file=str(file))) as sessions:
            bad = RekognitionSource(sessions).list_versions(north)

    assert (reason_of(good), reason_of(bad)) == (None, Reason.CREDENTIALS_REFUSED)
    assert isinstance(bad, Fault)
    assert (bad.scope, bad.code, "external_id_file" in bad.hint) == (Scope.ENDPOINT, "AccessDenied", True)


@pytest.mark.parametrize("setting", ["external_id_file", "web_identity_token_file"])
def test_a_file_that_is_not_there_is_told(setting: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its setting and its path, and without asking AWS."""
    monkeypatch.chdir(tmp_path)
    north = project_in(NORTH)
    with simulated(north) as simulator, asking(simulator, settings_for(NORTH, **{setting: "./none"})) as sessions:
        fault = RekognitionSource(sessions).list_versions(north)

    assert isinstance(fault, Fault)
    assert fault.reason is Reason.CREDENTIALS_MISSING
    assert fault.message.startswith(f"{setting} ./none cannot be read")
    assert operations(simulator) == []


def test_a_web_identity_assumes_a_role_without_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a pod of Kubernetes does; a token that is not taken any more is a fault of the credentials."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    north = project_in(NORTH)
    token = tmp_path / "token"
    token.write_text("a-token")
    with (
        simulated(north, web_identity_token="a-token") as simulator,
        asking(simulator, settings_for(NORTH, web_identity_token_file=str(token))) as sessions,
    ):
        good = RekognitionSource(sessions).list_versions(north)
        token.write_text("old")
        simulator.roles.end()
        bad = RekognitionSource(sessions).list_versions(north)

    assert (reason_of(good), reason_of(bad)) == (None, Reason.CREDENTIALS_REFUSED)
    assert ("AssumeRoleWithWebIdentity", NORTH) in operations(simulator)


def test_a_profile_gives_the_credentials_of_an_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a role; who it is, STS says."""
    file = tmp_path / "credentials"
    file.write_text("[staging]\naws_access_key_id = AKIASTAGING\naws_secret_access_key = secret\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(file))
    project = project_in("111122223333", called="staging")
    account = replace(settings_for("111122223333"), name="staging", profile="staging", role_arn=None)
    with simulated(project) as simulator, asking(simulator, account) as sessions:
        answer = RekognitionSource(sessions).list_versions(project)

    assert reason_of(answer) is None
    assert {served.access_key for served in simulator.served} == {"AKIASTAGING"}
    assert operations(simulator)[0] == ("GetCallerIdentity", "111122223333")


def test_another_account_than_the_project_is_in_is_never_asked() -> None:
    """The role is another account's than the project's ARN names: a fault, and no call about the project."""
    north, south = project_in(NORTH, called="a2"), project_in(SOUTH)
    with simulated(north, south) as simulator, asking(simulator, settings_for(SOUTH)) as sessions:
        fault = RekognitionSource(sessions).list_versions(north)

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.scope) == (Reason.ACCOUNT_MISMATCH, Scope.ENDPOINT)
    assert fault.message == (f"the credentials of the account a2 are of account {SOUTH}, and {NORTH} was to be asked")
    assert LIST not in dict(operations(simulator))


def test_a_place_learns_its_account_from_sts() -> None:
    """Discovery begins where nobody knows the id yet; one that is known has to be right."""
    with simulated(project_in(NORTH)) as simulator, asking(simulator, settings_for(NORTH)) as sessions:
        found = sessions.connection_at(Place(account="a1", account_id="", region=REGION))
        with pytest.raises(WrongAccountError) as wrong:
            sessions.connection_at(Place(account="a1", account_id=SOUTH, region=REGION))

    assert found.place == Place(account="a1", account_id=NORTH, region=REGION)
    fault = fault_at(wrong.value, found.place, operation="DescribeProjects")
    assert (fault.reason, NORTH in fault.hint) == (Reason.ACCOUNT_MISMATCH, True)


def test_credentials_that_end_early_are_fetched_again_at_once() -> None:
    """The poll that finds out succeeds: the role is assumed once more and the call is made again."""
    north = project_in(NORTH)
    calls = Calls()
    with simulated(north) as simulator, asking(simulator, settings_for(NORTH), calls=calls) as sessions:
        source = RekognitionSource(sessions)
        source.list_versions(north)
        simulator.roles.end(NORTH)
        answer = source.list_versions(north)

    assert reason_of(answer) is None
    assert [operation for operation, _ in operations(simulator)[2:]] == [LIST, LIST, "AssumeRole", LIST]
    assert calls.failures == [(NORTH, REGION, LIST, "ExpiredTokenException")]


def test_credentials_that_go_on_ending_are_a_fault() -> None:
    """Once is enough: a region's clock may be wrong, and STS must not be asked without an end."""
    north = project_in(NORTH)
    with simulated(north) as simulator, asking(simulator, settings_for(NORTH)) as sessions:
        simulator.faults.add("error", code="ExpiredTokenException", operation=LIST)
        fault = RekognitionSource(sessions).list_versions(north)

    assert reason_of(fault) is Reason.CREDENTIALS_EXPIRED
    assert [operation for operation, _ in operations(simulator)].count(LIST) == 2


def test_a_refused_role_is_asked_for_once_for_many_projects() -> None:
    """A hundred projects of its account get the same fault; the role is not assumed again at once, and recovers."""
    projects = [project_in(NORTH, name=f"shop-{number}") for number in range(20)]
    with simulated(*projects) as simulator, asking(simulator, settings_for(NORTH)) as sessions:
        source = RekognitionSource(sessions)
        refused = simulator.faults.add("error", code="AccessDenied", operation="AssumeRole", account=NORTH)
        faults = [source.list_versions(each) for each in projects]
        simulator.faults.remove(refused)

    assert {reason_of(fault) for fault in faults} == {Reason.CREDENTIALS_REFUSED}
    assert {fault.message for fault in faults if isinstance(fault, Fault)} == {
        "AccessDenied: AssumeRole was refused: You are not authorized to perform the action."
    }
    assert operations(simulator) == [("AssumeRole", NORTH)]


def test_a_bad_account_leaves_the_others_alone() -> None:
    """Its role is refused, and the next one is asked as if nothing were."""
    north, south = project_in(NORTH), project_in(SOUTH)
    with simulated(north, south) as simulator, asking(simulator, settings_for(NORTH), settings_for(SOUTH)) as sessions:
        simulator.faults.add("error", code="AccessDenied", operation="AssumeRole", account=NORTH)
        source = RekognitionSource(sessions)
        assert [reason_of(source.list_versions(each)) for each in (north, south)] == [
            Reason.CREDENTIALS_REFUSED,
            None,
        ]


def test_sts_is_asked_in_the_next_region_when_one_does_not_answer() -> None:
    """Credentials of one region's STS are good in all."""
    now = [0.0]
    account = settings_for(NORTH, regions=("eu-west-1", REGION))
    with simulated(project_in(NORTH)) as simulator:
        simulator.faults.add("reset", region="eu-west-1")
        caller = make_caller(account, sts_endpoint_url=simulator.url, monotonic=lambda: now[0])
        with pytest.raises(BotoCoreError):
            caller.account_id()
        now[0] += 10

        assert caller.account_id() == NORTH

    assert [served.region for served in simulator.served] == ["eu-west-1", "eu-west-1", REGION, REGION]


def test_calls_to_sts_are_counted() -> None:
    """With the account and region that they are for."""
    calls = Calls()
    north = project_in(NORTH)
    with simulated(north) as simulator, asking(simulator, settings_for(NORTH), calls=calls) as sessions:
        simulator.faults.add("error", code="AccessDenied", operation="AssumeRole", count=1)
        RekognitionSource(sessions).list_versions(north)

    assert calls.attempts == [(NORTH, REGION, "AssumeRole")]
    assert calls.failures == [(NORTH, REGION, "AssumeRole", "AccessDenied")]


def test_an_account_that_is_taken_out_is_asked_no_more() -> None:
    """Also by a poll that began before; the others go on with the clients that they have."""
    north, south = project_in(NORTH), project_in(SOUTH)
    with simulated(north, south) as simulator, asking(simulator, settings_for(NORTH), settings_for(SOUTH)) as sessions:
        kept = sessions.client(south)
        sessions.client(north)
        sessions.configure([settings_for(SOUTH)])
        answer = RekognitionSource(sessions).list_versions(north)

        assert sessions.client(south) is kept
    assert reason_of(answer) is Reason.CREDENTIALS_MISSING
    assert isinstance(answer, Fault)
    assert "the configuration has no such account" in answer.message


def test_settings_that_change_while_sts_is_asked_are_gone_by() -> None:
    """What was begun by the old ones is not kept: it would be used until the end of the process."""
    north, calls = project_in(NORTH), _Reload()
    with simulated(north) as simulator, asking(simulator, settings_for(NORTH), calls=calls) as sessions:
        calls.reload = lambda: sessions.configure([settings_for(NORTH, session_name="another")])
        answer = RekognitionSource(sessions).list_versions(north)

    assert reason_of(answer) is None
    assert [name for name, _ in operations(simulator)] == [*["AssumeRole", "GetCallerIdentity"] * 2, LIST]


class _Reload(Calls):
    """Has the file read again once, while STS is asked who somebody is."""

    reload: Callable[[], None] | None = None

    def attempted(self, *, account_id: str, region: str, operation: str) -> None:
        super().attempted(account_id=account_id, region=region, operation=operation)
        if operation == "GetCallerIdentity" and self.reload is not None:
            reload, self.reload = self.reload, None
            reload()


@pytest.mark.parametrize(
    ("region", "given", "rekognition", "sts"),
    [
        ("eu-west-1", {}, "rekognition.eu-west-1.amazonaws.com", "sts.eu-west-1.amazonaws.com"),
        ("us-east-1", {}, "rekognition.us-east-1.amazonaws.com", "sts.us-east-1.amazonaws.com"),
        ("us-east-1", {"fips": True}, "rekognition-fips.us-east-1.amazonaws.com", "sts-fips.us-east-1.amazonaws.com"),
        ("us-east-1", {"dual_stack": True}, "rekognition.us-east-1.api.aws", "sts.us-east-1.api.aws"),
        ("us-gov-west-1", {}, "rekognition.us-gov-west-1.amazonaws.com", "sts.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", {}, "rekognition.cn-north-1.amazonaws.com.cn", "sts.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_the_endpoints_are_those_of_the_region(
    region: str, given: dict[str, bool], rekognition: str, sts: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of its partition, and of the kind that is wished for; STS's is the region's, whatever the environment says."""
    monkeypatch.setenv("AWS_STS_REGIONAL_ENDPOINTS", "legacy")
    account = settings_for(NORTH, role_arn=None, regions=(region,), **given)
    caller = make_caller(account)

    assert [
        caller.profile.client("rekognition", region, endpoint_url=None, config=caller.endpoints).meta.endpoint_url,
        caller.sts_client(region, None).meta.endpoint_url,
    ] == [f"https://{rekognition}", f"https://{sts}"]


def test_a_plain_denial_costs_no_session() -> None:
    """A young session that is denied something is kept: a new one would be denied as well."""
    north = project_in(NORTH)
    with simulated(north) as simulator, asking(simulator, settings_for(NORTH)) as sessions:
        simulator.faults.add("error", code="AccessDeniedException", operation=LIST)
        source = RekognitionSource(sessions)
        faults = [source.list_versions(north) for _ in range(2)]

    assert [reason_of(answer) for answer in faults] == [Reason.ACCESS_DENIED] * 2
    assert [operation for operation, _ in operations(simulator)].count("AssumeRole") == 1


NO_CREDENTIALS = b"<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>"


@pytest.mark.parametrize("body", [NO_CREDENTIALS, b"", b"<html>It works!</html>", b"{}"])
def test_an_answer_without_credentials_is_a_fault(body: bytes) -> None:
    """Something else than STS answers, or cuts its answer off."""
    with FarEnd(answer(body, Content_Type="text/xml")) as far_end:
        caller = make_caller(settings_for(NORTH), sts_endpoint_url=far_end.url)
        with pytest.raises(TROUBLE) as error:
            caller.account_id()

    fault = fault_at(error.value, Place(account="a1", account_id=NORTH, region=REGION), operation="DescribeProjects")
    assert fault.reason is Reason.CREDENTIALS_MISSING


def test_an_identity_without_an_account_is_a_fault() -> None:
    """It is what the account would be taken for."""
    body = b"<GetCallerIdentityResponse><GetCallerIdentityResult/></GetCallerIdentityResponse>"
    with FarEnd(answer(body, Content_Type="text/xml")) as far_end:
        caller = make_caller(settings_for(NORTH, role_arn=None), sts_endpoint_url=far_end.url)
        with pytest.raises(TROUBLE, match="named no account"):
            caller.account_id()
