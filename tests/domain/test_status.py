from __future__ import annotations

import pytest

from monitor.domain.status import KNOWN, RUNNING, UNSPECIFIED, Phase, Status, parse_status


def test_the_table_holds_aws_s_fourteen_words_with_phase_transience_and_charge() -> None:
    """Every status that AWS documents is there, as the Developer Guide describes it."""
    rows = {word: (status.phase, status.transient, status.billed) for word, status in KNOWN.items()}

    assert rows == {
        "TRAINING_IN_PROGRESS": (Phase.TRAINING, True, False),
        "TRAINING_COMPLETED": (Phase.IDLE, False, False),
        "TRAINING_FAILED": (Phase.ENDED, False, False),
        "STARTING": (Phase.HOSTING, True, False),
        "RUNNING": (Phase.HOSTING, False, True),
        "FAILED": (Phase.ENDED, False, False),
        "STOPPING": (Phase.HOSTING, True, False),
        "STOPPED": (Phase.IDLE, False, False),
        "DELETING": (Phase.DELETING, True, False),
        "COPYING_IN_PROGRESS": (Phase.COPYING, True, False),
        "COPYING_COMPLETED": (Phase.IDLE, False, False),
        "COPYING_FAILED": (Phase.ENDED, False, False),
        "DEPRECATED": (Phase.IDLE, False, False),
        "EXPIRED": (Phase.ENDED, False, False),
    }


@pytest.mark.parametrize("word", KNOWN)
def test_a_documented_word_is_the_table_s_own_status(word: str) -> None:
    """A word of the table gives the table's status, with all that is known of it."""
    assert parse_status(word) is KNOWN[word]


@pytest.mark.parametrize("word", ["REFINING", "running", "RUNNING ", "実行中"])
def test_any_other_word_is_carried_as_it_is(word: str) -> None:
    """A word that AWS may add is a status of its own, never one of the table."""
    status = parse_status(word)

    assert (str(status), status.known, status.phase, status.transient, status.billed) == (
        word,
        False,
        None,
        False,
        False,
    )


@pytest.mark.parametrize("word", [None, ""])
def test_a_missing_status_is_told_apart(word: str | None) -> None:
    """A version that AWS describes without a status has one that says so."""
    assert parse_status(word) is UNSPECIFIED


def test_the_word_alone_is_the_identity() -> None:
    """What the table knows of a word does not make it another status."""
    assert Status("RUNNING") == RUNNING
    assert RUNNING.known
