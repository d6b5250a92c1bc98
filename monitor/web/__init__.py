"""What the monitor serves: the page, the metrics, the API, its health. All of it from memory but the events."""

from monitor.web.app import build_app
from monitor.web.ports import Ports
from monitor.web.server import WebServer

__all__ = ["Ports", "WebServer", "build_app"]
