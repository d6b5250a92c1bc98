"""The sink `webhook`: CloudEvents by HTTP POST, signed as Standard Webhooks says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import orjson
from urllib3.util import parse_url

from monitor import __version__
from monitor.errors import DeliveryError
from monitor.sinks import failures
from monitor.sinks.answers import judge
from monitor.sinks.cloudevents import Mode, batched, binary, in_batches, structured, written
from monitor.sinks.lane import FarEnd, tls_context
from monitor.sinks.lanes import Lanes
from monitor.sinks.signing import Signer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from monitor.domain.delivery import Message
    from monitor.sinks.cloudevents import Request
    from monitor.template import Template

REASONS: Final = (
    *failures.REASONS,
    "throttled",
    "server_error",
    "rejected",
    "redirected",
    "gone",
    "template_failed",
)
"""Why a delivery to a webhook can fail, in the words of the metric's label."""

_BATCH: Final = 100
"""Events in one request of the batch mode."""

USER_AGENT: Final = f"rekognition-monitor/{__version__}"


@dataclass(kw_only=True)
class WebhookSink:
    """Posts each event to *url*. A 2xx accepts it; see `answers` for the rest. Safe for several threads.

    Two with the same settings are equal, so that a reload leaves the one that runs alone. Nothing is opened before the
    first message.

    Attributes:
        url: http or https, without user and password.
        mode: How events become requests; a template makes its own.
        keys: Each signs; none for no signature.
        headers: Sent besides those that are made here.
        ca: Certificates (PEM) to verify the far end with, instead of the machine's.
        proxy: URL of the proxy, with its user and password if it wants some.
        timeout: Seconds for a whole attempt, from the name's resolution to the answer.
        connect_timeout: Seconds of it to connect.
        template: Makes the body, of *content_type*, instead of the CloudEvent.
        clock: Aware UTC.
    """

    url: str = field(repr=False)
    mode: Mode = Mode.STRUCTURED
    keys: tuple[bytes, ...] = field(default=(), repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca: str | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)
    timeout: float = 10.0
    connect_timeout: float = 5.0
    template: Template | None = None
    content_type: str = "application/json"
    clock: Callable[[], datetime] = field(compare=False, repr=False)

    def __post_init__(self) -> None:
        """Raises ValueError when *ca* holds no certificates."""
        far_end = FarEnd(
            url=self.url,
            proxy=self.proxy,
            tls=tls_context(self.ca),
            connect_timeout=self.connect_timeout,
            timeout=self.timeout,
            secrets=tuple(_secrets(self.url, self.headers.values())),
        )
        self._name = far_end.name
        self._signer = Signer(self.keys)
        self._lanes = Lanes(far_end)

    @property
    def batch(self) -> int:
        """The most messages that one call takes."""
        return _BATCH if self.mode is Mode.BATCH else 1

    def deliver(self, messages: Sequence[Message]) -> Mapping[int, DeliveryError]:
        """Post the messages; return those that were not accepted."""
        together = self.mode is Mode.BATCH
        return self._deliver_groups(in_batches(messages) if together else [[message] for message in messages])

    def close(self) -> None:
        """Close the connections; the next message opens one again."""
        self._lanes.close()

    def _deliver_groups(self, groups: Iterable[Sequence[Message]]) -> dict[int, DeliveryError]:
        """Each group in a request.

        One that is refused for good goes again message by message: a bad event must not take the others along. After a
        failure that may pass the rest is put off with it, for each would wait as long for the same.
        """
        refused: dict[int, DeliveryError] = {}
        down: DeliveryError | None = None
        for group in groups:
            refusal = down or self._post(group)
            if refusal is None:
                continue
            if refusal.permanent and len(group) > 1:
                refused |= self._deliver_groups([message] for message in group)
                continue
            refused |= {message.position: refusal for message in group}
            down = None if refusal.permanent else refusal
        return refused

    def _post(self, group: Sequence[Message]) -> DeliveryError | None:
        """Send *group*; None when it was accepted."""
        try:
            request = self._request(group)
            headers = {"User-Agent": USER_AGENT, **request.headers, **self.headers}
            signature = self._signer.headers(request, self.clock())
            answer = self._lanes.post(request.body, headers | signature)
        except DeliveryError as error:
            return error
        return judge(answer, self._name, self.clock())

    def _request(self, group: Sequence[Message]) -> Request:
        if self.mode is Mode.BATCH:
            return batched(group)
        (message,) = group
        if self.template is not None:
            return written(message, self._rendered(message, self.template), self.content_type)
        return binary(message) if self.mode is Mode.BINARY else structured(message)

    def _rendered(self, message: Message, template: Template) -> str:
        try:
            return template.render(orjson.loads(message.document))
        except ValueError as error:
            told = f"the template fails on this event: {error}; correct it, then retry the delivery"
            raise DeliveryError(told, reason="template_failed", permanent=True) from error


def _secrets(url: str, headers: Iterable[str]) -> Iterator[str]:
    """What an answer may quote and an error must not: the path of the URL, and headers, also without their scheme."""
    parts = parse_url(url)
    yield parts.request_uri
    yield parts.path or ""
    for value in headers:
        yield value
        yield value.rpartition(" ")[2]
