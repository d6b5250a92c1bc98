"""Writes again what is generated from the program, so that documents cannot drift: `make docs`.

Each entry is a file and the pure function that makes its text; a test holds every file against it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from monitor.config.schema import render_schema
from monitor.metrics.reference import render_reference as render_metrics
from tests.cli.reference import render_document as render_commands
from tests.config.reference import render_page as render_configuration
from tests.deploy.grafana.files import DASHBOARDS
from tests.deploy.prometheus_operator import render_operator
from tests.event_examples import render as render_events
from tests.lifecycle_page import render_page as render_lifecycle
from tests.metrics.fleet import golden_texts
from tests.sinks.people import golden_texts as words_for_people
from tests.web.api.reference import render_document as render_openapi
from tests.web.api.reference import render_page as render_api

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ROOT: Final = Path(__file__).parent.parent


def generators() -> Mapping[str, Callable[[], str]]:
    """What makes each generated file, by its path in the repository."""
    golden = {f"tests/metrics/golden/{name}": partial(bytes.decode, text) for name, text in golden_texts().items()}
    return {
        "config/monitor.schema.json": render_schema,
        **{f"deploy/grafana/{name}": dashboard.render for name, dashboard in DASHBOARDS.items()},
        "deploy/prometheus/operator.yaml": render_operator,
        "docs/api.md": render_api,
        "docs/commands.md": render_commands,
        "docs/configuration.md": render_configuration,
        "docs/events.md": render_events,
        "docs/lifecycle.md": render_lifecycle,
        "docs/metrics.md": render_metrics,
        "docs/openapi.json": render_openapi,
        **golden,
        **{f"tests/sinks/golden/{name}": partial(str, text) for name, text in words_for_people().items()},
    }


def main() -> None:
    """Write every file."""
    for path, render in generators().items():
        (ROOT / path).write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
