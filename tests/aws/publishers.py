"""Publishers that ask a far end, and the answers of the services that they ask."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from monitor.aws.clients import Clients, ClientSettings
from monitor.aws.publishing import EVENTBRIDGE, SNS, Publisher
from tests.aws.wire import answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from monitor.aws.publishing import Service
    from monitor.errors import DeliveryError

TOPIC: Final = "arn:aws:sns:us-east-1:111122223333:models"
BUS: Final = "arn:aws:events:us-east-1:111122223333:event-bus/models"
TARGETS: Final = {SNS: TOPIC, EVENTBRIDGE: BUS}
MESSAGE: Final = {"Message": "{}"}
EVENT: Final = {"Source": "models", "DetailType": "Change", "Detail": "{}"}


@contextmanager
def open_publisher(
    url: str | None, service: Service = SNS, *, timeout: float = 60, **settings: Any
) -> Iterator[Publisher]:
    """A publisher that asks at *url*, and is closed at the end."""
    asked = ClientSettings(service=service.name, region="us-east-1", endpoint_url=url)
    publisher = Publisher(
        service=service, target=TARGETS[service], settings=replace(asked, **settings), make=_clients(timeout).make
    )
    try:
        yield publisher
    finally:
        publisher.close()


@cache
def _clients(timeout: float) -> Clients:
    """One for all tests: botocore's data take most of the time that a client takes."""
    return Clients(connect_timeout=timedelta(seconds=timeout), read_timeout=timedelta(seconds=timeout))


def shown(refused: Mapping[int, DeliveryError]) -> dict[int, tuple[str, bool]]:
    """The reason of each refusal, and whether it is permanent."""
    return {index: (refusal.reason, refusal.permanent) for index, refusal in refused.items()}


def published(taken: str = "", failed: Mapping[str, tuple[str, str]] | None = None) -> bytes:
    """SNS's answer to PublishBatch: ids that it took, and by id the code of those that it did not and whose fault."""
    successful = "".join(f"<member><Id>{each}</Id><MessageId>m{each}</MessageId></member>" for each in taken)
    refused = "".join(
        f"<member><Id>{each}</Id><Code>{code}</Code><Message>No.</Message><SenderFault>{fault}</SenderFault></member>"
        for each, (code, fault) in (failed or {}).items()
    )
    return _xml("PublishBatch", f"<Successful>{successful}</Successful><Failed>{refused}</Failed>", "sns", "2010-03-31")


def refused(code: str, message: str = "No.", status: int = 400) -> bytes:
    """An error of SNS's or of STS's."""
    error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    body = f"<ErrorResponse>{error}<RequestId>5022229e</RequestId></ErrorResponse>"
    return answer(body.encode(), status, Content_Type="text/xml")


def put(*results: str | None) -> bytes:
    """EventBridge's answer to PutEvents: the code of each entry's error, or None where it took it."""
    entries = [
        {"ErrorCode": code, "ErrorMessage": "No."} if code else {"EventId": f"e{index}"}
        for index, code in enumerate(results)
    ]
    return answer({"FailedEntryCount": sum(map(bool, results)), "Entries": entries})


def assumed(expiration: str, key: str = "ASIAEXAMPLE") -> bytes:
    """STS's answer to AssumeRole."""
    given = {"AccessKeyId": key, "SecretAccessKey": "s", "SessionToken": "t", "Expiration": expiration}
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in given.items())
    return _xml("AssumeRole", f"<Credentials>{fields}</Credentials>", "sts", "2011-06-15")


def _xml(operation: str, result: str, service: str, version: str) -> bytes:
    root = f'{operation}Response xmlns="https://{service}.amazonaws.com/doc/{version}/"'
    body = f"<{root}><{operation}Result>{result}</{operation}Result></{operation}Response>"
    return answer(body.encode(), Content_Type="text/xml")
