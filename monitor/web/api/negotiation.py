"""Which media type an answer has, by the Accept header (RFC 9110, section 12.5.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

JSON: Final = "application/json"
STREAM: Final = "text/event-stream"


def choose(request: Request, offered: Sequence[str]) -> str:
    """What the client likes best of what is *offered*, the first of several. Raises HTTPException 406 for none."""
    header = ", ".join(request.headers.getlist("accept")) or "*/*"
    weights = [_weight(header, media) for media in offered]
    best = max(weights)
    if best <= 0:
        raise HTTPException(406, f"Accept is {header!r}: there is only {' and '.join(offered)}")
    return offered[weights.index(best)]


def _weight(header: str, media: str) -> float:
    """The quality that the most specific range gives *media*; 0 where none does."""
    kind = media.partition("/")[0]
    ranks = {media: 2, f"{kind}/*": 1, "*/*": 0}
    found = [(ranks[name], quality) for name, quality in map(_range, header.split(",")) if name in ranks]
    return max(found)[1] if found else 0.0


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    qualities = [value for key, _, value in (each.partition("=") for each in parameters) if key.strip() == "q"]
    return name, _quality(qualities[0]) if qualities else 1.0


def _quality(text: str) -> float:
    try:
        return min(1.0, max(0.0, float(text)))
    except ValueError:
        return 0.0
