"""The policies and roles of `deploy/iam`, against what the program calls and what `check-config --live` prints."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from monitor.service.permissions import duties_of
from monitor.simulator import Scenario, Simulator
from tests.aws.environment import isolate
from tests.builders import project_arn
from tests.deploy.cloudformation import resources
from tests.deploy.terraform import Module
from tests.deploy.test_sink_policies import POLICIES
from tests.service.rig import load, logging_restored, metrics, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.config.model import Config

ID: Final = "111122223333"
ROLE: Final = f"arn:aws:iam::{ID}:role/rekognition-monitor"
PROJECT: Final = project_arn("shop", account_id=ID)

DISCOVERY: Final[dict[str, dict[str, Any]]] = {
    "no": {},
    "by-name": {"every": "1h"},
    "by-tags": {"every": "1h", "tags": {"team": "vision"}},
}
DOCUMENTS: Final = {"no": "policy.json", "by-name": "discovery.json", "by-tags": "discovery-by-tags.json"}
"""By the word that the role's templates have for it."""

ACTIONS: Final = {
    "DescribeProjectVersions": {"rekognition:DescribeProjectVersions"},
    "DescribeProjects": {"rekognition:DescribeProjects"},
    "ListTagsForResource": {"rekognition:ListTagsForResource"},
    "AssumeRole": {"sts:AssumeRole"},
    "GetCallerIdentity": set(),  # STS API Reference: "No permissions are required to perform this operation."
}
"""The permission that each operation needs: Service Authorization Reference, Amazon Rekognition and AWS STS."""


@pytest.fixture
def simulator(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Simulator]:
    """An account with a role, and a project with a tag."""
    isolate(monkeypatch, tmp_path)
    scenario = Scenario.model_validate({"limits": {"calls_per_second": None}, "roles": [{"arn": ROLE}]})
    with logging_restored(), Simulator(scenario) as simulator:
        simulator.world.put_project(PROJECT)
        simulator.world.set_tags(PROJECT, {"team": "vision"})
        simulator.world.put_version(PROJECT, "v1", status="RUNNING")
        yield simulator


def _document(name: str) -> dict[str, Any]:
    return dict(json.loads((POLICIES / name).read_text("utf-8")))


def _allowed(name: str) -> set[str]:
    return {statement["Action"] for statement in _document(name)["Statement"]}


def _configured(directory: Path, url: str, discovery: str) -> Config:
    account: dict[str, Any] = {"name": "shop", "role_arn": ROLE, "regions": ["us-east-1"]}
    listed = [{"arn": PROJECT, "account": "shop"}] if discovery == "no" else []
    if not listed:
        account["discover"] = DISCOVERY[discovery]
    aws = {"max_calls_per_second": 100, "endpoint_url": url, "sts_endpoint_url": url}
    return load(directory, url, *listed, accounts=[account], aws=aws, sinks=[]).config


@pytest.mark.parametrize("discovery", DISCOVERY)
def test_the_policies_allow_what_the_program_calls(simulator: Simulator, tmp_path: Path, discovery: str) -> None:
    """That and nothing else: the role in the watched account, and the monitor's own credentials."""
    with running(_configured(tmp_path, simulator.url, discovery)) as service:
        wait_until(lambda: metrics(service, "rekognition_project_version_info") != [])

    needed: dict[bool, set[str]] = {True: set(), False: set()}
    for served in simulator.served:
        needed[served.access_key.startswith("ASIA")] |= ACTIONS[served.operation]
    assert {True: _allowed(DOCUMENTS[discovery]), False: _allowed("assume-role.json")} == needed


@pytest.mark.parametrize("discovery", DISCOVERY)
def test_the_policies_are_those_that_are_printed(tmp_path: Path, discovery: str) -> None:
    """`check-config --live` makes them for one configuration; these are for any project in any region."""
    config = _configured(tmp_path, "http://127.0.0.1:1", discovery)
    printed = {duties.holder: duties.policy for duties in duties_of(config, {})}
    wide = {
        "rekognition:us-east-1:": "rekognition:*:",
        "project/shop/1690474772815": "project/*",
        "project/*/*": "project/*",
    }
    text = json.dumps(printed[ROLE])
    for narrow, general in wide.items():
        text = text.replace(narrow, general)
    assert _document(DOCUMENTS[discovery]) == json.loads(text)


@pytest.mark.parametrize("discovery", DISCOVERY)
def test_the_role_of_cloudformation_has_the_same_policy(discovery: str) -> None:
    """In its own account and partition, for one who knows the external id."""
    trusted = "arn:aws:iam::444455556666:role/monitor"
    made = resources(
        POLICIES / "cross-account.yaml",
        {"MonitorArn": trusted, "ExternalId": "secret", "Discovery": discovery},
        {"AWS::Partition": "aws", "AWS::AccountId": ID},
    )
    role = made["Role"]["Properties"]
    (policy,) = role["Policies"]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert _document(DOCUMENTS[discovery]) == policy["PolicyDocument"]
    assert {
        "Effect": "Allow",
        "Principal": {"AWS": trusted},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"sts:ExternalId": "secret"}},
    } == trust


@pytest.mark.parametrize(("partition", "account"), [("aws", ID), ("aws-cn", "444455556666")])
@pytest.mark.parametrize("discovery", DISCOVERY)
def test_the_role_of_terraform_is_that_of_cloudformation(discovery: str, partition: str, account: str) -> None:
    """Its trust, its policy, its name and its description, in whichever account and partition."""
    trusted = "arn:aws:iam::555566667777:role/monitor"
    expected = resources(
        POLICIES / "cross-account.yaml",
        {"MonitorArn": trusted, "ExternalId": "secret", "Discovery": discovery},
        {"AWS::Partition": partition, "AWS::AccountId": account},
    )["Role"]["Properties"]
    module = Module(
        POLICIES / "cross-account.tf",
        {
            "var.monitor_arn": trusted,
            "var.external_id": "secret",
            "var.discovery": discovery,
            "data.aws_partition.here.partition": partition,
            "data.aws_caller_identity.here.account_id": account,
        },
    )
    role, policy = module.resource("aws_iam_role", "monitor"), module.resource("aws_iam_role_policy", "monitor")
    attached = {"PolicyName": policy["name"], "PolicyDocument": json.loads(policy["policy"])}
    assert expected == {
        "RoleName": role["name"],
        "Description": role["description"],
        "AssumeRolePolicyDocument": json.loads(role["assume_role_policy"]),
        "Policies": [attached],
    }
    assert "aws_iam_role.monitor.id" == policy["role"]


def test_terraform_asks_for_what_cloudformation_asks_for() -> None:
    """The same things, by names of their own, with the same defaults."""
    assert {
        "monitor_arn": None,
        "external_id": None,
        "discovery": "no",
        "role_name": "rekognition-monitor",
    } == Module(POLICIES / "cross-account.tf", {}).variables


def test_every_file_is_in_the_list() -> None:
    """deploy/iam/README.md names each."""
    named = set(re.findall(r"^\| `([^`]+)`", (POLICIES / "README.md").read_text("utf-8"), re.MULTILINE))
    assert {path.name for path in POLICIES.iterdir()} - {"README.md"} == named
