from __future__ import annotations

from monitor.domain.fault import Reason, Scope


def test_the_reasons_are_a_closed_set_of_words() -> None:
    """The metric's label and the alert rules of operators hold on to these words."""
    assert [reason.value for reason in Reason] == [
        "project_not_found",
        "access_denied",
        "invalid_parameter",
        "validation_failed",
        "pagination_token_invalid",
        "pagination_token_repeated",
        "internal_error",
        "throttled",
        "throughput_exceeded",
        "credentials_missing",
        "credentials_expired",
        "credentials_refused",
        "account_mismatch",
        "clock_skewed",
        "host_unknown",
        "connection_refused",
        "connection_reset",
        "timed_out",
        "tls_failed",
        "proxy_failed",
        "response_malformed",
        "http_error",
        "other",
    ]


def test_the_scopes_are_the_words_of_the_events() -> None:
    """An event says whether a fault is one project's, its account and region's, or only of the list of projects."""
    assert [scope.value for scope in Scope] == ["project", "endpoint", "discovery"]
