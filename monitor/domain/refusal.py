"""Why AWS did not take an event, in a word."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """The closed set of the label `reason` for sinks that are services of AWS.

    Where the fault is not the sink's but of the way to AWS or of the credentials, the words are those of a failed poll
    (`monitor.domain.fault.Reason`).
    """

    NOT_FOUND = "not_found"
    ACCESS_DENIED = "access_denied"
    KEY_UNUSABLE = "key_unusable"
    INVALID_MESSAGE = "invalid_message"
    TOO_LARGE = "too_large"
    THROTTLED = "throttled"
    INTERNAL_ERROR = "internal_error"
    CREDENTIALS_MISSING = "credentials_missing"
    CREDENTIALS_EXPIRED = "credentials_expired"
    CREDENTIALS_REFUSED = "credentials_refused"
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
