import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phoneline.supervisor import LONGEST_PAUSE_SECONDS, SETTLED_AFTER_SECONDS, next_pause
from tests.processes import eventually, is_running

# Each writes its process id into the file it is given when it starts: a line more is a start more.
SLEEPER = "import os, sys, time; print(os.getpid(), file=open(sys.argv[1], 'a')); time.sleep(600)"
STUBBORN = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + SLEEPER
WITH_CHILD = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEPER!r}, sys.argv[1]]); " + SLEEPER
# Needs program 0 at its start, and says at its end that program 0 was still there.
LEANS_ON_THE_FIRST = """
import os, pathlib, signal, sys, time
mine = pathlib.Path(sys.argv[1])
first = int(mine.with_name("0").read_text())
def on_term(*_):
    os.kill(first, 0)
    mine.with_name("still-there").touch()
    sys.exit()
signal.signal(signal.SIGTERM, on_term)
mine.write_text(str(os.getpid()))
time.sleep(600)
"""
DIES_AT_ONCE = "import os, sys; print(os.getpid(), file=open(sys.argv[1], 'a'))"

SUPERVISOR = textwrap.dedent("""
    import sys
    from pathlib import Path
    from phoneline import supervisor

    supervisor.GRACE_SECONDS = 1.0
    folder = Path(sys.argv[1])
    programs = [
        supervisor.Program(
            f"program-{number}",
            [sys.executable, "-c", code, str(folder / str(number))],
            ready=(folder / "0").exists if number == 0 else None,
        )
        for number, code in enumerate(sys.argv[2:])
    ]
    sys.exit(supervisor.supervise(programs, started=(folder / "started").touch))
""")


class Supervised:
    """A supervisor in a process of its own, and the programs that it runs."""

    def __init__(self, folder: Path, programs: tuple[str, ...]) -> None:
        self.folder = folder
        self.log = folder / "log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SUPERVISOR, folder, *programs], stdout=log, stderr=subprocess.STDOUT
            )
        eventually((folder / "started").exists)

    def pids(self, number: int, *, at_least: int = 1) -> list[int]:
        """The process ids that this program has had, once there are so many."""

        def written() -> list[int]:
            path = self.folder / str(number)
            found = [int(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []
            return found if len(found) >= at_least else []

        return eventually(written)

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(20)


Supervise = Callable[..., Supervised]


@pytest.fixture
def supervise(tmp_path: Path) -> Iterator[Supervise]:
    running: list[Supervised] = []

    def start(*programs: str) -> Supervised:
        running.append(Supervised(tmp_path, programs))
        return running[-1]

    yield start
    for supervised in running:
        supervised.process.kill()
        supervised.process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything(supervise: Supervise, number: signal.Signals) -> None:
    supervised = supervise(SLEEPER, SLEEPER)
    pids = supervised.pids(0) + supervised.pids(1)
    assert supervised.end(number) == 0
    assert not [pid for pid in pids if is_running(pid)]


def test_kill_9_of_the_supervisor_ends_everything(supervise: Supervise) -> None:
    supervised = supervise(SLEEPER, SLEEPER)
    pids = supervised.pids(0) + supervised.pids(1)
    supervised.end(signal.SIGKILL)
    eventually(lambda: not [pid for pid in pids if is_running(pid)])


def test_what_dies_is_started_again_and_said(supervise: Supervise) -> None:
    supervised = supervise(SLEEPER, SLEEPER)
    (untouched,) = supervised.pids(1)
    os.kill(supervised.pids(0)[0], signal.SIGKILL)
    _, second = supervised.pids(0, at_least=2)
    assert is_running(second)
    assert is_running(untouched)
    assert "program_died" in supervised.log.read_text("utf-8")
    assert "program-0" in supervised.log.read_text("utf-8")


def test_what_dies_at_once_does_not_keep_the_others_from_running(supervise: Supervise) -> None:
    supervised = supervise(DIES_AT_ONCE, SLEEPER)
    supervised.pids(0, at_least=3)
    assert len(supervised.pids(1)) == 1
    assert supervised.end(signal.SIGTERM) == 0


def test_a_program_that_will_not_end_is_ended(supervise: Supervise) -> None:
    supervised = supervise(STUBBORN)
    (pid,) = supervised.pids(0)
    assert supervised.end(signal.SIGTERM) == 0
    assert not is_running(pid)


def test_what_others_wait_for_starts_first_and_ends_last(supervise: Supervise, tmp_path: Path) -> None:
    supervised = supervise(SLEEPER, LEANS_ON_THE_FIRST)
    supervised.pids(1)
    assert supervised.end(signal.SIGTERM) == 0
    assert (tmp_path / "still-there").exists()
    assert "program_died" not in supervised.log.read_text("utf-8")


def test_the_children_of_a_program_end_with_it(supervise: Supervise) -> None:
    supervised = supervise(WITH_CHILD)
    pids = supervised.pids(0, at_least=2)
    assert supervised.end(signal.SIGTERM) == 0
    eventually(lambda: not [pid for pid in pids if is_running(pid)])


def test_gunicorn_and_its_workers_end_with_a_killed_supervisor(supervise: Supervise, tmp_path: Path) -> None:
    # The application's module is imported by each worker, which says so in the file.
    served = f"import os; print(os.getpid(), file=open({str(tmp_path / '0')!r}, 'a')); app = 1"
    (tmp_path / "served.py").write_text(served, "utf-8")
    options = ["--no-control-socket", "--workers=2", f"--chdir={tmp_path}", f"--bind=unix:{tmp_path}/socket"]
    argv = ["gunicorn", *options, "served:app"]
    code = f"import sys; from gunicorn.app.wsgiapp import run; sys.argv = {argv!r}; run()"
    supervised = supervise(code)
    workers = supervised.pids(0, at_least=2)
    supervised.end(signal.SIGKILL)
    eventually(lambda: not [pid for pid in workers if is_running(pid)])


@given(last=st.floats(0, 1000), lived=st.floats(0, SETTLED_AFTER_SECONDS, exclude_max=True))
def test_pauses_grow_up_to_the_longest(last: float, lived: float) -> None:
    pause = next_pause(last, lived)
    assert 0.2 <= pause <= LONGEST_PAUSE_SECONDS
    assert pause > last or pause == LONGEST_PAUSE_SECONDS


def test_the_first_pauses_double_from_a_fifth_of_a_second() -> None:
    first = next_pause(0, 0)
    assert (first, next_pause(first, 0), next_pause(0.4, 0)) == (0.2, 0.4, 0.8)


def test_a_program_that_settled_starts_again_quickly() -> None:
    assert next_pause(LONGEST_PAUSE_SECONDS, SETTLED_AFTER_SECONDS) == 0.2
