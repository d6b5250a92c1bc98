"""What the process does that sends, without the process: errands to real far ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitor.sinks.errand import Answer, Errand, Outcome, read_answer, read_errand
from monitor.sinks.messenger import run
from tests.sinks.listeners import closed_port
from tests.sinks.mail import mail_server
from tests.sinks.people import HOSTILE, moved
from tests.sinks.receiver import Receiver, reply, reset

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""With its first URL apprise loads all its services, and the libraries that some of them use."""

FAILED = moved("STARTING", "FAILED", status_message=HOSTILE).document
STOPPED = moved("STOPPING", "STOPPED", name="prod-6").document

ACCEPTED = Answer(outcome=Outcome.ACCEPTED)
REFUSED = Answer(outcome=Outcome.REFUSED)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


def do(where: Receiver | str, *documents: Any, **settings: Any) -> Answer:
    """Send that message (one of an event, where there is none) there."""
    url = where if isinstance(where, str) else f"json://127.0.0.1:{where.server_port}/hook"
    return run(Errand(url=url, documents=documents or (STOPPED,), **settings))


@pytest.mark.parametrize(("markdown", "begins"), [(True, "- **Means:** "), (False, "Means: "), (None, "- **Means:** ")])
def test_sends_the_form_that_is_asked_for(receiver: Receiver, begins: str, *, markdown: bool | None) -> None:
    """Markdown, text, or by what the service can show."""
    assert ACCEPTED == do(receiver, markdown=markdown)
    assert receiver.received[0].json["message"].startswith(begins)


def test_sends_the_operators_words(receiver: Receiver) -> None:
    """Both templates, and the limit."""
    do(receiver, longest=10, title_template="{{ data.to }}!", template="{{ data.version.name }} has stopped")
    sent = receiver.received[0].json
    assert ("STOPPED!", "prod-6 ha…") == (sent["title"], sent["message"])


@pytest.mark.parametrize(("markdown", "bold"), [(True, "\\*\\*bold\\*\\*"), (None, "**bold**")])
def test_a_service_without_titles_has_them_in_the_text(bold: str, *, markdown: bool | None) -> None:
    """Mattermost reads Markdown, and apprise takes it for plain text: AWS's words call nobody and link nowhere."""
    with Receiver(reply(200)) as receiver:
        url = f"mmost://127.0.0.1:{receiver.server_port}/3ccdd113474722377935511fc85d3dd4"
        assert ACCEPTED == do(url, FAILED, markdown=markdown)
    text = receiver.received[0].json["text"]
    assert text.startswith("CRITICAL: getting-started / prod-7: STARTING → FAILED\r\n")
    assert bold in text
    assert [False] * 3 == [each in text for each in ("@everyone", "<script>", "](https://evil")]


def test_a_message_has_the_length_that_the_service_takes() -> None:
    """Mattermost takes 4,000 characters with the title: fifty events are told by their titles, and none is cut."""
    with Receiver(reply(200)) as receiver:
        url = f"mmost://127.0.0.1:{receiver.server_port}/3ccdd113474722377935511fc85d3dd4"
        do(url, *[moved("STOPPING", "STOPPED", name=f"version-{number}").document for number in range(50)])
    text = receiver.received[0].json["text"]
    assert "50 events: 50 info\r\n- getting-started / version-0: STOPPING → STOPPED\n" in text
    assert (True, True) == (len(text) <= 4000, text.endswith("version-49: STOPPING → STOPPED"))


def test_mail_as_text_has_only_text() -> None:
    """The URL's own `format` counts: mail can be sent without HTML."""
    with mail_server() as mail:
        assert ACCEPTED == do(f"{mail.url}&format=text", markdown=False)
    (sent,) = mail.received
    assert ("text/plain", "Means: not hosted") == (sent.get_content_type(), sent.get_content()[:17])


def test_mail_that_is_refused() -> None:
    """The server's no is a refusal."""
    with mail_server() as mail:
        mail.refusal = "451 not now"
        assert REFUSED == do(mail.url)


@pytest.mark.parametrize("code", [400, 401, 404, 429, 500, 503])
def test_an_answer_that_does_not_accept(code: int) -> None:
    """Its status is told, and nothing of its text."""
    with Receiver(reply(code, "hunter2")) as receiver:
        assert Answer(outcome=Outcome.REFUSED, code=code) == do(receiver)


def test_a_redirect_is_not_followed() -> None:
    """A token must not go where a far end points."""
    with Receiver() as other, Receiver(reply(307, Location=other.url)) as receiver:
        assert Answer(outcome=Outcome.REFUSED, code=307) == do(receiver)
    assert [] == other.received


def test_nobody_there() -> None:
    """A connection that is refused, a name that is unknown, a reset."""
    with Receiver(reset) as receiver:
        assert REFUSED == do(receiver)
    with closed_port() as port:
        assert REFUSED == do(f"json://127.0.0.1:{port}/")
    assert REFUSED == do("json://no-such-host.invalid/")


def test_a_url_cannot_ask_for_more_tries() -> None:
    """`retry` is overruled, and `optional`, which makes a failure count for none."""
    with Receiver(reply(500)) as failing:
        url = f"json://127.0.0.1:{failing.server_port}/?retry=3&wait=0.1&optional=yes"
        assert Answer(outcome=Outcome.REFUSED, code=500) == do(url)
    assert 1 == len(failing.received)


def test_a_large_answer_is_taken() -> None:
    """10 MiB that accept the message accept it."""
    with Receiver(reply(200, b"x" * 10 * 1024**2)) as receiver:
        assert ACCEPTED == do(receiver)


def test_an_errand_without_events_only_looks_at_the_url(receiver: Receiver) -> None:
    """Nothing is sent, whatever the URL."""
    url = f"json://127.0.0.1:{receiver.server_port}/"
    assert [ACCEPTED, Answer(outcome=Outcome.URL_UNUSABLE)] == [run(Errand(url=each)) for each in (url, "nosuch://x")]
    assert 0 == receiver.connections


def test_errands_and_answers_survive_the_pipe() -> None:
    """What is read is what was written."""
    errand = Errand(url="json://x", documents=[{"a": 1}], markdown=True, template="x", seconds=1.5)  # type: ignore[arg-type] # JSON has lists
    answer = Answer(outcome=Outcome.REFUSED, code=404)
    assert (errand, answer) == (read_errand(errand.to_json()), read_answer(answer.to_json()))


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"outcome": "lost", "code": 1}', b'{"outcome": "acc'])
def test_what_is_no_answer(text: bytes) -> None:
    """Its writer died before or while it wrote, or is another."""
    assert read_answer(text) is None
