"""The HTTP server: routes, authentication, and the weather that falls on REST."""

import contextlib
import hmac
import socket
import threading
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.serving import WSGIRequestHandler, make_server

from phoneline.simulator.exchange import Exchange
from phoneline.simulator.rest import calls, conferences, control, messages, numbers, recordings
from phoneline.simulator.rest.replies import ApiError

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

Endpoint = Callable[..., Response]

ACCOUNT = "/2010-04-01/Accounts/<account>"
CALLS = f"{ACCOUNT}/Calls"
ROOMS = f"{ACCOUNT}/Conferences"
RECORDINGS = f"{ACCOUNT}/Recordings"
MESSAGES = f"{ACCOUNT}/Messages"
NUMBERS = f"{ACCOUNT}/IncomingPhoneNumbers"

ROUTES: list[tuple[str, str, Endpoint]] = [
    ("GET", f"{ACCOUNT}.json", numbers.account),
    ("POST", f"{CALLS}.json", calls.create),
    ("GET", f"{CALLS}.json", calls.index),
    ("GET", f"{CALLS}/<sid>.json", calls.fetch),
    ("POST", f"{CALLS}/<sid>.json", calls.update),
    ("DELETE", f"{CALLS}/<sid>.json", calls.delete),
    ("GET", f"{CALLS}/<sid>/Recordings.json", recordings.index),
    ("GET", f"{ROOMS}.json", conferences.index),
    ("GET", f"{ROOMS}/<sid>.json", conferences.fetch),
    ("POST", f"{ROOMS}/<sid>.json", conferences.update),
    ("GET", f"{ROOMS}/<sid>/Participants.json", conferences.participants),
    ("GET", f"{ROOMS}/<sid>/Participants/<call_sid>.json", conferences.participant),
    ("POST", f"{ROOMS}/<sid>/Participants/<call_sid>.json", conferences.update_participant),
    ("DELETE", f"{ROOMS}/<sid>/Participants/<call_sid>.json", conferences.remove_participant),
    ("GET", f"{RECORDINGS}.json", recordings.index),
    ("GET", f"{RECORDINGS}/<sid>.json", recordings.fetch),
    ("DELETE", f"{RECORDINGS}/<sid>.json", recordings.delete),
    ("GET", f"{RECORDINGS}/<sid>.<any(wav, mp3):form>", recordings.media),
    ("GET", f"{RECORDINGS}/<sid>", recordings.media),
    ("POST", f"{MESSAGES}.json", messages.create),
    ("GET", f"{MESSAGES}.json", messages.index),
    ("GET", f"{MESSAGES}/<sid>.json", messages.fetch),
    ("POST", f"{MESSAGES}/<sid>.json", messages.update),
    ("DELETE", f"{MESSAGES}/<sid>.json", messages.delete),
    ("GET", f"{NUMBERS}.json", numbers.index),
    ("GET", f"{NUMBERS}/<sid>.json", numbers.fetch),
    ("POST", f"{NUMBERS}/<sid>.json", numbers.update),
    ("GET", "/simulator/state", control.state),
    ("POST", "/simulator/handsets/<id_>/<action>", control.act),
]

SHUTDOWN_POLL = 0.02
"""Real seconds within which the server notices that it has to stop."""

OPEN_TO_ALL = frozenset({recordings.media})
"""Twilio: media URLs are open to whoever has them, unless the account says otherwise."""


