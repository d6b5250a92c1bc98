"""monitor.discoverer, on a real database"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from monitor.discoverer import Discoverer, DiscoverySettings
from monitor.domain.account import Discovery, Place
from monitor.domain.cadence import Cadence
from monitor.domain.census import Found, ProjectListing
from monitor.domain.fault import Reason, Scope
from monitor.domain.project import parse_project
from monitor.domain.reachability import Reachability
from monitor.domain.routing import Route
from monitor.errors import StoppingError
from monitor.ledger import Ledger
from monitor.poller import Poller, PollSettings
from monitor.store import Store
from monitor.view import View
from tests.builders import at, fault, listing, project_arn, version
from tests.fakes_poller import Counts, FullDisk, Source
from tests.store.fresh import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from monitor.discoverer import Discovered
    from monitor.domain.fault import Fault
    from monitor.domain.project import Project

A, B, SCRATCH = project_arn("a"), project_arn("b"), project_arn("scratch-1")
PLACE = Place(account="production", account_id="111122223333", region="us-east-1")
DISCOVERY = Discovery(include=("*",), exclude=("scratch-*",), features=("CUSTOM_LABELS",), every=timedelta(hours=1))
CADENCE = Cadence(interval=timedelta(minutes=5), transition_interval=timedelta(seconds=30))
SETTINGS = DiscoverySettings(cadence=CADENCE, routes=(Route(sink="all"),))
REFUSED = fault(Reason.CREDENTIALS_REFUSED, scope=Scope.ENDPOINT, soon=False, message="no")
DENIED = fault(Reason.ACCESS_DENIED, scope=Scope.PROJECT)
HOUR = 60


@dataclass
class Lists:
    """Answers what a test has set."""

    answer: ProjectListing | Fault = field(default_factory=lambda: ProjectListing(projects=()))
    tags: dict[str, Mapping[str, str] | Fault] = field(default_factory=dict)
    asked: list[tuple[Place, tuple[str, ...]]] = field(default_factory=list)
    asked_tags: list[str] = field(default_factory=list)
    before_answer: Callable[[], None] = lambda: None

    def list_projects(self, place: Place, features: tuple[str, ...]) -> ProjectListing | Fault:
        self.asked.append((place, features))
        self.before_answer()
        return self.answer

    def list_tags(self, place: Place, project_arn: str) -> Mapping[str, str] | Fault:
        assert place.region == PLACE.region
        self.asked_tags.append(project_arn)
        return self.tags[project_arn]


@dataclass
class Counted:
    """What was counted of discoveries."""

    told: list[tuple[str, str, object]] = field(default_factory=list)

    def discovered(self, place: Place, *, projects: int, at: datetime) -> None:
        assert at.tzinfo is not None
        self.told.append(("discovered", place.account_id, projects))

    def discovery_failed(self, place: Place, *, reason: str) -> None:
        self.told.append(("failed", place.account_id, reason))

    def place_forgotten(self, place: Place) -> None:
        self.told.append(("forgotten", place.account_id, None))


class Rig:
    """A discoverer and a poller on one ledger, whose time a test sets."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now = at(0)
        self.lists = Lists()
        self.counted = Counted()
        self.answers = Source()
        self.turns: list[float] = []
        self.start()

    def start(self) -> None:
        """Begin with what the database holds."""
        self.store = Store.open(f"sqlite:///{made(self.path)}", clock=lambda: self.now)
        self.disk = FullDisk(self.store)
        self.view = View()
        ledger = Ledger(
            self.disk, Counts(), reachability=Reachability(streaks=self.store.streaks()), committed=lambda: None
        )
        self.discoverer = Discoverer(
            source=self.lists,
            state=self.store,
            view=self.view,
            ledger=ledger,
            observer=self.counted,
            settings=SETTINGS,
            project_at=self.project_at,
            clock=lambda: self.now,
            monotonic=self.seconds,
            turn=lambda _: self.turns.pop(0),
        )
        self.poller = Poller(
            source=self.answers,
            state=self.disk,
            view=self.view,
            ledger=ledger,
            observer=Counts(),
            settings=PollSettings(cadence=CADENCE),
            clock=lambda: self.now,
            monotonic=self.seconds,
            budget=lambda _: 1.0,
        )

    def seconds(self) -> float:
        return self.now.timestamp()

    def project_at(self, place: Place, arn: str) -> Project:
        return parse_project(arn, account=place.account, labels={"team": "vision"} if arn == B else {})

    def discover(self, answer: ProjectListing | Fault, *, minute: float, **options: Any) -> Discovered:
        """One discovery at that minute that gets *answer*."""
        self.now = at(minute)
        self.lists.answer = answer
        return self.discoverer.discover(
            options.get("place", PLACE), options.get("discovery", DISCOVERY), patient=options.get("patient", True)
        )

    def poll(self, arn: str, *statuses: str, minute: float) -> None:
        """One poll at that minute of a project whose versions v1, v2... have these statuses."""
        self.now = at(minute)
        named = [version(f"v{number}", status) for number, status in enumerate(statuses, 1)]
        self.answers.answers[arn] = listing(*named)
        self.poller.poll(self.project_at(PLACE, arn))

    def history(self) -> list[dict[str, Any]]:
        return [orjson.loads(message.document) for message in self.store.events(limit=100)]

    def told(self) -> list[str]:
        return [document["data"]["summary"] for document in self.history()]


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(tmp_path / "state.db")
    yield rig
    rig.store.close()


