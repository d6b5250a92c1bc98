"""AWS's services as moto plays them, over HTTP, and queues to see what arrives."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer
from moto.sts.models import sts_backends

from tests.aws.environment import KEYS, isolate

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pytest

ACCOUNT: Final = "123456789012"
"""The account of credentials that moto does not know."""

OTHER_ACCOUNT: Final = "444455556666"
ROLE: Final = f"arn:aws:iam::{OTHER_ACCOUNT}:role/rekognition-events"
REGION: Final = "us-east-1"


@contextmanager
def serve() -> Iterator[str]:
    """moto's server on a free port of the loopback, with nothing in it; the address."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        urlopen(Request(f"{url}/moto-api/reset", method="POST")).close()  # what it holds is the process's, not its own
        yield url
    finally:
        server.stop()


def sessions_of(role: str) -> list[tuple[str, str | None]]:
    """The name and the external id of each session of *role* that moto's STS gave."""
    account = role.split(":")[4]
    given = sts_backends[account]["aws"].assumed_roles
    return [(session.session_name, session.external_id) for session in given if session.role_arn == role]


@dataclass(frozen=True)
class Cloud:
    """One account at one address."""

    url: str
    credentials: tuple[str, str, str | None] = (*KEYS, None)

    def enter(self, monkeypatch: pytest.MonkeyPatch, nowhere: Path) -> None:
        """Let the process find this account's credentials and nothing of the machine's own, and ask STS here."""
        isolate(monkeypatch, nowhere, self.credentials[:2])
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", self.url)

    def client(self, service: str) -> Any:
        key, secret, token = self.credentials
        return boto3.client(
            service,  # type: ignore[call-overload] # the stubs know Rekognition only
            region_name=REGION,
            endpoint_url=self.url,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
        )

    def as_role(self, arn: str) -> Cloud:
        """The account of a role."""
        given = self.client("sts").assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
        return Cloud(self.url, (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"]))

    def queue(self, name: str) -> Queue:
        """A new queue; FIFO if its name says so."""
        attributes = {"FifoQueue": "true"} if name.endswith(".fifo") else {}
        client = self.client("sqs")
        url = client.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        return Queue(client=client, url=url, arn=arn)


@dataclass(frozen=True)
class Queue:
    """One queue of SQS."""

    client: Any
    url: str
    arn: str

    def take(self) -> list[dict[str, Any]]:
        """Every message that is in it, which are then gone."""
        taken: list[dict[str, Any]] = []
        while messages := self._receive():
            for message in messages:
                self.client.delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
            taken += messages
        return taken

    def bodies(self) -> list[Any]:
        """Their bodies, which are JSON."""
        return [json.loads(message["Body"]) for message in self.take()]

    def _receive(self) -> list[dict[str, Any]]:
        answer = self.client.receive_message(
            QueueUrl=self.url,
            MaxNumberOfMessages=10,
            WaitTimeSeconds=0,
            MessageAttributeNames=["All"],
            AttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages
