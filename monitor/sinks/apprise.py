"""The sink `apprise`: a message for people to one of the chat and mail services that apprise knows, by its URL.

What is claimed together becomes one message: the events of one poll are stored in one transaction, so they are, and so
is what piled up while the service was down. Nothing waits for company that may not come.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Final

import orjson

from monitor.errors import DeliveryError
from monitor.sinks.errand import Answer, Errand, Outcome, read_answer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitor.domain.delivery import Message

_GRACE: Final = 5.0
"""Seconds beyond its time that the process may take to start and to end, until it is killed."""

DIED: Final = "helper_died"
_SAID: Final[Mapping[str, str]] = {
    Outcome.REFUSED: "did not accept the message, or cannot be reached; look at the service and at the URL's tokens",
    Outcome.TIMED_OUT: "did not answer in time; look at the network, or give it more with `timeout`",
    Outcome.ANSWER_TOO_LARGE: "answered more than makes sense; look whether the URL leads to the service",
    Outcome.URL_UNUSABLE: "is no URL that apprise takes; compare it with the service's page on https://appriseit.com",
    Outcome.NOT_INSTALLED: "needs apprise: pip install 'rekognition-monitor[chat]'",
    DIED: "was not reached: the process that sends died; look at the system's log, memory and limits",
}
REASONS: Final = tuple(map(str, _SAID))
"""Why a delivery can fail, in the words of the metric's label."""
UNUSABLE: Final = frozenset({str(Outcome.URL_UNUSABLE), str(Outcome.NOT_INSTALLED)})
"""Those that no other time will mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a message is worded.

    Attributes:
        markdown: In Markdown, which apprise turns into the service's own, or in plain text; None for Markdown wherever
            the service can show more than plain text.
        longest: Characters of a message at most; a service may take fewer.
        title_template, template: The operator's own words for the title of a single event and for the text of each.
    """

    markdown: bool | None = None
    longest: int = 10_000
    title_template: str | None = None
    template: str | None = None


@dataclass(kw_only=True)
class AppriseSink:
    """Sends one message for each batch to the service of one URL.

    One URL, because apprise tells only whether all went well: with two, a message that one took and the other refused
    would be sent again to both.

    Attributes:
        url: What apprise sends to. A secret, never shown but for its scheme.
        timeout: Seconds for the whole of one message.
    """

    url: str = field(repr=False)
    style: Style = field(default_factory=Style)
    timeout: float = 30.0
    batch: int = 50

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        """Send one message about all of *messages*.

        Raises DeliveryError, for all, when it was not accepted. None is permanent: a service or a URL can be mended.
        """
        errand = Errand(
            url=self.url,
            documents=tuple(_document(message) for message in messages),
            markdown=self.style.markdown,
            longest=self.style.longest,
            title_template=self.style.title_template,
            template=self.style.template,
            seconds=self.timeout,
        )
        self._do(errand)
        return {}

    def check(self) -> None:
        """Raise DeliveryError when apprise is not installed or cannot use the URL. Nothing is sent."""
        self._do(Errand(url=self.url, seconds=self.timeout))

    def close(self) -> None:
        """Nothing: each message has a process of its own."""

    def _do(self, errand: Errand) -> None:
        answer = ask(errand)
        outcome = DIED if answer is None else answer.outcome
        if outcome != Outcome.ACCEPTED:
            code = f" (it answered {answer.code})" if answer and answer.code else ""
            raise DeliveryError(f"{scheme(errand.url)}:// {_SAID[outcome]}{code}", reason=str(outcome))


def ask(errand: Errand) -> Answer | None:
    """Have *errand* done by a process of its own; None where that dies without an answer.

    A stop of the daemon by the service manager reaches that process too; what it was sending is sent again.
    """
    if find_spec("apprise") is None:
        return Answer(outcome=Outcome.NOT_INSTALLED)
    command = [sys.executable, "-P", "-m", "monitor.sinks.messenger"]  # nothing secret: other users see arguments
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by our own interpreter
            command,
            input=errand.to_json(),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},  # it imports what we would
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=errand.seconds + _GRACE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Answer(outcome=Outcome.TIMED_OUT)
    except OSError:
        return None
    return read_answer(done.stdout)


def scheme(url: str) -> str:
    """The part of an apprise URL that is no secret."""
    return url.partition(":")[0]


def _document(message: Message) -> dict[str, Any]:
    """The event, with the severity of the message: one that stands for several has the highest of theirs."""
    document: dict[str, Any] = orjson.loads(message.document)
    return {**document, "severity": message.severity.word}
