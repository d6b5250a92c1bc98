"""Takes pictures of the pages, in a real Chromium, after a day of the demo's fleet: `make pictures`."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from monitor import logs
from monitor.web import build_app
from tests.deploy.rules import ROOT
from tests.end_to_end.browser import PHONE, chromium, reading
from tests.pictures.past import past_day
from tests.web.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

IMAGES: Final = ROOT / "docs" / "images"
DESK: Final = {"width": 1200, "height": 1000}
WHOLE: Final = {"width": 1200, "height": 1500}

PICTURES: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "page-light": ("/", {"viewport": WHOLE}),
    "page-dark": ("/", {"viewport": DESK, "color_scheme": "dark"}),
    "page-phone": ("/", {"viewport": PHONE, "device_scale_factor": 2}),
    "version": ("version", {"viewport": DESK}),
}
"""By name, the address (that of a version, for `version`) and how the browser is set."""

SHOWN: Final = "night-shift"
"""The version whose page is shown."""


def main() -> None:
    """Write every picture."""
    logs.configure("warning", "console")
    with (
        TemporaryDirectory() as directory,
        past_day(Path(directory)) as ports,
        served(build_app(ports)) as client,
        chromium() as browser,
    ):
        for name, (path, settings) in PICTURES.items():
            take(browser, str(client.base_url).rstrip("/"), path, IMAGES / f"{name}.png", settings)


def take(browser: Browser, origin: str, path: str, file: Path, settings: dict[str, Any]) -> None:
    """A picture of a page, as much as the screen shows."""
    with reading(browser, origin, **settings) as reader:
        page = reader.open("/" if path == "version" else path)
        if path == "version":
            page.locator("#fleet").get_by_role("link", name=SHOWN, exact=True).click()
        page.wait_for_selector("#live.open")
        page.screenshot(path=file)


if __name__ == "__main__":
    main()
