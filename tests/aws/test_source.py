from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from monitor.aws.parsing import parse_version
from monitor.aws.source import MOST_PAGES
from monitor.domain.fault import Fault, Reason
from monitor.domain.snapshot import Listing
from monitor.errors import StoppingError
from monitor.simulator import Scenario, Simulator
from tests.aws.wire import REQUEST_ID, Calls, FarEnd, answer, error, open_source
from tests.aws_examples import PROJECT_ARN, version_arn, wire_answer, wire_entry

if TYPE_CHECKING:
    from monitor.domain.project import Project

TOKEN_REFUSED = error("InvalidPaginationTokenException", "Invalid Pagination Token")


def entry(number: int, status: str = "STOPPED") -> dict[str, Any]:
    return wire_entry(ProjectVersionArn=version_arn(number), Status=status)


def page(*entries: Any, token: str | None = None) -> bytes:
    return answer({"ProjectVersionDescriptions": list(entries), "NextToken": token})


def listed(project: Project, *answers: bytes, calls: Calls | None = None) -> tuple[Listing | Fault, FarEnd]:
    """What a source makes of a far end that answers so, and the far end."""
    with FarEnd(*answers) as far_end, open_source(far_end.url, calls) as source:
        return source.list_versions(project), far_end


def words(listing: Listing | Fault) -> list[tuple[str, str]]:
    assert isinstance(listing, Listing)
    return [(version.name, str(version.status)) for version in listing.versions]


def test_the_published_answer_is_a_listing(project: Project) -> None:
    """AWS's own example comes through the real client whole; an empty token ends it."""
    listing, far_end = listed(project, answer(wire_answer()))

    assert listing == Listing(versions=(parse_version(wire_entry()),), request_ids=(REQUEST_ID,))
    assert [request.body for request in far_end.requests] == [{"ProjectArn": PROJECT_ARN, "MaxResults": 100}]


def test_unknown_fields_come_through(project: Project) -> None:
    """botocore's own parser would drop them."""
    listing, _ = listed(project, page(wire_entry(New={"a": 1}, EvaluationResult={"New": 2})))

    assert isinstance(listing, Listing)
    assert listing.versions[0].extra == {"New": {"a": 1}, "EvaluationResult.New": 2}


def test_every_page_is_asked_for(project: Project) -> None:
    """Each token is sent back as it came; the listing has one request id a page."""
    listing, far_end = listed(project, page(entry(3), token="t1"), page(entry(2), token="größe/2=="), page(entry(1)))

    assert words(listing) == [("v3", "STOPPED"), ("v2", "STOPPED"), ("v1", "STOPPED")]
    assert [request.body.get("NextToken") for request in far_end.requests] == [None, "t1", "größe/2=="]
    assert isinstance(listing, Listing)
    assert listing.request_ids == (REQUEST_ID,) * 3


def test_a_version_on_two_pages_counts_once(project: Project) -> None:
    """What the later page says is newer; the order stays."""
    pages = page(entry(2, "STARTING"), entry(1), token="t"), page(entry(2, "RUNNING"), entry(0))

    listing, _ = listed(project, *pages)

    assert words(listing) == [("v2", "RUNNING"), ("v1", "STOPPED"), ("v0", "STOPPED")]


def test_an_empty_page_in_the_middle_ends_nothing(project: Project) -> None:
    """Only the missing token does."""
    listing, _ = listed(project, page(entry(2), token="a"), page(token="b"), page(entry(1)))

    assert words(listing) == [("v2", "STOPPED"), ("v1", "STOPPED")]


def test_entries_that_are_no_versions_are_told(project: Project) -> None:
    """With page and index; the others stand."""
    listing, _ = listed(project, page(entry(1), None, token="t"), page({"Status": "RUNNING"}, entry(0)))

    assert isinstance(listing, Listing)
    assert words(listing) == [("v1", "STOPPED"), ("v0", "STOPPED")]
    assert listing.malformed == (
        "entry 1 of page 1: null is not a description of a version",
        "entry 0 of page 2: there is no ProjectVersionArn",
    )