def found(*arns: str, **fields: Any) -> ProjectListing:
    return ProjectListing(projects=tuple(map(Found, arns)), **fields)


def test_the_first_discovery_is_silent(rig: Rig) -> None:
    """It finds what is there, but for what is excluded, and the first poll of each is a baseline."""
    discovered = rig.discover(found(A, SCRATCH), minute=0)
    rig.poll(A, "RUNNING", minute=1)

    assert ((A,), timedelta(hours=1), None) == (discovered.watched, discovered.next_in, discovered.state.fault)
    assert [(PLACE, ("CUSTOM_LABELS",))] == rig.lists.asked
    assert [("discovered", "111122223333", 1)] == rig.counted.told
    assert [] == rig.told()


def test_a_project_that_joins_is_told_and_so_are_its_versions(rig: Rig) -> None:
    """It is new in the world: so is what its first poll finds, which came after the discovery that lacked it."""
    rig.discover(found(A), minute=0)
    rig.discover(found(A, B), minute=HOUR)
    rig.poll(B, "TRAINING_IN_PROGRESS", minute=HOUR + 1)

    assert ["b appeared", "b / v1: appeared, TRAINING_IN_PROGRESS"] == rig.told()
    project, of_version = rig.history()
    assert {
        "summary": "b appeared",
        "account_id": "111122223333",
        "region": "us-east-1",
        "project": {"arn": B, "name": "b", "labels": {"team": "vision"}},
        "observed_after": "2026-11-21T18:00:00Z",
        "observed_by": "2026-11-21T19:00:00Z",
        "console_url": "https://us-east-1.console.aws.amazon.com/rekognition/custom-labels?region=us-east-1#/projects",
    } == project["data"]
    assert (B, B, "1", "info") == tuple(project[key] for key in ("source", "subject", "sequence", "severity"))
    assert "2026-11-21T18:00:00Z" == of_version["data"]["observed_after"]


def test_a_project_that_is_deleted_is_told_with_what_was_left_of_it(rig: Rig) -> None:
    """After two lists without it, the second of which is asked for soon."""
    rig.discover(found(A, B), minute=0)
    rig.poll(B, "RUNNING", "STOPPED", minute=1)
    first = rig.discover(found(A), minute=HOUR)
    second = rig.discover(found(A), minute=HOUR + 5)

    assert ((A, B), timedelta(minutes=5)) == (first.watched, first.next_in)
    assert ((A,), timedelta(hours=1)) == (second.watched, second.next_in)
    assert ["b / v1: disappeared, last RUNNING", "b / v2: disappeared, last STOPPED", "b disappeared"] == rig.told()
    assert ["RUNNING", "STOPPED"] == [each["status"] for each in rig.history()[-1]["data"]["versions"]]
    assert ["critical", "info", "info"] == [each["severity"] for each in rig.history()]


def test_each_is_told_once_whatever_the_restarts(rig: Rig) -> None:
    """The list is in the database, and so the projects are watched before the first discovery after a start."""
    rig.discover(found(A), minute=0)
    rig.discover(found(A, B), minute=HOUR)
    rig.store.close()
    rig.start()
    assert (A, B) == rig.discoverer.restore(PLACE, DISCOVERY)
    rig.discover(found(A, B), minute=2 * HOUR)
    rig.discover(found(B), minute=3 * HOUR)
    rig.store.close()
    rig.start()
    rig.discover(found(B), minute=4 * HOUR)

    assert ["b appeared", "a disappeared"] == rig.told()


