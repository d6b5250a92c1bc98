from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from monitor.aws.clients import Clients, ClientSettings, Role
from tests.aws.publishers import MESSAGE, TOPIC, assumed, open_publisher, published, refused, shown
from tests.aws.wire import FarEnd

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "arn:aws:iam::444455556666:role/events"


def in_an_hour() -> str:
    return _later(timedelta(hours=1))


def soon() -> str:
    """Before the time at which botocore renews: it does when less than ten minutes are left."""
    return _later(timedelta(minutes=5))


def _later(wait: timedelta) -> str:
    return (datetime.now(UTC) + wait).strftime("%Y-%m-%dT%H:%M:%SZ")


def make_clients() -> Clients:
    return Clients(connect_timeout=timedelta(seconds=3), read_timeout=timedelta(seconds=4))


def a_role(external_id_file: Path | None = None) -> Role:
    return Role(arn=ROLE, session_name="models", external_id_file=external_id_file)


def test_the_settings_reach_the_client() -> None:
    """Time-outs, attempts and connections are those of the configuration, whatever AWS's files say."""
    client = make_clients().make(ClientSettings(service="sns", region="eu-west-1", connections=4))
    config = client.meta.config

    assert (3, 4, 4, {"mode": "standard", "total_max_attempts": 2}, "https://sns.eu-west-1.amazonaws.com") == (
        config.connect_timeout,
        config.read_timeout,
        config.max_pool_connections,
        config.retries,
        client.meta.endpoint_url,
    )


def test_clients_share_one_copy_of_botocores_data() -> None:
    """Ten sinks cost hardly more than one."""
    clients = make_clients()
    made = [clients.make(ClientSettings(service="sns", region=region)) for region in ("us-east-1", "eu-west-1")]
    descriptions = [client.meta.service_model._service_description for client in made]  # noqa: SLF001 - shown nowhere else
    assert descriptions[0] is descriptions[1]


def test_a_role_is_assumed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the session's name and the external id of the file, once; its credentials sign the calls."""
    (tmp_path / "id").write_text("s3cret\n")
    with FarEnd(assumed(in_an_hour())) as sts, FarEnd(published("0")) as sns:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        with open_publisher(sns.url, role=a_role(tmp_path / "id")) as publisher:
            results = [publisher.publish([MESSAGE]) for _ in range(2)]

    expected = {
        "Action": "AssumeRole",
        "Version": "2011-06-15",
        "RoleArn": ROLE,
        "RoleSessionName": "models",
        "ExternalId": "s3cret",
    }
    assert [{}, {}] == results
    assert [expected] == [request.form for request in sts.requests]
    assert all("Credential=ASIAEXAMPLE/" in request.headers["authorization"] for request in sns.requests)


def test_a_role_s_credentials_are_renewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before they expire, without anybody's doing."""
    with (
        FarEnd(assumed(soon(), "ASIAFIRST"), assumed(in_an_hour(), "ASIASECOND")) as sts,
        FarEnd(published("0")) as sns,
    ):
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        with open_publisher(sns.url, role=a_role()) as publisher:
            for _ in range(3):
                publisher.publish([MESSAGE])

    keys = [request.headers["authorization"].partition("Credential=")[2].partition("/")[0] for request in sns.requests]
    assert ["ASIAFIRST", "ASIASECOND", "ASIASECOND"] == keys


def test_a_role_that_is_refused_is_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its trust policy may be mended meanwhile."""
    with FarEnd(refused("AccessDenied", status=403), assumed(in_an_hour())) as sts, FarEnd(published("0")) as sns:
        monkeypatch.setenv("AWS_ENDPOINT_URL_STS", sts.url)
        with open_publisher(sns.url, role=a_role()) as publisher:
            first, second = (publisher.publish([MESSAGE]) for _ in range(2))

    assert ({0: ("credentials_refused", False)}, {}) == (shown(first), second)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "cannot be read: No such file or directory: make the file, readable for this user"),
        (b" \n", "is empty: write the value into it"),
    ],
)
def test_an_external_id_that_cannot_be_read(content: bytes | None, told: str, tmp_path: Path) -> None:
    """Nobody is asked, and the file is named; it is read again at the next attempt."""
    path = tmp_path / "id"
    if content is not None:
        path.write_bytes(content)

    with FarEnd(published("0")) as sns, open_publisher(sns.url, role=a_role(path)) as publisher:
        (refusal,) = publisher.publish([MESSAGE]).values()

    assert ("credentials_missing", False, []) == (refusal.reason, refusal.permanent, sns.requests)
    assert f"PublishBatch to {TOPIC} failed: external_id_file {path} {told}" == str(refusal)
