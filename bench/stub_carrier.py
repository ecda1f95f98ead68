"""A carrier that takes every order at once and rings nobody: it only remembers when each order came."""

import asyncio
import json
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import NamedTuple

SECONDS = 0.1
"""How long it takes to answer, about what a real one takes that is near."""
ANSWER = "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"


class Stub(NamedTuple):
    """One that runs: its address, and the end of the pipe on which it tells what came."""

    url: str
    pipe: Connection

    def arrivals(self) -> list[float]:
        """When each order for a call had arrived, in seconds of the clock on the wall."""
        self.pipe.send("arrivals")
        found: list[float] = self.pipe.recv()
        return found


@contextmanager
def stub_carrier() -> Iterator[Stub]:
    """In a process of its own, so that it never waits for what it measures."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield Stub(f"http://127.0.0.1:{ours.recv()}", ours)
    finally:
        process.kill()
        process.join()


def _serve(pipe: Connection) -> None:
    asyncio.run(_answer(pipe))


async def _answer(pipe: Connection) -> None:
    arrivals: list[float] = []

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        length = next((int(one[15:]) for one in head.split("\r\n") if one.lower().startswith("content-length:")), 0)
        await reader.readexactly(length)
        number = len(arrivals)
        ordered = head.startswith("POST") and "/Calls.json" in head
        if ordered:
            arrivals.append(time.time())
            await asyncio.sleep(SECONDS)
        await _reply(writer, number, ordered=ordered)

    server = await asyncio.start_server(one, "127.0.0.1", 0, backlog=512)
    pipe.send(server.sockets[0].getsockname()[1])
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, pipe.recv):
        pipe.send(list(arrivals))


async def _reply(writer: asyncio.StreamWriter, number: int, *, ordered: bool) -> None:
    body = json.dumps({"sid": f"CA{number:032x}", "status": "queued" if ordered else "in-progress", "calls": []})
    status = "201 Created" if ordered else "200 OK"
    writer.write((ANSWER.format(status=status, length=len(body)) + body).encode())
    await writer.drain()
    writer.close()
