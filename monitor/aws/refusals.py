"""Why a service of AWS's did not take an event: its errors, and those of the way to it, as DeliveryErrors.

Sources: Amazon SNS API Reference, PublishBatch, and "Common Errors"; Amazon EventBridge API Reference,
PutEventsResultEntry. What the services have in common with Rekognition is read by `monitor.aws.faults`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from botocore.parsers import ResponseParserError

from monitor.aws.clients import ExternalIdError
from monitor.aws.faults import CREDENTIAL_REASONS, code_and_message, meaning_of, meaning_of_code
from monitor.aws.wording import one_line
from monitor.domain.fault import Reason
from monitor.domain.refusal import Refusal
from monitor.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Mapping

CREDENTIAL_REFUSALS: Final = frozenset(Refusal(reason) for reason in CREDENTIAL_REASONS)
"""New credentials may be found where these were."""

PERMANENT: Final = frozenset({Refusal.INVALID_MESSAGE, Refusal.TOO_LARGE})
"""About the message itself, which is the same at every attempt. Whatever else is wrong can be mended meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was asked for.

    Attributes:
        operation: As the API calls it.
        action: As IAM calls it.
        target: What was to take the events: an ARN, or a name.
    """

    operation: str
    action: str
    target: str


_CODES: Final[Mapping[str, Refusal]] = {
    "NotFound": Refusal.NOT_FOUND,
    "InvalidAccountIdException": Refusal.NOT_FOUND,
    "AuthorizationError": Refusal.ACCESS_DENIED,
    "NotAuthorizedForSourceException": Refusal.ACCESS_DENIED,
    "NotAuthorizedForDetailTypeException": Refusal.ACCESS_DENIED,
    "InvalidSecurity": Refusal.CREDENTIALS_REFUSED,
    "KMSAccessDenied": Refusal.KEY_UNUSABLE,
    "KMSDisabled": Refusal.KEY_UNUSABLE,
    "KMSInvalidState": Refusal.KEY_UNUSABLE,
    "KMSNotFound": Refusal.KEY_UNUSABLE,
    "KMSOptInRequired": Refusal.KEY_UNUSABLE,
    "KMSThrottling": Refusal.THROTTLED,
    "InternalException": Refusal.INTERNAL_ERROR,
    "InvalidArgument": Refusal.INVALID_MESSAGE,
    "InvalidParameter": Refusal.INVALID_MESSAGE,
    "ParameterValueInvalid": Refusal.INVALID_MESSAGE,
    "MalformedDetail": Refusal.INVALID_MESSAGE,
    "RedactionFailure": Refusal.INVALID_MESSAGE,
    "BatchRequestTooLong": Refusal.TOO_LARGE,
}
_REASONS: Final[Mapping[Reason, Refusal]] = {
    **{reason: Refusal(reason) for reason in Reason if reason in set(map(str, Refusal))},
    Reason.PROJECT_NOT_FOUND: Refusal.NOT_FOUND,
    Reason.THROUGHPUT_EXCEEDED: Refusal.THROTTLED,
    Reason.INVALID_PARAMETER: Refusal.INVALID_MESSAGE,
    Reason.VALIDATION_FAILED: Refusal.INVALID_MESSAGE,
}
_ROLE_NOT_GIVEN: Final = "check the role, its trust policy, the external id, and that sts:AssumeRole is allowed"
_CREDENTIALS: Final = "see which credentials `aws sts get-caller-identity` finds as the monitor's user"
_IN_THE_WAY: Final = "check endpoint_url, AWS_ENDPOINT_URL, HTTPS_PROXY and what stands between here and AWS"
_HINTS: Final[Mapping[Refusal, str]] = {
    Refusal.NOT_FOUND: "check that {target} exists, and its region and account",
    Refusal.ACCESS_DENIED: "allow {action} on {target} in the IAM policy of the monitor's credentials, and in the "
    "target's own policy if it is another account's",
    Refusal.KEY_UNUSABLE: "let the monitor's credentials use the KMS key of {target} (kms:GenerateDataKey*, "
    "kms:Decrypt), and check that it is enabled",
    Refusal.INVALID_MESSAGE: "this message is refused whatever is done; report it with what AWS says",
    Refusal.TOO_LARGE: "raise the limit of {target}",
    Refusal.THROTTLED: "have the quota of {action} raised if this lasts",
    Refusal.INTERNAL_ERROR: "AWS fails; see https://health.aws.amazon.com",
    Refusal.CREDENTIALS_MISSING: f"give the monitor credentials; {_CREDENTIALS}",
    Refusal.CREDENTIALS_EXPIRED: "renew the credentials; they are read again at the next attempt",
    Refusal.CREDENTIALS_REFUSED: f"check the access key; {_CREDENTIALS}",
    Refusal.CLOCK_SKEWED: "set this machine's clock, and keep it set by NTP",
    Refusal.HOST_UNKNOWN: "check the region, DNS and endpoint_url",
    Refusal.CONNECTION_REFUSED: f"check the network; {_IN_THE_WAY}",
    Refusal.CONNECTION_RESET: f"if this lasts, {_IN_THE_WAY}",
    Refusal.TIMED_OUT: "check the network, firewall and VPC endpoint",
    Refusal.TLS_FAILED: "check AWS_CA_BUNDLE, this machine's clock and endpoint_url",
    Refusal.PROXY_FAILED: "check HTTPS_PROXY, NO_PROXY and the proxy",
    Refusal.RESPONSE_MALFORMED: f"something else than AWS seems to answer: {_IN_THE_WAY}",
    Refusal.HTTP_ERROR: f"something else than AWS seems to answer: {_IN_THE_WAY}",
    Refusal.OTHER: "look the code up in the API reference of {action}",
}


def refusal_of(error: Exception, asked: Asked) -> DeliveryError:
    """The refusal that *error*, raised by a call or while a client was made, stands for."""
    if isinstance(error, ExternalIdError):
        told = f"{asked.operation} to {asked.target} failed: {error}"
        return DeliveryError(told, reason=str(Refusal.CREDENTIALS_MISSING))
    if isinstance(error, ResponseParserError):
        return make_refusal(Refusal.RESPONSE_MALFORMED, one_line(str(error)), asked)
    if not isinstance(error, ClientError):
        refusal = _REASONS.get(meaning_of(error).reason, Refusal.OTHER)
        return make_refusal(refusal, one_line(str(error)) or type(error).__name__, asked)
    code, message = _code_and_message(error)
    if error.operation_name != asked.operation:  # botocore's own, for credentials
        told = one_line(f"{error.operation_name} was refused: {code}: {message}")
        return make_refusal(_without_credentials(code, message), told, asked, hint=_ROLE_NOT_GIVEN)
    return make_refusal(_refusal(code, message), one_line(f"{code}: {message}"), asked)


def refusal_of_entry(code: str, message: str, asked: Asked, *, sender_fault: bool) -> DeliveryError:
    """The refusal of one entry of a batch. A fault of the sender's that nothing is known of is the message's."""
    refusal = _refusal(code, message)
    if refusal is Refusal.OTHER and sender_fault:
        refusal = Refusal.INVALID_MESSAGE
    return make_refusal(refusal, one_line(f"{code}: {message}"), asked)


def make_refusal(refusal: Refusal, message: str, asked: Asked, *, hint: str | None = None) -> DeliveryError:
    """A refusal in words: who refused, what was said, what to do. *message* is clean; *hint* replaces the table's."""
    advice = (hint or _HINTS[refusal]).format(target=asked.target, action=asked.action)
    return DeliveryError(
        f"{asked.operation} to {asked.target} failed: {message}; {advice}",
        reason=str(refusal),
        permanent=refusal in PERMANENT,
    )


def _code_and_message(error: ClientError) -> tuple[str, str]:
    """What AWS said; the HTTP status where it was not AWS that spoke, and botocore found nothing to quote."""
    code, message = code_and_message(error.response)
    if code:
        return code, message
    status = str(error.response["ResponseMetadata"]["HTTPStatusCode"])
    return status, "the answer holds no error of AWS's"


def _refusal(code: str, message: str) -> Refusal:
    if code == "InvalidParameter" and "TopicArn" in message:
        return Refusal.NOT_FOUND  # the topic is of another region, or none: every message would be refused
    return _CODES.get(code) or _REASONS.get(meaning_of_code(code, message).reason, Refusal.OTHER)


def _without_credentials(code: str, message: str) -> Refusal:
    """What a refused exchange of credentials is; whatever is wrong with that request, the message has no part in it."""
    refusal = _refusal(code, message)
    passing = (Refusal.THROTTLED, Refusal.INTERNAL_ERROR, Refusal.CLOCK_SKEWED, *CREDENTIAL_REFUSALS)
    return refusal if refusal in passing else Refusal.CREDENTIALS_REFUSED
