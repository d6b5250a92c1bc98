from __future__ import annotations

from datetime import UTC, datetime

import pytest
from starlette.datastructures import Headers, QueryParams

from monitor.web.api import parameters
from monitor.web.api.asked import Asked, RefusedParametersError, parse_moment, read_header
from monitor.web.api.parameters import FOR_EVENTS, FOR_VERSIONS, Parameter
from tests.builders import T0, at

TIMES = "it has to be a time (2026-11-21T18:00:00Z), a date (2026-11-21) or a duration back from now (30m, 2h, 7d)"
TYPES = "it has to be a type of event or its last part, as in status_changed"
POSITIONS = "it has to be a whole number from 0 to 9223372036854775807"


@pytest.mark.parametrize(
    ("query", "problems"),
    [
        ("after=-1", [("after", f"after is '-1': {POSITIONS}")]),
        ("after=9223372036854775808", [("after", f"after is '9223372036854775808': {POSITIONS}")]),
        ("limit=0", [("limit", "limit is '0': it has to be a whole number from 1 to 1000")]),
        ("limit=1001", [("limit", "limit is '1001': it has to be a whole number from 1 to 1000")]),
        ("limit=ten", [("limit", "limit is 'ten': it has to be a whole number from 1 to 1000")]),
        ("limit=", [("limit", "limit is '': it has to be a whole number from 1 to 1000")]),
        ("limit=%D9%A3", [("limit", "limit is '٣': it has to be a whole number from 1 to 1000")]),
        ("limit=1&limit=2", [("limit", "limit is given 2 times: it may be given once")]),
        ("project=a" + "&project=a" * 50, [("project", "project is given 51 times: it may be given at most 50 times")]),
        ("account=1", [("account", "account is '1': it has to be an account id, 12 digits")]),
        ("region=US", [("region", "region is 'US': it has to be the name of a region, as in us-east-1")]),
        ("label=team", [("label", "label is 'team': it has to be NAME=VALUE")]),
        ("label==vision", [("label", "label is '=vision': it has to be NAME=VALUE")]),
        ("type=changed", [("type", f"type is 'changed': {TYPES}")]),
        ("severity=bad", [("severity", "severity is 'bad': it has to be info, warning, error or critical")]),
        ("stream=yes", [("stream", "stream is 'yes': it has to be true or false")]),
        ("since=tomorrow", [("since", f"since is 'tomorrow': {TIMES}")]),
        ("since=1h30m", [("since", f"since is '1h30m': {TIMES}")]),
        ("until=", [("until", f"until is '': {TIMES}")]),
        ("text=", [("text", "text is '': it has to be 1 to 256 characters")]),
        (
            "order=up&severity=",
            [
                ("severity", "severity is '': it has to be info, warning, error or critical"),
                ("order", "order is 'up': it has to be oldest or newest"),
            ],
        ),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(query: str, problems: list[tuple[str, str]]) -> None:
    """All of it at once, each with the parameter's name and what it has to be."""
    with pytest.raises(RefusedParametersError) as caught:
        Asked(QueryParams(query), FOR_EVENTS, T0)
    assert tuple(problems) == caught.value.problems


@pytest.mark.parametrize(("known", "there"), [((parameters.LIMIT,), "limit"), ((), "none")])
def test_an_unknown_parameter_is_refused(known: tuple[Parameter, ...], there: str) -> None:
    """A typing error is not taken for "no condition"."""
    with pytest.raises(RefusedParametersError, match=f"^limits is no parameter here; there are {there}$"):
        Asked(QueryParams("limits=1"), known, T0)


def test_what_is_given_is_read() -> None:
    """Each by its kind; several values, and the defaults of what is left out."""
    asked = Asked(QueryParams("project=a&project=b*&limit=5"), FOR_VERSIONS, T0, {"arn": "x"})
    assert (("a", "b*"), (), 5, None, "x") == (
        asked.texts(parameters.PROJECT),
        asked.texts(parameters.VERSION),
        asked.number(parameters.VERSIONS_LIMIT),
        asked.text(parameters.AFTER_ARN),
        asked.path(parameters.ARN),
    )


def test_what_is_not_given_has_a_default() -> None:
    """Or is nothing."""
    asked = Asked(QueryParams(""), FOR_EVENTS, T0)
    assert (100, None, False, None) == (
        asked.number(parameters.LIMIT),
        asked.number(parameters.AFTER),
        asked.flag(parameters.STREAM),
        asked.moment(parameters.SINCE),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2h", at(-120)),
        ("2026-11-21", datetime(2026, 11, 21, tzinfo=UTC)),
        ("2026-11-21T18:00:00Z", T0),
        ("2026-11-21t18:00:00z", T0),
        ("2026-11-21T18:00:00", T0),
        ("2026-11-21T19:00:00.250+01:00", at(seconds=0.25)),
        ("2026-11-21T19:00:00 01:00", T0),
        ("999999999d", datetime.min.replace(tzinfo=UTC)),
        ("0001-01-01T00:00:00+12:00", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59-12:00", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_times_are_read(text: str, expected: datetime) -> None:
    """Durations back from now, dates, times; UTC unless they say otherwise, and never beyond the calendar."""
    assert expected == parse_moment(text, T0)


@pytest.mark.parametrize(
    ("given", "expected"), [({}, None), ({"last-event-id": ""}, None), ({"Last-Event-ID": "7"}, 7)]
)
def test_where_a_stream_goes_on(given: dict[str, str], expected: int | None) -> None:
    """A browser that has seen nothing yet sends nothing, or an empty id."""
    assert expected == read_header(Headers(given), parameters.LAST_EVENT_ID)


def test_a_position_that_is_none_is_refused() -> None:
    """In a header as in the address."""
    with pytest.raises(RefusedParametersError, match="Last-Event-ID is 'x'"):
        read_header(Headers({"Last-Event-ID": "x"}), parameters.LAST_EVENT_ID)
