from __future__ import annotations

import threading
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.credentials import ReadOnlyCredentials
from botocore.hooks import HierarchicalEmitter

from monitor.aws.attempts import Attempts, route
from monitor.aws.budget import Budget
from monitor.aws.credentials import RoleCredentials
from monitor.aws.fetching import Fetched, Fresh
from tests.aws.wire import Calls, FarEnd, answer, error, open_sessions
from tests.aws_examples import wire_answer

if TYPE_CHECKING:
    from botocore.credentials import Credentials

    from monitor.domain.project import Project

HERE = ("111122223333", "us-east-1", "DescribeProjectVersions")


@dataclass
class Diary(Calls):
    """Writes down in which order things happen."""

    pages: list[str] = field(default_factory=list)

    def attempted(self, *, account_id: str, region: str, operation: str) -> None:
        super().attempted(account_id=account_id, region=region, operation=operation)
        self.pages.append("attempted")

    def signed(self, **_: Any) -> None:
        self.pages.append("signed")

    def get_frozen_credentials(self) -> None:
        self.pages.append("credentials")

    def now(self) -> float:
        self.pages.append("turn")
        return 0.0


@pytest.fixture
def diary() -> Diary:
    return Diary()


@pytest.fixture
def events(diary: Diary) -> HierarchicalEmitter:
    """The events of a client whose attempts are counted in the diary."""
    emitter = HierarchicalEmitter()
    attempts = Attempts(
        account_id=HERE[0],
        region=HERE[1],
        budget=Budget(8, monotonic=diary.now, stopping=threading.Event()),
        credentials=cast("Credentials", diary),
        observer=diary,
    )
    attempts.tell_limit()
    route(emitter, lambda _context: attempts)
    diary.pages.clear()
    return emitter


def begin(events: HierarchicalEmitter) -> dict[str, Any]:
    """What botocore does before an attempt is signed; returns the context of the call."""
    context: dict[str, Any] = {}
    request = SimpleNamespace(context=context)
    events.emit("request-created.rekognition.DescribeProjectVersions", request=request, operation_name=HERE[2])
    return context


def end(events: HierarchicalEmitter, context: dict[str, Any], response: Any, exception: Exception | None) -> None:
    """What botocore does after an attempt."""
    events.emit(
        "response-received.rekognition.DescribeProjectVersions",
        response_dict=None,
        parsed_response=response,
        context=context,
        exception=exception,
    )


def refusal(code: str) -> dict[str, Any]:
    return {"Error": {"Code": code, "Message": "No."}}


def test_credentials_are_renewed_before_the_turn(events: HierarchicalEmitter, diary: Diary) -> None:
    """Renewing them can take seconds, in which the next call's turn would come."""
    begin(events)

    assert diary.pages[:3] == ["credentials", "turn", "attempted"]


def test_each_attempt_takes_its_turn_before_it_is_signed(project: Project) -> None:
    """The retry too, so that no signature grows old while it waits."""
    diary = Diary()
    answers = error("InternalServerError", status=500), answer(wire_answer())

    with FarEnd(*answers) as far_end, open_sessions(far_end.url, diary) as sessions:
        client = sessions.client(project)
        client.meta.events.register("before-sign.rekognition", diary.signed)
        client.describe_project_versions(ProjectArn=project.arn)

    assert diary.pages == ["attempted", "signed"] * 2


def test_a_success_is_no_failure(events: HierarchicalEmitter, diary: Diary) -> None:
    """It is counted as an attempt only."""
    end(events, begin(events), {"Body": b"{}"}, None)

    assert (diary.attempts, diary.failures) == ([HERE], [])


@pytest.mark.parametrize(
    ("response", "exception", "code"),
    [
        (refusal("AccessDeniedException"), None, "AccessDeniedException"),
        (refusal("403"), None, "http_error"),
        (refusal("a whole sentence"), None, "other"),
        (None, TimeoutError("x"), "other"),
    ],
)
def test_a_failure_has_a_code(
    response: Any, exception: Exception | None, code: str, events: HierarchicalEmitter, diary: Diary
) -> None:
    """AWS's, or the reason's word; never a number or a sentence."""
    end(events, begin(events), response, exception)

    assert diary.failures == [(*HERE, code)]


@pytest.mark.parametrize(
    ("code", "rate"),
    [
        ("ThrottlingException", 4.0),
        ("ProvisionedThroughputExceededException", 4.0),
        ("429", 4.0),
        ("InternalServerError", 8.0),
    ],
)
def test_throttling_slows_down(code: str, rate: float, events: HierarchicalEmitter, diary: Diary) -> None:
    """Whatever AWS calls it; other failures do not."""
    end(events, begin(events), refusal(code), None)

    assert diary.limits[-1] == (*HERE[:2], rate)


def test_answers_to_calls_under_way_together_slow_down_once(events: HierarchicalEmitter, diary: Diary) -> None:
    """Three calls were sent before the first answer came."""
    context = begin(events)

    for _ in range(3):
        end(events, dict(context), refusal("ThrottlingException"), None)

    assert diary.limits[-1] == (*HERE[:2], 4.0)


@pytest.mark.parametrize(("age", "fetched"), [(59, 1), (60, 2)])
def test_a_session_that_was_revoked_is_replaced(age: float, fetched: int) -> None:
    """AWS denies everything to those from before; a young one is denied for another reason."""
    now, keys = [1000.0], ["A", "B"]
    credentials = Fetched(
        "north",
        lambda: Fresh(value=ReadOnlyCredentials(keys[0], "secret", "token")),
        monotonic=lambda: now[0],
        chance=lambda: 0.5,
    )
    emitter = HierarchicalEmitter()
    attempts = Attempts(
        account_id="111122223333",
        region="us-east-1",
        budget=Budget(1000, monotonic=lambda: now[0], stopping=threading.Event()),
        credentials=RoleCredentials(credentials),
        observer=Calls(),
        renewable=credentials,
    )
    route(emitter, lambda _context: attempts)
    request = SimpleNamespace(context={})
    emitter.emit(f"request-created.rekognition.{HERE[2]}", request=request, operation_name=HERE[2])
    keys.pop(0)
    now[0] += age
    refusal = {"Error": {"Code": "AccessDeniedException", "Message": "with an explicit deny"}}
    emitter.emit(
        f"response-received.rekognition.{HERE[2]}", parsed_response=refusal, exception=None, context=request.context
    )

    assert credentials.get().access_key == "AB"[fetched - 1]
