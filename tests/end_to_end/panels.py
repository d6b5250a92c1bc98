"""What the shipped dashboards ask of Prometheus, and what it answers."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from tests.deploy.grafana.files import DASHBOARDS, GRAFANA
from tests.end_to_end.prometheus import DEADLINE, SCRAPE_INTERVAL, hastened

if TYPE_CHECKING:
    from collections.abc import Mapping

CHOSEN: Final = {
    "__rate_interval": hastened("2m"),  # four scrapes, as Grafana takes
    "job": ".*",
    "instance": ".*",
    "account": ".*",
    "region": ".*",
    "project": ".*",
}
"""What Grafana puts for the variables when all is chosen."""

ONE_PROJECT: Final = CHOSEN | {"account": "111122223333", "region": "us-east-1", "project": "checkout-products"}


@dataclass(frozen=True, slots=True)
class Asked:
    """One query of a dashboard: where it stands, and itself with what is chosen put in."""

    dashboard: str
    title: str
    letter: str
    expression: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Prometheus's: series, or what it objects to."""

    series: tuple[Mapping[str, Any], ...] = ()
    error: str = ""


def document(name: str) -> dict[str, Any]:
    """A shipped dashboard."""
    read: dict[str, Any] = json.loads((GRAFANA / name).read_text(encoding="utf-8"))
    return read


def chosen(expression: str, name: str) -> str:
    """The expression as Grafana sends it for that dashboard."""
    values = ONE_PROJECT if name == "project.json" else CHOSEN
    return re.sub(r"\$(\w+)", lambda found: values[found[1]], expression)


def queries() -> list[Asked]:
    """All: of the panels, of the annotations, and for the choices of the variables."""
    return [asked for name in DASHBOARDS for asked in (*_of_panels(name), *_of_annotations(name), *_of_variables(name))]


def ask(url: str, expression: str) -> Answer:
    """What Prometheus finds now."""
    return _get(f"{url}/api/v1/query", {"query": expression})


def ask_range(url: str, expression: str, start: float, end: float, step: float = SCRAPE_INTERVAL) -> Answer:
    """What Prometheus finds from *start* to *end*, in seconds since 1970-01-01 UTC."""
    return _get(f"{url}/api/v1/query_range", {"query": expression, "start": start, "end": end, "step": step})


def _get(address: str, parameters: Mapping[str, object]) -> Answer:
    try:
        with urllib.request.urlopen(f"{address}?{urlencode(parameters)}", timeout=DEADLINE) as response:
            return Answer(series=tuple(json.load(response)["data"]["result"]))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error=json.load(error)["error"])


def _of_panels(name: str) -> list[Asked]:
    return [
        Asked(name, panel["title"], target["refId"], chosen(target["expr"], name))
        for panel in document(name)["panels"]
        for target in panel.get("targets", ())
    ]


def _of_annotations(name: str) -> list[Asked]:
    annotations = document(name)["annotations"]["list"]
    return [Asked(name, each["name"], "annotation", chosen(each["expr"], name)) for each in annotations]


def _of_variables(name: str) -> list[Asked]:
    variables = document(name)["templating"]["list"]
    return [
        Asked(name, each["name"], "variable", chosen(re.sub(r"label_values\((.*), \w+\)", r"\1", query), name))
        for each in variables
        if (query := each.get("definition"))
    ]
