from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "monitor",
    deadline=None,  # a slow machine is no failure
    suppress_health_check=[HealthCheck.too_slow],
    max_examples=60,
    print_blob=True,
)
settings.load_profile("monitor")
