from __future__ import annotations

import socket
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from monitor.aws.publishing import EVENTBRIDGE, SNS
from tests.aws.publishers import (
    BUS,
    EVENT,
    MESSAGE,
    TOPIC,
    open_publisher,
    published,
    put,
    refused,
    shown,
)
from tests.aws.wire import RESET, SILENCE, FarEnd, answer, error
from tests.sinks.receiver import Receiver, drip, raw

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from monitor.aws.clients import ClientSettings
    from monitor.aws.publishing import Service
    from monitor.errors import DeliveryError

ENTRIES = {SNS: MESSAGE, EVENTBRIDGE: EVENT}
HEAD = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"


def test_a_batch_that_is_taken() -> None:
    """One call, each entry under an id of its own, and nobody is refused."""
    with FarEnd(published("01")) as far_end, open_publisher(far_end.url) as publisher:
        assert {} == publisher.publish([MESSAGE, {"Message": "[]"}])

    (request,) = far_end.requests
    assert {
        "Action": "PublishBatch",
        "Version": "2010-03-31",
        "TopicArn": TOPIC,
        "PublishBatchRequestEntries.member.1.Id": "0",
        "PublishBatchRequestEntries.member.1.Message": "{}",
        "PublishBatchRequestEntries.member.2.Id": "1",
        "PublishBatchRequestEntries.member.2.Message": "[]",
    } == request.form


def test_events_name_their_bus() -> None:
    """Each entry does; without it they would go to the default one."""
    with FarEnd(put(None)) as far_end, open_publisher(far_end.url, EVENTBRIDGE) as publisher:
        assert {} == publisher.publish([EVENT])

    (request,) = far_end.requests
    assert ("AWSEvents.PutEvents", {"Entries": [{"EventBusName": BUS, **EVENT}]}) == (
        request.headers["x-amz-target"],
        request.body,
    )


def test_sns_refuses_some() -> None:
    """Each is settled on its own; a sender's fault is for good unless it is one that passes."""
    failed = {
        "1": ("InvalidParameter", "true"),
        "2": ("InternalError", "false"),
        "3": ("KMSThrottling", "true"),
        "4": ("AuthorizationError", "true"),
        "5": ("SomethingNew", "true"),
        "6": ("SomethingNew", "false"),
    }
    with FarEnd(published("07", failed)) as far_end, open_publisher(far_end.url) as publisher:
        refusals = publisher.publish([MESSAGE] * 8)

    assert {
        1: ("invalid_message", True),
        2: ("internal_error", False),
        3: ("throttled", False),
        4: ("access_denied", False),
        5: ("invalid_message", True),
        6: ("other", False),
    } == shown(refusals)


def test_eventbridge_refuses_some() -> None:
    """It answers by place and does not say whose fault it is: what is unknown is tried again."""
    codes = (None, "ThrottlingException", "InternalFailure", "MalformedDetail", None, "NotAuthorizedForSourceException")
    with FarEnd(put(*codes, "SomethingNew")) as far_end, open_publisher(far_end.url, EVENTBRIDGE) as publisher:
        refusals = publisher.publish([EVENT] * 7)

    assert {
        1: ("throttled", False),
        2: ("internal_error", False),
        3: ("invalid_message", True),
        5: ("access_denied", False),
        6: ("other", False),
    } == shown(refusals)


def test_an_entry_that_the_answer_forgets() -> None:
    """It may have been taken or not: it is sent again, for what is not accepted is not settled."""
    with FarEnd(published("02")) as far_end, open_publisher(far_end.url) as publisher:
        assert {1: ("response_malformed", False)} == shown(publisher.publish([MESSAGE] * 3))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        HTML,
        b"{}",
        b"[1]",
        b"null",
        b'{"Entries": null}',
        b'{"Entries": [null]}',
        b'{"Entries": "two"}',
        b'{"Entries": [',
    ],
)
def test_eventbridge_answers_nonsense(body: bytes) -> None:
    """A 200 is no acceptance."""
    with FarEnd(answer(body)) as far_end, open_publisher(far_end.url, EVENTBRIDGE) as publisher:
        assert {0: ("response_malformed", False)} == shown(publisher.publish([EVENT]))


