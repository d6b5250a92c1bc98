"""A real Chromium, headless, that remembers what a page complains of and whom it asks."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from playwright.sync_api import sync_playwright

from tests.tools import required_tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page, Request

DEADLINE: Final = 60_000.0
"""Milliseconds: CI's machine has two cores and much to do."""

DESKTOP: Final = {"width": 1280, "height": 800}
PHONE: Final = {"width": 360, "height": 740}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    path = required_tool("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments, timeout=DEADLINE)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Reader:
    """Somebody who reads the pages of one origin.

    Attributes:
        complaints: What pages wrote to the console as an error or warning, and exceptions that nobody caught.
        requests: Everything that pages asked for.
    """

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    def open(self, path: str = "/") -> Page:
        """Go to a page of the origin."""
        self.page.goto(self.origin + path)
        return self.page

    def elsewhere(self) -> list[str]:
        """What was asked for from other origins."""
        return [each.url for each in self.requests if not each.url.startswith((f"{self.origin}/", "about:"))]

    def note(self, message: ConsoleMessage) -> None:
        """Remember what the console says."""
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def note_request(self, request: Request) -> None:
        """Remember who is asked."""
        self.requests.append(request)


@contextmanager
def reading(browser: Browser, origin: str, **settings: Any) -> Iterator[Reader]:
    """A reader with a browser profile of its own; *settings* as playwright's contexts take them.

    What the pages complained of and whom they asked is checked at the end.
    """
    context = browser.new_context(**{"viewport": DESKTOP, "color_scheme": "light", **settings})
    context.set_default_timeout(DEADLINE)
    reader = Reader(page=context.new_page(), origin=origin)
    reader.page.on("console", reader.note)
    reader.page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    reader.page.on("request", reader.note_request)
    try:
        yield reader
        assert ([], []) == (reader.complaints, reader.elsewhere())
    finally:
        context.close()
