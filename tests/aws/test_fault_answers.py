"""Each fault of the table, through the real client over sockets."""

from __future__ import annotations

import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.fault import Fault, Reason
from monitor.domain.project import parse_project
from monitor.domain.snapshot import Listing
from tests.aws.wire import REQUEST_ID, RESET, SILENCE, Calls, FarEnd, answer, error, open_source
from tests.aws_examples import wire_answer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from monitor.domain.project import Project

LIST = b'{"ProjectVersionDescriptions": []}'
HTML = b"<!DOCTYPE html><html><body>Please sign in</body></html>"


def listed(project: Project, *answers: bytes, calls: Calls | None = None, **settings: Any) -> Listing | Fault:
    """What a source makes of a far end that answers so."""
    with FarEnd(*answers) as far_end, open_source(far_end.url, calls, **settings) as source:
        return source.list_versions(project)


def reason_of(answered: Listing | Fault) -> Reason:
    assert isinstance(answered, Fault)
    return answered.reason


@contextmanager
def closed_port() -> Iterator[str]:
    """An address where nothing listens, and nothing will while it is needed."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def full_port() -> Iterator[str]:
    """An address that lets nobody in: its queue is full, and nobody is served."""
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for waiting in (first, second):
            waiting.setblocking(False)  # noqa: FBT003 - a method of the standard library
            waiting.connect_ex(listening.getsockname())
        yield f"127.0.0.1:{listening.getsockname()[1]}"


@pytest.mark.parametrize(
    ("code", "status", "reason", "attempts"),
    [
        ("ResourceNotFoundException", 400, Reason.PROJECT_NOT_FOUND, 1),
        ("InvalidPaginationTokenException", 400, Reason.PAGINATION_TOKEN_INVALID, 3),
        ("InvalidParameterException", 400, Reason.INVALID_PARAMETER, 1),
        ("AccessDeniedException", 400, Reason.ACCESS_DENIED, 1),
        ("AccessDeniedException", 403, Reason.ACCESS_DENIED, 1),
        ("ValidationException", 400, Reason.VALIDATION_FAILED, 1),
        ("InternalServerError", 500, Reason.INTERNAL_ERROR, 2),
        ("ServiceUnavailable", 503, Reason.INTERNAL_ERROR, 2),
        ("ThrottlingException", 400, Reason.THROTTLED, 2),
        ("ThrottlingException", 500, Reason.THROTTLED, 2),
        ("ProvisionedThroughputExceededException", 400, Reason.THROUGHPUT_EXCEEDED, 2),
        ("ExpiredTokenException", 400, Reason.CREDENTIALS_EXPIRED, 1),
        ("ExpiredToken", 403, Reason.CREDENTIALS_EXPIRED, 1),
        ("UnrecognizedClientException", 400, Reason.CREDENTIALS_REFUSED, 1),
        ("InvalidClientTokenId", 403, Reason.CREDENTIALS_REFUSED, 1),
        ("MissingAuthenticationTokenException", 400, Reason.CREDENTIALS_REFUSED, 1),
        ("IncompleteSignatureException", 400, Reason.CREDENTIALS_REFUSED, 1),
        ("InvalidSignatureException", 400, Reason.CREDENTIALS_REFUSED, 1),
        ("RequestExpired", 400, Reason.CLOCK_SKEWED, 1),
        ("BrandNewException", 400, Reason.OTHER, 1),
    ],
)
def test_an_error_of_awss(code: str, status: int, reason: Reason, attempts: int, project: Project) -> None:
    """Code and request id are told, every attempt is counted, and only what may pass at once is tried again."""
    calls = Calls()

    fault = listed(project, error(code, "Not now.", status), calls=calls)

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.code, fault.request_id) == (reason, code, REQUEST_ID)
    assert fault.message == f"{code}: Not now."
    assert len(calls.attempts) == attempts
    assert calls.codes == [code] * attempts


def test_a_wrong_clock(project: Project) -> None:
    """AWS's words for it, with AWS's code for a wrong signature."""
    message = "Signature expired: 20261121T180000Z is now earlier than 20261121T181500Z (20261121T182000Z - 5 min.)"

    assert reason_of(listed(project, error("InvalidSignatureException", message))) is Reason.CLOCK_SKEWED


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (answer(b""), "the body is empty"),
        (answer(b"", 204), "the body is empty"),
        (answer(b"{}"), "ProjectVersionDescriptions is missing or null, not a list"),
        (answer(b"null"), "the body is missing or null, not an object"),
        (answer(b"[1]"), "the body is a list, not an object"),
        (answer(b'"ok"'), "the body is a text, not an object"),
        (answer({"ProjectVersionDescriptions": None}), "ProjectVersionDescriptions is missing or null, not a list"),
        (answer({"ProjectVersionDescriptions": "[]"}), "ProjectVersionDescriptions is a text, not a list"),
        (answer({"__type": "ThrottlingException"}), "ProjectVersionDescriptions is missing or null, not a list"),
        (answer(LIST, length=99), f"the body ends after {len(LIST)} of 99 bytes"),
        (answer(b'{"ProjectVersionDescriptions": [', length=99), "the body ends after 32 of 99 bytes"),
        (
            answer(b'{"ProjectVersionDescriptions": ['),
            "the body is not JSON: unexpected end of data: line 1 column 33 (char 32)",
        ),
        (answer(HTML), "the body is not JSON: unexpected character, expected a JSON value: line 1 column 1 (char 0)"),
    ],
)
def test_an_answer_that_is_no_listing(reply: bytes, message: str, project: Project) -> None:
    """None of them is taken for a project without versions."""
    calls = Calls()

    fault = listed(project, reply, calls=calls)

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.message, fault.request_id) == (Reason.RESPONSE_MALFORMED, message, REQUEST_ID)
    assert calls.codes == ["response_malformed"]


@pytest.mark.parametrize(
    ("reply", "reason", "message"),
    [
        (answer(HTML, 302, Location="/login"), Reason.HTTP_ERROR, "HTTP 302 Found, with no error of AWS's in the body"),
        (answer(HTML, 403), Reason.HTTP_ERROR, "HTTP 403 Forbidden, with no error of AWS's in the body"),
        (answer(b"[1]", 400), Reason.HTTP_ERROR, "HTTP 400 Bad Request, with no error of AWS's in the body"),
        (answer(b"", 404), Reason.HTTP_ERROR, "HTTP 404 Not Found, with no error of AWS's in the body"),
        (answer(HTML, 503), Reason.INTERNAL_ERROR, "HTTP 503 Service Unavailable, with no error of AWS's in the body"),
        (answer(b"<html>", 502), Reason.INTERNAL_ERROR, "Bad Gateway"),
        (answer({"message": "User is not authorized to do that"}, 403), Reason.ACCESS_DENIED,
         "User is not authorized to do that"),
    ],
)  # fmt: skip
def test_an_error_that_is_none_of_awss(reply: bytes, reason: Reason, message: str, project: Project) -> None:
    """Something on the way answered: the status says what is known, and no code is made up."""
    fault = listed(project, reply)

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.message, fault.code, fault.request_id) == (reason, message, None, REQUEST_ID)


def test_a_connection_that_is_reset(project: Project) -> None:
    """Twice, since a connection that was kept may have been closed meanwhile."""
    calls = Calls()

    assert reason_of(listed(project, RESET, calls=calls)) is Reason.CONNECTION_RESET
    assert calls.codes == ["connection_reset"] * 2


def test_a_connection_that_is_closed_without_an_answer(project: Project) -> None:
    """The same as a reset."""
    assert reason_of(listed(project, b"")) is Reason.CONNECTION_RESET


def test_a_body_in_pieces_that_breaks_off(project: Project) -> None:
    """A body without a Content-Length that ends within a piece."""
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n40\r\n" + LIST[:10]

    assert reason_of(listed(project, reply)) is Reason.CONNECTION_RESET


def test_an_answer_that_is_no_http(project: Project) -> None:
    """Another protocol is spoken there."""
    assert reason_of(listed(project, b"220 mail.example.com ESMTP\r\n")) is Reason.CONNECTION_RESET


def test_an_answer_that_does_not_come(project: Project) -> None:
    """The read time-out, for each attempt."""
    calls = Calls()

    assert reason_of(listed(project, SILENCE, calls=calls, timeout=0.1)) is Reason.TIMED_OUT
    assert calls.codes == ["timed_out"] * 2


def test_a_connection_that_does_not_come_about(project: Project) -> None:
    """The connect time-out."""
    with full_port() as address, open_source(f"http://{address}", timeout=0.1) as source:
        assert reason_of(source.list_versions(project)) is Reason.TIMED_OUT


def test_a_connection_that_is_refused(project: Project) -> None:
    """Nobody listens there."""
    with closed_port() as address, open_source(f"http://{address}") as source:
        assert reason_of(source.list_versions(project)) is Reason.CONNECTION_REFUSED


def test_an_unknown_host(project: Project) -> None:
    """A name that no DNS has (RFC 6761, `.invalid`)."""
    with open_source("http://rekognition.invalid") as source:
        fault = source.list_versions(project)

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.message) == (
        Reason.HOST_UNKNOWN,
        'Could not connect to the endpoint URL: "http://rekognition.invalid/"',
    )


def test_an_address_that_is_none(project: Project) -> None:
    """A setting that botocore refuses when the client is made."""
    with open_source("nowhere at all") as source:
        fault = source.list_versions(project)

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.message) == (Reason.HOST_UNKNOWN, "Invalid endpoint: nowhere at all")


def test_a_region_that_is_none() -> None:
    """It fits the pattern of ARNs, but no host name."""
    project = parse_project("arn:aws:rekognition:-:111122223333:project/p/1690474772815")

    with open_source(None) as source:
        assert reason_of(source.list_versions(project)) is Reason.HOST_UNKNOWN


def test_a_far_end_that_speaks_no_tls(project: Project) -> None:
    """https where http is spoken."""
    with FarEnd(answer(LIST)) as far_end, open_source(far_end.url.replace("http:", "https:")) as source:
        assert reason_of(source.list_versions(project)) is Reason.TLS_FAILED


def test_certificates_that_are_not_there(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_CA_BUNDLE names a file that does not exist."""
    monkeypatch.setenv("AWS_CA_BUNDLE", "/nowhere/bundle.pem")

    with FarEnd(answer(LIST)) as far_end, open_source(far_end.url.replace("http:", "https:")) as source:
        assert reason_of(source.list_versions(project)) is Reason.TLS_FAILED


