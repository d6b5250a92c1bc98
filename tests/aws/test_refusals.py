from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError, SSLError

from monitor.aws.refusals import PERMANENT, Asked, make_refusal, refusal_of, refusal_of_entry
from monitor.domain.fault import Reason
from monitor.domain.refusal import Refusal

ASKED = Asked(operation="PublishBatch", action="sns:Publish", target="arn:aws:sns:us-east-1:111122223333:models")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        # Amazon SNS API Reference, PublishBatch, "Errors"
        ("AuthorizationError", Refusal.ACCESS_DENIED),
        ("BatchRequestTooLong", Refusal.TOO_LARGE),
        ("InternalError", Refusal.INTERNAL_ERROR),
        ("InvalidParameter", Refusal.INVALID_MESSAGE),
        ("ParameterValueInvalid", Refusal.INVALID_MESSAGE),
        ("InvalidSecurity", Refusal.CREDENTIALS_REFUSED),
        ("KMSAccessDenied", Refusal.KEY_UNUSABLE),
        ("KMSDisabled", Refusal.KEY_UNUSABLE),
        ("KMSInvalidState", Refusal.KEY_UNUSABLE),
        ("KMSNotFound", Refusal.KEY_UNUSABLE),
        ("KMSOptInRequired", Refusal.KEY_UNUSABLE),
        ("KMSThrottling", Refusal.THROTTLED),
        ("NotFound", Refusal.NOT_FOUND),
        ("ValidationException", Refusal.INVALID_MESSAGE),
        # Amazon EventBridge API Reference, PutEvents and PutEventsResultEntry
        ("InternalException", Refusal.INTERNAL_ERROR),
        ("InternalFailure", Refusal.INTERNAL_ERROR),
        ("ThrottlingException", Refusal.THROTTLED),
        ("AccessDeniedException", Refusal.ACCESS_DENIED),
        ("InvalidAccountIdException", Refusal.NOT_FOUND),
        ("InvalidArgument", Refusal.INVALID_MESSAGE),
        ("MalformedDetail", Refusal.INVALID_MESSAGE),
        ("RedactionFailure", Refusal.INVALID_MESSAGE),
        ("NotAuthorizedForSourceException", Refusal.ACCESS_DENIED),
        ("NotAuthorizedForDetailTypeException", Refusal.ACCESS_DENIED),
        ("ResourceNotFoundException", Refusal.NOT_FOUND),
        # Of both: "Common Errors"
        ("Throttling", Refusal.THROTTLED),
        ("ServiceUnavailable", Refusal.INTERNAL_ERROR),
        ("ExpiredToken", Refusal.CREDENTIALS_EXPIRED),
        ("InvalidClientTokenId", Refusal.CREDENTIALS_REFUSED),
        ("RequestExpired", Refusal.CLOCK_SKEWED),
        ("SomethingNew", Refusal.OTHER),
    ],
)
def test_codes(code: str, expected: Refusal) -> None:
    """What each error of an entry means; only what is wrong with the message itself is for good."""
    refusal = refusal_of_entry(code, "No.", ASKED, sender_fault=False)
    assert (str(expected), expected in PERMANENT) == (refusal.reason, refusal.permanent)


@pytest.mark.parametrize("code", ["KMSThrottling", "AuthorizationError", "ExpiredToken", "NotFound"])
def test_a_sender_s_fault_that_passes(code: str) -> None:
    """AWS calls it the sender's fault when its credentials expire, too."""
    assert not refusal_of_entry(code, "No.", ASKED, sender_fault=True).permanent


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (EndpointConnectionError(endpoint_url="http://x", error=OSError()), Refusal.CONNECTION_REFUSED),
        (ReadTimeoutError(endpoint_url="http://x"), Refusal.TIMED_OUT),
        (SSLError(endpoint_url="http://x", error=OSError()), Refusal.TLS_FAILED),
        (ValueError("Invalid endpoint: http://["), Refusal.HOST_UNKNOWN),
        (RuntimeError("Credentials were refreshed, but the refreshed credentials are still expired."),
         Refusal.CREDENTIALS_EXPIRED),
        (RuntimeError(""), Refusal.OTHER),
    ],
)  # fmt: skip
def test_the_way_to_aws(error: Exception, expected: Refusal) -> None:
    """As for the listings; it passes, or can be mended."""
    refusal = refusal_of(error, ASKED)
    assert (str(expected), False) == (refusal.reason, refusal.permanent)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("AccessDenied", Refusal.CREDENTIALS_REFUSED),
        ("ValidationError", Refusal.CREDENTIALS_REFUSED),
        ("RegionDisabledException", Refusal.CREDENTIALS_REFUSED),
        ("Throttling", Refusal.THROTTLED),
        ("ExpiredToken", Refusal.CREDENTIALS_EXPIRED),
        ("RequestExpired", Refusal.CLOCK_SKEWED),
        ("InternalFailure", Refusal.INTERNAL_ERROR),
    ],
)
def test_a_role_that_is_not_given(code: str, expected: Refusal) -> None:
    """The message has no part in it: even a malformed request for a role is never for good."""
    error = ClientError({"Error": {"Code": code, "Message": "No."}}, "AssumeRole")
    refusal = refusal_of(error, ASKED)

    assert (str(expected), False) == (refusal.reason, refusal.permanent)
    assert (
        f"PublishBatch to {ASKED.target} failed: AssumeRole was refused: {code}: No.; check the role, its trust "
        "policy, the external id, and that sts:AssumeRole is allowed"
    ) == str(refusal)


@pytest.mark.parametrize("refusal", Refusal)
def test_every_refusal_says_what_to_do(refusal: Refusal) -> None:
    """In the words of the sink's own target and permission."""
    told = str(make_refusal(refusal, "No.", ASKED))
    assert told.startswith(f"PublishBatch to {ASKED.target} failed: No.; ")
    assert "{" not in told


def test_the_words_are_those_of_failed_polls() -> None:
    """Where the fault is of the way or the credentials, one word means one thing in all metrics."""
    own = {
        Refusal.NOT_FOUND,
        Refusal.KEY_UNUSABLE,
        Refusal.INVALID_MESSAGE,
        Refusal.TOO_LARGE,
    }
    assert own == set(Refusal) - {refusal for refusal in Refusal if refusal in set(map(str, Reason))}
