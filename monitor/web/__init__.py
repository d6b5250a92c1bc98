"""What the monitor serves: the page, the metrics, the API, its health. All of it from memory but the events."""

from monitor.web.app import build_app
from monitor.web.listening import listen
from monitor.web.ports import Ports
from monitor.web.rules import Rules, reach_of
from monitor.web.rules_file import RulesFile, tell_of_strangers
from monitor.web.server import WebServer

__all__ = ["Ports", "Rules", "RulesFile", "WebServer", "build_app", "listen", "reach_of", "tell_of_strangers"]
