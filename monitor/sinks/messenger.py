"""One message through apprise, in a process of its own: `python -m monitor.sinks.messenger`.

apprise's services bound each wait on a socket, not the whole: a server that sends a byte now and then, or one without
end, would hold a thread for ever and fill the daemon's memory. A thread cannot be ended and a process can. This one
ends by itself when its time is up or its memory runs over. What apprise and the libraries below it log, URLs and all,
goes to its standard error, which nobody reads.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Final

import apprise

from monitor.domain.severity import Severity
from monitor.sinks.errand import Answer, Errand, Outcome, read_errand
from monitor.sinks.wording import word

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

MEMORY: Final = 256 * 1024 * 1024
"""Bytes that the process may grow by; apprise with a service takes some 40 MiB."""

_LOOK_EVERY: Final = 0.1
"""Seconds, in which a gigabit a second brings 12 MB."""
_CODE: Final = re.compile(r"\berror=(\d{3})\b")
"""How apprise's services log the HTTP status of a refusal. The rest of what they log may hold secrets."""
_KINDS: Final = {
    Severity.INFO: apprise.NotifyType.INFO,
    Severity.WARNING: apprise.NotifyType.WARNING,
    Severity.ERROR: apprise.NotifyType.FAILURE,
    Severity.CRITICAL: apprise.NotifyType.FAILURE,
}


def main() -> None:
    """Do the errand of the standard input, and answer on the standard output."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # from a terminal it reaches the daemon too, which decides
    errand = read_errand(sys.stdin.buffer.read())
    _guard(time.monotonic() + errand.seconds, _memory() + MEMORY)
    _end(run(errand))


def run(errand: Errand) -> Answer:
    """Send the errand's message, or only look at its URL where there is none."""
    service = apprise.Apprise.instantiate(errand.url, asset=_asset())
    if service is None:
        return Answer(outcome=Outcome.URL_UNUSABLE)
    if not errand.documents:
        return Answer(outcome=Outcome.ACCEPTED)
    _bind(service, errand.seconds)
    return _send(service, errand)


def _asset() -> apprise.AppriseAsset:
    """How this monitor wants apprise: nothing on the disk, no redirects, no pictures of words, no threads."""
    return apprise.AppriseAsset(
        app_id="rekognition-monitor",
        app_desc="Amazon Rekognition project versions",
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        pgp_autogen=False,
        pem_autogen=False,
        http_redirects=False,
        interpret_emojis=False,
        async_mode=False,
        service_timeout=0,
        timezone=UTC,
        language="en",
    )


def _bind(service: apprise.NotifyBase, seconds: float) -> None:
    """Overrule what a URL can ask for and the outbox does: waits, retries, and failures that count for none."""
    service.socket_connect_timeout = service.socket_read_timeout = seconds
    service.retry = 0
    service.optional = False
    if service.overflow_mode == apprise.OverflowMode.UPSTREAM:
        service.overflow_mode = apprise.OverflowMode.TRUNCATE


def _send(service: apprise.NotifyBase, errand: Errand) -> Answer:
    markdown = _shows_markup(service) if errand.markdown is None else errand.markdown
    form = word(errand, markdown=markdown, longest=min(errand.longest, service.body_maxlen), blended=_blends(service))
    sender = apprise.Apprise(asset=service.asset)
    sender.add(service)
    result = sender.notify(
        title=form.title,
        body=form.body,
        body_format=apprise.NotifyFormat.MARKDOWN if markdown else apprise.NotifyFormat.TEXT,
        notify_type=_KINDS[max(Severity.parse(document["severity"]) for document in errand.documents)],
    )
    if result:
        return Answer(outcome=Outcome.ACCEPTED)
    codes = [int(found[1]) for entry in result.logs() if (found := _CODE.search(entry.message))]
    return Answer(outcome=Outcome.REFUSED, code=codes[-1] if codes else None)


def _shows_markup(service: apprise.NotifyBase) -> bool:
    """Whether the service has more than plain text; Markdown is turned into HTML where it wants that."""
    formats: str | Sequence[str] = service.notify_format  # one, or several
    return any(each != apprise.NotifyFormat.TEXT for each in ((formats,) if isinstance(formats, str) else formats))


def _blends(service: apprise.NotifyBase) -> bool:
    """Whether the title takes its room from the body, because the service has no titles or counts both."""
    return service.title_maxlen <= 0 or service.overflow_amalgamate_title


def _guard(deadline: float, memory: int) -> None:
    """End the process when the time is up or the memory runs over, whatever it is doing."""

    def look(_signal: int, _frame: FrameType | None) -> None:
        if time.monotonic() > deadline:
            _end(Answer(outcome=Outcome.TIMED_OUT))
        if _memory() > memory:
            _end(Answer(outcome=Outcome.ANSWER_TOO_LARGE))

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, _LOOK_EVERY, _LOOK_EVERY)


def _memory() -> int:
    """Bytes of this process in memory now. The system's peak will not do: it begins with the parent's."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _end(answer: Answer) -> None:
    """Answer and be gone, without waiting for threads that a service may have left."""
    os.write(sys.stdout.fileno(), answer.to_json())
    os._exit(0)


if __name__ == "__main__":
    main()