def test_what_is_left_out_by_name_now_is_not_restored(rig: Rig) -> None:
    """The configuration changed while nothing ran; that is no news."""
    rig.discover(found(A, B), minute=0)
    narrow = replace(DISCOVERY, include=("b*",))
    assert (B,) == rig.discoverer.restore(PLACE, narrow)
    rig.discover(found(A, B), minute=1, discovery=narrow)
    assert (B,) == rig.discoverer.restore(PLACE, narrow)
    assert [] == rig.told()


def test_a_discovery_that_fails_keeps_the_last_list(rig: Rig) -> None:
    """It is made again sooner than the next would have been, later each time; the third failure is told."""
    rig.discover(found(A, B), minute=0)
    failed = [rig.discover(REFUSED, minute=minute) for minute in (60, 65, 75)]
    back = rig.discover(found(A, B), minute=100)

    assert [(A, B)] * 4 == [each.watched for each in (*failed, back)]
    assert [5, 10, 15] == [each.next_in / timedelta(minutes=1) for each in failed]
    assert (REFUSED, at(60), 3) == (
        failed[-1].state.fault,
        failed[-1].state.failing_since,
        failed[-1].state.failed_in_a_row,
    )
    assert [
        "account 111122223333 in us-east-1 unreachable: credentials_refused: no",
        "account 111122223333 in us-east-1 answers again",
    ] == rig.told()


def test_the_polls_and_the_discovery_of_an_account_have_one_root_cause(rig: Rig) -> None:
    """Whoever fails third tells it, and whoever succeeds first ends it."""
    rig.discover(found(A), minute=0)
    rig.answers.answers[A] = REFUSED
    for minute in (60, 61, 62):
        rig.discover(REFUSED, minute=minute)
        rig.now = at(minute)
        rig.poller.poll(rig.project_at(PLACE, A))
    rig.poll(A, minute=70)

    assert ["unreachable", "recovered"] == [each["type"].rpartition(".")[2] for each in rig.history()]


def test_a_list_that_is_denied_is_told_of_the_list_alone(rig: Rig) -> None:
    """The projects that are known are polled on."""
    rig.discover(found(A), minute=0)
    for minute in (60, 65, 75):
        rig.discover(DENIED, minute=minute)
    rig.poll(A, "RUNNING", minute=80)

    [event] = rig.history()
    assert ("discovery", None) == (event["data"]["scope"], event["data"]["project"])
    assert event["subject"] == "arn:aws:rekognition:us-east-1:111122223333:project/*"
    assert event["data"]["summary"].startswith(
        "the list of projects of account 111122223333 in us-east-1 unreachable: access_denied"
    )


def test_an_account_whose_id_only_aws_can_say(rig: Rig) -> None:
    """It goes by its name until then: what was told under the name ends when the id is known."""
    unknown = replace(PLACE, account_id="")
    for minute in (0, 5, 15):
        rig.discover(REFUSED, minute=minute, place=unknown)
    back = rig.discover(found(A, account_id="111122223333"), minute=30, place=unknown)
    rig.discover(REFUSED, minute=90, place=unknown)

    assert PLACE == back.state.place
    assert [
        "account production in us-east-1 unreachable: credentials_refused: no",
        "account production in us-east-1 answers again",
    ] == rig.told()
    assert [
        *[("failed", "", "credentials_refused")] * 3,
        ("forgotten", "", None),
        ("discovered", "111122223333", 1),
        ("failed", "111122223333", "credentials_refused"),
    ] == rig.counted.told


def test_tags_choose_and_are_asked_for_once_in_a_while(rig: Rig) -> None:
    """Of the projects that the names leave, and again after six hours."""
    tagged = replace(DISCOVERY, tags={"team": "vis*"})
    rig.lists.tags = {A: {"team": "vision"}, B: {}}
    first = rig.discover(found(A, B, SCRATCH), minute=0, discovery=tagged)
    rig.lists.tags[B] = {"team": "visuals", "more": "x"}
    second = rig.discover(found(A, B, SCRATCH), minute=HOUR, discovery=tagged)
    third = rig.discover(found(A, B, SCRATCH), minute=6 * HOUR, discovery=tagged)

    assert [(A,), (A,), (A, B)] == [first.watched, second.watched, third.watched]
    assert [A, B, A, B] == rig.lists.asked_tags
    assert [] == rig.told()


