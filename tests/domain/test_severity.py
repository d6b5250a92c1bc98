from __future__ import annotations

import pytest

from monitor.domain.severity import Severity


def test_severities_have_an_order() -> None:
    """The four steps compare, from what is good to know to what must be acted on."""
    assert sorted(Severity) == [Severity.INFO, Severity.WARNING, Severity.ERROR, Severity.CRITICAL]


@pytest.mark.parametrize("severity", Severity)
def test_a_severity_is_read_back_from_its_word(severity: Severity) -> None:
    """What is written in events and the configuration gives the severity again."""
    assert Severity.parse(severity.word) is severity


def test_words_are_lower_case() -> None:
    """The outward words are those of the contract."""
    assert [severity.word for severity in Severity] == ["info", "warning", "error", "critical"]


def test_another_word_is_refused_by_name() -> None:
    """A word that is none of the four is named in the refusal."""
    with pytest.raises(ValueError, match=r"^'fatal' is not a severity$"):
        Severity.parse("fatal")
