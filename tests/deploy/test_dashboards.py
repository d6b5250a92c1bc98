"""The dashboards as files: complete, bound to no Grafana, and about nothing that is not there."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.deploy.grafana.files import DASHBOARDS, GRAFANA
from tests.deploy.known import strangers
from tests.deploy.rules import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PROMETHEUS_OWN: Final = {"scrape_duration_seconds", "scrape_samples_scraped", "ALERTS"}
"""Of every target and rule: https://prometheus.io/docs/concepts/jobs_instances/"""

PROCESS_OWN: Final = {"process_start_time_seconds", "process_cpu_seconds_total", "process_resident_memory_bytes"}
"""prometheus_client's; the golden exposition leaves them out, for they differ from run to run."""

UNITS: Final = {
    "none", "short", "s", "bytes", "percentunit", "currencyUSD", "cps", "reqps", "bool_yes_no",
}  # fmt: skip
"""Ids of Grafana's units that are used; a typing error would be shown as a suffix."""

VARIABLES: Final = ["datasource", "job", "instance", "account", "region", "project"]
DATASOURCE: Final = {"type": "prometheus", "uid": "${datasource}"}


def dashboard(name: str) -> dict[str, Any]:
    """One of the shipped files."""
    document: dict[str, Any] = json.loads((GRAFANA / name).read_text(encoding="utf-8"))
    return document


def panels(name: str) -> list[dict[str, Any]]:
    """Its panels, without the headings."""
    return [panel for panel in dashboard(name)["panels"] if panel["type"] != "row"]


def every_panel() -> list[Any]:
    """Of all dashboards, one parameter each."""
    return [
        pytest.param(panel, id=f"{name}: {panel['title']}")
        for name in DASHBOARDS
        for panel in panels(name)
    ]  # fmt: skip


def expressions(name: str) -> list[str]:
    """All PromQL in it: of panels, annotations and variables."""
    document = dashboard(name)
    asked = [target["expr"] for panel in panels(name) for target in panel["targets"]]
    annotated = [annotation["expr"] for annotation in document["annotations"]["list"]]
    offered = [
        re.sub(r"label_values\((.*), (\w+)\)", r"count by (\2) (\1)", variable["definition"])
        for variable in document["templating"]["list"]
        if variable["type"] == "query"
    ]
    return [*asked, *annotated, *offered]


def unknown(expression: str) -> list[str]:
    """What the expression names that neither the monitor, nor the rules, nor Prometheus have."""
    own = {f"metric {metric}" for metric in PROMETHEUS_OWN | PROCESS_OWN}
    alerts_own = {"label severity", "label alertname"} if "ALERTS{" in expression else set()
    return [stranger for stranger in strangers(expression) if stranger not in own | alerts_own]


@pytest.mark.parametrize("name", DASHBOARDS)
def test_file_is_what_the_builder_makes(name: str) -> None:
    """`python -m tests.deploy.grafana.files` writes it again."""
    assert DASHBOARDS[name].render() == (GRAFANA / name).read_text(encoding="utf-8")


def test_no_other_file_is_shipped() -> None:
    """Every dashboard in the directory is held by these tests."""
    assert sorted(DASHBOARDS) == sorted(path.name for path in GRAFANA.glob("*.json"))


@pytest.mark.parametrize("panel", every_panel())
def test_panel_says_what_it_shows(panel: dict[str, Any]) -> None:
    """A title, a description of whole sentences, and a unit that Grafana knows, in tables for every column."""
    described = panel["title"] and re.fullmatch(r"[A-Z].*\.", panel["description"])
    units = {panel["fieldConfig"]["defaults"]["unit"]} | {
        each["value"]
        for override in panel["fieldConfig"]["overrides"]
        for each in override["properties"]
        if each["id"] == "unit"
    }
    assert described
    assert set() == units - UNITS


@pytest.mark.parametrize("panel", every_panel())
def test_panel_asks_the_chosen_prometheus(panel: dict[str, Any]) -> None:
    """Each query has a letter of its own, a name for its series where they are shown by it, and a scrape's interval."""
    targets = panel["targets"]
    named = panel["type"] in ("stat", "table") or all(target["legendFormat"] for target in targets)
    assert [] != targets
    assert named
    assert len(targets) == len({target["refId"] for target in targets})
    assert [DATASOURCE] * (len(targets) + 1) == [panel["datasource"], *(target["datasource"] for target in targets)]
    assert {"30s"} == {target["interval"] for target in targets}


@pytest.mark.parametrize("panel", every_panel())
def test_panel_asks_for_now_or_for_a_time(panel: dict[str, Any]) -> None:
    """What is over time is a graph or a timeline; tables get tables, which alone can be put side by side."""
    over_time = panel["type"] in ("timeseries", "state-timeline")
    wanted = (not over_time, over_time, "table" if panel["type"] == "table" else "time_series")
    assert {wanted} == {(target["instant"], target["range"], target["format"]) for target in panel["targets"]}


