"""A webhook's far end in a process of its own: `python -m tests.benchmarks.receiver DELAY`.

It accepts every event after DELAY seconds, and counts. GET answers what it has seen. Its port is its first line.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass, field


@dataclass
class Seen:
    """What has arrived."""

    arrived: int = 0
    out_of_order: int = 0
    last: dict[str, int] = field(default_factory=dict)

    def take(self, body: bytes) -> None:
        event = json.loads(body)
        sequence = int(event["sequence"])
        self.arrived += 1
        self.out_of_order += sequence != self.last.get(event["subject"], 0) + 1
        self.last[event["subject"]] = sequence


async def serve(delay: float) -> None:
    """Until the process is ended."""
    seen = Seen()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                body = await reader.readexactly(_length(head))
                if head.startswith(b"GET"):
                    text = json.dumps({"arrived": seen.arrived, "out_of_order": seen.out_of_order}).encode()
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(text), text))
                    continue
                if delay:
                    await asyncio.sleep(delay)
                seen.take(body)
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - the protocol
    await server.serve_forever()


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0


if __name__ == "__main__":
    asyncio.run(serve(float(sys.argv[1])))
