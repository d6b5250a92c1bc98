"""Answers that drip for ever, a byte in time each: in their headers and in their bodies, of whichever service."""

from __future__ import annotations

import socket
from datetime import timedelta
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ReadTimeoutError
from botocore.loaders import create_loader

from monitor.aws.bounded import answers_within
from monitor.aws.callers import Caller
from monitor.aws.clients import Role, make_config
from monitor.aws.profiles import Profile
from monitor.aws.publishing import EVENTBRIDGE, SNS
from monitor.domain.fault import Fault, Reason
from tests.aws.accounts import NORTH, role_arn, settings_for
from tests.aws.publishers import EVENT, MESSAGE, open_publisher, shown
from tests.aws.wire import Calls, open_source
from tests.sinks.receiver import Receiver, drip

if TYPE_CHECKING:
    from monitor.aws.publishing import Service
    from monitor.domain.project import Project

HEADER = b"HTTP/1.1 200 OK\r\nX-Wait: "
BODY = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"
ENTRIES = {SNS: MESSAGE, EVENTBRIDGE: EVENT}
SHORT = 0.5
"""Seconds; a byte comes ten times in them."""


@pytest.mark.parametrize("beginning", [b"", HEADER], ids=["status line", "headers"])
@pytest.mark.parametrize("service", [SNS, EVENTBRIDGE], ids=["sns", "eventbridge"])
def test_entries_are_not_waited_for_for_ever(service: Service, beginning: bytes) -> None:
    """They are sent again later."""
    with Receiver(drip(beginning)) as far_end, open_publisher(far_end.url, service, timeout=SHORT) as publisher:
        assert {0: ("timed_out", False)} == shown(publisher.publish([ENTRIES[service]]))


def test_the_role_of_a_sink_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """STS is asked before the topic is."""
    role = Role(arn=role_arn(NORTH), session_name="monitor")
    with Receiver(drip(HEADER)) as sts, open_publisher("http://127.0.0.1:9", timeout=SHORT, role=role) as publisher:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        assert {0: ("timed_out", False)} == shown(publisher.publish([MESSAGE]))


@pytest.mark.parametrize("beginning", [b"", HEADER, BODY], ids=["status line", "headers", "body"])
def test_listing_is_not_waited_for_for_ever(project: Project, beginning: bytes) -> None:
    """It is a fault, and nothing of it is taken for a listing."""
    with Receiver(drip(beginning)) as far_end, open_source(far_end.url, timeout=SHORT) as source:
        assert Reason.TIMED_OUT is _reason(source.list_versions(project))


def test_listing_through_a_proxy_is_not_waited_for_for_ever(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though botocore sends there."""
    with Receiver(drip(HEADER)) as proxy, open_source("http://rekognition.example", timeout=SHORT) as source:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "")
        assert Reason.TIMED_OUT is _reason(source.list_versions(project))


def test_account_is_not_waited_for_for_ever() -> None:
    """STS gives its credentials, or nothing in time."""
    short = timedelta(seconds=SHORT)
    profile = Profile(None, create_loader(), make_config(short, short, connections=1))
    with Receiver(drip(HEADER)) as sts:
        account = settings_for(NORTH)
        caller = Caller(account, profile, Calls(), sts_endpoint_url=sts.url, monotonic=lambda: 0.0, chance=lambda: 0.5)
        with pytest.raises(ReadTimeoutError):
            caller.account_id()


def _reason(answered: Any) -> Reason:
    assert isinstance(answered, Fault)
    return answered.reason


def test_answer_in_time_is_whole_and_leaves_the_connection_as_it_was() -> None:
    """It can be used again, with the time-out that it had."""
    near, far = socket.socketpair()
    with near, far:
        near.settimeout(7)
        connection = HTTPConnection("far.example")
        connection.sock = near
        connection.response_class = answers_within(5)  # type: ignore[assignment] # http.client only calls it
        bodies = []
        for body in (b"one", b"other"):
            far.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
            connection.request("GET", "/")
            bodies.append(connection.getresponse().read())
        assert ([b"one", b"other"], 7.0) == (bodies, near.gettimeout())
