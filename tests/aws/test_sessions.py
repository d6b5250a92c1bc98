from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import boto3
import botocore
import pytest
from botocore.exceptions import NoCredentialsError

from monitor import __version__
from monitor.aws.source import RekognitionSource
from monitor.domain.fault import Fault, Reason
from monitor.domain.project import parse_project
from monitor.domain.snapshot import Listing
from tests.aws.wire import Calls, FarEnd, answer, error, open_sessions, open_source
from tests.aws_examples import PROJECT_ARN, wire_answer

if TYPE_CHECKING:
    from pathlib import Path

    from monitor.domain.project import Project

SIBLING = parse_project("arn:aws:rekognition:us-east-1:111122223333:project/other/1690474772816")
ABROAD = parse_project("arn:aws:rekognition:eu-west-1:111122223333:project/my-project/1690474772817")
FOREIGN = parse_project("arn:aws:rekognition:us-east-1:444455556666:project/my-project/1690474772818")

ANSWER = answer(wire_answer())


def test_one_client_for_each_account_and_region(project: Project) -> None:
    """Projects that share an account and a region share a client, others do not."""
    with open_sessions("http://127.0.0.1:1") as sessions:
        clients = [sessions.client(each) for each in (project, SIBLING, ABROAD, FOREIGN, project)]

    assert [clients.index(client) for client in clients] == [0, 0, 2, 3, 0]
    assert [client.meta.region_name for client in clients] == ["us-east-1"] * 2 + ["eu-west-1"] + ["us-east-1"] * 2


def test_clients_share_one_copy_of_botocores_data(project: Project) -> None:
    """A client of its own data costs fifteen times the memory."""
    with open_sessions("http://127.0.0.1:1") as sessions:
        models = [sessions.client(each).meta.service_model for each in (project, ABROAD)]

    descriptions = [model._service_description for model in models]  # type: ignore[attr-defined] # noqa: SLF001 - shown nowhere else
    assert descriptions[0] is descriptions[1]


def test_threads_that_ask_together_get_one_client(project: Project) -> None:
    """A client is made once, whoever asks first."""
    clients = []
    start = threading.Barrier(4)

    with open_sessions("http://127.0.0.1:1") as sessions:

        def ask() -> None:
            start.wait(10)
            clients.append(sessions.client(project))

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

    assert len(clients) == 4
    assert len(set(map(id, clients))) == 1


def test_the_settings_reach_the_client(project: Project) -> None:
    """Time-outs, attempts and connections are those of the configuration, whatever AWS's files say."""
    with open_sessions("http://127.0.0.1:1", timeout=3) as sessions:
        config = sessions.client(project).meta.config

    names = ("connect_timeout", "read_timeout", "max_pool_connections", "retries")
    assert [getattr(config, name) for name in names] == [3, 3, 4, {"mode": "standard", "total_max_attempts": 2}]


def test_aws_can_tell_who_asks(project: Project) -> None:
    """CloudTrail shows the user agent."""
    with FarEnd(ANSWER) as far_end, open_source(far_end.url) as source:
        source.list_versions(project)

    agent = f"rekognition-monitor/{__version__} Boto3/{boto3.__version__} Botocore/{botocore.__version__}"
    assert agent == far_end.requests[0].headers["user-agent"]


def test_the_environment_says_where_to_ask(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """AWS_ENDPOINT_URL counts where the configuration names no other address."""
    with FarEnd(ANSWER) as far_end:
        monkeypatch.setenv("AWS_ENDPOINT_URL", far_end.url)
        with open_source(None) as source:
            listing = source.list_versions(project)

    assert isinstance(listing, Listing)


def test_a_request_is_signed_for_its_region(project: Project) -> None:
    """With the credentials that the process has."""
    with FarEnd(ANSWER) as far_end, open_source(far_end.url) as source:
        source.list_versions(ABROAD)

    assert "Credential=AKIAIOSFODNN7EXAMPLE/" in far_end.requests[0].headers["authorization"]
    assert "/eu-west-1/rekognition/aws4_request" in far_end.requests[0].headers["authorization"]
    assert far_end.requests[0].headers["x-amz-target"] == "RekognitionService.DescribeProjectVersions"
    assert project.region != ABROAD.region


def test_missing_credentials_are_looked_for_again(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing has to be restarted when they come."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")

    with FarEnd(ANSWER) as far_end, open_sessions(far_end.url) as sessions:
        with pytest.raises(NoCredentialsError):
            sessions.client(project)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")

        assert sessions.client(project).meta.region_name == "us-east-1"


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("ExpiredTokenException", Reason.CREDENTIALS_EXPIRED),
        ("UnrecognizedClientException", Reason.CREDENTIALS_REFUSED),
    ],
)
def test_new_credentials_are_read_after_a_refusal(
    code: str, reason: Reason, project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A file that was written anew counts from the next poll on."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    credentials = tmp_path / "credentials"
    text = "[default]\naws_access_key_id={key}\naws_secret_access_key=secret\naws_session_token=token\n"
    credentials.write_text(text.format(key="OLD"))

    with FarEnd(error(code), ANSWER) as far_end, open_source(far_end.url) as source:
        fault = source.list_versions(project)
        credentials.write_text(text.format(key="NEW"))
        listing = source.list_versions(project)

    assert isinstance(fault, Fault)
    assert fault.reason is reason
    assert isinstance(listing, Listing)
    assert ["Credential=OLD/" in far_end.requests[0].headers["authorization"],
            "Credential=NEW/" in far_end.requests[1].headers["authorization"]] == [True, True]  # fmt: skip


def test_other_faults_keep_the_client(project: Project) -> None:
    """Making one takes as long as thirty polls."""
    with FarEnd(error("AccessDeniedException")) as far_end, open_sessions(far_end.url) as sessions:
        before = sessions.client(project)
        RekognitionSource(sessions).list_versions(project)

        assert sessions.client(project) is before


def test_a_client_that_is_not_in_use_any_more_ends_nothing(project: Project) -> None:
    """Of several polls that fail together, the first throws the credentials away, the others find new ones."""
    with open_sessions("http://127.0.0.1:1") as sessions:
        old = sessions.connection(project)
        sessions.forget(old)
        new = sessions.connection(project)
        sessions.forget(old)

        assert sessions.connection(project) is new
        assert new is not old


def test_sessions_can_be_closed_and_go_on(project: Project) -> None:
    """Closing gives the connections back; who asks later gets new ones."""
    with FarEnd(ANSWER) as far_end, open_sessions(far_end.url) as sessions:
        source = RekognitionSource(sessions)
        source.list_versions(project)
        sessions.close()

        assert isinstance(source.list_versions(project), Listing)


def test_what_is_told_of_calls(project: Project) -> None:
    """Each attempt, each failure, and the rate whenever it may have changed."""
    calls = Calls()
    with FarEnd(error("ThrottlingException"), ANSWER) as far_end, open_source(far_end.url, calls) as source:
        source.list_versions(project)

    here = ("111122223333", "us-east-1", "DescribeProjectVersions")
    assert calls.attempts == [here] * 2
    assert calls.failures == [(*here, "ThrottlingException")]
    assert {limit[:2] for limit in calls.limits} == {here[:2]}
    assert [rate for *_, rate in calls.limits] == pytest.approx([1000, 1000, 500, 500], rel=0.01)


def test_the_published_project_is_the_one_asked_for(project: Project) -> None:
    """The fixture and the example belong together."""
    assert project.arn == PROJECT_ARN
