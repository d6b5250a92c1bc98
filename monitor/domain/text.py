"""Text from outside, made safe to show: AWS's text is written by anybody who may describe or train a model there."""

from __future__ import annotations


def visible(text: str) -> str:
    """*text* in which nothing ends a line, moves a cursor, sets a colour or turns the reading direction.

    Whatever does is shown as an escape.
    """
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)
