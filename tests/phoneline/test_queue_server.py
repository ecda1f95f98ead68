import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import redis

from phoneline.queue_server import QueueServer, QueueServerError, server_options
from tests.processes import eventually, is_running

STARTER = """
import sys, time
from pathlib import Path
from phoneline.queue_server import QueueServer
server = QueueServer(Path(sys.argv[1]))
server.start()
print(server.pid, server.url, flush=True)
time.sleep(600)
"""


def test_it_answers_on_its_private_socket_alone(tmp_path: Path) -> None:
    with QueueServer(tmp_path / "queue") as server, redis.Redis.from_url(server.url) as client:
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}
        assert stat.S_IMODE(server.socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(server.folder.stat().st_mode) == 0o700


def test_stopping_leaves_no_process(tmp_path: Path) -> None:
    server = QueueServer(tmp_path / "queue")
    server.start()
    pid = server.pid
    assert pid
    server.stop()
    assert not is_running(pid)
    assert not server.answers()


def test_what_was_written_outlives_kill_9(tmp_path: Path) -> None:
    server = QueueServer(tmp_path / "queue")
    server.start()
    assert server.pid
    with redis.Redis.from_url(server.url) as client:
        client.set("kept", "yes")
        os.kill(server.pid, signal.SIGKILL)
    server.stop()
    with QueueServer(tmp_path / "queue") as again, redis.Redis.from_url(again.url) as client:
        assert client.get("kept") == b"yes"


def test_it_dies_with_a_starter_that_is_killed(tmp_path: Path) -> None:
    folder = tmp_path / "queue"
    with subprocess.Popen([sys.executable, "-c", STARTER, folder], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout
        pid, _ = starter.stdout.readline().split()
        assert is_running(int(pid))
        starter.kill()
    eventually(lambda: not is_running(int(pid)))
    # And its folder is free for the next one.
    with QueueServer(folder) as server:
        assert server.answers()


def test_a_folder_too_deep_for_a_socket_gets_a_short_one(tmp_path: Path) -> None:
    deep = tmp_path / ("deep" * 30)
    server = QueueServer(deep)
    with server, redis.Redis.from_url(server.url) as client:
        client.set("kept", "yes")
        assert len(os.fsencode(server.socket)) < 100
        assert stat.S_IMODE(server.socket.parent.stat().st_mode) == 0o700
        assert (deep / "appendonlydir").is_dir()
    assert not server.socket.parent.exists()


def test_two_servers_never_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("phoneline.queue_server.ANSWERS_WITHIN_SECONDS", 1)
    with QueueServer(tmp_path / "queue") as first:
        with pytest.raises(QueueServerError, match="queue"):
            QueueServer(tmp_path / "queue").start()
        assert first.answers()


def test_no_snapshot_is_ever_relied_on(tmp_path: Path) -> None:
    options = server_options(tmp_path, tmp_path / "queue.sock")
    assert options[options.index("--appendonly") + 1] == "yes"
    assert options[options.index("--save") + 1] == ""
