"""The shipped rules and scrape for the Prometheus operator, made from the files that Prometheus itself reads.

Source: Prometheus operator, API reference, `PrometheusRule` and `ServiceMonitor` (monitoring.coreos.com/v1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from tests.deploy.rules import PROMETHEUS, RULE_FILES, RUNBOOKS, groups

if TYPE_CHECKING:
    from collections.abc import Mapping

HEADER: Final = "# Made from prometheus.yml and rules/ by `make docs`. Change those, not this.\n"

_API: Final = "monitoring.coreos.com/v1"
_NAME: Final = "rekognition-monitor"
_LABELS: Final = {"app.kubernetes.io/name": _NAME}


def render_operator(runbooks: str = RUNBOOKS) -> str:
    """The text of deploy/prometheus/operator.yaml, with links to the runbooks below the address *runbooks*."""
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text(encoding="utf-8"))
    rules = [_document("PrometheusRule", path.stem, {"groups": groups(path)}) for path in RULE_FILES]
    documents = [*rules, _document("ServiceMonitor", _NAME, _scrape(config))]
    text = yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, explicit_start=True, width=120, allow_unicode=True)
    return HEADER + text.replace(RUNBOOKS, runbooks)


def _document(kind: str, name: str, spec: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {"name": name, "labels": dict(_LABELS)}
    return {"apiVersion": _API, "kind": kind, "metadata": metadata, "spec": dict(spec)}


def _scrape(config: Mapping[str, Any]) -> dict[str, Any]:
    """One monitor behind one Service. A new pod is the same monitor: its series go on, and so do the alerts."""
    steady = {"targetLabel": "instance", "replacement": _NAME}
    passing = {"action": "labeldrop", "regex": "pod|container|endpoint"}
    return {
        "jobLabel": "app.kubernetes.io/name",
        "selector": {"matchLabels": dict(_LABELS)},
        "endpoints": [
            {
                "port": "http",
                "interval": config["global"]["scrape_interval"],
                "relabelings": [steady, passing],
            }
        ],
    }


class _Dumper(yaml.SafeDumper):
    """Expressions of several lines as blocks, and nothing as a reference to what stands above."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML asks of each value
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
