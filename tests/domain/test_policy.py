from __future__ import annotations

from monitor.domain.policy import (
    ASSUME_ROLE,
    DESCRIBE_PROJECTS,
    DESCRIBE_VERSIONS,
    Duties,
    resources_of_names,
)

ARN = "arn:aws:rekognition:us-east-1:111122223333:project/shop/1690474772815"
OTHER = "arn:aws:rekognition:us-east-1:111122223333:project/till/1690474772816"
ROLE = "arn:aws:iam::444455556666:role/monitor"


def test_a_policy_allows_what_is_done_and_no_more() -> None:
    """A statement an action, each resource once."""
    duties = Duties(holder="x", resources={ASSUME_ROLE: [ROLE], DESCRIBE_VERSIONS: [OTHER, ARN, ARN]})
    assert duties.policy == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "WatchProjectVersions",
                "Effect": "Allow",
                "Action": "rekognition:DescribeProjectVersions",
                "Resource": [ARN, OTHER],
            },
            {"Sid": "AssumeRoles", "Effect": "Allow", "Action": "sts:AssumeRole", "Resource": ROLE},
        ],
    }


def test_a_resource_that_another_includes_is_left_out() -> None:
    """A project that is listed and discovered stands in the policy once."""
    everything = resources_of_names(("*",), partition="aws", region="us-east-1", account_id="111122223333")
    duties = Duties(holder="x", resources={DESCRIBE_VERSIONS: [ARN, *everything, *everything], DESCRIBE_PROJECTS: "*"})
    assert [statement["Resource"] for statement in duties.policy["Statement"]] == [
        "arn:aws:rekognition:us-east-1:111122223333:project/*/*",
        "*",
    ]


def test_patterns_become_those_of_iam() -> None:
    """Which knows no brackets; an account that nobody knows is any."""
    assert resources_of_names(("shop-?", "[ab]*"), partition="aws-us-gov", region="us-gov-west-1", account_id="") == (
        "arn:aws-us-gov:rekognition:us-gov-west-1:*:project/shop-?/*",
        "arn:aws-us-gov:rekognition:us-gov-west-1:*:project/*/*",
    )
