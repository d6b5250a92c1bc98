from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from monitor.domain.events import version_document
from monitor.domain.samples import sample_events
from monitor.web.api.openapi import describe
from monitor.web.api.operations import OPERATIONS
from monitor.web.api.schemas import SCHEMAS
from tests.builders import at, tracked, version
from tests.dialect import dialect
from tests.web.api.house import FAR, V1, V2

if TYPE_CHECKING:
    from tests.web.api.house import House

EVERYTHING: dict[str, Any] = {
    "status_message": "x",
    "creation_timestamp": at(),
    "training_end_timestamp": at(1),
    "billable_training_time_in_seconds": 1,
    "f1_score": 0.5,
    "min_inference_units": 1,
    "max_inference_units": 2,
    "kms_key_id": "x",
    "source_project_version_arn": FAR,
    "version_description": "x",
    "feature": "CUSTOM_LABELS",
    "base_model_version": "x",
    "confidence_threshold": 0.5,
    "extra": {"New": 1},
}


def closed(schema: Any) -> Any:
    """The schema, taking no member that it does not name: what is answered has to be described."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(value) for key, value in schema.items()}
    if "properties" in inner and "additionalProperties" not in inner:
        inner["additionalProperties"] = False
    return inner


def wrong(name: str, document: Any) -> list[str]:
    """What is wrong with it."""
    components = {"schemas": {key: closed(schema) for key, schema in SCHEMAS.items()}}
    schema = {"$ref": f"#/components/schemas/{name}", "components": components}
    validator = dialect()(schema, format_checker=dialect().FORMAT_CHECKER)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("projects", "Projects"),
        ("versions", "Versions"),
        (f"versions/{V1}", "VersionDetail"),
        (f"versions/{V2}", "VersionDetail"),
        ("events", "Events"),
        ("events?order=newest", "Events"),
        ("timeline", "Timelines"),
        (f"timeline?version={V1}", "Timelines"),
        ("faults", "Faults"),
        ("sinks", "Sinks"),
    ],
)
def test_what_is_answered_is_described(house: House, path: str, name: str) -> None:
    """Every member of it, and nothing else is there."""
    assert [] == wrong(name, house.get(path))


@pytest.mark.parametrize("path", ["versions/x", "events?limit=0", "nothing"])
def test_a_problem_is_described(house: House, path: str) -> None:
    """Whatever it is about."""
    assert [] == wrong("Problem", house.client.get(f"/api/v1/{path}").json())


def test_every_field_of_a_version_is_described() -> None:
    """Those with parts of their own, too."""
    part = {"bucket": "x", "name": "x", "version": "x"}
    dataset = {"manifests": [part], "auto_create": True}
    document = version_document(tracked(version(**EVERYTHING))) | {
        "evaluation_summary": part,
        "manifest_summary": part,
        "output_config": {"s3_bucket": "x", "s3_key_prefix": "x"},
        "training_data_result": {"input": dataset, "output": dataset, "validation": dataset},
        "testing_data_result": {},
    }
    properties = set(SCHEMAS["Version"]["properties"])
    assert ([], properties) == (wrong("Version", document), set(document))


def test_every_type_of_event_is_described() -> None:
    """By what all of them have."""
    assert [] == [problem for event in sample_events() for problem in wrong("Event", dict(event.document))]


def test_the_document_is_served(house: House) -> None:
    """With every address that there is, and every component that it names."""
    told = house.get("openapi.json")
    named = {word for word in str(told).split("'") if word.startswith("#/components/schemas/")}
    assert (describe("1.2.3"), {f"/api/v1{each.path}" for each in OPERATIONS} | {"/api/v1/openapi.json"}, set()) == (
        told,
        set(told["paths"]),
        named - {f"#/components/schemas/{name}" for name in SCHEMAS},
    )


def test_the_schemas_are_schemas() -> None:
    """Of JSON Schema 2020-12, as OpenAPI 3.1 has them."""
    for schema in SCHEMAS.values():
        dialect().check_schema(schema)
