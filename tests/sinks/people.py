"""What people are told, as golden texts: each type of event, the moves that need words, and what is meant to harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from monitor.domain.events import Window, disappeared, status_changed, updated
from monitor.domain.flapping import FlappingPolicy, Spell, opening, summed_up
from monitor.domain.lifecycle import classify
from monitor.domain.status import parse_status
from monitor.domain.trial import trial_message
from monitor.sinks.forms import compose, title_of
from monitor.sinks.words import note
from tests import builders
from tests.event_examples import examples
from tests.fakes_outbox import a_message

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.delivery import Message
    from monitor.domain.events import Event
    from monitor.sinks.words import Note

PLENTY: Final = 100_000
"""Characters, more than any message here has."""

HOSTILE: Final = (
    "@everyone <!channel> <@U1> <users/all> **bold** _it_ `code` ~~gone~~ ||spoiler|| [click](https://evil.example) "
    "<b>html</b> <script>alert(1)</script> &lt;at&gt; \u202eright to left\u202c\n"
    "Subject: forged\r\n\x1b[31mred # no heading"
)
"""A message that tries what chat and mail services act upon."""

_WINDOW: Final = Window(after=builders.at(0), by=builders.at(5))


def moved(before: str, after: str, *, changed: Mapping[str, Any] | None = None, **fields: Any) -> Event:
    """A version's change of status, with these fields."""
    name, project = fields.pop("name", "prod-7"), fields.pop("project", None) or builders.project()
    arn = builders.version_arn(name, of=project.arn)
    tracked = builders.tracked(builders.version(name, after, arn=arn, **fields), since=builders.at(4), sequence=3)
    return status_changed(
        project, tracked, _WINDOW, classify(parse_status(before), parse_status(after)), dict(changed or {})
    )


def stories() -> dict[str, Sequence[Mapping[str, Any]]]:
    """The documents of each message, by the name of its golden file."""
    typed = {name.removeprefix("rekognition.").replace(".", "-"): [document] for name, document in examples().items()}
    more = {name: [event.document for event in events] for name, events in _more().items()}
    made = {name: [orjson.loads(message.document)] for name, message in _made().items()}
    return {**typed, **more, **made}


def golden_texts() -> dict[str, str]:
    """The title and the text of each message, by the name of its file, in both forms."""
    return {
        f"{name}.{ending}": _page([note(each) for each in documents], markdown=markdown)
        for name, documents in stories().items()
        for ending, markdown in (("txt", False), ("md", True))
    }


def _page(notes: Sequence[Note], *, markdown: bool) -> str:
    title = title_of(notes)
    return f"{title}\n{'-' * len(title)}\n{compose(notes, markdown=markdown, longest=PLENTY)}\n"


def _made() -> dict[str, Message]:
    """What is made of events on their way to people."""
    policy = FlappingPolicy()
    circle = [("RUNNING", "STOPPING"), ("STOPPING", "STOPPED"), ("STOPPED", "STARTING"), ("STARTING", "RUNNING")]
    messages = [a_message(moved(*pair), position) for position, pair in enumerate(circle * 3)]
    spell = Spell(opening=0, last=len(messages) - 1, calm_at=builders.at(15))
    return {
        "flapping-begins": opening(messages[0], policy),
        "flapping-ended": summed_up(messages, spell, builders.at(15)),
        "test": trial_message(builders.at(0), "00000000"),
    }


def _more() -> dict[str, Sequence[Event]]:
    long_name = "a" * 250
    running = moved("STARTING", "RUNNING", min_inference_units=1, max_inference_units=3)
    failed = moved("TRAINING_IN_PROGRESS", "TRAINING_FAILED", status_message="The manifest file has too few labels.")
    gone = builders.tracked(builders.version("prod-7", "RUNNING"), at_least=True, sequence=4)
    changed = builders.tracked(builders.version("prod-8", "STOPPED", status_message=HOSTILE), sequence=4)
    long_project = builders.project(builders.project_arn(f"{long_name}-shop"))
    return {
        "running": [running],
        "training-failed": [failed],
        "training-again": [
            moved("TRAINING_IN_PROGRESS", "TRAINING_COMPLETED", f1_score=0.93, changed={"f1_score": [0.9, 0.93]})
        ],
        "skipped": [moved("STOPPED", "RUNNING")],
        "unexpected": [moved("TRAINING_FAILED", "RUNNING")],
        "unknown-status": [moved("RUNNING", "HIBERNATING")],
        "gone-while-running": [disappeared(builders.project(), gone, _WINDOW)],
        "hostile": [moved("STARTING", "FAILED", status_message=HOSTILE)],
        "hostile-change": [
            updated(builders.project(), changed, _WINDOW, {"status_message": [None, HOSTILE], "*extra*": [1, {"a": 2}]})
        ],
        "hostile-names": [moved("STARTING", "FAILED", name="__init__._x_.-_-", status_message="x")],
        "long-names": [moved("STARTING", "FAILED", name=f"{long_name}-v1", project=long_project)],
        "batch": [running, failed, moved("STOPPING", "STOPPED", name="prod-6")],
    }
