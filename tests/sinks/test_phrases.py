from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from monitor.sinks.phrases import (
    LONGEST,
    difference,
    escaped,
    harmless,
    in_markdown,
    in_title,
    moment,
    plain,
    shortened,
    shortened_within,
    span,
    units,
    value_phrase,
    without_markup,
)

if TYPE_CHECKING:
    from collections.abc import Callable

BREAK = "\N{ZERO WIDTH SPACE}"
MENTIONS = re.compile(r"[@<][^\s\N{ZERO WIDTH SPACE}]")
MARKUP = st.text(st.sampled_from(list("\\`*_{}[]()<>#+-.!|~&;@:/=\"'ab1 \n")), max_size=40)
"""Texts of little else than what Markdown may act upon."""


def shown(markdown: str) -> str:
    """What CommonMark shows of one line."""
    rendered: str = MarkdownIt("commonmark").render(markdown)
    return rendered


@given(st.one_of(MARKUP, st.text(max_size=40)))
def test_markdown_shows_an_escaped_text_as_it_is(text: str) -> None:
    """Whatever it holds, behind a label it becomes the very text, without a tag, a link or an entity."""
    harmless_text = plain(text)
    expected = f"<p>Message: {html.escape(harmless_text, quote=False)}".rstrip() + "</p>\n"
    assert expected == shown(f"Message: {escaped(harmless_text)}").replace("&quot;", '"')


@given(st.one_of(MARKUP, st.text(max_size=40)))
def test_a_plain_text_is_one_line_and_mentions_nobody(text: str) -> None:
    """Nothing in it ends a line, moves a cursor, turns the reading direction or calls people."""
    made = plain(text)
    assert made.replace(BREAK, "").isprintable()
    assert MENTIONS.search(made) is None


@given(st.one_of(MARKUP, st.text(max_size=40)))
def test_a_title_is_the_same_as_markdown_and_as_text(text: str) -> None:
    """It holds nothing to escape, for nobody knows whether the service reads its titles as Markdown."""
    title = without_markup(plain(text))
    assert title == escaped(title)


@pytest.mark.parametrize("mention", ["@everyone", "<!channel>", "<@U024BE7LH>", "<users/all>", "<at>all</at>", "@here"])
def test_parts_a_mention_from_its_name(mention: str) -> None:
    """Those of Slack, Discord, Google Chat, Teams and Mattermost all begin with @ or <."""
    assert mention not in plain(f"failed {mention}")


def test_keeps_words_as_they_are() -> None:
    """Statuses, names and ordinary sentences need no escapes, which some services would show."""
    text = "TRAINING_IN_PROGRESS of my-model_v1.2 (50% done): it's 3 a.m. - wait!"
    assert text == escaped(plain(text))


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("abc  defg", 6, "abc…"), ("abc", 1, "…"), ("abc", 0, "…")],
)
def test_shortens_with_a_mark(text: str, longest: int, expected: str) -> None:
    """What was cut shows."""
    assert expected == shortened(text, longest)


def test_shortens_a_name_in_the_middle() -> None:
    """Both ends stay: names often differ at the end."""
    assert ("abc…xyz", "short") == (shortened_within("abcdefuvwxyz", 7), shortened_within("short", 7))


def test_a_foreign_text_has_an_end() -> None:
    """However long a message is, its part of the whole is bounded."""
    assert LONGEST == len(plain("x" * 10_000))


@pytest.mark.parametrize(("form", "bold"), [(plain, "*x*"), (in_markdown, "\\*x\\*"), (in_title, "\ufffdx\ufffd")])
def test_a_document_is_made_harmless_throughout(form: Callable[[str], str], bold: str) -> None:
    """Texts at every depth, and nothing but texts."""
    document = {"a": ["*x*", {"b": "@all"}], "c": 3, "d": None, "e": True}
    assert {"a": [bold, {"b": f"@{BREAK}all"}], "c": 3, "d": None, "e": True} == harmless(document, form)


def test_a_moment_is_told_to_the_second() -> None:
    """People don't read microseconds."""
    assert "2026-11-21 18:00:00 UTC" == moment("2026-11-21T18:00:00.123456Z")


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0, "0 s"),
        (-5, "0 s"),
        (59.9, "59 s"),
        (60, "1 min"),
        (61, "1 min 1 s"),
        (4860, "1 h 21 min"),
        (3601, "1 h"),
        (90000, "1 d 1 h"),
    ],
)
def test_a_span_has_its_two_largest_units(seconds: float, expected: str) -> None:
    """The rest is cut off."""
    assert expected == span(seconds)


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        (0.93, 0.9, ", was 0.9 (+0.03)"),
        (0.5, 0.75, ", was 0.75 (-0.25)"),
        (0.9, 0.9, ""),
        (0.9, None, ""),
        (0.9, True, ""),
    ],
)
def test_a_difference_is_told_where_there_is_one(now: float, before: float | None, expected: str) -> None:
    """Only between two numbers that differ."""
    assert expected == difference(now, before)


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ({"min_inference_units": 1}, "1"),
        ({"min_inference_units": 1, "max_inference_units": 1}, "1"),
        ({"min_inference_units": 1, "max_inference_units": 3}, "1 to 3"),
        ({}, None),
    ],
)
def test_units_are_a_number_or_two(version: dict[str, int], expected: str | None) -> None:
    """Two where AWS scales between them."""
    assert expected == units(version)


def test_values_of_any_kind_have_a_phrase() -> None:
    """As JSON where they are no text."""
    assert ["none", "a b", '{"a": [1]}', "true"] == [value_phrase(each) for each in (None, "a\nb", {"a": [1]}, True)]
