"""Finds the projects of accounts and regions: one discovery, from the question to what is stored and told."""

from __future__ import annotations

from monitor.discoverer.discoverer import Discovered, Discoverer
from monitor.discoverer.ports import Censuses, DiscoveryObserver, DiscoverySettings, ProjectSource

__all__ = ["Censuses", "Discovered", "Discoverer", "DiscoveryObserver", "DiscoverySettings", "ProjectSource"]
