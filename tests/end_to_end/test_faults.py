"""Every fault of the table, through the real client, to the events, the snapshot and the metrics."""

from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from monitor.simulator import FaultKind
from tests.builders import PROJECT_ARN
from tests.end_to_end.line import ENDPOINT, LABELS, PATIENCE, Line, give_credentials, open_line, take_credentials
from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Making = AbstractContextManager[None]

SKEWED = "Signature expired: 20261121T180000Z is now earlier than 20261121T181500Z (20261121T182000Z - 5 min.)"
WRONG_KEY = "The request signature we calculated does not match the signature you provided."

OF_PROJECT = {
    "invalid_parameter",
    "other",
    "pagination_token_invalid",
    "pagination_token_repeated",
    "project_not_found",
    "validation_failed",
}
"""The reasons of faults that an account and region do not share."""


@dataclass(frozen=True)
class Trouble:
    """A fault that the simulator makes, and the reason and the code that it has to be told with."""

    kind: FaultKind
    reason: str
    code: str | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "-".join(str(each) for each in (self.kind.value, *self.more.values()))


def error(code: str, reason: str, **more: Any) -> Trouble:
    return Trouble(FaultKind.ERROR, reason, code, {"code": code, **more})


TROUBLES = [
    # What DescribeProjectVersions documents.
    error("ResourceNotFoundException", "project_not_found"),
    error("InvalidPaginationTokenException", "pagination_token_invalid"),
    error("InvalidParameterException", "invalid_parameter"),
    error("AccessDeniedException", "access_denied"),
    error("InternalServerError", "internal_error"),
    error("ThrottlingException", "throttled"),
    error("ThrottlingException", "throttled", status=500, message="Service Unavailable"),
    error("ProvisionedThroughputExceededException", "throughput_exceeded"),
    # What every service may answer, which botocore does not model.
    error("ValidationException", "validation_failed"),
    error("SerializationException", "validation_failed"),
    error("ExpiredTokenException", "credentials_expired"),
    error("UnrecognizedClientException", "credentials_refused"),
    error("MissingAuthenticationTokenException", "credentials_refused"),
    error("IncompleteSignatureException", "credentials_refused"),
    error("InvalidSignatureException", "credentials_refused", message=WRONG_KEY),
    error("InvalidSignatureException", "clock_skewed", message=SKEWED),
    error("RequestExpired", "clock_skewed"),
    error("OptInRequired", "access_denied", status=403),
    error("ServiceUnavailableException", "internal_error"),
    error("InternalFailure", "internal_error", status=500),
    error("BrandNewException", "other"),
    # What the network does.
    Trouble(FaultKind.RESET, "connection_reset"),
    # What is no answer of the protocol.
    Trouble(FaultKind.TRUNCATED, "response_malformed"),
    Trouble(FaultKind.EMPTY, "response_malformed"),
    Trouble(FaultKind.NO_CONTENT, "response_malformed"),
    Trouble(FaultKind.HTML, "response_malformed"),
    Trouble(FaultKind.HTML, "http_error", more={"status": 302}),
    Trouble(FaultKind.HTML, "http_error", more={"status": 403}),
    Trouble(FaultKind.HTML, "internal_error", more={"status": 502}),
    Trouble(FaultKind.NOT_JSON, "response_malformed"),
    Trouble(FaultKind.WRONG_JSON, "response_malformed"),
    Trouble(FaultKind.MISSING_LIST, "response_malformed"),
    Trouble(FaultKind.NULL_LIST, "response_malformed"),
    Trouble(FaultKind.STRING_LIST, "response_malformed"),
    Trouble(FaultKind.EXPIRED_TOKEN, "pagination_token_invalid", "InvalidPaginationTokenException"),
]

SILENT = [Trouble(FaultKind.HANG, "timed_out"), Trouble(FaultKind.LATENCY, "timed_out", more={"delay": "20s"})]

ELSEWHERE = {FaultKind.NULL_ITEM, FaultKind.MISSING_ARN, FaultKind.BAD_TIMESTAMP, FaultKind.REPEATED_TOKEN}
"""Kinds that are no failed poll, or need a second page; they have tests of their own."""


