from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import pytest

from monitor.domain.events import version_document
from tests.builders import PROJECT_ARN, version_arn
from tests.web.api.house import FAR, V1, V2

if TYPE_CHECKING:
    from tests.web.api.house import House

HOME = {"arn": PROJECT_ARN, "name": "getting-started", "labels": {"team": "vision"}}
CONSOLE = "https://us-east-1.console.aws.amazon.com/rekognition/custom-labels?region=us-east-1#/projects"


def history(house: House, arn: str) -> list[Any]:
    """What is stored about a version, newest first."""
    return [orjson.loads(message.document) for message in house.store.records.about(arn, limit=9)]


@pytest.mark.parametrize("path", [V2, quote(V2, safe="")], ids=["plain", "encoded"])
def test_one_version_whole(house: House, path: str) -> None:
    """As it is, with what happened to it and who was told."""
    snapshot = house.store.snapshot(PROJECT_ARN)
    assert snapshot is not None
    [failed, appeared] = history(house, V2)
    waits = {"sink": "log", "state": "pending", "settled_at": None}
    assert {
        "account_id": "111122223333",
        "region": "us-east-1",
        "project": HOME,
        "version": version_document(snapshot.versions[V2]),
        "console_url": CONSOLE,
        "watched": True,
        "history": [failed, appeared],
        "deliveries": [
            {
                **waits,
                "event_id": failed["id"],
                "attempts": 0,
                "stored_at": "2026-11-21T18:20:00Z",
                "due_at": "2026-11-21T18:20:00Z",
                "error": None,
            },
            {
                **waits,
                "event_id": appeared["id"],
                "attempts": 1,
                "stored_at": "2026-11-21T18:10:00Z",
                "due_at": "2026-11-21T18:00:00Z",
                "error": "503",
            },
        ],
    } == house.get(f"versions/{path}")


def test_a_version_that_is_gone_is_as_it_was_last(house: House) -> None:
    """As long as something about it is stored."""
    told = house.get(f"versions/{V1}", limit=1)
    [gone, *_] = history(house, V1)
    assert (gone["data"]["version"], False, [gone], 1) == (
        told["version"],
        told["watched"],
        told["history"],
        len(told["deliveries"]),
    )


@pytest.mark.parametrize("arn", [version_arn("v3"), "v2", "", "../../config"])
def test_a_version_that_nobody_knows_is_404(house: House, arn: str) -> None:
    """Whether it is an ARN or not."""
    answer = house.client.get(f"/api/v1/versions/{quote(arn, safe='')}")
    assert (404, f"nothing is known of a version {arn!r}") == (answer.status_code, answer.json()["detail"])


def test_the_statuses_over_a_time(house: House) -> None:
    """Spans with a gap where nobody looked, and the changes; a training as AWS dates it."""
    told = house.get("timeline", version="v2", since="1h")
    assert {
        "since": "2026-11-21T18:00:00Z",
        "until": "2026-11-21T19:00:00Z",
        "timelines": [
            {
                "account_id": "111122223333",
                "region": "us-east-1",
                "project": HOME,
                "version": {
                    "arn": V2,
                    "name": "v2",
                    "status": "TRAINING_FAILED",
                    "status_since": "2026-11-21T18:15:00Z",
                },
                "spans": [
                    {"status": status, "start": f"2026-11-21T{start}Z", "end": f"2026-11-21T{end}Z"}
                    for status, start, end in [
                        ("TRAINING_IN_PROGRESS", "18:00:30", "18:15:00"),
                        ("TRAINING_FAILED", "18:15:00", "18:25:00"),
                        (None, "18:25:00", "18:40:00"),
                        ("TRAINING_FAILED", "18:40:00", "19:00:00"),
                    ]
                ],
                "changes": [
                    {
                        "at": "2026-11-21T18:00:30Z",
                        "from": None,
                        "to": "TRAINING_IN_PROGRESS",
                        "move": None,
                        "via": [],
                        "observed_after": "2026-11-21T18:00:00Z",
                        "observed_by": "2026-11-21T18:10:00Z",
                    },
                    {
                        "at": "2026-11-21T18:15:00Z",
                        "from": "TRAINING_IN_PROGRESS",
                        "to": "TRAINING_FAILED",
                        "move": "direct",
                        "via": [],
                        "observed_after": "2026-11-21T18:10:00Z",
                        "observed_by": "2026-11-21T18:20:00Z",
                    },
                ],
            }
        ],
        "next": None,
    } == told


def test_a_project_that_does_not_answer_is_not_seen(house: House) -> None:
    """The last span ends with the last poll that succeeded, and a move over a status that was not seen says so."""
    [told] = house.get("timeline", version=FAR, since="2026-11-21T18:30:00Z")["timelines"]
    spans = [(span["status"], span["start"][11:16], span["end"][11:16]) for span in told["spans"]]
    [change] = told["changes"]
    assert ([(None, "18:30", "19:00")], ("skipped", ["STARTING"])) == (spans, (change["move"], change["via"]))


def test_a_version_that_is_gone_has_a_timeline_by_its_arn(house: House) -> None:
    """And by nothing else; what nobody knows has none."""
    told = house.get("timeline", version=[V1, version_arn("v3")], since="1h")["timelines"]
    [spans] = [[(span["status"], span["end"][11:16]) for span in each["spans"]] for each in told]
    assert ([("STOPPED", "18:10"), ("STARTING", "18:20")], []) == (
        spans,
        house.get("timeline", version="v1")["timelines"],
    )


def test_timelines_come_in_pages(house: House) -> None:
    """As versions do."""
    first = house.get("timeline", limit=1)
    last = house.get("timeline", limit=1, after=first["next"])
    names = [[each["version"]["name"] for each in page["timelines"]] for page in (first, last)]
    assert ([["far"], ["v2"]], None) == (names, last["next"])


def test_the_future_is_not_told(house: House) -> None:
    """It is no gap: nobody could see it."""
    told = house.get("timeline", version="v2", since="1h", until="2030-01-01")
    assert ("2026-11-21T19:00:00Z", "TRAINING_FAILED") == (told["until"], told["timelines"][0]["spans"][-1]["status"])


@pytest.mark.parametrize(
    "query", [{"since": "1h", "until": "2h"}, {"until": "0001-01-01"}, {"since": "2026-11-22", "until": "2026-11-23"}]
)
def test_a_time_without_length_is_refused(house: House, query: dict[str, str]) -> None:
    """With the parameter named."""
    answer = house.client.get("/api/v1/timeline", params=query)
    assert (400, ["since"]) == (answer.status_code, [each["parameter"] for each in answer.json()["errors"]])
