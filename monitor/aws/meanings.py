"""The table of everything that AWS or the way to it can answer instead of a listing. The first row that fits counts.

Sources: Amazon Rekognition API Reference, DescribeProjectVersions and "Common Errors"; Amazon Rekognition Developer
Guide, "Error handling"; botocore.exceptions and the codes that botocore's retries know.
"""

from __future__ import annotations

from socket import gaierror
from typing import Final

from botocore import exceptions
from botocore.parsers import ResponseParserError
from urllib3.exceptions import NameResolutionError

from monitor.aws.meaning import ANY, Meaning
from monitor.aws.trouble import CredentialFileError, WrongAccountError
from monitor.domain.fault import Reason, Scope

OPERATION: Final = "DescribeProjectVersions"
ACTION: Final = f"rekognition:{OPERATION}"


_CREDENTIALS: Final = (
    "`aws sts get-caller-identity`, run as the monitor's user with its environment, shows which credentials it finds; "
    "a role of the instance or task, `aws.profile` or AWS_PROFILE, and AWS_ACCESS_KEY_ID are looked for"
)
_SKEW: Final = (
    "Set this machine's clock and keep it set by NTP (`timedatectl status`): AWS takes a signature for five minutes."
)
_LOGIN: Final = (
    "Renew the credentials: `aws sso login` or `aws login` with the monitor's profile, or a new session token. They "
    "are read again at the next poll."
)
_IN_THE_WAY: Final = (
    "look at `aws.endpoint_url`, AWS_ENDPOINT_URL, HTTPS_PROXY and NO_PROXY, and at what stands between this machine "
    "and AWS (a proxy, a sign-in page, a load balancer)"
)

CREDENTIALS_NOT_GIVEN: Final = Meaning(
    reason=Reason.CREDENTIALS_REFUSED,
    hint=f"The credentials that the monitor has may not be exchanged for those of account {{account}}: check the role, "
    f"its trust policy with the external id (`external_id_file`), and `sts:AssumeRole`. {_CREDENTIALS}.",
)
"""Of an operation that botocore calls for credentials: AssumeRole, GetRoleCredentials and their like."""

