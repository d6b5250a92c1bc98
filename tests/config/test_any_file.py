"""Whatever stands in the file, the answer is a configuration or a refusal in our words."""

from __future__ import annotations

import re
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.config.loading import parse_config
from monitor.errors import ConfigError
from tests.config.examples import ARN

TYPICAL = f"""
poll: &poll {{interval: 5m, jitter: 0.1, workers: 8}}
aws: {{endpoint_url: "http://u:p@h/${{X}}", profile: null}}
web: {{listen: "[::1]:1"}}
projects:
  - &first {{arn: "{ARN}", labels: {{team: a}}, versions: [b]}}
  - {{<<: *first, interval: 1m}}
sinks:
  - {{name: audit, type: file, path: x, types: [appeared], statuses: [RUNNING], enabled: on}}
"""
KEYS = st.sampled_from(
    [
        *("poll", "aws", "web", "log", "state", "projects", "sinks", "accounts", "name", "type", "arn", "labels"),
        *("interval", "types", "versions", "listen", "url", "path", "workers", "<<", ""),
    ]
)
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=8),
    st.dates(),
    st.binary(max_size=3),
    st.sampled_from([ARN, "file", "log", "5m", "${X}", "${", "webhook", "sqlite:///x", "h:1", "http://[", "RUNNING"]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


def problems(text: str) -> tuple[str, ...]:
    """None for a text that is accepted; an error without any is a mistake of its own."""
    try:
        parse_config(text, name="f", environ={"X": "y"})
    except ConfigError as refusal:
        return refusal.problems or ("",)
    return ()


def all_told(told: tuple[str, ...]) -> bool:
    return all(re.match(r"f:\d+: .", problem) for problem in told)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_any_data(data: dict[str, Any]) -> None:
    """Every value of every type at every key."""
    assert all_told(problems(yaml.safe_dump(data)))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab01:-_.,!&*<>[]{}'\"|?#%@`$~ \t\n\\x\x85\ufeff\u2028\0"), max_size=60))
def test_any_characters(text: str) -> None:
    """Every way to write YAML, or what looks like it."""
    assert all_told(problems(text))


@settings(max_examples=200, deadline=None)
@given(
    st.integers(0, len(TYPICAL)),
    st.integers(0, 12),
    st.text(max_size=4) | st.sampled_from([":", "*first", "!!x ", "- "]),
)
def test_any_slip_of_the_hand(at: int, cut: int, put: str) -> None:
    """A typical file with a piece cut out and another put in."""
    assert all_told(problems(TYPICAL[:at] + put + TYPICAL[at + cut :]))
