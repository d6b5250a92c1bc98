"""What the Prometheus operator's custom resources may hold, as far as ours use it; an API server refuses the rest.

Source: the CustomResourceDefinitions of prometheus-operator 0.82 (monitoring.coreos.com/v1), `PrometheusRule` and
`ServiceMonitor`; names are those of Kubernetes, "Object Names and IDs" and "Labels and Selectors".
"""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Duration = Annotated[
    str,
    StringConstraints(
        min_length=1, pattern=r"^(0|([0-9]+y)?([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?)$"
    ),
]
Name = Annotated[str, StringConstraints(max_length=253, pattern=r"^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")]
LabelKey = Annotated[
    str, StringConstraints(max_length=317, pattern=r"^([a-z0-9.-]+/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")
]
LabelValue = Annotated[str, StringConstraints(max_length=63, pattern=r"^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$")]
Labels = dict[LabelKey, LabelValue]
PrometheusName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z_][a-zA-Z0-9_]*$")]
MetricName = Annotated[str, StringConstraints(pattern=r"^[a-zA-Z_:][a-zA-Z0-9_:]*$")]


class Part(BaseModel):
    """Texts are texts, and a field that the definition has not is an error (`kubectl apply` calls it unknown)."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Metadata(Part):
    name: Name
    labels: Labels


class Rule(Part):
    """One of `record` and `alert`; annotations and waiting are for alerts alone."""

    alert: str | None = None
    record: MetricName | None = None
    expr: Annotated[str, StringConstraints(min_length=1)]
    wait: Annotated[Duration | None, Field(alias="for")] = None
    keep_firing_for: Duration | None = None
    labels: dict[PrometheusName, str] = {}
    annotations: dict[PrometheusName, str] = {}

    @model_validator(mode="after")
    def is_one_kind(self) -> Self:
        if (self.alert is None) == (self.record is None):
            raise ValueError("either an alert or a record")
        if self.record and (self.annotations or self.wait or self.keep_firing_for):
            raise ValueError("a record has neither annotations nor a time to wait")
        return self


class Group(Part):
    name: Annotated[str, StringConstraints(min_length=1)]
    interval: Duration | None = None
    query_offset: Duration | None = None
    limit: int | None = None
    rules: list[Rule]


class RuleSpec(Part):
    """The groups are a map by their names (x-kubernetes-list-map-keys): none twice."""

    groups: list[Group]

    @model_validator(mode="after")
    def names_groups_once(self) -> Self:
        twice = [name for name, count in Counter(group.name for group in self.groups).items() if count > 1]
        if twice:
            raise ValueError(f"groups of one name: {twice}")
        return self


class Relabeling(Part):
    action: Literal["replace", "keep", "drop", "hashmod", "labelmap", "labeldrop", "labelkeep"] = "replace"
    sourceLabels: list[PrometheusName] = []  # noqa: N815 - Kubernetes's
    separator: str | None = None
    regex: str | None = None
    targetLabel: str | None = None  # noqa: N815 - Kubernetes's
    replacement: str | None = None


class Endpoint(Part):
    """`port` is the name of a Service's port: IANA service names have 15 characters."""

    port: Annotated[str, StringConstraints(max_length=15, pattern=r"^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    path: str | None = None
    scheme: Literal["http", "https"] | None = None
    interval: Duration | None = None
    scrapeTimeout: Duration | None = None  # noqa: N815 - Kubernetes's
    relabelings: list[Relabeling] = []
    metricRelabelings: list[Relabeling] = []  # noqa: N815 - Kubernetes's


class Selector(Part):
    matchLabels: Labels  # noqa: N815 - Kubernetes's


class MonitorSpec(Part):
    """`endpoints` and `selector` are required."""

    jobLabel: LabelKey | None = None  # noqa: N815 - Kubernetes's
    selector: Selector
    endpoints: list[Endpoint]


class PrometheusRule(Part):
    apiVersion: Literal["monitoring.coreos.com/v1"]  # noqa: N815 - Kubernetes's
    kind: Literal["PrometheusRule"]
    metadata: Metadata
    spec: RuleSpec


class ServiceMonitor(Part):
    apiVersion: Literal["monitoring.coreos.com/v1"]  # noqa: N815 - Kubernetes's
    kind: Literal["ServiceMonitor"]
    metadata: Metadata
    spec: MonitorSpec