@pytest.mark.parametrize(
    ("failing", "reason"),
    [
        (error("AccessDeniedException"), Reason.ACCESS_DENIED),
        (error("InternalServerError", status=500), Reason.INTERNAL_ERROR),
        (answer(b"{}"), Reason.RESPONSE_MALFORMED),
        (answer(b'{"ProjectVersionDescriptions": [', length=99), Reason.RESPONSE_MALFORMED),
    ],
)
def test_a_page_that_fails_discards_everything(failing: bytes, reason: Reason, project: Project) -> None:
    """A part of a listing would look like deletions."""
    fault, _ = listed(project, page(entry(2), token="t"), failing)

    assert isinstance(fault, Fault)
    assert fault.reason is reason


def test_a_refused_token_begins_the_listing_again(project: Project) -> None:
    """What came before is dropped, and asked for again without a token."""
    first = page(entry(2, "STARTING"), token="t")
    again = page(entry(3), entry(2, "RUNNING"), token="u")

    listing, far_end = listed(project, first, TOKEN_REFUSED, again, page(entry(1)))

    assert words(listing) == [("v3", "STOPPED"), ("v2", "RUNNING"), ("v1", "STOPPED")]
    assert [request.body.get("NextToken") for request in far_end.requests] == [None, "t", None, "u"]


def test_a_listing_is_begun_again_twice_at_most(project: Project) -> None:
    """A third refusal is a fault."""
    first = page(entry(2), token="t")
    calls = Calls()

    fault, far_end = listed(project, *(first, TOKEN_REFUSED) * 3, page(entry(1)), calls=calls)

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.request_id) == (Reason.PAGINATION_TOKEN_INVALID, REQUEST_ID)
    assert len(far_end.requests) == 6
    assert calls.codes == ["InvalidPaginationTokenException"] * 3


def test_a_token_that_comes_again_is_a_fault(project: Project) -> None:
    """Also when another came between."""
    fault, far_end = listed(project, page(token="a"), page(token="b"), page(token="a"), page())

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.message, fault.request_id) == (
        Reason.PAGINATION_TOKEN_REPEATED,
        "the token of page 3 was given before",
        REQUEST_ID,
    )
    assert len(far_end.requests) == 3


def test_a_listing_without_an_end_is_a_fault(project: Project) -> None:
    """New tokens for ever are given up."""
    fault, far_end = listed(project, *(page(token=str(number)) for number in range(MOST_PAGES + 5)))

    assert isinstance(fault, Fault)
    assert (fault.reason, fault.message) == (Reason.PAGINATION_TOKEN_REPEATED, "there are more than 100 pages")
    assert len(far_end.requests) == MOST_PAGES


def test_the_same_answer_gives_the_same_versions(project: Project) -> None:
    """What did not change is not read again, but its request id is the new one's."""
    other_id = answer(wire_answer(), x_amzn_RequestId="second")
    with FarEnd(answer(wire_answer()), other_id) as far_end, open_source(far_end.url) as source:
        first, second = source.list_versions(project), source.list_versions(project)

    assert isinstance(first, Listing)
    assert isinstance(second, Listing)
    assert first.versions is second.versions
    assert second.request_ids == ("second",)


def test_another_answer_is_read(project: Project) -> None:
    """One other letter is enough, and going back counts as well."""
    answers = [page(entry(1, status)) for status in ("STARTING", "RUNNING", "STARTING")]
    with FarEnd(*answers) as far_end, open_source(far_end.url) as source:
        seen = [words(source.list_versions(project)) for _ in answers]

    assert seen == [[("v1", "STARTING")], [("v1", "RUNNING")], [("v1", "STARTING")]]


def test_a_remembered_answer_keeps_its_messages(project: Project) -> None:
    """An entry that is no version is told at each poll."""
    with FarEnd(page(None)) as far_end, open_source(far_end.url) as source:
        seen = [source.list_versions(project) for _ in range(2)]

    assert seen[0] == seen[1] == Listing(
        versions=(), malformed=("entry 0 of page 1: null is not a description of a version",), request_ids=(REQUEST_ID,)
    )  # fmt: skip


def test_a_project_can_be_forgotten(project: Project) -> None:
    """What is remembered of a project that is not watched any more can be dropped."""
    with FarEnd(answer(wire_answer())) as far_end, open_source(far_end.url) as source:
        first = source.list_versions(project)
        source.forget(project.arn)
        source.forget("never seen")
        second = source.list_versions(project)

    assert isinstance(first, Listing)
    assert isinstance(second, Listing)
    assert first == second
    assert first.versions is not second.versions


