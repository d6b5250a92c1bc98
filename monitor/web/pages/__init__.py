"""The pages for people: the fleet at `/`, one version, the events, and a feed of them."""

from monitor.web.pages.pages import Pages

__all__ = ["Pages"]
