"""Builds everything from a configuration and runs it. The only room that knows the concrete parts."""

from monitor.service.daemon import Overrides, run_daemon, run_until_signal
from monitor.service.history import open_state
from monitor.service.service import Service
from monitor.service.settings import projects_of
from monitor.service.sweep import Polled, sweep

__all__ = ["Overrides", "Polled", "Service", "open_state", "projects_of", "run_daemon", "run_until_signal", "sweep"]
