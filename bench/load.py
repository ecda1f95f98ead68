"""The load: as many connections as asked for, each sending its next request when the last one was answered."""

import gc
import re
import selectors
import socket
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.requests import arriving

MOST_REQUESTS_A_SECOND = 8000
"""So many are prepared. Should a server answer more, the burst ends earlier."""
ANSWER_SECONDS = 15
"""The carrier waits no longer."""
_GOOD = re.compile(rb"HTTP/1\.1 200 OK\r\n(?:[^\r]+\r\n)*?Content-Type: text/xml(?:[^\r]*\r\n)")
_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)\r\n")


class WrongAnswerError(Exception):
    """An answer that was no TwiML, or none in time: what was measured would mean nothing."""


@dataclass(frozen=True)
class Burst:
    """What one burst measured. Times are milliseconds from the request's first byte to the answer's last."""

    answers: int
    """All of them, those before the clock started too."""
    a_second: float
    median: float
    p99: float


def burst(port: int, connections: int, seconds: float, token: str) -> Burst:
    """Load a server on this machine for so long. Every answer is a 200 with TwiML, else WrongAnswerError."""
    prepared = arriving(int(MOST_REQUESTS_A_SECOND * seconds), token)
    # This process only measures: a collection in the middle of it would be counted against the server.
    gc.collect()
    gc.disable()
    try:
        began, times = _drive(port, connections, seconds, iter(prepared))
        took = time.perf_counter() - began
    finally:
        gc.enable()
    return Burst(
        answers=len(times) + connections,
        a_second=len(times) / took,
        median=1000 * statistics.median(times),
        p99=1000 * statistics.quantiles(times, n=100)[-1],
    )


class _Connection:
    """One of the carrier's connections, kept alive."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sent_at = 0.0
        self._received = b""

    def exchange(self, request: bytes) -> None:
        """Send and wait for the answer."""
        self.send(request)
        while not self.answered():
            pass

    def send(self, request: bytes) -> None:
        self._received = b""
        self.sent_at = time.perf_counter()
        self.socket.sendall(request)

    def answered(self) -> bool:
        """Take what has arrived. True when the answer is whole."""
        arrived = self.socket.recv(65536)
        self._received += arrived
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head + b"\r\n") if end else None
        if length is not None and len(body) == int(length[1]):
            if _GOOD.match(head + b"\r\n") and body.endswith(b"</Response>"):
                return True
            raise WrongAnswerError(self._received.decode(errors="replace"))
        if not arrived:
            raise WrongAnswerError(f"the connection ended after {self._received!r}")
        return False


def _drive(port: int, connections: int, seconds: float, requests: Iterator[bytes]) -> tuple[float, list[float]]:
    """When it began, and how long each answer took."""
    times: list[float] = []
    with selectors.DefaultSelector() as waiting:
        for _ in range(connections):
            one = _Connection(port)
            # One after the other, as calls come: of many at once a single worker process would take most.
            one.exchange(next(requests))
            waiting.register(one.socket, selectors.EVENT_READ, one)
        began = time.perf_counter()
        until = began + seconds
        for key in list(waiting.get_map().values()):
            key.data.send(next(requests))
        while waiting.get_map():
            ready = waiting.select(ANSWER_SECONDS)
            if not ready:
                raise WrongAnswerError(f"no answer within {ANSWER_SECONDS} seconds")
            for key, _ in ready:
                one = key.data
                if not one.answered():
                    continue
                now = time.perf_counter()
                times.append(now - one.sent_at)
                request = next(requests, None) if now < until else None
                if request is not None:
                    one.send(request)
                else:
                    waiting.unregister(one.socket)
                    one.socket.close()
    return began, times