class Application:
    """The WSGI application."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._routes = Map([Rule(path, methods=[method], endpoint=endpoint) for method, path, endpoint in ROUTES])

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        return self._answer(request)(environ, start_response)

    def _answer(self, request: Request) -> Response:
        if request.path.startswith("/simulator/"):
            return self._control(request)
        params = request.form if request.method == "POST" else request.args
        self._exchange.journal.add(
            "rest_request", method=request.method, path=request.path, params=params.to_dict(flat=False)
        )
        try:
            self._weather(request)
            return self._rest(request)
        except ApiError as error:
            self._exchange.journal.add("rest_refused", path=request.path, status=error.status, code=error.code)
            return error.response()

    def _match(self, request: Request) -> tuple[Endpoint, dict[str, str]]:
        endpoint: Endpoint
        endpoint, values = self._routes.bind_to_environ(request.environ).match()
        return endpoint, dict(values)

    def _control(self, request: Request) -> Response:
        try:
            control.guard(request)
            endpoint, values = self._match(request)
            return endpoint(self._exchange, request, **values)
        except HTTPException as error:
            return Response(error.description, error.code, mimetype="text/plain")

    def _weather(self, request: Request) -> None:
        faults = self._exchange.faults
        if faults.slow_rest:
            self._exchange.stopping.wait(faults.slow_rest)
        if faults.rest_down == "reset":
            connection: socket.socket = request.environ["werkzeug.socket"]
            connection.shutdown(socket.SHUT_RDWR)
        if faults.rest_down:
            raise ApiError(HTTPStatus.SERVICE_UNAVAILABLE, 20503, "Service unavailable")

    def _rest(self, request: Request) -> Response:
        try:
            endpoint, values = self._match(request)
        except HTTPException as error:
            raise ApiError(error.code or 404, 20404, f"The requested resource {request.path} was not found") from error
        account = values.pop("account")
        if endpoint not in OPEN_TO_ALL or self._exchange.faults.media_needs_login:
            self._authenticate(request, account)
        return endpoint(self._exchange, request, **values)

    def _authenticate(self, request: Request, account: str) -> None:
        """HTTP Basic with the account SID and its token (Twilio: 20003)."""
        given = request.authorization
        user = (given.username or "") if given else ""
        password = (given.password or "") if given else ""
        known = account == user == self._exchange.account_sid
        if not known or not hmac.compare_digest(password.encode(), self._exchange.auth_token.encode()):
            raise ApiError(HTTPStatus.UNAUTHORIZED, 20003, "Authenticate")


class RestServer:
    """The application on 127.0.0.1, one thread a connection; connections are kept alive until ``stop``."""

    def __init__(self, exchange: Exchange, port: int) -> None:
        self._exchange = exchange
        self._connections: set[socket.socket] = set()
        self._stopping = False
        self._lock = threading.Lock()
        handler = type("Handler", (_Handler,), {"opened": self._opened, "closed": self._closed})
        self._server = make_server("127.0.0.1", port, Application(exchange), threaded=True, request_handler=handler)
        # Threads that aren't daemons are joined by server_close.
        self._server.daemon_threads = False  # type: ignore[attr-defined] # the threaded server has it
        self._thread = threading.Thread(target=self._serve, name="simulator server", daemon=True)
        exchange.api_url = f"http://127.0.0.1:{self._server.server_port}"

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=SHUTDOWN_POLL)

    def stop(self) -> None:
        """Close every connection and wait for the threads."""
        if self._thread.is_alive():
            self._server.shutdown()
        with self._lock:
            self._stopping = True
            connections = list(self._connections)
        # Before the join: a kept-alive connection's thread reads until its connection is shut.
        for connection in connections:
            _shut(connection)
        if self._thread.is_alive():
            self._thread.join()
        self._server.server_close()

    def _opened(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.add(connection)
            if self._stopping:
                _shut(connection)

    def _closed(self, connection: socket.socket) -> None:
        with self._lock:
            self._connections.discard(connection)


def _shut(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class _Handler(WSGIRequestHandler):
    """Quiet, and known to the server while it is connected."""

    protocol_version = "HTTP/1.1"
    opened: Callable[[socket.socket], None]
    closed: Callable[[socket.socket], None]

    def setup(self) -> None:
        super().setup()
        type(self).opened(self.connection)

    def finish(self) -> None:
        type(self).closed(self.connection)
        super().finish()

    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 -- the name is werkzeug's
        """The journal tells it better."""
