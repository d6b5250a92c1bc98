"""A failed poll, classified: what it means, whether to ask again soon, what the operator can do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum


class Reason(StrEnum):
    """Why a poll failed, in a word; the closed set of the metric's `reason` label."""

    PROJECT_NOT_FOUND = "project_not_found"
    ACCESS_DENIED = "access_denied"
    INVALID_PARAMETER = "invalid_parameter"
    VALIDATION_FAILED = "validation_failed"
    PAGINATION_TOKEN_INVALID = "pagination_token_invalid"  # noqa: S105 - no password
    PAGINATION_TOKEN_REPEATED = "pagination_token_repeated"  # noqa: S105 - no password
    INTERNAL_ERROR = "internal_error"
    THROTTLED = "throttled"
    THROUGHPUT_EXCEEDED = "throughput_exceeded"
    CREDENTIALS_MISSING = "credentials_missing"
    CREDENTIALS_EXPIRED = "credentials_expired"
    CREDENTIALS_REFUSED = "credentials_refused"
    ACCOUNT_MISMATCH = "account_mismatch"
    CLOCK_SKEWED = "clock_skewed"
    HOST_UNKNOWN = "host_unknown"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_RESET = "connection_reset"
    TIMED_OUT = "timed_out"
    TLS_FAILED = "tls_failed"
    PROXY_FAILED = "proxy_failed"
    RESPONSE_MALFORMED = "response_malformed"
    HTTP_ERROR = "http_error"
    OTHER = "other"


class Scope(Enum):
    """What a fault can be the fault of."""

    PROJECT = "project"
    ENDPOINT = "endpoint"  # every project of one account in one region
    DISCOVERY = "discovery"  # the list of projects of one account in one region


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One failed poll.

    Attributes:
        reason: The class of it.
        message: What AWS or the network said, one line, nothing secret.
        hint: What the operator can do.
        scope: What it may be the fault of.
        soon: Asking again soon may help.
        code: AWS's error code, where it gave one.
        request_id: AWS's request id, where it gave one.
    """

    reason: Reason
    message: str
    hint: str
    scope: Scope
    soon: bool
    code: str | None = None
    request_id: str | None = None
