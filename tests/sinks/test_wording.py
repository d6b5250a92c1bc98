from __future__ import annotations

from typing import Any

from monitor.sinks.errand import Errand
from monitor.sinks.wording import Form, word
from tests.sinks.people import HOSTILE, PLENTY, moved

RUNNING = moved("STARTING", "RUNNING").document
FAILED = moved("STARTING", "FAILED", status_message=HOSTILE).document

TEMPLATE = "**{{ data.version.name }}** is {{ data.to }}: {{ data.version.status_message | default('no word') }}"


def errand(*documents: Any, template: str | None = None, title_template: str | None = None) -> Errand:
    return Errand(url="json://x", documents=documents, template=template, title_template=title_template)


def test_without_a_template_the_words_are_the_monitors() -> None:
    """The title and what it means."""
    form = word(errand(RUNNING), markdown=False, longest=PLENTY)
    assert "getting-started / prod-7: STARTING → RUNNING" == form.title
    assert form.body.startswith("Means: hosted")


def test_a_template_makes_the_text() -> None:
    """Its own markup stays, and every event has its paragraph."""
    form = word(errand(RUNNING, RUNNING, template=TEMPLATE), markdown=True, longest=PLENTY)
    assert (
        Form(title="2 events: 2 info", body="**prod-7** is RUNNING: no word\n\n**prod-7** is RUNNING: no word") == form
    )


def test_a_template_makes_the_title_of_a_single_event() -> None:
    """Of several it cannot: they have one title together."""
    own = "{{ severity }}: {{ data.project.name }}"
    assert "info: getting-started" == word(errand(RUNNING, title_template=own), markdown=True, longest=PLENTY).title
    assert "2 events: 2 info" == word(errand(RUNNING, RUNNING, title_template=own), markdown=True, longest=PLENTY).title


def test_a_template_gets_harmless_texts() -> None:
    """What AWS said stays words, whatever the template does with them."""
    body = word(errand(FAILED, template=TEMPLATE), markdown=True, longest=PLENTY).body
    assert "@everyone" not in body
    assert "\\*\\*bold\\*\\*" in body


def test_a_title_holds_no_markup_of_others() -> None:
    """Some services read titles as Markdown."""
    own = "{{ data.version.status_message }}"
    title = word(errand(FAILED, title_template=own), markdown=True, longest=PLENTY).title
    assert [False] * 3 == [each in title for each in ("@everyone", "**", "](")]


def test_an_event_that_a_template_fails_on_is_told_all_the_same() -> None:
    """In the monitor's own words, and with what is wrong; the other events are not touched."""
    form = word(errand(RUNNING, FAILED, template="{{ data.version.status_message }}"), markdown=False, longest=PLENTY)
    told, other = form.body.split("\n\n(The template of this sink failed: line 1:")
    assert told.startswith("Means: hosted")
    assert other.endswith("red # no heading")


def test_a_title_that_fails_is_the_monitors() -> None:
    """So it is when the template makes nothing."""
    for template in ("{{ data.nothing }}", "{# nothing #}"):
        title = word(errand(RUNNING, title_template=template), markdown=False, longest=PLENTY).title
        assert "getting-started / prod-7: STARTING → RUNNING" == title


def test_a_title_within_the_text_takes_its_room() -> None:
    """Both together keep the limit of a service without titles, as a text message has it."""
    form = word(errand(RUNNING), markdown=False, longest=160, blended=True)
    assert 100 < len(form.title) + len(form.body) <= 160 - 16


def test_a_long_template_is_cut() -> None:
    """The service's limit holds for it too."""
    assert 50 == len(word(errand(RUNNING, template="x" * 100), markdown=False, longest=50).body)