MEANINGS: Final = (
    # What AWS says of the project.
    Meaning(
        reason=Reason.PROJECT_NOT_FOUND,
        scope=Scope.PROJECT,
        codes=("ResourceNotFoundException",),
        hint="There is no {arn}: it was deleted, or deleted and made again under another ARN, or the account or region "
        "is another one. `aws rekognition describe-projects --region {region}` lists the ARNs that there are; correct "
        "`projects` in the configuration.",
    ),
    Meaning(
        reason=Reason.INVALID_PARAMETER,
        scope=Scope.PROJECT,
        codes=("InvalidParameterException", "InvalidParameterValue", "MissingParameter"),
        errors=(exceptions.ParamValidationError,),
        hint="AWS refuses the request for {arn}: compare that ARN, letter by letter, with the one that "
        "`aws rekognition describe-projects --region {region}` shows.",
    ),
    Meaning(
        reason=Reason.VALIDATION_FAILED,
        scope=Scope.PROJECT,
        codes=("ValidationException", "ValidationError", "SerializationException", "MalformedQueryString"),
        hint="AWS refuses the form of the request for {arn}: compare that ARN with the one that "
        "`aws rekognition describe-projects --region {region}` shows; if they are the same, report this with its "
        "request id.",
    ),
    Meaning(
        reason=Reason.PAGINATION_TOKEN_INVALID,
        scope=Scope.PROJECT,
        soon=True,
        codes=("InvalidPaginationTokenException",),
        hint="AWS refused its own page tokens for {arn} although the listing was begun again; if this lasts, report it "
        "to AWS with its request id.",
    ),
    Meaning(
        reason=Reason.PAGINATION_TOKEN_REPEATED,
        scope=Scope.PROJECT,
        soon=True,
        hint="AWS gave the same page of {arn} again and again, so that the listing has no end; if this lasts, report "
        "it to AWS with its request id.",
    ),
    # What AWS says of the caller.
    Meaning(
        reason=Reason.CLOCK_SKEWED,
        codes=("InvalidSignatureException", "SignatureDoesNotMatch", "AccessDeniedException", "AccessDenied"),
        said=("Signature expired", "not yet current", "Signature not yet"),
        hint=_SKEW,
    ),
    Meaning(
        reason=Reason.CLOCK_SKEWED,
        codes=("RequestExpired", "RequestTimeTooSkewed", "RequestInTheFuture"),
        hint=_SKEW,
    ),
    Meaning(
        reason=Reason.ACCESS_DENIED,
        codes=(
            "AccessDeniedException",
            "AccessDenied",
            "NotAuthorized",
            "UnauthorizedOperation",
            "UnauthorizedException",
            "OptInRequired",
            "SubscriptionRequiredException",
        ),
        hint="Allow {action} on {arn} in the IAM policy of the credentials that the monitor uses in account {account}; "
        "if it is allowed there, a permissions boundary, a session policy or a service control policy denies it.",
    ),
    Meaning(
        reason=Reason.ACCESS_DENIED,
        codes=("401", "403"),
        said=("not authorized", "Forbidden by policy", "AccessDenied"),
        hint="Allow {action} on {arn} in the IAM policy of the credentials that the monitor uses in account {account}, "
        "and in the policy of the VPC endpoint if the calls go through one.",
    ),
    Meaning(
        reason=Reason.ACCOUNT_MISMATCH,
        errors=(WrongAccountError,),
        hint="Nothing was asked there. Let `account` of the project name the entry of `accounts` that is for account "
        "{account}, or give that entry a role or profile of that account; `aws sts get-caller-identity` says whose "
        "credentials there are.",
    ),
    Meaning(
        reason=Reason.CREDENTIALS_MISSING,
        errors=(CredentialFileError,),
        hint="Make the file that the setting of `accounts` names, readable for the monitor's user; it is read again "
        "whenever the role is assumed.",
    ),
    Meaning(
        reason=Reason.CREDENTIALS_EXPIRED,
        codes=("ExpiredTokenException", "ExpiredToken", "TokenRefreshRequired", "IDPExpiredToken"),
        errors=(
            exceptions.TokenRetrievalError,
            exceptions.UnauthorizedSSOTokenError,
            exceptions.SSOTokenLoadError,
            exceptions.SSOError,
            exceptions.LoginError,
            exceptions.RefreshWithMFAUnsupportedError,
        ),
        hint=_LOGIN,
    ),
    Meaning(
        reason=Reason.CREDENTIALS_EXPIRED,
        errors=(RuntimeError,),
        said=("refreshed credentials are still expired",),
        hint=_LOGIN,
    ),
    Meaning(
        reason=Reason.CREDENTIALS_REFUSED,
        codes=(
            "UnrecognizedClientException",
            "InvalidClientTokenId",
            "InvalidAccessKeyId",
            "InvalidSignatureException",
            "SignatureDoesNotMatch",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "AuthFailure",
            "InvalidToken",
            "InvalidIdentityToken",
            "IDPRejectedClaim",
            "RegionDisabledException",
        ),
        hint="AWS does not accept this access key: check that it is active, that the secret key belongs to it, and "
        f"that region {{region}} is enabled in account {{account}}. {_CREDENTIALS}.",
    ),
    Meaning(
        reason=Reason.CREDENTIALS_MISSING,
        soon=True,
        errors=(exceptions.CredentialRetrievalError, exceptions.MetadataRetrievalError, ResponseParserError),
        hint=f"The place where the credentials come from did not give them. {_CREDENTIALS}.",
    ),
    Meaning(
        reason=Reason.TLS_FAILED,
        errors=(exceptions.InvalidConfigError, exceptions.HTTPClientError),
        said=("CA bundle", "CA certificate"),
        hint="The file of trusted certificates cannot be used: check AWS_CA_BUNDLE, REQUESTS_CA_BUNDLE and `ca_bundle` "
        "of the profile.",
    ),
    Meaning(
        reason=Reason.CREDENTIALS_MISSING,
        errors=(
            exceptions.NoCredentialsError,
            exceptions.NoAuthTokenError,
            exceptions.PartialCredentialsError,
            exceptions.ProfileNotFound,
            exceptions.ConfigNotFound,
            exceptions.ConfigParseError,
            exceptions.InvalidConfigError,
            exceptions.UnknownCredentialError,
            exceptions.MissingDependencyException,
        ),
        hint=f"Give the monitor credentials. {_CREDENTIALS}.",
    ),
    # What AWS says of itself.
    Meaning(
        reason=Reason.THROUGHPUT_EXCEEDED,
        soon=True,
        codes=("ProvisionedThroughputExceededException",),
        hint="The calls of everybody in account {account} and region {region} together are more than its quota; the "
        "monitor has halved its own. Lower `aws.max_calls_per_second`, or have the quota raised.",
    ),
    Meaning(
        reason=Reason.THROTTLED,
        soon=True,
        codes=(
            *("ThrottlingException", "Throttling", "ThrottledException", "RequestThrottled"),
            *("RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded"),
            *("LimitExceededException", "BandwidthLimitExceeded", "SlowDown", "429"),
        ),
        hint="The calls of everybody in account {account} and region {region} together are more than AWS's quota for "
        "DescribeProjectVersions (5 a second unless raised, L-12019FB0); the monitor has halved its own. Lower "
        "`aws.max_calls_per_second`, lengthen `poll.interval`, or have the quota raised.",
    ),
    Meaning(
        reason=Reason.INTERNAL_ERROR,
        soon=True,
        codes=(
            "InternalServerError",
            "InternalFailure",
            "InternalError",
            "InternalServerException",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "ServiceException",
            "RequestTimeout",
            "RequestTimeoutException",
            "IDPCommunicationError",
            "500",
            "502",
            "503",
            "504",
        ),
        hint="AWS fails; see https://health.aws.amazon.com. If it lasts for {name} alone, a training there may have "
        "failed by AWS's fault: look at it in the console.",
    ),
    # What the way to AWS says.
    Meaning(
        reason=Reason.TLS_FAILED,
        errors=(exceptions.SSLError,),
        hint="The certificate of the endpoint is not trusted, or the connection is not TLS: check AWS_CA_BUNDLE (a "
        "proxy that opens TLS needs its own authority there), this machine's clock, and `aws.endpoint_url`.",
    ),
    Meaning(
        reason=Reason.PROXY_FAILED,
        soon=True,
        errors=(exceptions.ProxyConnectionError, exceptions.InvalidProxiesConfigError),
        hint="The proxy does not do its part: check HTTPS_PROXY, HTTP_PROXY and NO_PROXY, and the proxy.",
    ),
    Meaning(
        reason=Reason.HOST_UNKNOWN,
        soon=True,
        errors=(gaierror, NameResolutionError),
        hint="The name of the endpoint is not found: check that Rekognition exists in region {region}, this machine's "
        "DNS, and `aws.endpoint_url` or AWS_ENDPOINT_URL if set.",
    ),
    Meaning(
        reason=Reason.HOST_UNKNOWN,
        errors=(
            exceptions.UnknownRegionError,
            exceptions.InvalidRegionError,
            exceptions.BaseEndpointResolverError,
            exceptions.EndpointProviderError,
        ),
        hint="botocore knows no endpoint of Rekognition for region {region}: check the region in {arn}.",
    ),
    Meaning(
        reason=Reason.HOST_UNKNOWN,
        errors=(ValueError,),
        said=("Invalid endpoint", "Failed to parse"),
        hint="The address to ask is none: check `aws.endpoint_url` and AWS_ENDPOINT_URL.",
    ),
    Meaning(
        reason=Reason.TIMED_OUT,
        soon=True,
        errors=(exceptions.ConnectTimeoutError, exceptions.ReadTimeoutError),
        hint="AWS did not answer in time: check the network, firewall and VPC endpoint; `aws.connect_timeout` and "
        "`aws.read_timeout` say how long is waited.",
    ),
    Meaning(
        reason=Reason.CONNECTION_RESET,
        soon=True,
        errors=(exceptions.ConnectionClosedError, exceptions.ResponseStreamingError),
        hint=f"The connection was closed in the middle; if this lasts, {_IN_THE_WAY}.",
    ),
    Meaning(
        reason=Reason.CONNECTION_REFUSED,
        soon=True,
        errors=(exceptions.EndpointConnectionError,),
        hint=f"Nothing can be reached at the endpoint's address: check the network and firewall, and {_IN_THE_WAY}.",
    ),
    # What is no answer of Rekognition's.
    Meaning(
        reason=Reason.RESPONSE_MALFORMED,
        soon=True,
        hint=f"Something other than Rekognition seems to answer, or its answer is cut off: {_IN_THE_WAY}.",
    ),
    Meaning(
        reason=Reason.HTTP_ERROR,
        codes=tuple(str(status) for status in range(300, 600)),
        errors=(exceptions.HTTPClientError, exceptions.ConnectionError),
        hint=f"Something other than Rekognition seems to answer: {_IN_THE_WAY}.",
    ),
    Meaning(
        reason=Reason.OTHER,
        scope=Scope.PROJECT,
        codes=ANY,
        errors=(BaseException,),
        hint="The monitor has no advice for this error; look its code up in the Amazon Rekognition API Reference.",
    ),
)
