from __future__ import annotations

import pytest

from monitor.config.templates import check_template, is_json

UNREACHABLE = "rekognition.project.unreachable"
APPEARED = "rekognition.project_version.appeared"
ADVICE = "give it a default(…) or ask with {% if %}, or leave the type out by `types`"
FILTER = "put texts through the filter tojson, or set another content_type"
AT = "Expecting ',' delimiter: line 1 column 26 (char 25)"
CHANGED = "rekognition.project_version.status_changed"


@pytest.mark.parametrize(
    ("text", "types", "content_type"),
    [
        ("{{ data.summary }}", (), "text/plain"),
        ('{"text": {{ data.summary | tojson }}}', (), "application/json"),
        ("{{ data.version.name }}", (CHANGED,), "text/plain"),
        ("{% if data.version is defined %}{{ data.version.name }}{% endif %}", (), "text/plain"),
    ],
)
def test_accepts_what_renders_every_event_it_gets(text: str, types: tuple[str, ...], content_type: str) -> None:
    """Events that the sink does not get need not fit."""
    assert text == check_template(text, types=types, content_type=content_type)


@pytest.mark.parametrize(
    ("text", "content_type", "told"),
    [
        ("{{ data.summary }", "text/plain", "is not a template: line 1: unexpected '}'"),
        (
            "{{ data.version.name }}",
            "text/plain",
            f"fails on an event of type {UNREACHABLE}: line 1: 'dict object' has no attribute 'version': {ADVICE}",
        ),
        (
            "{{ data.project.name }}",
            "text/plain",
            f"fails on an event of type {UNREACHABLE}: line 1: 'None' has no attribute 'name': {ADVICE}",
        ),
        (
            '{"text": "{{ data.version.status_message | default(data.summary) }}"}',
            "application/json",
            f"makes no JSON of an event of type {APPEARED}: {AT}: {FILTER}",
        ),
    ],
)
def test_refuses_what_would_fail_later(text: str, content_type: str, told: str) -> None:
    """A name that some events do not have, and a text of AWS's that ends a JSON string."""
    with pytest.raises(ValueError, match=r"is not|fails|makes") as refusal:
        check_template(text, content_type=content_type)
    assert told == str(refusal.value)


@pytest.mark.parametrize(
    ("content_type", "expected"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/cloudevents+json", True),
        ("text/plain", False),
        ("application/jsonl", False),
    ],
)
def test_tells_json_by_its_type(content_type: str, expected: bool) -> None:  # noqa: FBT001 - what is expected
    """By the type and its suffix, not by its parameters."""
    assert expected is is_json(content_type)
