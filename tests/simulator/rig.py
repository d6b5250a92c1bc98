"""What the simulator's tests share: a clock to steer, small scenarios, and clients."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from monitor.simulator import Limits, Scenario

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_rekognition import RekognitionClient
    from mypy_boto3_rekognition.type_defs import OutputConfigTypeDef

    from monitor.simulator import Simulator

START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
ACCOUNT = "111122223333"
REGION = "us-east-1"
PROJECT = f"arn:aws:rekognition:{REGION}:{ACCOUNT}:project/my-project/1690474772815"
ADAPTERS = f"arn:aws:rekognition:{REGION}:{ACCOUNT}:project/my-adapters/1690474772816"
OUTPUT: OutputConfigTypeDef = {"S3Bucket": "bucket-name", "S3KeyPrefix": "path_to_folder"}
UNTHROTTLED = Limits(calls_per_second=None)


class Clock:
    """Aware UTC that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> None:
        """Takes what timedelta takes."""
        self.now += timedelta(**duration)


class Seconds:
    """A monotonic clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def scenario(**keys: Any) -> Scenario:
    """Two projects, one of each feature, without versions; calls are not counted unless *keys* say so."""
    projects = [{"arn": PROJECT}, {"arn": ADAPTERS, "feature": "CONTENT_MODERATION"}]
    return Scenario.model_validate({"limits": UNTHROTTLED, "projects": projects, **keys})


def client(
    simulator: Simulator, *, region: str = REGION, access_key: str = "AKIAIOSFODNN7EXAMPLE", timeout: float = 60
) -> RekognitionClient:
    """The real one, asking once."""
    config = Config(retries={"total_max_attempts": 1}, read_timeout=timeout, connect_timeout=60)
    return boto3.client(
        "rekognition",
        endpoint_url=simulator.url,
        region_name=region,
        aws_access_key_id=access_key,
        aws_secret_access_key="secret",
        config=config,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply as it is on the wire."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def document(self) -> Any:
        return json.loads(self.body)


def connection(simulator: Simulator) -> HTTPConnection:
    return HTTPConnection(simulator.url.removeprefix("http://"), timeout=60)


def post(simulator: Simulator, operation: str, request: Mapping[str, Any], *, region: str = REGION) -> Answer:
    """One request over a connection of its own, and the reply without any library's reading of it."""
    link = connection(simulator)
    try:
        link.request("POST", "/", json.dumps(request), headers(operation, region))
        reply = link.getresponse()
        return Answer(reply.status, {name.lower(): value for name, value in reply.getheaders()}, reply.read())
    finally:
        link.close()


def headers(operation: str, region: str = REGION) -> dict[str, str]:
    scope = f"AKIAIOSFODNN7EXAMPLE/20261121/{region}/rekognition/aws4_request"
    return {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": f"RekognitionService.{operation}",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0",
    }