@pytest.mark.parametrize("panel", every_panel())
def test_override_is_about_something(panel: dict[str, Any]) -> None:
    """In a table, each override is for a heading that the table has."""
    headings = {
        heading
        for transformation in panel["transformations"]
        for heading in transformation["options"].get("renameByName", {}).values()
    }
    overridden = {override["matcher"]["options"] for override in panel["fieldConfig"]["overrides"]}
    assert panel["type"] != "table" or overridden <= headings


@pytest.mark.parametrize("name", DASHBOARDS)
def test_dashboard_names_only_what_there_is(name: str) -> None:
    """Every metric, label and status is in the golden exposition, or recorded by a rule, or Prometheus's own."""
    assert [] == [stranger for expression in expressions(name) for stranger in unknown(expression)]


@pytest.mark.parametrize(
    "expression",
    ['rekognition_project_version_status{status="RUNING"}', 'rekognition_project_up{account=~"$account"}', "ALERT"],
)
def test_typing_error_is_found(expression: str) -> None:
    """A metric, label or value that is not there."""
    assert 1 == len(unknown(expression))


@pytest.mark.parametrize("name", DASHBOARDS)
def test_variables_are_there_and_each_is_used(name: str) -> None:
    """The six variables; each chooses something in a panel."""
    asked = json.dumps([panel["targets"] for panel in panels(name)])
    assert VARIABLES == [variable["name"] for variable in dashboard(name)["templating"]["list"]]
    assert set(VARIABLES) == set(re.findall(r"\$\{?(\w+)", asked)) - {"__rate_interval"}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_every_query_heeds_what_is_chosen(name: str) -> None:
    """Each selector has at least the monitor's job and instance; what is recorded by a rule keeps them."""
    bare = [
        (expression, matchers)
        for expression in expressions(name)
        for matchers in re.findall(r"\{([^}]*)\}", expression)
        if 'job=~"$job"' not in matchers
    ]
    assert [] == bare


@pytest.mark.parametrize("name", DASHBOARDS)
def test_rates_are_over_grafanas_interval(name: str) -> None:
    """A fixed interval shows nothing between two steps when one zooms out."""
    assert set() == {
        interval for expression in expressions(name) for interval in re.findall(r"\[(.*?)\]", expression)
    } - {"$__rate_interval"}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_nothing_binds_a_dashboard_to_one_grafana(name: str) -> None:
    """No ids of an installation; only the datasource that the variable names."""
    document = dashboard(name)
    bound = {"id", "version", "gnetId", "__inputs", "__requires", "iteration"} & document.keys()
    sources = re.findall(r'"uid": "([^"]*)"', json.dumps(document))
    assert set() == bound
    assert {"${datasource}", document["uid"]} == set(sources)


def test_uids_are_fixed_and_unique() -> None:
    """Links and bookmarks stay right; Grafana takes at most 40 characters."""
    uids = [dashboard(name)["uid"] for name in DASHBOARDS]
    assert ["rekognition-fleet", "rekognition-project", "rekognition-monitor"] == uids


@pytest.mark.parametrize("name", DASHBOARDS)
def test_links_lead_to_dashboards_that_are_shipped(name: str) -> None:
    """By uid."""
    linked = set(re.findall(r"/d/([\w-]+)", json.dumps(dashboard(name))))
    assert set() == linked - {dashboard(each)["uid"] for each in DASHBOARDS}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_panels_do_not_overlap(name: str) -> None:
    """Each cell of the 24 columns has one panel, and each panel an id of its own."""
    every = dashboard(name)["panels"]
    cells = [cell for panel in every for cell in _cells(panel["gridPos"])]
    assert len(every) == len({panel["id"] for panel in every})
    assert len(cells) == len(set(cells))
    assert all(0 <= x < 24 for x, _ in cells)


@pytest.mark.parametrize("name", ["fleet.json", "project.json"])
def test_transitions_are_annotations(name: str) -> None:
    """What happened stands in every graph."""
    [annotation] = dashboard(name)["annotations"]["list"]
    assert "increase(rekognition_project_version_transitions_total{" in annotation["expr"]
    assert (True, DATASOURCE) == (annotation["enable"], annotation["datasource"])


def test_project_has_a_timeline_of_every_status() -> None:
    """Each status of the golden exposition has a number, and the number a name and a colour."""
    [timeline] = [panel for panel in panels("project.json") if panel["type"] == "state-timeline"]
    [mapping] = timeline["fieldConfig"]["defaults"]["mappings"]
    golden = (ROOT / "tests" / "metrics" / "golden" / "fleet.txt").read_text(encoding="utf-8")
    known = list(dict.fromkeys(re.findall(r'version_status\{.*status="(\w+)"', golden)))
    numbered = re.findall(r'status="(\w+)"\} \* (\d+)', timeline["targets"][0]["expr"])
    named = [(option["text"], number) for number, option in mapping["options"].items()]
    assert [*numbered, ("another status", "15")] == named
    assert {status for status, _ in numbered} == set(known[:14])


def _cells(place: dict[str, int]) -> Iterator[tuple[int, int]]:
    return (
        (x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])
    )
