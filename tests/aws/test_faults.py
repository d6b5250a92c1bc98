from __future__ import annotations

import string
from typing import TYPE_CHECKING, Any

import pytest
from botocore import exceptions
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from monitor.aws.faults import fault_for, fault_of, meaning_of_code
from monitor.aws.meanings import MEANINGS
from monitor.domain.fault import Fault, Reason, Scope
from monitor.domain.project import parse_project
from tests.aws_examples import PROJECT_ARN

if TYPE_CHECKING:
    from monitor.aws.meaning import Meaning
    from monitor.domain.project import Project

PROJECT_FAULTS = {
    Reason.PROJECT_NOT_FOUND,
    Reason.INVALID_PARAMETER,
    Reason.VALIDATION_FAILED,
    Reason.PAGINATION_TOKEN_INVALID,
    Reason.PAGINATION_TOKEN_REPEATED,
    Reason.OTHER,
}
PASSING = {
    Reason.PAGINATION_TOKEN_INVALID,
    Reason.PAGINATION_TOKEN_REPEATED,
    Reason.THROTTLED,
    Reason.THROUGHPUT_EXCEEDED,
    Reason.INTERNAL_ERROR,
    Reason.HOST_UNKNOWN,
    Reason.CONNECTION_REFUSED,
    Reason.CONNECTION_RESET,
    Reason.TIMED_OUT,
    Reason.PROXY_FAILED,
    Reason.RESPONSE_MALFORMED,
}


def client_error(code: str, message: str = "No.", operation: str = "DescribeProjectVersions") -> ClientError:
    """What boto3 raises for an error that AWS answered."""
    headers = {"x-amzn-requestid": "id-1"}
    response: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPHeaders": headers}}
    return ClientError(response, operation)


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_a_row(reason: Reason) -> None:
    """The words of the domain and the table belong together."""
    assert reason in {meaning.reason for meaning in MEANINGS}


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason is not Reason.CREDENTIALS_MISSING])
def test_scope_and_hope_of_each_reason(reason: Reason, project: Project) -> None:
    """Whose fault it may be, and whether asking again soon may help."""
    fault = fault_for(reason, "what happened", project)

    expected = Scope.PROJECT if reason in PROJECT_FAULTS else Scope.ENDPOINT
    assert (fault.scope, fault.soon) == (expected, reason in PASSING)


def test_credentials_that_could_not_be_fetched_may_come_soon(project: Project) -> None:
    """The place that gives them had a hiccup; where there are none, there will be none in a second."""
    fetched = fault_of(exceptions.MetadataRetrievalError(error_msg="y"), project)
    missing = fault_of(exceptions.NoCredentialsError(), project)

    assert (fetched.soon, missing.soon) == (True, False)


@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda meaning: meaning.reason.value)
def test_every_hint_can_be_filled_in(meaning: Meaning) -> None:
    """Only what is known of a project is asked for, and a hint is a sentence."""
    names = {name for _, name, _, _ in string.Formatter().parse(meaning.hint) if name}

    assert names <= {"arn", "name", "region", "account", "action"}
    assert meaning.hint.endswith(".")


def test_a_fault_says_everything(project: Project) -> None:
    """What, which one, and what to do."""
    fault = fault_of(client_error("AccessDeniedException", "User: arn:aws:iam::111122223333:user/u may not"), project)

    assert fault == Fault(
        reason=Reason.ACCESS_DENIED,
        message="AccessDeniedException: User: arn:aws:iam::111122223333:user/u may not",
        hint=f"Allow rekognition:DescribeProjectVersions on {PROJECT_ARN} in the IAM policy of the credentials that "
        "the monitor uses in account 111122223333; if it is allowed there, a permissions boundary, a session policy or "
        "a service control policy denies it.",
        scope=Scope.ENDPOINT,
        soon=False,
        code="AccessDeniedException",
        request_id="id-1",
    )


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("ResourceNotFoundException", Reason.PROJECT_NOT_FOUND),
        ("InvalidPaginationTokenException", Reason.PAGINATION_TOKEN_INVALID),
        ("InvalidParameterException", Reason.INVALID_PARAMETER),
        ("AccessDeniedException", Reason.ACCESS_DENIED),
        ("AccessDenied", Reason.ACCESS_DENIED),
        ("InternalServerError", Reason.INTERNAL_ERROR),
        ("InternalFailure", Reason.INTERNAL_ERROR),
        ("ServiceUnavailable", Reason.INTERNAL_ERROR),
        ("503", Reason.INTERNAL_ERROR),
        ("ThrottlingException", Reason.THROTTLED),
        ("Throttling", Reason.THROTTLED),
        ("TooManyRequestsException", Reason.THROTTLED),
        ("RequestLimitExceeded", Reason.THROTTLED),
        ("SlowDown", Reason.THROTTLED),
        ("429", Reason.THROTTLED),
        ("ProvisionedThroughputExceededException", Reason.THROUGHPUT_EXCEEDED),
        ("ValidationException", Reason.VALIDATION_FAILED),
        ("ExpiredTokenException", Reason.CREDENTIALS_EXPIRED),
        ("ExpiredToken", Reason.CREDENTIALS_EXPIRED),
        ("UnrecognizedClientException", Reason.CREDENTIALS_REFUSED),
        ("InvalidClientTokenId", Reason.CREDENTIALS_REFUSED),
        ("InvalidSignatureException", Reason.CREDENTIALS_REFUSED),
        ("MissingAuthenticationToken", Reason.CREDENTIALS_REFUSED),
        ("MissingAuthenticationTokenException", Reason.CREDENTIALS_REFUSED),
        ("IncompleteSignature", Reason.CREDENTIALS_REFUSED),
        ("IncompleteSignatureException", Reason.CREDENTIALS_REFUSED),
        ("RequestExpired", Reason.CLOCK_SKEWED),
        ("RequestTimeTooSkewed", Reason.CLOCK_SKEWED),
        ("302", Reason.HTTP_ERROR),
        ("403", Reason.HTTP_ERROR),
        ("404", Reason.HTTP_ERROR),
        ("505", Reason.HTTP_ERROR),
        ("BrandNewException", Reason.OTHER),
        ("", Reason.OTHER),
    ],
)
def test_what_a_code_means(code: str, reason: Reason, project: Project) -> None:
    """Those that Rekognition documents, those that every AWS service may answer, and any other."""
    fault = fault_of(client_error(code), project)

    assert (fault.reason, fault.code) == (reason, code if code and not code.isdigit() else None)