def test_a_fault_passes(project: Project) -> None:
    """The next poll asks again as if nothing had been."""
    with FarEnd(error("AccessDeniedException"), page(entry(1))) as far_end, open_source(far_end.url) as source:
        seen = source.list_versions(project), source.list_versions(project)

    assert isinstance(seen[0], Fault)
    assert words(seen[1]) == [("v1", "STOPPED")]


def test_a_stop_is_no_fault(project: Project) -> None:
    """A monitor that stops makes no call and raises."""
    stopping = threading.Event()
    stopping.set()
    calls = Calls()

    with FarEnd(page()) as far_end, open_source(far_end.url, calls, stopping=stopping) as source:
        with pytest.raises(StoppingError):
            source.list_versions(project)

        assert (far_end.requests, calls.attempts, calls.failures) == ([], [], [])


def test_no_call_comes_before_its_turn(project: Project) -> None:
    """The first attempts and the retries of eight threads together: of 10 a second, whatever delays some on their way.

    That no second holds more is tried where the turns are given; here, that every call has one.
    """
    failing = error("InternalServerError", status=500)
    with FarEnd(failing) as far_end, open_source(far_end.url, rate=10) as source:
        began = time.monotonic()
        threads = [threading.Thread(target=source.list_versions, args=(project,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

    arrivals = sorted(request.at for request in far_end.requests)
    assert len(arrivals) == 16
    assert [] == [turn for turn, at in enumerate(arrivals) if at < began + turn / 10]


def scenario(versions: int) -> Scenario:
    """One project with so many versions, and no limit of calls."""
    specs = [{"name": f"v{number}", "status": "STOPPED"} for number in range(versions)]
    return Scenario.model_validate(
        {"projects": [{"arn": PROJECT_ARN, "versions": specs}], "limits": {"calls_per_second": None}}
    )


def test_a_large_project_of_the_simulator_is_listed_whole(project: Project) -> None:
    """250 versions on three pages, newest first, as the simulator says that it answered them."""
    with Simulator(scenario(250)) as simulator, open_source(simulator.url) as source:
        listing = source.list_versions(project)

    assert isinstance(listing, Listing)
    answered = [version for served in simulator.served for version in served.versions]
    assert [(version.arn, version.status.word) for version in listing.versions] == answered
    assert (len(listing.versions), len(listing.request_ids), listing.malformed) == (250, 3, ())


@pytest.mark.parametrize(
    ("kind", "conditions", "reason"),
    [
        ("error", {"code": "AccessDeniedException", "page": 2}, Reason.ACCESS_DENIED),
        ("reset", {}, Reason.CONNECTION_RESET),
        ("truncated", {}, Reason.RESPONSE_MALFORMED),
        ("empty", {}, Reason.RESPONSE_MALFORMED),
        ("no_content", {}, Reason.RESPONSE_MALFORMED),
        ("html", {}, Reason.RESPONSE_MALFORMED),
        ("not_json", {"page": 2}, Reason.RESPONSE_MALFORMED),
        ("wrong_json", {}, Reason.RESPONSE_MALFORMED),
        ("missing_list", {}, Reason.RESPONSE_MALFORMED),
        ("null_list", {}, Reason.RESPONSE_MALFORMED),
        ("string_list", {}, Reason.RESPONSE_MALFORMED),
        ("repeated_token", {"page": 2}, Reason.PAGINATION_TOKEN_REPEATED),
        ("expired_token", {"page": 2}, Reason.PAGINATION_TOKEN_INVALID),
    ],
)
def test_the_simulators_faults(kind: str, conditions: dict[str, Any], reason: Reason, project: Project) -> None:
    """Each fault that the simulator makes is the fault that it is meant to be, and passes with it."""
    with Simulator(scenario(150)) as simulator, open_source(simulator.url) as source:
        simulator.faults.add(kind, **conditions)
        fault = source.list_versions(project)
        simulator.faults.clear()
        listing = source.list_versions(project)

    assert isinstance(fault, Fault)
    assert fault.reason is reason
    assert isinstance(listing, Listing)
    assert len(listing.versions) == 150


@pytest.mark.parametrize("kind", ["null_item", "missing_arn"])
def test_the_simulators_odd_entries(kind: str, project: Project) -> None:
    """One entry that is no version leaves the others."""
    with Simulator(scenario(3)) as simulator, open_source(simulator.url) as source:
        simulator.faults.add(kind)
        listing = source.list_versions(project)

    assert isinstance(listing, Listing)
    assert (len(listing.versions), len(listing.malformed)) == (2, 1)