def test_a_discovery_whose_tags_cannot_be_paid_goes_on_later(rig: Rig) -> None:
    """It holds no thread meanwhile, lists nothing again, asks for no tags twice, and shows nothing before its end."""
    tagged = replace(DISCOVERY, tags={"team": "vis*"})
    rig.lists.tags = {A: {"team": "vision"}, B: {}}
    rig.turns = [0.0, 2.5, 0.0]
    first = rig.discover(found(A, B), minute=0, discovery=tagged, patient=False)
    between = rig.discoverer.unfinished(PLACE)
    second = rig.discover(DENIED, minute=1, discovery=tagged, patient=False)

    assert (False, timedelta(seconds=2.5), None, True) == (first.finished, first.next_in, first.state.census, between)
    assert (True, timedelta(hours=1), (A,)) == (second.finished, second.next_in, second.watched)
    assert (1, [A, B], False) == (len(rig.lists.asked), rig.lists.asked_tags, rig.discoverer.unfinished(PLACE))


@pytest.mark.parametrize("forgotten", [True, False], ids=["forgotten", "other-discovery"])
def test_a_discovery_of_something_else_begins_anew(rig: Rig, *, forgotten: bool) -> None:
    """After a reload nothing goes on that asked for what is asked no longer."""
    tagged = replace(DISCOVERY, tags={"team": "vis*"})
    rig.lists.tags = {A: {"team": "vision"}}
    rig.turns = [1.0, 0.0]
    rig.discover(found(A), minute=0, discovery=tagged, patient=False)
    if forgotten:
        rig.discoverer.forget(PLACE)
    rig.discover(found(A), minute=1, discovery=tagged if forgotten else replace(tagged, tags={}), patient=False)

    assert 2 == len(rig.lists.asked)


def test_tags_that_are_not_to_be_had_fail_the_discovery(rig: Rig) -> None:
    """Without them nobody knows what is wanted: the last list is kept."""
    rig.discover(found(A), minute=0)
    rig.lists.tags = {A: DENIED}
    failed = rig.discover(found(A, B), minute=HOUR, discovery=replace(DISCOVERY, tags={"team": "*"}))
    assert ((A,), DENIED) == (failed.watched, failed.state.fault)


def test_a_full_disk_puts_off_what_there_is_to_tell(rig: Rig) -> None:
    """It is found again, and told once."""
    rig.discover(found(A), minute=0)
    rig.disk.full = True
    refused = rig.discover(found(A, B), minute=HOUR)
    rig.disk.full = False
    rig.discover(found(A, B), minute=HOUR + 5)

    assert ((A,), timedelta(minutes=5)) == (refused.watched, refused.next_in)
    assert ["b appeared"] == rig.told()


@pytest.mark.parametrize("answer", [found(A, B), REFUSED], ids=["list", "fault"])
def test_a_place_that_is_forgotten_while_it_is_asked_does_not_come_back(
    rig: Rig, answer: ProjectListing | Fault
) -> None:
    """Whatever the answer, nobody is told and nothing is counted: its series would stay for ever."""
    rig.discover(found(A), minute=0)
    rig.lists.before_answer = lambda: rig.discoverer.forget(PLACE)
    for _ in range(SETTINGS.unreachable_after):
        with pytest.raises(StoppingError, match="production/us-east-1 is asked no longer"):
            rig.discover(answer, minute=HOUR)

    assert ((), []) == (rig.view.places(), rig.told())
    assert ("forgotten", "111122223333", None) == rig.counted.told[-1]


def test_a_place_that_was_forgotten_can_be_asked_again(rig: Rig) -> None:
    """As when a reload changed what is asked for: what was asked before is given up, what is asked now counts."""
    rig.lists.before_answer = lambda: rig.discoverer.forget(PLACE)
    with pytest.raises(StoppingError):
        rig.discover(found(A), minute=0)
    rig.lists.before_answer = lambda: None
    discovered = rig.discover(found(A), minute=1)

    assert ((A,), (discovered.state,)) == (discovered.watched, rig.view.places())


def test_a_place_that_is_asked_no_longer_is_not_shown(rig: Rig) -> None:
    """Nor counted."""
    rig.discover(found(A), minute=0)
    shown = [state.ready for state in rig.view.places()]
    rig.discoverer.forget(PLACE)
    assert ([True], ()) == (shown, rig.view.places())
    assert ("forgotten", "111122223333", None) == rig.counted.told[-1]
