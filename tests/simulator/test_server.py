from __future__ import annotations

import socket
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from monitor.errors import ListenError
from monitor.simulator import Simulator
from tests.service.rig import wait_until
from tests.simulator.rig import PROJECT, Answer, client, connection, headers, post, scenario

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(scenario()) as running:
        yield running


def _error(answer: Answer) -> tuple[int, str]:
    return answer.status, answer.document["__type"]


def test_one_connection_serves_many_requests(simulator: Simulator) -> None:
    """HTTP/1.1 keeps it open."""
    link = connection(simulator)
    sockets = set()
    for _ in range(3):
        link.request("POST", "/", "{}", headers("DescribeProjects"))
        link.getresponse().read()
        sockets.add(link.sock)
    link.close()

    assert len(sockets) == 1


def test_an_unknown_operation_is_refused(simulator: Simulator) -> None:
    """As AWS refuses it."""
    assert _error(post(simulator, "DetectCats", {})) == (400, "UnknownOperationException")


def test_a_body_that_is_no_object_is_refused(simulator: Simulator) -> None:
    """Whether it is JSON or not."""
    answers = []
    for body in ("[]", "nonsense"):
        link = connection(simulator)
        link.request("POST", "/", body, headers("DescribeProjects"))
        reply = link.getresponse()
        answers.append(_error(Answer(reply.status, {}, reply.read())))
        link.close()

    assert answers == [(400, "SerializationException")] * 2


def test_a_request_without_a_signature_is_refused(simulator: Simulator) -> None:
    """Its region and its caller would be unknown."""
    link = connection(simulator)
    link.request("POST", "/", "{}", {"X-Amz-Target": "RekognitionService.DescribeProjects"})
    reply = link.getresponse()
    answer = Answer(reply.status, {}, reply.read())
    link.close()

    assert _error(answer) == (400, "MissingAuthenticationTokenException")


def test_text_travels_as_utf_8(simulator: Simulator) -> None:
    """Also what is not ASCII."""
    simulator.world.put_version(PROJECT, "1", status="RUNNING", status_message="Läuft \N{ROCKET}")
    described = client(simulator).describe_project_versions(ProjectArn=PROJECT)["ProjectVersionDescriptions"]

    assert described[0]["StatusMessage"] == "Läuft \N{ROCKET}"


def test_nothing_is_written_to_the_terminal(simulator: Simulator, capfd: pytest.CaptureFixture[str]) -> None:
    """The base class would write each request, and each client that goes."""
    simulator.faults.add("reset", count=1)
    with pytest.raises(ConnectionResetError):
        post(simulator, "DescribeProjects", {})
    post(simulator, "DescribeProjects", {})

    assert capfd.readouterr() == ("", "")


def test_stopping_ends_connections_that_hang() -> None:
    """Whoever waits is told by the end of the connection, and the threads are gone."""
    simulator = Simulator(scenario())
    simulator.start()
    simulator.faults.add("hang", operation="DescribeProjects")
    link = connection(simulator)
    link.request("POST", "/", "{}", headers("DescribeProjects"))
    wait_until(lambda: len(simulator.served) == 1)
    idle = socket.create_connection(("127.0.0.1", link.port))
    post(simulator, "DescribeProjectVersions", {"ProjectArn": PROJECT})
    stopper = Thread(target=simulator.stop)
    stopper.start()
    ends = link.sock.recv(1), idle.recv(1)
    stopper.join(timeout=60)
    link.close()
    idle.close()

    assert (ends, stopper.is_alive()) == ((b"", b""), False)


def test_stopping_ends_a_latency() -> None:
    """A long one too."""
    simulator = Simulator(scenario())
    simulator.start()
    simulator.faults.add("latency", delay="1h")
    link = connection(simulator)
    link.request("POST", "/", "{}", headers("DescribeProjects"))
    stopper = Thread(target=simulator.stop)
    stopper.start()
    stopper.join(timeout=60)
    link.close()

    assert stopper.is_alive() is False


def test_an_address_that_is_taken_is_named(simulator: Simulator) -> None:
    """With the advice to choose another."""
    port = int(simulator.url.rpartition(":")[2])

    with pytest.raises(ListenError, match=f"the simulator cannot listen on 127.0.0.1:{port}: Address already in use"):
        Simulator(scenario(), port=port).start()
