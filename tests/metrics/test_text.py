from __future__ import annotations

import pytest

from monitor.metrics.text import escape, label_text, lines, number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ('a "b"', r"a \"b\""),
        ("back\\slash", r"back\\slash"),
        ("two\nlines", r"two\nlines"),
        ("ünï ☃", "ünï ☃"),
        ("half \ud83d", r"half \\ud83d"),
    ],
)
def test_label_values_are_escaped(value: str, expected: str) -> None:
    """A quote, a backslash and a line break are escaped; what UTF-8 cannot hold is shown as its number."""
    assert expected == escape(value)


def test_labels_are_joined() -> None:
    """Labels are written one after the other, without a space."""
    assert 'a="1",b="2"' == label_text({"a": "1", "b": "2"})


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0"), (12, "12"), (0.5, "0.5"), (1690556751.958, "1.690556751958e+09")]
)
def test_numbers_are_written_as_prometheus_does(value: float, expected: str) -> None:
    """Whole numbers are plain, large fractions have an exponent."""
    assert expected == number(value)


def test_of_two_samples_with_the_same_labels_the_last_is_written() -> None:
    """One family never has a series twice."""
    assert b'm{a="1"} 3\nm{a="2"} 2\n' == lines("m", [('a="1"', 1), ('a="2"', 2), ('a="1"', 3)])