@pytest.mark.parametrize(
    "body",
    [b"", HTML, b"{}", b"<a/>", b"<PublishBatchResponse><Publ", b"x" * 10 * 1024 * 1024],
    ids=["empty", "html", "json", "other", "cut", "large"],
)
def test_sns_answers_nonsense(body: bytes) -> None:
    """A 200 is no acceptance."""
    with FarEnd(answer(body)) as far_end, open_publisher(far_end.url) as publisher:
        assert {0: ("response_malformed", False)} == shown(publisher.publish([MESSAGE]))


def test_a_call_refused_for_one_message() -> None:
    """The others have no part in it: each is sent again on its own."""
    answers = (refused("ParameterValueInvalid"), published("0"), refused("ParameterValueInvalid"), published("0"))
    with FarEnd(*answers) as far_end, open_publisher(far_end.url) as publisher:
        refusals = publisher.publish([MESSAGE, {"Message": "\0"}, MESSAGE])

    assert {1: ("invalid_message", True)} == shown(refusals)
    assert ["{}", "\0", "{}"] == [
        request.form["PublishBatchRequestEntries.member.1.Message"] for request in far_end.requests[1:]
    ]


@pytest.mark.parametrize(
    ("answered", "reason", "attempts"),
    [
        (refused("NotFound", "Topic does not exist", 404), "not_found", 1),
        (refused("InvalidParameter", "Invalid parameter: TopicArn"), "not_found", 1),
        (refused("AuthorizationError", status=403), "access_denied", 1),
        (refused("KMSDisabled"), "key_unusable", 1),
        (refused("Throttling", "Rate exceeded"), "throttled", 2),
        (refused("InternalError", status=500), "internal_error", 2),
        (refused("InvalidClientTokenId", status=403), "credentials_refused", 1),
        (refused("ExpiredToken", status=403), "credentials_expired", 1),
        (refused("RequestExpired"), "clock_skewed", 1),
        (answer(HTML, 403), "http_error", 1),
        (answer(HTML, 302, Location="http://127.0.0.1:1/"), "http_error", 1),
        (RESET, "connection_reset", 2),
    ],
)
def test_a_call_that_is_refused(answered: bytes, reason: str, attempts: int) -> None:
    """All its entries are, and none for good: it can be mended. What may pass at once is tried twice."""
    with FarEnd(answered) as far_end, open_publisher(far_end.url) as publisher:
        refusals = publisher.publish([MESSAGE] * 2)

    assert {0: (reason, False), 1: (reason, False)} == shown(refusals)
    assert attempts == len(far_end.requests)


