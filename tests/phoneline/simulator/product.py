"""A tiny product: answers webhooks with whatever TwiML a test sets, and refuses what isn't really signed."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from twilio.request_validator import RequestValidator
from werkzeug import Request, Response
from werkzeug.serving import WSGIRequestHandler, make_server

TOKEN = "a token of the tests"

Answer = str | Response | Callable[[dict[str, str]], str | Response]


@dataclass(frozen=True)
class Visit:
    path: str
    method: str
    form: dict[str, str]


@dataclass
class Product:
    """Paths to answers. Any other path gets an empty document; ``visits`` are all requests, in order of arrival."""

    answers: dict[str, Answer] = field(default_factory=dict)
    visits: list[Visit] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        app = Request.application(self._answer)
        self._server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, request: Request) -> Response:
        form = request.form.to_dict()
        validator = RequestValidator(TOKEN)
        url = self.url + request.environ["RAW_URI"]
        signature = request.headers.get("X-Twilio-Signature", "")
        if not validator.validate(url, form, signature):
            self.forged.append(request.path)
            return Response("forged", 403)
        with self._changed:
            self.visits.append(Visit(request.path, request.method, form or request.args.to_dict()))
            self._changed.notify_all()
        answer = self.answers.get(request.path, "")
        found = answer(form) if callable(answer) and not isinstance(answer, Response) else answer
        return found if isinstance(found, Response) else twiml(found)

    def to(self, path: str) -> list[dict[str, str]]:
        """The forms posted to a path so far."""
        return [visit.form for visit in self.visits if visit.path == path]

    def wait(self, path: str, count: int = 1, timeout: float = 10.0) -> list[dict[str, str]]:
        """The first ``count`` forms posted to a path."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.to(path)) >= count, timeout), (path, self.visits)
            return self.to(path)[:count]


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.0"

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- the name is werkzeug's
        pass


def twiml(body: str) -> Response:
    return Response(f"<Response>{body}</Response>", mimetype="text/xml")
