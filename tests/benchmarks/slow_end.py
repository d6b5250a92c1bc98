"""A far end for very many projects, on one core: it answers each question about a project after a while.

Run with the seconds that an answer takes; it writes its port, and for each line that it reads it changes the status of
one version, drawn with a seed. The simulator knows more and costs more; here only the monitor's own cost counts.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from itertools import cycle
from typing import Any, Final

from tests.benchmarks.polls import documents

VERSIONS: Final = 10
PROJECTS_AN_ACCOUNT: Final = 100


def arn_of(number: int) -> str:
    """The ARN of one of the projects: a hundred to an account, as AWS's quota has it."""
    account = 100_000_000_000 + number // PROJECTS_AN_ACCOUNT
    return f"arn:aws:rekognition:us-east-1:{account}:project/project-{number}/1690474772815"


class Answers:
    """The bodies of all answers, each made when first asked for."""

    def __init__(self) -> None:
        self._statuses: dict[str, list[str]] = {}
        self._bodies: dict[str, bytes] = {}
        self._chance = random.Random(1)
        self._words = cycle(("STOPPED", "RUNNING"))
        self._documents = documents(VERSIONS)

    def body(self, arn: str) -> bytes:
        """All versions of the project."""
        if arn not in self._bodies:
            statuses = self._statuses.setdefault(arn, ["TRAINING_COMPLETED"] * VERSIONS)
            prefix = arn.rpartition("/")[0]
            described: list[dict[str, Any]] = [
                {**document, "ProjectVersionArn": f"{prefix}/version/v{each}/{1690556751958 + each}", "Status": status}
                for each, (document, status) in enumerate(zip(self._documents, statuses, strict=True))
            ]
            self._bodies[arn] = json.dumps({"ProjectVersionDescriptions": described}).encode()
        return self._bodies[arn]

    def change(self) -> None:
        """One version of one project that was asked about gets another status."""
        arn = self._chance.choice(list(self._bodies))
        self._statuses[arn][self._chance.randrange(VERSIONS)] = next(self._words)
        del self._bodies[arn]


async def serve(seconds: float) -> None:
    """Answer until standard input ends."""
    answers = Answers()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                arn = json.loads(await reader.readexactly(length))["ProjectArn"]
                await asyncio.sleep(seconds)
                body = answers.body(arn)
                kind = b"Content-Type: application/x-amz-json-1.1\r\nx-amzn-RequestId: 1\r\n"
                writer.write(b"HTTP/1.1 200 OK\r\n%bContent-Length: %d\r\n\r\n%b" % (kind, len(body), body))
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    words = asyncio.get_running_loop()
    while await words.run_in_executor(None, sys.stdin.readline):
        answers.change()


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