@pytest.mark.parametrize("service", [SNS, EVENTBRIDGE], ids=lambda service: service.name)
def test_nobody_listens(service: Service) -> None:
    """At the address of the far end."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        with open_publisher(f"http://127.0.0.1:{bound.getsockname()[1]}", service) as publisher:
            assert {0: ("connection_refused", False)} == shown(publisher.publish([{}]))


def test_a_name_that_is_not_found() -> None:
    """Of an endpoint."""
    with open_publisher("http://sns.invalid") as publisher:
        assert {0: ("host_unknown", False)} == shown(publisher.publish([MESSAGE]))


def test_nobody_answers() -> None:
    """A far end that is silent holds the sink for two time-outs, no longer."""
    with FarEnd(SILENCE) as far_end, open_publisher(far_end.url, timeout=0.1) as publisher:
        assert {0: ("timed_out", False)} == shown(publisher.publish([MESSAGE]))


def test_what_a_refusal_says() -> None:
    """Which operation, on what, what AWS said, what to do."""
    answered = error("AccessDeniedException", "User is not authorized")
    with FarEnd(answered) as far_end, open_publisher(far_end.url, EVENTBRIDGE) as publisher:
        told = str(publisher.publish([EVENT])[0])

    assert (
        f"PutEvents to {BUS} failed: AccessDeniedException: User is not authorized; allow events:PutEvents on {BUS} in "
        "the IAM policy of the monitor's credentials, and in the target's own policy if it is another account's"
    ) == told


def test_nothing_secret_is_said() -> None:
    """AWS repeats keys and tokens in some of its messages."""
    told = "The security token AKIAIOSFODNN7EXAMPLE is invalid\nx-amz-security-token: abc"
    with FarEnd(refused("InvalidClientTokenId", told, 403)) as far_end, open_publisher(far_end.url) as publisher:
        said = str(publisher.publish([MESSAGE])[0])

    assert "InvalidClientTokenId: The security token *** is invalid x-amz-security-token: ***; " in said


def test_new_credentials_are_read_after_a_refusal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that was written anew counts from the next attempt on; nothing has to be restarted."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    credentials = tmp_path / "credentials"
    text = "[default]\naws_access_key_id={}\naws_secret_access_key=secret\n"
    credentials.write_text(text.format("OLD"))

    with FarEnd(refused("ExpiredToken"), published("0")) as far_end, open_publisher(far_end.url) as publisher:
        first = publisher.publish([MESSAGE])
        credentials.write_text(text.format("NEW"))
        second = publisher.publish([MESSAGE])

    keys = [request.headers["authorization"].partition("Credential=")[2][:4] for request in far_end.requests]
    assert ({0: ("credentials_expired", False)}, {}, ["OLD/", "NEW/"]) == (shown(first), second, keys)


def test_no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is asked, and what to do is told."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with FarEnd(published("0")) as far_end, open_publisher(far_end.url) as publisher:
        refusals = publisher.publish([MESSAGE])

    assert ({0: ("credentials_missing", False)}, []) == (shown(refusals), far_end.requests)


def test_an_unknown_profile() -> None:
    """A client that cannot be made is a failed attempt, not a crash."""
    with open_publisher("http://127.0.0.1:1", profile="nobody") as publisher:
        (refusal,) = publisher.publish([MESSAGE]).values()

    assert "credentials_missing" == refusal.reason
    assert "The config profile (nobody) could not be found" in str(refusal)


def test_one_client_for_all_calls() -> None:
    """Making one takes as long as a hundred calls; after a close, the next entry opens another."""
    made: list[ClientSettings] = []
    with FarEnd(published("0")) as far_end, open_publisher(far_end.url) as ordinary:

        def make(settings: ClientSettings) -> Any:
            made.append(settings)
            return ordinary.make(settings)

        publisher = replace(ordinary, make=make)
        for _ in range(3):
            publisher.publish([MESSAGE])
        publisher.close()
        publisher.publish([MESSAGE])
        publisher.close()

    assert [publisher.settings] * 2 == made


def test_several_threads_share_one_client() -> None:
    """Calls at the same time are made by one client, which is made once."""
    made: list[ClientSettings] = []
    results: list[Mapping[int, DeliveryError]] = []
    start = threading.Barrier(4)
    with FarEnd(published("0")) as far_end, open_publisher(far_end.url) as ordinary:

        def make(settings: ClientSettings) -> Any:
            made.append(settings)
            return ordinary.make(settings)

        publisher = replace(ordinary, make=make)

        def publish() -> None:
            start.wait(60)
            results.append(publisher.publish([MESSAGE]))

        threads = [threading.Thread(target=publish) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        publisher.close()

    assert ([{}] * 4, 1) == (results, len(made))


def test_equal_by_settings() -> None:
    """Whatever client they hold: a reload keeps the one that runs."""
    with FarEnd(published("0")) as far_end, open_publisher(far_end.url) as used:
        used.publish([MESSAGE])
        with open_publisher(far_end.url) as same, open_publisher(far_end.url, profile="other") as other:
            assert (True, False) == (used == same, used == other)


@pytest.mark.parametrize("service", [SNS, EVENTBRIDGE], ids=["sns", "eventbridge"])
def test_an_answer_that_never_ends_is_given_up(service: Service) -> None:
    """A byte now and then, each in time: the whole has a limit too."""
    with Receiver(drip(HEAD)) as far_end, open_publisher(far_end.url, service, timeout=0.5) as publisher:
        assert {0: ("timed_out", False)} == shown(publisher.publish([ENTRIES[service]]))


@pytest.mark.parametrize("service", [SNS, EVENTBRIDGE], ids=["sns", "eventbridge"])
def test_an_answer_of_ten_mebibytes_is_not_read(service: Service) -> None:
    """What the entry became of is not known, so it is sent again."""
    large = answer(b" " * (10 * 1024 * 1024))
    with FarEnd(large) as far_end, open_publisher(far_end.url, service) as publisher:
        assert {0: ("response_malformed", False)} == shown(publisher.publish([ENTRIES[service]]))


def test_an_answer_that_is_cut_off_while_it_is_read() -> None:
    """The connection ends before the last chunk."""
    with Receiver(raw(HEAD + b"5\r\n<Publ")) as far_end, open_publisher(far_end.url, timeout=60) as publisher:
        assert {0: ("connection_reset", False)} == shown(publisher.publish([MESSAGE]))
