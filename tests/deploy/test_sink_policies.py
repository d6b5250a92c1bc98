"""The IAM policies of `deploy/iam` for sinks, against what the sinks call and send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from monitor.aws.publishing import EVENTBRIDGE, SNS
from monitor.config.sinks import EventBridgeSink
from tests.aws.environment import isolate
from tests.aws.publishers import BUS, TOPIC, open_publisher, published, put
from tests.aws.wire import FarEnd

if TYPE_CHECKING:
    from monitor.aws.publishing import Service

POLICIES: Final = Path(__file__).parents[2] / "deploy" / "iam"

ACTIONS: Final = {"PublishBatch": "sns:Publish", "AWSEvents.PutEvents": "events:PutEvents"}
"""The permission that each operation needs: Service Authorization Reference, Amazon SNS and Amazon EventBridge."""


def statement(name: str) -> dict[str, Any]:
    """The only statement of a policy."""
    policy = json.loads((POLICIES / name).read_text("utf-8"))
    assert "2012-10-17" == policy["Version"]
    (found,) = policy["Statement"]
    return dict(found)


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    isolate(monkeypatch, tmp_path)


@pytest.mark.parametrize(
    ("name", "service", "target"),
    [("sink-sns.json", SNS, TOPIC), ("sink-eventbridge.json", EVENTBRIDGE, BUS)],
)
def test_a_policy_allows_what_the_sink_calls(name: str, service: Service, target: str) -> None:
    """That and nothing else, on the one target; a refusal names the same permission."""
    answered = published("0") if service is SNS else put(None)
    with FarEnd(answered) as far_end, open_publisher(far_end.url, service) as publisher:
        publisher.publish([{}])

    called = {request.form.get("Action") or request.headers["x-amz-target"] for request in far_end.requests}
    allowed = statement(name)
    assert ("Allow", {allowed["Action"]}, target) == (
        allowed["Effect"],
        {ACTIONS[operation] for operation in called},
        allowed["Resource"],
    )
    assert allowed["Action"] == service.action


def test_the_policy_of_eventbridge_allows_the_default_source() -> None:
    """Whoever sets another has to change it there too."""
    default = EventBridgeSink.model_fields["source"].default
    assert {"StringEquals": {"events:source": default}} == statement("sink-eventbridge.json")["Condition"]
