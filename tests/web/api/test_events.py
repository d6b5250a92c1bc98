from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests.web.api.house import ABROAD, V1

if TYPE_CHECKING:
    from tests.web.api.house import House


@pytest.mark.parametrize(
    ("query", "positions", "following"),
    [
        ({}, [1, 2, 3, 4, 5, 6], 6),
        ({"limit": 2}, [1, 2], 2),
        ({"after": 4}, [5, 6], 6),
        ({"after": 9}, [], 9),
        ({"before": 3}, [1, 2], 2),
        ({"order": "newest", "limit": 2}, [6, 5], 5),
        ({"order": "newest", "before": 5, "limit": 4}, [4, 3, 2, 1], 1),
        ({"order": "newest", "before": 5, "limit": 9}, [4, 3, 2, 1], None),
        ({"order": "newest", "before": 1}, [], None),
        ({"project": "abr*"}, [6], 6),
        ({"version": V1}, [1, 3, 5], 5),
        ({"account": "999988887777", "region": "eu-west-1"}, [6], 6),
        ({"type": "appeared"}, [2], 2),
        ({"type": ["project_version.disappeared", "rekognition.project_version.appeared"]}, [2, 5], 5),
        ({"type": "unreachable"}, [], 0),
        ({"severity": "error"}, [4, 5], 5),
        ({"from": "STOPPED"}, [1, 6], 6),
        ({"from": "STOPPED", "to": "RUNNING"}, [6], 6),
        ({"label": "team=vision", "after": 4}, [5], 5),
        ({"text": "too FEW"}, [4], 4),
        ({"since": "2026-11-21T18:20:00Z", "until": "2026-11-21T19:45:00+01:00"}, [3, 4], 4),
        ({"since": "15m"}, [5, 6], 6),
        ({"until": "2026-11-21"}, [], 0),
    ],
)
def test_events_are_chosen(house: House, query: dict[str, Any], positions: list[int], following: int | None) -> None:
    """By each parameter, in either order, with where to go on."""
    stored = {orjson.loads(message.document)["id"]: message.position for message in house.store.events()}
    told = house.get("events", **query)
    assert (positions, following) == ([stored[event["id"]] for event in told["events"]], told["next"])


def test_events_are_what_sinks_get(house: House) -> None:
    """The stored document, whole."""
    [message] = house.store.events(project=ABROAD)
    assert {"events": [orjson.loads(message.document)], "next": 6} == house.get("events", project=ABROAD)
