"""Pages, read as a browser reads them, as far as tests ask."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from tests.web.serving import client_of

if TYPE_CHECKING:
    from monitor.view import ProjectState


class Page(HTMLParser):
    """The words of a page in their order, what it loads, and where it links to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.loaded: list[str] = []
        self.linked: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.tags.append(tag)
        address = named.get("href") or named.get("src") or ""
        if tag == "a" or named.get("rel") == "alternate":
            self.linked.append(address)
        elif tag in {"link", "script", "img"}:
            self.loaded.append(address)

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.words.append(data.strip())

    def after(self, word: str, count: int = 1) -> list[str]:
        """What follows *word*."""
        start = self.words.index(word) + 1
        return self.words[start : start + count]


def page_of(path: str, *states: ProjectState, **parts: Any) -> Page:
    """The page at *path* about these."""
    with client_of(*states, **parts) as client:
        return Page(client.get(path).text)
