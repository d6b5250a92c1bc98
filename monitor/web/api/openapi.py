"""The OpenAPI 3.1 document: made of the tables that the routes and the reading of parameters are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from monitor.web.api import parameters
from monitor.web.api.negotiation import JSON, STREAM
from monitor.web.api.operations import BASE, EVENTS, OPERATIONS
from monitor.web.api.schemas import SCHEMAS, Schema, ref

if TYPE_CHECKING:
    from monitor.web.api.operations import Operation
    from monitor.web.api.parameters import Parameter

_ABOUT: Final = """\
What the monitor shows and what it remembers, as JSON in the words of its events. It only reads: nothing can be changed.

Answers have a weak `ETag`; with `If-None-Match` an unchanged one is 304. `HEAD` answers as `GET` without the body.
Errors are problem documents (RFC 9457). Times are RFC 3339 in UTC. Parameters that are not named here are refused, so
that a typing error is not taken for "no condition".

Addresses, parameters and members of v1 stay as they are; new ones may come.
"""

_PROBLEMS: Final = {
    "400": "A parameter makes no sense; `errors` names each.",
    "404": "There is nothing of that name.",
    "406": "The `Accept` header allows nothing that there is.",
    "500": "The monitor failed to answer; its log says why.",
    "503": "The database cannot be read now, or there are too many streams.",
}


def describe(version: str) -> dict[str, Any]:
    """The document, for the program's *version*."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "rekognition-monitor",
            "version": version,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "paths": {BASE + each.path: {"get": _get(each)} for each in OPERATIONS} | {f"{BASE}/openapi.json": _self()},
        "components": {
            "schemas": dict(SCHEMAS),
            "headers": {"ETag": {"description": "Weak; of this very answer.", "schema": {"type": "string"}}},
        },
    }


def _get(operation: Operation) -> dict[str, Any]:
    path = [parameters.ARN] if "{arn}" in operation.path else []
    header = [parameters.LAST_EVENT_ID] if operation is EVENTS else []
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description,
        "parameters": [_parameter(each) for each in (*path, *operation.query, *header)],
        "responses": {
            "200": _answer(operation),
            "304": {"description": "The client has this answer already.", "headers": _ETAG},
            **{status: _problem(status) for status in ("400", *(["404"] if path else []), "406", "500", "503")},
        },
    }


def _self() -> dict[str, Any]:
    content = {JSON: {"schema": {"type": "object", "required": ["openapi"]}}}
    return {
        "get": {
            "operationId": "openapi",
            "summary": "This document",
            "parameters": [],
            "responses": {
                "200": {"description": "An OpenAPI 3.1 document.", "content": content, "headers": _ETAG},
                "304": {"description": "The client has this answer already.", "headers": _ETAG},
                "406": _problem("406"),
                "500": _problem("500"),
            },
        }
    }


_ETAG: Final = {"ETag": {"$ref": "#/components/headers/ETag"}}


def _answer(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {JSON: {"schema": ref(operation.schema)}}
    if operation is EVENTS:
        content[STREAM] = {"schema": _STREAMED}
    return {"description": operation.summary, "content": content, "headers": _ETAG}


_STREAMED: Final = {
    "description": "Each server-sent event. A comment comes every 15 s while nothing happens.",
    "type": "object",
    "required": ["id", "data"],
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$", "description": "The position to go on after."},
        "data": {"type": "string", "contentMediaType": "application/json", "contentSchema": ref("Event")},
    },
}


def _problem(status: str) -> dict[str, Any]:
    return {"description": _PROBLEMS[status], "content": {"application/problem+json": {"schema": ref("Problem")}}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: Schema = dict(parameter.schema)
    if parameter.many:
        schema = {"type": "array", "items": schema, "maxItems": parameters.MOST_VALUES}
    return {
        "name": parameter.name,
        "in": parameter.place,
        "required": parameter.place == "path",
        "description": parameter.description,
        "schema": schema,
        **({"style": "form", "explode": True} if parameter.many else {}),
    }
