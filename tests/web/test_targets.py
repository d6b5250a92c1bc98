"""monitor.web.targets"""

from __future__ import annotations

import pytest

from monitor.web import build_app
from tests.web.serving import make_ports, served


@pytest.mark.parametrize(
    ("target", "code"),
    [
        (b"http://127.0.0.1:10417/api/v1/versions?status=RUNNING", 200),
        (b"HTTP://localhost", 200),
        (b"http://127.0.0.1/nowhere", 404),
        (b"http://evil.example/config", 421),
        (b"http://alice@127.0.0.1/config", 421),
        (b"ftp://127.0.0.1/config", 404),
        (b"*", 404),
    ],
)
def test_a_target_may_be_a_whole_address(target: bytes, code: int) -> None:
    """Its host counts, whatever the header says."""
    with served(build_app(make_ports())) as client:
        answer = client.get("/", extensions={"target": target})
    assert code == answer.status_code
