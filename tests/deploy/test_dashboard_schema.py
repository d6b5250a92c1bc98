"""Each dashboard, held to what Grafana documents of them: none of ours is loaded by a Grafana here."""

from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tests.deploy.grafana.files import DASHBOARDS
from tests.deploy.grafana.schema import AnyPanel
from tests.deploy.test_dashboards import DATASOURCE, dashboard

PANELS: TypeAdapter[list[Any]] = TypeAdapter(list[AnyPanel])


@pytest.mark.parametrize("name", DASHBOARDS)
def test_panels_are_of_the_schema(name: str) -> None:
    """Every field is one that the kind of panel has, with a value that it takes."""
    every = dashboard(name)["panels"]
    assert [panel["type"] for panel in every] == [panel.type for panel in PANELS.validate_python(every)]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("gridPos", "w"), 25),
        (("options", "graphMode"), "lines"),
        (("options", "colour"), "value"),
        (("fieldConfig", "defaults", "thresholds", "steps"), [{"color": "red", "value": 1}]),
        (("targets",), "up"),
        (("type",), "graph"),
    ],
)
def test_what_is_not_of_the_schema_is_found(path: tuple[str, ...], value: object) -> None:
    """The description is not so wide that anything fits it."""
    panel = next(each for each in dashboard("fleet.json")["panels"] if each["type"] == "stat")
    part: Any = panel
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    with pytest.raises(ValidationError):
        PANELS.validate_python([panel])


@pytest.mark.parametrize("name", DASHBOARDS)
def test_dashboard_says_what_it_is(name: str) -> None:
    """For Grafana 10.4 and later: a title, a time, a refresh, and tags by which one leads to the others."""
    document = dashboard(name)
    assert (39, True, True, True) == (
        document["schemaVersion"],
        bool(re.fullmatch(r"[\w-]{1,40}", document["uid"])),
        bool(re.fullmatch(r"now-\d+[hd]", document["time"]["from"])) and "now" == document["time"]["to"],
        set(document["tags"]) == {tag for link in document["links"] for tag in link["tags"]},
    )


@pytest.mark.parametrize("name", DASHBOARDS)
def test_variables_are_asked_for_in_their_order(name: str) -> None:
    """The Prometheus first; each of the others asks it, for a label's values, by variables that stand before it."""
    first, *rest = dashboard(name)["templating"]["list"]
    assert ("datasource", "prometheus") == (first["type"], first["query"])
    known = {each["name"]: {before["name"] for before in rest[:number]} for number, each in enumerate(rest)}
    assert [("query", DATASOURCE, True, 2, set())] * len(rest) == [
        (
            each["type"],
            each["datasource"],
            each["definition"] == each["query"]["query"] and each["definition"].startswith("label_values("),
            each["refresh"],
            set(re.findall(r"\$(\w+)", each["definition"])) - known[each["name"]],
        )
        for each in rest
    ]