@pytest.fixture
def line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Line]:
    with open_line(tmp_path, monkeypatch) as opened:
        yield opened


def test_no_kind_of_fault_is_forgotten() -> None:
    """Whatever the simulator can do wrong is in this file."""
    assert set(FaultKind) == {trouble.kind for trouble in TROUBLES + SILENT} | ELSEWHERE


@pytest.mark.parametrize("trouble", TROUBLES, ids=str)
def test_a_fault_is_told_once_and_so_is_its_end(line: Line, trouble: Trouble) -> None:
    """While AWS, or the way to it, answers something else than a listing."""

    expect_trouble(line, faulty(line, trouble.kind, **trouble.more), trouble.reason, trouble.code)


@pytest.mark.parametrize("trouble", SILENT, ids=str)
def test_an_answer_that_does_not_come_in_time(line: Line, trouble: Trouble) -> None:
    """The read time-out ends the wait."""

    @contextmanager
    def making() -> Iterator[None]:
        with asking_at(line, line.simulator.url, timeout=0.25), faulty(line, trouble.kind, **trouble.more):
            yield

    expect_trouble(line, making(), "timed_out")


def test_a_refused_connection(line: Line) -> None:
    """Nobody listens at the endpoint's address."""

    @contextmanager
    def making() -> Iterator[None]:
        with socket.socket() as bound:  # taken by us, so that nobody else can listen there meanwhile
            bound.bind(("127.0.0.1", 0))
            with asking_at(line, f"http://127.0.0.1:{bound.getsockname()[1]}"):
                yield

    expect_trouble(line, making(), "connection_refused")


def test_an_unknown_host(line: Line) -> None:
    """A name that no DNS has (RFC 6761, `.invalid`)."""
    expect_trouble(line, asking_at(line, "http://rekognition.invalid"), "host_unknown")


def test_a_far_end_without_tls(line: Line) -> None:
    """It answers, but not in TLS."""
    expect_trouble(line, asking_at(line, line.simulator.url.replace("http:", "https:")), "tls_failed")


def test_a_certificate_that_nobody_vouches_for(line: Line, tmp_path: Path) -> None:
    """As a proxy that opens TLS shows it."""

    @contextmanager
    def making() -> Iterator[None]:
        with self_signed(tmp_path) as url, asking_at(line, url):
            yield

    expect_trouble(line, making(), "tls_failed")


