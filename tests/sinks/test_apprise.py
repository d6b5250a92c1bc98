"""The sink `apprise` against real far ends: apprise's own JSON and mail services, and servers on loopback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from monitor.dispatcher import Dispatcher, Terms
from monitor.domain.delivery import OutboxStats
from monitor.domain.severity import Severity
from monitor.errors import DeliveryError
from monitor.sinks.apprise import REASONS, AppriseSink, Style, scheme
from tests.dispatcher.fakes import DEADLINE, World
from tests.fakes_outbox import a_message, an_event
from tests.sinks.listeners import Silent
from tests.sinks.mail import mail_server
from tests.sinks.people import HOSTILE, moved
from tests.sinks.receiver import Receiver, drip, pour, reply

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.sinks.receiver import Handler

FAILED = a_message(moved("STARTING", "FAILED", status_message=HOSTILE), 1)
STOPPED = a_message(moved("STOPPING", "STOPPED", name="prod-6"), 2)

SECRET = "hunter2"
OK_HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def url_of(receiver: Receiver | Silent, more: str = "") -> str:
    """An apprise URL that leads there, with a password in it."""
    port = receiver.port if isinstance(receiver, Silent) else receiver.server_port
    return f"json://someone:{SECRET}@127.0.0.1:{port}/hook{more}"


def refused(sink: AppriseSink, *messages: Any) -> DeliveryError:
    with pytest.raises(DeliveryError) as raised:
        sink.deliver(messages or [FAILED])
    return raised.value


def test_sends_one_message_for_a_batch(receiver: Receiver) -> None:
    """What was claimed together arrives together, and nothing of it is refused."""
    assert {} == AppriseSink(url=url_of(receiver)).deliver([STOPPED, FAILED])
    (sent,) = [received.json for received in receiver.received]
    assert ("2 events: 1 critical, 1 info", "failure") == (sent["title"], sent["type"])
    assert sent["message"].index("prod-7") < sent["message"].index("prod-6")


def test_tells_the_severity_of_the_message(receiver: Receiver) -> None:
    """One that stands for several events has a higher severity than its own document."""
    AppriseSink(url=url_of(receiver)).deliver([replace(STOPPED, severity=Severity.WARNING)])
    assert ("WARNING: getting-started / prod-6: STOPPING → STOPPED", "warning") == (
        receiver.received[0].json["title"],
        receiver.received[0].json["type"],
    )


def test_what_one_poll_brings_is_one_message(receiver: Receiver) -> None:
    """From the outbox to the far end: what was stored together is claimed, sent and settled together."""
    world = World()
    for version in "abc":
        world.outbox.put(an_event(version), ["ops"])
    dispatcher = Dispatcher(world.outbox, world.observer, clock=world.clock, chance=lambda: 1.0, log=world.log.logger)
    dispatcher.reconfigure({"ops": (AppriseSink(url=url_of(receiver)), Terms())})
    dispatcher.start()
    assert dispatcher.drain(DEADLINE)
    dispatcher.stop(DEADLINE)
    assert ["3 events: 3 info"] == [received.json["title"] for received in receiver.received]
    assert {"ops": OutboxStats(pending=0)} == {"ops": OutboxStats(pending=0), **world.outbox.outbox_stats()}


def test_mail_has_both_parts_and_no_markup_of_others() -> None:
    """The subject is one line; what AWS said is text in the text and text in the HTML."""
    with mail_server() as mail:
        AppriseSink(url=mail.url).deliver([FAILED])
    (sent,) = mail.received
    text, page = (part.get_content() for part in sent.iter_parts())
    assert "CRITICAL: getting-started / prod-7: STARTING → FAILED" == sent["Subject"]
    assert "<li><strong>Means:</strong> hosting failed</li>" in page
    assert ("<b>" in page, "<script>" in page, "@everyone" in page + text) == (False, False, False)
    assert "**bold** _it_ `code`" in text


def test_a_silent_service_is_left_when_the_time_is_up() -> None:
    """The limit is for the whole, not for each piece: an answer that drips for ever does not hold the worker."""
    with Receiver(drip(OK_HEAD)) as receiver:
        error = refused(AppriseSink(url=url_of(receiver), timeout=1))
    assert ("timed_out", False) == (error.reason, error.permanent)


def test_a_url_cannot_ask_for_more_time() -> None:
    """Its own time-outs are overruled."""
    with Receiver(drip(OK_HEAD)) as dripping:
        assert "timed_out" == refused(AppriseSink(url=url_of(dripping, "?rto=60&cto=60"), timeout=1)).reason


def test_an_answer_that_does_not_accept() -> None:
    """The status is told, that it is tried again, and nothing of the answer or the URL."""
    with Receiver(reply(404, SECRET)) as receiver:
        error = refused(AppriseSink(url=url_of(receiver)))
    said = "did not accept the message, or cannot be reached; look at the service and at the URL's tokens"
    assert (f"json:// {said} (it answered 404)", "refused", False) == (str(error), error.reason, error.permanent)


def test_an_interrupt_from_the_terminal_is_the_daemons() -> None:
    """It reaches every process in the foreground; what is being sent is sent to its end."""

    def interrupt(handler: Handler) -> None:
        for pid in _senders():
            os.kill(pid, signal.SIGINT)
        handler.reply(200, {}, b"")

    with Receiver(interrupt) as receiver:
        assert {} == AppriseSink(url=url_of(receiver)).deliver([FAILED])


def test_an_answer_without_end_is_cut_off() -> None:
    """It fills neither the daemon's memory nor, for long, that of the process that sends."""
    with Receiver(pour(OK_HEAD)) as receiver:
        error = refused(AppriseSink(url=url_of(receiver), timeout=60))
    assert ("answer_too_large", False) == (error.reason, error.permanent)


