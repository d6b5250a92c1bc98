from __future__ import annotations

from dataclasses import replace
from typing import Any

from monitor.domain.delivery import DeliveryState
from monitor.domain.version import DataResult, Dataset, S3Object
from monitor.web.pages.entries import Entry
from monitor.web.pages.moments import moment
from monitor.web.pages.one import HISTORY, DeliveryLine, FieldLine, Record, VersionPage, version_page
from tests.builders import T0, at
from tests.web.pages.fleets import one, state
from tests.web.pages.histories import V1, events_of, receipt


def about(record: Record | None, **fields: Any) -> VersionPage:
    """The page of a version with these fields."""
    told = one("v1", "RUNNING", **fields)
    return version_page(V1, Entry(state("shop", told), told), record, at(10), ())


def test_every_field_that_aws_gave_is_there() -> None:
    """Fields of fields have their path, times are exact, what the program does not know is there as it came."""
    page = about(
        None,
        creation_timestamp=T0,
        training_data_result=DataResult(input=Dataset(manifests=(S3Object(bucket="b", name="n"),), auto_create=False)),
        evaluation_summary=S3Object(),
        extra={"NewField": [None, {"Deep": 2}], "Empty": []},
    )
    rest = [
        FieldLine(name=name, text=text, when=None)
        for name, text in (
            ("evaluation_summary", "none"),
            ("training_data_result.input.manifests.1.bucket", "b"),
            ("training_data_result.input.manifests.1.name", "n"),
            ("training_data_result.input.auto_create", "no"),
            ("extra.NewField.1", "none"),
            ("extra.NewField.2.Deep", "2"),
            ("extra.Empty", "none"),
        )
    ]
    created = FieldLine(name="creation_timestamp", text="2026-11-21T18:00:00Z", when=moment(T0, at(10)))
    assert [created, *rest] == list(page.fields)[3:]


def test_event_has_its_deliveries() -> None:
    """Each event is told with what became of it at each sink."""
    record = Record(
        events=events_of("STARTING", "RUNNING"),
        receipts=[
            receipt(1, "audit"),
            receipt(1, "ops", DeliveryState.PENDING, attempts=3, settled_at=None, due_at=at(12), error="503"),
        ],
    )
    [happening] = about(record).history or ()
    assert (
        "status changed",
        (
            DeliveryLine(
                sink="audit",
                state="delivered",
                attempts=1,
                stored=moment(at(1), at(10)),
                settled=moment(at(2), at(10)),
                due=moment(at(1), at(10)),
                error="",
            ),
            DeliveryLine(
                sink="ops",
                state="pending",
                attempts=3,
                stored=moment(at(1), at(10)),
                settled=None,
                due=moment(at(12), at(10)),
                error="503",
            ),
        ),
    ) == (happening.telling.kind, happening.deliveries)


def test_version_that_is_gone_is_as_it_was_last() -> None:
    """A version that is not listed any more has a page of what its last event said."""
    page = version_page(V1, None, Record(events=events_of("DELETING", "")), at(10), ())
    told = {field.name: field.text for field in page.fields}
    assert ("v1", None, "DELETING", V1) == (page.name, page.row, told["status"], told["arn"])


def test_page_without_the_database_has_the_present() -> None:
    """Without the history the version is there as it is."""
    page = about(None)
    assert (None, None, False, "v1") == (page.history, page.strip, page.more, page.row and page.row.name)


def test_event_that_cannot_be_read_leaves_the_fields_out() -> None:
    """A last event that is damaged costs only what it would have told."""
    [event] = events_of("STARTING", "RUNNING")
    damaged = Record(events=[replace(event, document=b"{}")])
    assert () == version_page(V1, None, damaged, at(10), ()).fields


def test_more_events_than_a_page_has_are_said() -> None:
    """The page says when there may be older events."""
    [event] = events_of("STARTING", "RUNNING")
    assert (True, False) == (about(Record(events=[event] * HISTORY)).more, about(Record(events=[event])).more)