@pytest.mark.parametrize(
    ("code", "message", "reason"),
    [
        (
            "InvalidSignatureException",
            "Signature expired: 20261121T180000Z is now earlier than 20261121T181500Z (20261121T182000Z - 5 min.)",
            Reason.CLOCK_SKEWED,
        ),
        (
            "InvalidSignatureException",
            "Signature not yet current: 20261121T183000Z is still later than 20261121T182500Z",
            Reason.CLOCK_SKEWED,
        ),
        (
            "InvalidSignatureException",
            "The request signature we calculated does not match the signature you provided.",
            Reason.CREDENTIALS_REFUSED,
        ),
        ("403", "User is not authorized to perform this action", Reason.ACCESS_DENIED),
    ],
)
def test_the_message_tells_some_apart(code: str, message: str, reason: Reason) -> None:
    """AWS uses one code for a wrong clock and for a wrong key."""
    assert reason == meaning_of_code(code, message).reason


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (exceptions.NoCredentialsError(), Reason.CREDENTIALS_MISSING),
        (exceptions.PartialCredentialsError(provider="env", cred_var="x"), Reason.CREDENTIALS_MISSING),
        (exceptions.ProfileNotFound(profile="x"), Reason.CREDENTIALS_MISSING),
        (exceptions.ConfigParseError(path="x"), Reason.CREDENTIALS_MISSING),
        (exceptions.CredentialRetrievalError(provider="x", error_msg="y"), Reason.CREDENTIALS_MISSING),
        (exceptions.MetadataRetrievalError(error_msg="y"), Reason.CREDENTIALS_MISSING),
        (exceptions.TokenRetrievalError(provider="sso", error_msg="y"), Reason.CREDENTIALS_EXPIRED),
        (exceptions.UnauthorizedSSOTokenError(), Reason.CREDENTIALS_EXPIRED),
        (exceptions.SSOTokenLoadError(error_msg="y"), Reason.CREDENTIALS_EXPIRED),
        (exceptions.LoginRefreshRequired(), Reason.CREDENTIALS_EXPIRED),
        (RuntimeError("Credentials were refreshed, but the refreshed credentials are still expired."),
         Reason.CREDENTIALS_EXPIRED),
        (exceptions.ParamValidationError(report="x"), Reason.INVALID_PARAMETER),
        (exceptions.InvalidRegionError(region_name="-"), Reason.HOST_UNKNOWN),
        (exceptions.UnknownEndpointError(service_name="rekognition", region_name="x"), Reason.HOST_UNKNOWN),
        (exceptions.InvalidConfigError(error_msg="Invalid CA bundle: x"), Reason.TLS_FAILED),
        (exceptions.InvalidConfigError(error_msg="anything"), Reason.CREDENTIALS_MISSING),
        (exceptions.ProxyConnectionError(proxy_url="http://proxy", error="x"), Reason.PROXY_FAILED),
        (exceptions.ConnectionClosedError(endpoint_url="x"), Reason.CONNECTION_RESET),
        (exceptions.HTTPClientError(error="x"), Reason.HTTP_ERROR),
        (PermissionError("credentials"), Reason.OTHER),
    ],
)  # fmt: skip
def test_what_an_exception_means(error: Exception, reason: Reason, project: Project) -> None:
    """Those that need no far end; the others are in test_fault_answers."""
    assert reason == fault_of(error, project).reason


@pytest.mark.parametrize("operation", ["AssumeRole", "AssumeRoleWithWebIdentity", "GetRoleCredentials"])
def test_a_role_that_may_not_be_assumed_is_no_missing_permission_on_the_project(
    operation: str, project: Project
) -> None:
    """The same code means something else when botocore asked for credentials."""
    fault = fault_of(client_error("AccessDenied", "not authorized", operation), project)

    assert (fault.reason, fault.scope) == (Reason.CREDENTIALS_REFUSED, Scope.ENDPOINT)
    assert fault.message == f"AccessDenied: {operation} was refused: not authorized"
    assert "sts:AssumeRole" in fault.hint


def test_expired_credentials_for_a_role_are_expired_credentials(project: Project) -> None:
    """Other codes mean the same whoever asked."""
    assert fault_of(client_error("ExpiredToken", operation="AssumeRole"), project).reason is Reason.CREDENTIALS_EXPIRED


@given(st.text(), st.text())
def test_any_error_is_a_fault(code: str, message: str) -> None:
    """No answer is without a meaning, and no text breaks a line or grows without end."""
    fault = fault_of(client_error(code, message), parse_project(PROJECT_ARN))

    assert fault.message.isprintable()
    assert len(fault.message) <= 400