def test_a_proxy_that_is_not_there(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The proxy of the environment is used, and its password is not told."""
    with closed_port() as address:
        monkeypatch.setenv("HTTP_PROXY", f"http://me:secret@{address}")
        with open_source("http://rekognition.invalid") as source:
            fault = source.list_versions(project)

    assert isinstance(fault, Fault)
    assert fault.reason is Reason.PROXY_FAILED
    assert "secret" not in fault.message


def test_no_credentials(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is sent without them."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    calls = Calls()

    assert reason_of(listed(project, answer(LIST), calls=calls)) is Reason.CREDENTIALS_MISSING
    assert calls.attempts == []


def test_half_of_the_credentials(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """An access key without its secret."""
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    assert reason_of(listed(project, answer(LIST))) is Reason.CREDENTIALS_MISSING


def test_an_unknown_profile(project: Project) -> None:
    """`aws.profile` names none that there is."""
    fault = listed(project, answer(LIST), profile="nobody")

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.message) == (
        Reason.CREDENTIALS_MISSING,
        "The config profile (nobody) could not be found",
    )


def test_a_sign_in_that_has_ended(project: Project, tmp_path: Path) -> None:
    """A profile of the identity center, without a token."""
    (tmp_path / "config").write_text(
        "[profile sso]\nsso_start_url=https://x.awsapps.com/start\nsso_region=us-east-1\nregion=us-east-1\n"
        "sso_account_id=111122223333\nsso_role_name=reader\n"
    )

    assert reason_of(listed(project, answer(LIST), profile="sso")) is Reason.CREDENTIALS_EXPIRED


def test_a_program_that_gives_no_credentials(project: Project, tmp_path: Path) -> None:
    """What the program says may hold a secret."""
    key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
    (tmp_path / "config").write_text(f"[profile program]\ncredential_process=sh -c 'echo {key} >&2; exit 1'\n")

    fault = listed(project, answer(LIST), profile="program")

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.message) == (
        Reason.CREDENTIALS_MISSING,
        "Error when retrieving credentials from custom-process: ***",
    )


@pytest.mark.parametrize(
    ("status", "said", "reason", "message"),
    [
        (
            403,
            b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>not you</Message></Error></ErrorResponse>",
            Reason.CREDENTIALS_REFUSED,
            "AccessDenied: AssumeRole was refused: not you",
        ),
        (200, b"<html", Reason.CREDENTIALS_MISSING, None),
    ],
)
def test_a_role_that_cannot_be_assumed(
    status: int,
    said: bytes,
    reason: Reason,
    message: str | None,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The profile names a role; the service that gives its credentials refuses, or answers nonsense."""
    (tmp_path / "config").write_text(
        "[profile role]\nrole_arn=arn:aws:iam::111122223333:role/reader\nsource_profile=base\nregion=us-east-1\n"
        "[profile base]\naws_access_key_id=BASE\naws_secret_access_key=secret\n"
    )
    calls = Calls()
    with FarEnd(answer(said, status)) as service:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", service.url)
        fault = listed(project, answer(LIST), calls=calls, profile="role")

    assert isinstance(fault, Fault)
    assert fault.reason is reason
    assert message in (fault.message, None)
    assert calls.attempts == []


def test_credentials_that_no_header_can_hold(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line break that was pasted with the key is no crash."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE\nX-Other: 1")

    assert isinstance(listed(project, answer(wire_answer())), Fault)


def test_one_hiccup_is_no_fault(project: Project) -> None:
    """A single failure of the service or of the connection is tried again, and counted."""
    calls = Calls()

    listing = listed(project, error("InternalServerError", status=500), answer(LIST), calls=calls)

    assert listing == Listing(versions=(), request_ids=(REQUEST_ID,))
    assert (len(calls.attempts), calls.codes) == (2, ["InternalServerError"])
