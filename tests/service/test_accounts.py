from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.aws.settings import AccountSettings
from monitor.config.loading import parse_config
from monitor.domain.account import Account, Discovery
from monitor.service.accounts import account_settings, accounts_of, own_regions
from monitor.service.permissions import OWN, duties_of
from monitor.service.projects import projects_of

if TYPE_CHECKING:
    from monitor.config.model import Config

ARN = "arn:aws:rekognition:{}:111122223333:project/{}/1690474772815"
ROLE = "arn:aws:iam::111122223333:role/monitor"
FULL = f"""
aws: {{profile: watch, fips: true}}
accounts:
  - name: production
    role_arn: {ROLE}
    external_id_file: id
    session_name: watcher
    duration: 30m
    source_profile: base
    regions: [us-east-1, us-east-1]
    fips: false
    dual_stack: true
    discover: {{include: ["shop-*"], exclude: ["shop-x"], features: [CUSTOM_LABELS], every: 10m, tags: {{team: a}}}}
  - {{name: staging, profile: stage}}
  - {{name: pod, role_arn: "{ROLE}", web_identity_token_file: token, regions: [us-east-1]}}
projects:
  - arn: {ARN.format("us-east-2", "own")}
  - {{arn: "{ARN.format("eu-west-1", "shop")}", account: production}}
  - {{arn: "{ARN.format("eu-west-1", "till")}", account: staging}}
sinks:
  - {{name: topic, type: sns, topic_arn: "arn:aws:sns:us-east-1:111122223333:models"}}
  - {{name: bus, type: eventbridge, bus: models, region: us-east-1, role_arn: "{ROLE}"}}
"""


def config() -> Config:
    return parse_config(FULL, name="monitor.yaml", environ={}).config


def test_the_accounts_are_those_of_the_file() -> None:
    """Each with what is discovered there; the id of a role is in its ARN."""
    production, staging, pod = accounts_of(config())
    discovery = Discovery(
        include=("shop-*",),
        exclude=("shop-x",),
        features=("CUSTOM_LABELS",),
        every=timedelta(minutes=10),
        tags={"team": "a"},
    )

    assert production == Account(
        name="production", account_id="111122223333", regions=("us-east-1",), discovery=discovery
    )
    assert (staging, pod.discovery) == (Account(name="staging"), None)


def test_as_whom_each_account_is_asked() -> None:
    """The settings of `aws` stand where the account has none; STS is asked in its regions and those of its projects."""
    production, staging, pod = account_settings(config())

    assert production == AccountSettings(
        name="production",
        profile="base",
        role_arn=ROLE,
        external_id_file="id",
        session_name="watcher",
        duration=timedelta(minutes=30),
        regions=("us-east-1", "eu-west-1"),
        fips=False,
        dual_stack=True,
    )
    assert staging == AccountSettings(name="staging", profile="stage", regions=("eu-west-1",), fips=True)
    assert (pod.profile, pod.web_identity_token_file) == ("watch", "token")
    assert own_regions(config()) == ("us-east-2",)


def test_projects_name_their_account() -> None:
    """Or are asked with the process's own credentials."""
    assert [project.account for project in projects_of(config())] == ["", "production", "staging"]


def test_what_each_credentials_have_to_be_allowed() -> None:
    """Roles, the profiles that assume them, and the process itself; a web identity needs nobody's permission."""
    shops = "arn:aws:rekognition:us-east-1:111122223333:project/shop-*/*"
    duties = {each.holder: {key: list(of) for key, of in each.resources.items()} for each in duties_of(config(), {})}
    assert duties == {
        "profile watch": {"rekognition:DescribeProjectVersions": [ARN.format("us-east-2", "own")]},
        ROLE: {
            "rekognition:DescribeProjectVersions": [ARN.format("eu-west-1", "shop"), shops],
            "rekognition:DescribeProjects": ["*"],
            "rekognition:ListTagsForResource": [shops],
            "events:PutEvents": ["arn:aws:events:us-east-1:*:event-bus/models"],
        },
        "profile stage": {"rekognition:DescribeProjectVersions": [ARN.format("eu-west-1", "till")]},
        "profile base": {"sts:AssumeRole": [ROLE]},
        OWN: {"sns:Publish": ["arn:aws:sns:us-east-1:111122223333:models"], "sts:AssumeRole": [ROLE]},
    }
