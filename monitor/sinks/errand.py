"""What the sink `apprise` asks of the process that sends, and what that answers: JSON on its standard streams."""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - orjson and readers of the types
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson


class Outcome(StrEnum):
    """What came of it."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    TIMED_OUT = "timed_out"
    ANSWER_TOO_LARGE = "answer_too_large"
    URL_UNUSABLE = "url_unusable"
    NOT_INSTALLED = "not_installed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """One message to send, or with no documents a URL to look at.

    Attributes:
        url: An apprise URL. A secret.
        documents: The CloudEvents of the message.
        markdown: Word them in Markdown, or in plain text; None leaves it to what the service can show.
        longest: Characters of the body, at most; the service may allow fewer.
        title_template, template: Templates of the operator instead of the monitor's own words.
        seconds: To have it done in.
    """

    url: str = field(repr=False)
    documents: tuple[Mapping[str, Any], ...] = ()
    markdown: bool | None = None
    longest: int = 10_000
    title_template: str | None = None
    template: str | None = None
    seconds: float = 30

    def to_json(self) -> bytes:
        return orjson.dumps(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came of an errand.

    Attributes:
        code: The HTTP status of a refusal, where apprise tells it.
    """

    outcome: Outcome
    code: int | None = None

    def to_json(self) -> bytes:
        return orjson.dumps(self)


def read_errand(text: bytes) -> Errand:
    """The errand of a JSON text that `Errand.to_json` made."""
    return Errand(**orjson.loads(text))


def read_answer(text: bytes) -> Answer | None:
    """The answer of a JSON text; None where it is none, because its writer died before or while it wrote."""
    try:
        found = orjson.loads(text)
        return Answer(outcome=Outcome(found["outcome"]), code=found["code"])
    except (orjson.JSONDecodeError, ValueError, KeyError, TypeError):
        return None