def test_missing_credentials(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """None are found when the monitor begins; those that come later are found without a restart."""

    @contextmanager
    def making() -> Iterator[None]:
        take_credentials(monkeypatch)
        line.asked.turn_to(line.simulator.url)
        yield
        give_credentials(monkeypatch)

    expect_trouble(line, making(), "credentials_missing")


@pytest.mark.parametrize(
    ("code", "reason"),
    [("ExpiredTokenException", "credentials_expired"), ("UnrecognizedClientException", "credentials_refused")],
)
def test_credentials_that_are_of_no_use_any_more(
    line: Line, monkeypatch: pytest.MonkeyPatch, code: str, reason: str
) -> None:
    """New ones are found without a restart, while the old ones stay refused."""

    @contextmanager
    def making() -> Iterator[None]:
        line.simulator.faults.add(FaultKind.ERROR, code=code, access_key="AKIAIOSFODNN7EXAMPLE")
        yield
        give_credentials(monkeypatch, "AKIAI44QH8DHBEXAMPLE")

    expect_trouble(line, making(), reason, code)


@pytest.mark.parametrize(
    ("kind", "more", "reason", "code"),
    [
        (FaultKind.REPEATED_TOKEN, {}, "pagination_token_repeated", None),
        (FaultKind.EXPIRED_TOKEN, {}, "pagination_token_invalid", "InvalidPaginationTokenException"),
        (FaultKind.ERROR, {"code": "InternalServerError"}, "internal_error", "InternalServerError"),
        (FaultKind.RESET, {}, "connection_reset", None),
        (FaultKind.TRUNCATED, {}, "response_malformed", None),
        (FaultKind.EMPTY, {}, "response_malformed", None),
        (FaultKind.MISSING_LIST, {}, "response_malformed", None),
    ],
    ids=lambda value: value.value if isinstance(value, FaultKind) else "",
)
def test_a_second_page_that_fails_takes_the_first_with_it(
    line: Line, kind: FaultKind, more: dict[str, Any], reason: str, code: str | None
) -> None:
    """Of 150 versions the 50 of page 2 are missing, and none of them is said to be gone."""
    for number in range(149):
        line.world.put_version(PROJECT_ARN, f"old-{number}", status="STOPPED")
    expect_trouble(line, faulty(line, kind, page=2, **more), reason, code, others=149)


def test_a_token_that_expires_once_is_no_fault(line: Line) -> None:
    """The listing is begun again, and is complete."""
    for number in range(150):
        line.world.put_version(PROJECT_ARN, f"v{number}", status="STOPPED")
    line.poll()
    line.simulator.faults.add(FaultKind.EXPIRED_TOKEN, page=2, count=2)
    outcome = line.poll()

    assert (None, 150, []) == (outcome.state.fault, len(line.snapshot().versions), line.told())
    assert [1, 2, 1, 2, 1, 2, 1, 2] == [served.page for served in line.simulator.served]


def test_an_answer_that_is_only_late_is_no_fault(line: Line) -> None:
    """Slow is not broken."""
    line.world.put_version(PROJECT_ARN, "v1", status="RUNNING")
    line.poll()
    line.simulator.faults.add(FaultKind.LATENCY, delay="100ms")
    line.poll(3)

    assert [] == line.told()
    assert [up(1), status("v1", "RUNNING")] == line.shown()


@pytest.mark.parametrize("kind", [FaultKind.NULL_ITEM, FaultKind.MISSING_ARN])
def test_an_entry_that_is_no_version_confirms_no_absence(line: Line, kind: FaultKind) -> None:
    """It is counted each time; what such listings lack is missing for the first time in the next good one."""
    line.world.put_version(PROJECT_ARN, "v1", status="STOPPED")
    removed = line.world.put_version(PROJECT_ARN, "v2", status="RUNNING")
    line.world.put_version(PROJECT_ARN, "v3", status="STOPPED")
    line.poll()
    line.simulator.faults.add(kind)
    line.world.remove_version(removed)
    line.poll(4)
    meanwhile = line.told(), line.shown()
    line.simulator.faults.clear()
    line.poll()
    after_one = line.told()
    line.poll(2)

    assert [up(1), malformed(4)] == meanwhile[1][:2]
    assert {status("v1", "STOPPED"), status("v2", "RUNNING"), status("v3", "STOPPED")} == set(meanwhile[1][2:])
    assert ([], []) == (meanwhile[0], after_one)
    assert [("disappeared", "getting-started / v2: disappeared, last RUNNING")] == line.told()


def test_a_time_that_is_none_is_shown_as_it_came(line: Line) -> None:
    """The version stays what it is; that its creation has become a text is told, since AWS said so, and its end too."""
    line.world.put_version(PROJECT_ARN, "v1", status="RUNNING")
    line.poll()
    line.simulator.faults.add(FaultKind.BAD_TIMESTAMP)
    line.poll(4)
    line.simulator.faults.clear()
    line.poll(2)

    assert [up(1), status("v1", "RUNNING")] == line.shown()
    assert ["updated", "updated"] == [kind for kind, _ in line.told()]
    assert [[None, "yesterday"], ["yesterday", None]] == [
        event["data"]["changed"]["CreationTimestamp"] for event in line.events()
    ]


UNANSWERED = {"connection_reset", "connection_refused", "timed_out", "host_unknown", "tls_failed", "proxy_failed"}


def expect_trouble(line: Line, making: Making, reason: str, code: str | None = None, *, others: int = 0) -> None:
    """Four polls fail while *making* lasts, in the middle of which a version changes; nothing is told of them but the
    third failure, everything that was known stays, and afterwards come the recovery and the change, each once.

    *others* STOPPED versions are there besides.
    """
    changing = line.world.put_version(PROJECT_ARN, "v1", status="RUNNING")
    line.poll()
    before = line.snapshot()
    with making:
        line.poll(2)
        line.world.set_status(changing, "STOPPING")
        after_two = line.events()
        failed = line.poll(2).state
        kept, during = line.snapshot(), line.shown()
        told = line.events()
    if reason in UNANSWERED:
        line.let_ask_again()
    line.poll(2)
    after = line.events()

    assert (str(failed.fault and failed.fault.reason), 4) == (reason, failed.failed_in_a_row)
    assert before == kept
    assert others + 1 == len(kept.versions)
    assert [up(0), failures(reason, 4), status("v1", "RUNNING")] == [each for each in during if "old-" not in each]
    assert others == sum("old-" in each for each in during)
    assert ([], 1) == (after_two, len(told))
    assert unreachable(reason, code) == essence(told[0])
    assert told == after[:1]
    assert [("recovered", told[0]["subject"]), ("status_changed", changing)] == [
        (event["type"].rpartition(".")[2], event["subject"]) for event in after[1:]
    ]
    assert ("RUNNING", "STOPPING", "direct") == tuple(after[2]["data"][key] for key in ("from", "to", "move"))
    assert ("2026-11-21T18:01:00Z", "2026-11-21T18:06:00Z") == (
        after[2]["data"]["observed_after"],
        after[2]["data"]["observed_by"],
    )
    assert [up(1), failures(reason, 4), status("v1", "STOPPING")] == [
        each for each in line.shown() if "old-" not in each
    ]


def essence(event: dict[str, Any]) -> dict[str, Any]:
    """What an `unreachable` event says, without the words of AWS or the network."""
    fault = event["data"]["fault"]
    return {
        "type": event["type"],
        "severity": event["severity"],
        "subject": event["subject"],
        "time": event["time"],
        "since": event["data"]["since"],
        "failures": event["data"]["failures"],
        "reason": fault["reason"],
        "code": fault["code"],
        "has_hint": bool(fault["hint"]),
    }


def unreachable(reason: str, code: str | None) -> dict[str, Any]:
    return {
        "type": "rekognition.project.unreachable",
        "severity": "error",
        "subject": PROJECT_ARN if reason in OF_PROJECT else ENDPOINT,
        "time": "2026-11-21T18:04:00Z",
        "since": "2026-11-21T18:02:00Z",
        "failures": 3,
        "reason": reason,
        "code": code,
        "has_hint": True,
    }


def up(value: int) -> str:
    return f"rekognition_project_up{{{LABELS}}} {value}"


def failures(reason: str, count: int) -> str:
    return f'rekognition_project_poll_failures_total{{{LABELS},reason="{reason}"}} {count}'


def malformed(count: int) -> str:
    return f"rekognition_project_malformed_versions_total{{{LABELS}}} {count}"


def status(version: str, word: str) -> str:
    return f'rekognition_project_version_status{{{LABELS},version="{version}",status="{word}"}} 1'


@contextmanager
def faulty(line: Line, kind: FaultKind, **conditions: Any) -> Iterator[None]:
    """The simulator makes a fault meanwhile."""
    line.simulator.faults.add(kind, **conditions)
    yield
    line.simulator.faults.clear()


@contextmanager
def asking_at(line: Line, url: str, *, timeout: float = PATIENCE) -> Iterator[None]:
    """Another address is asked meanwhile, and so long is waited for its answer."""
    line.asked.turn_to(url, timeout=timeout)
    yield
    line.asked.turn_to(line.simulator.url)


@contextmanager
def self_signed(directory: Path) -> Iterator[str]:
    """An address where TLS is spoken with a certificate that no authority has signed."""
    key, certificate = directory / "key.pem", directory / "certificate.pem"
    subject = ("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1")
    files = ("-keyout", str(key), "-out", str(certificate))
    command = (required_tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1")
    subprocess.run([*command, *subject, *files], check=True, capture_output=True, timeout=60)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_shake_hands, args=(listening, context), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)  # wakes the accept
        thread.join()


def _shake_hands(listening: socket.socket, context: ssl.SSLContext) -> None:
    """Greet whoever comes, and part at once."""
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            return
        with connection:
            try:
                context.wrap_socket(connection, server_side=True).close()
            except OSError:
                continue