@pytest.mark.parametrize("url", ["nosuch://x", f"slack://{SECRET}", ""])
def test_a_url_that_apprise_does_not_take(url: str) -> None:
    """Nothing of it is told but its scheme; the check finds it before the first message."""
    sink = AppriseSink(url=url)
    with pytest.raises(DeliveryError) as raised:
        sink.check()
    assert "url_unusable" == raised.value.reason == refused(sink).reason
    assert SECRET not in str(raised.value)


def test_the_check_sends_nothing(receiver: Receiver) -> None:
    """A URL that can be used is looked at and left alone."""
    AppriseSink(url=url_of(receiver)).check()
    assert 0 == receiver.connections


def test_without_apprise_the_sink_says_what_to_install() -> None:
    """In an environment that has everything else."""
    program = (
        "import sys; sys.modules['apprise'] = None\n"
        "from monitor.sinks.apprise import AppriseSink\n"
        "try: AppriseSink(url='json://x').check()\n"
        "except Exception as error: print(error.reason, error)"
    )
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "not_installed json:// needs apprise: pip install 'rekognition-monitor[chat]'\n" == ran.stdout


def test_the_process_that_sends_may_die(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends it, here an interpreter that does not start, the message is tried again."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert ("helper_died", False) == ((error := refused(AppriseSink(url=url_of(receiver)))).reason, error.permanent)


def test_nothing_of_a_url_is_written_anywhere(capfd: pytest.CaptureFixture[str]) -> None:
    """Not by apprise, which logs, and not by the libraries below it, which log the address of an odd answer."""
    odd = b"HTTP/1.1 500 Odd\r\nContent-Length: 0\r\nno header\r\n\r\n"
    seen: list[str] = []

    def look(handler: Handler) -> None:
        seen.extend(_senders().values())
        handler.raw(odd)
        handler.end()

    with Receiver(look) as receiver:
        error = refused(AppriseSink(url=url_of(receiver)))
    out, err = capfd.readouterr()
    assert [] != seen
    assert SECRET not in "".join([out, err, str(error), repr(AppriseSink(url=url_of(receiver))), *seen])


def _senders() -> dict[int, str]:
    """The processes that this one began to send with, and what every user of the machine may see of them."""
    children = {int(pid) for task in Path("/proc/self/task").iterdir() for pid in _read(task / "children").split()}
    arguments = {pid: _read(Path(f"/proc/{pid}/cmdline")).replace("\0", " ") for pid in children}
    return {pid: each for pid, each in arguments.items() if "monitor.sinks.messenger" in each}


def _read(path: Path) -> str:
    """Nothing where the thread or the process has ended meanwhile: a worker has others besides."""
    try:
        return path.read_text()
    except OSError:
        return ""


def test_two_with_the_same_settings_are_equal() -> None:
    """A reload leaves the one that runs alone; another URL or style makes another."""
    sink = AppriseSink(url="json://a")
    assert AppriseSink(url="json://a") == sink
    assert AppriseSink(url="json://b") != sink
    assert AppriseSink(url="json://a", style=Style(longest=9)) != sink


def test_only_the_scheme_is_no_secret() -> None:
    """The rest of a URL may be tokens, the host's place included."""
    assert "slack" == scheme("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ")


def test_reasons_are_words_of_a_closed_set() -> None:
    """Those of the metric's label."""
    assert {"refused", "timed_out", "answer_too_large", "url_unusable", "not_installed", "helper_died"} == set(REASONS)
