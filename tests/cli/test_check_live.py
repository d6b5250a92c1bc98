"""`check-config --live` over real boto3, with accounts in a simulator."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from monitor.simulator import Scenario, Simulator
from tests.cli.terminal import run_here

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HOME, NORTH, SOUTH = "333333333333", "111111111111", "222222222222"
NORTHERN, SOUTHERN = (f"arn:aws:iam::{account}:role/monitor" for account in (NORTH, SOUTH))
SCENARIO = Scenario.model_validate(
    {
        "account": HOME,
        "limits": {"calls_per_second": None},
        "roles": [{"arn": NORTHERN, "external_id": "e"}],
        "projects": [
            {"name": "own", "versions": [{"name": "v1", "status": "RUNNING"}]},
            {"name": "shop", "account": NORTH, "tags": {"team": "a"}},
            {"name": "scratch-1", "account": NORTH, "tags": {"team": "a"}},
            {"name": "till", "account": NORTH, "tags": {"team": "b"}},
            {"name": "adapters", "account": NORTH, "region": "eu-west-1", "feature": "CONTENT_MODERATION"},
        ],
    }
)
OWN, SHOP, *_ = SCENARIO.project_arns
BAD = f"""  - {{name: south, role_arn: "{SOUTHERN}", regions: [us-east-1], discover: {{}}}}
"""


@pytest.fixture(autouse=True)
def _access(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "any")


@pytest.fixture(name="simulator", scope="module")
def _simulator() -> Iterator[Simulator]:
    with Simulator(SCENARIO) as simulator:
        yield simulator


def write(folder: Path, simulator: Simulator, more: str = "") -> str:
    (folder / "id").write_text("e", encoding="utf-8")
    (folder / "id").chmod(0o600)
    path = folder / "monitor.yaml"
    path.write_text(
        f"""
aws: {{endpoint_url: "{simulator.url}", sts_endpoint_url: "{simulator.url}", max_calls_per_second: 5}}
accounts:
  - name: north
    role_arn: {NORTHERN}
    external_id_file: {folder / "id"}
    regions: [us-east-1]
    discover: {{exclude: ["scratch-*"], tags: {{team: a}}, every: 30m}}
{more}projects:
  - arn: {OWN}
  - {{arn: "{SHOP}", account: north, interval: 1m}}
""",
        encoding="utf-8",
    )
    return str(path)


def test_everything_is_tried_once(simulator: Simulator, tmp_path: Path) -> None:
    """A table of what was asked and came of it, the calls an hour, the policies; and 0."""
    before = len(simulator.served)
    ran = run_here("check-config", "--live", write(tmp_path, simulator))

    table, calls, *policies = ran.out.split("\n\n")
    assert (ran.code, ran.err) == (0, "")
    assert table.splitlines() == [
        "ACCOUNT  ID            REGION     ASKED                                          RESULT",
        f"(own)    {HOME}  -          credentials                                    ok",
        f"north    {NORTH}  -          assume {NORTHERN}  ok",
        f"north    {NORTH}  us-east-1  projects                                       3 projects, 1 to watch",
        f"(own)    {HOME}  us-east-1  versions of own                                1 version",
        f"north    {NORTH}  us-east-1  versions of shop                               0 versions",
    ]
    said = "account {} in us-east-1: 1 project, calls to AWS an hour: {}, while all of them change {}, allowed 18,000"
    assert calls.splitlines() == [said.format(HOME, 12, 120), said.format(NORTH, 62, 122)]
    assert [text.splitlines()[0] for text in policies] == [
        "The smallest policy of the monitor's own credentials:",
        f"The smallest policy of {NORTHERN}:",
    ]
    assert Counter(served.operation for served in simulator.served[before:]) == {
        "AssumeRole": 1,
        "GetCallerIdentity": 2,
        "DescribeProjects": 1,
        "ListTagsForResource": 2,
        "DescribeProjectVersions": 2,
    }


def test_an_account_that_fails_is_told_once(simulator: Simulator, tmp_path: Path) -> None:
    """Its fault stands on stderr with what to do, the others are tried all the same, and the code is 1."""
    ran = run_here("check-config", "--live", "--output", "json", write(tmp_path, simulator, BAD))
    found = json.loads(ran.out)

    assert (ran.code, found["ok"]) == (1, False)
    assert ran.err.count("\n") == 1
    assert ran.err.startswith("account south: credentials_refused: AccessDenied: AssumeRole was refused: User: ")
    accounts = [(each["name"], each["account_id"], each["fault"]) for each in found["accounts"]]
    assert accounts[:2] == [("", HOME, None), ("north", NORTH, None)]
    assert (accounts[2][:2], accounts[2][2]["code"]) == (("south", SOUTH), "AccessDenied")
    assert [(each["arn"], each["account"], each["versions"]) for each in found["projects"]] == [
        (OWN, "", 1),
        (SHOP, "north", 0),
    ]
    assert found["policies"][0]["policy"]["Statement"][1]["Resource"] == [NORTHERN, SOUTHERN]
    assert [(each["account"], each["discoveries_per_hour"]) for each in found["calls"]] == [
        (HOME, 0.0),
        (NORTH, 2.0),
        (SOUTH, 1.0),
    ]


def test_each_part_that_fails_is_told(simulator: Simulator, tmp_path: Path) -> None:
    """A project that is denied, and tags that may not be read."""
    simulator.faults.add("error", code="AccessDeniedException", operation="DescribeProjectVersions", account=HOME)
    simulator.faults.add("error", code="AccessDeniedException", operation="ListTagsForResource")
    try:
        ran = run_here("check-config", "--live", write(tmp_path, simulator))
    finally:
        simulator.faults.clear()

    assert ran.code == 1
    assert [line.partition(": AccessDeniedException")[0] for line in ran.err.splitlines()] == [
        "the projects of account north in us-east-1: access_denied",
        "own (us-east-1): access_denied",
    ]
    assert "rekognition:ListTagsForResource" in ran.err
    assert ran.out.count("access_denied") == 2


def test_json_is_about_live(simulator: Simulator, tmp_path: Path) -> None:
    """Without it nobody was asked, and there is nothing to say."""
    ran = run_here("check-config", "--output", "json", write(tmp_path, simulator))
    assert (ran.code, ran.out) == (2, "")


def test_offline_the_accounts_are_summed_up(simulator: Simulator, tmp_path: Path) -> None:
    """Nobody is asked."""
    before = len(simulator.served)
    ran = run_here("check-config", write(tmp_path, simulator, "  - {name: staging, profile: stage}\n"))

    assert ran.out.splitlines()[1:4] == [
        "2 projects; 1 sink: log",
        f"account north: {NORTHERN}; projects are discovered in us-east-1",
        "account staging: profile stage; listed projects only",
    ]
    assert len(simulator.served) == before
