"""Stands in for the simulated network's remote control: says what it is told to and notes what it is asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

from tests import factories

HEARD = [
    "Hello, this is the line. We're glad that you called.",
    "I'm ringing someone for you now; it may take a minute.",
    "[plays /webhooks/music/tones/0/4]",
    "If you'd rather be called back, press one.",
]


def handset(id_: str, label: str, kind: str, index: int, **changed: Any) -> dict[str, Any]:
    state = {
        "id": id_,
        "number": factories.number(index),
        "label": label,
        "kind": kind,
        "state": "idle",
        "call_seconds": 0,
        "heard": [],
        "gather_open": False,
        "recording": False,
        "in_conference_with": [],
        "inbox": [],
        "can": ["call"],
    }
    return state | changed


def scene() -> dict[str, Any]:
    """A caller waits, one volunteer's phone rings, the other is in a conversation, and a fourth lies there."""
    spoken = [{"id": f"L-{index}", "text": text, "language": "en"} for index, text in enumerate(HEARD)]
    on = {"state": "talking", "can": ["hang_up", "keys"]}
    return {
        "line_number": factories.number(99),
        "version": 7,
        "handsets": [
            handset("peer", "Sam", "peer", 1, heard=spoken, call_seconds=42, gather_open=True, **on),
            handset("ana", "Ana", "volunteer", 2, state="ringing", can=["answer", "reject"]),
            handset("ravi", "Ravi", "volunteer", 3, in_conference_with=["Luz"], call_seconds=260, **on),
            handset("luz", "Luz", "peer", 4),
        ],
    }


class Quiet(WSGIRequestHandler):
    """Doesn't list what it was asked."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class FakeNetwork:
    """`refuse` is the sentence with which every action is turned down; empty, all are taken."""

    def __init__(self) -> None:
        self.state = scene()
        self.refuse = ""
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.url = ""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.method == "GET":
            return Response(json.dumps(self.state), mimetype="application/json")
        self.asked.append((request.path, request.form.to_dict()))
        return Response(self.refuse, 409, mimetype="text/plain") if self.refuse else Response(status=204)


@contextmanager
def running() -> Iterator[FakeNetwork]:
    network = FakeNetwork()
    server = make_server("127.0.0.1", 0, network, threaded=True, request_handler=Quiet)
    network.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield network
    server.shutdown()
    thread.join()
    server.server_close()
