import subprocess
import sys

import pytest

from tests.processes import eventually, is_running

SLEEPER = "import os, sys, time; print(os.getpid(), flush=True); time.sleep(600)"
# `become` is Linux's way and `watch` everybody else's; the second works on Linux too, so it is tried there.
WAYS = ["become", "watch"] if sys.platform == "linux" else ["watch"]


def tie(way: str, *argv: str) -> list[str]:
    code = f"import os, sys; from phoneline.tied_process import {way} as run; sys.exit(run(os.getppid(), sys.argv[1:]))"
    return [sys.executable, "-c", code, *argv]


@pytest.mark.parametrize("way", WAYS)
def test_it_ends_when_its_starter_is_killed(way: str) -> None:
    starter = f"import subprocess; subprocess.run({tie(way, sys.executable, '-c', SLEEPER)!r})"
    with subprocess.Popen([sys.executable, "-c", starter], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        assert is_running(pid)
        process.kill()
    eventually(lambda: not is_running(pid))


@pytest.mark.parametrize("way", WAYS)
def test_its_status_is_the_programs(way: str) -> None:
    assert subprocess.run(tie(way, sys.executable, "-c", "raise SystemExit(7)"), check=False).returncode == 7


@pytest.mark.parametrize("way", WAYS)
def test_a_signal_reaches_the_program(way: str) -> None:
    with subprocess.Popen(tie(way, sys.executable, "-c", SLEEPER), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid = int(process.stdout.readline())
        process.terminate()
        process.wait(20)
    assert not is_running(pid)


def test_a_signal_in_the_instant_of_the_start_reaches_the_program() -> None:
    at_once = (
        "import os, signal, subprocess, sys\n"
        "def began(frame, event, _):\n"
        "    if event == 'return' and frame.f_code is subprocess.Popen.__init__.__code__:\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        "sys.setprofile(began)\n"
    )
    python, option, code, *program = tie("watch", sys.executable, "-c", SLEEPER)
    with subprocess.Popen([python, option, at_once + code, *program], stdout=subprocess.PIPE) as process:
        # Whoever still held its output would keep this open.
        process.communicate(timeout=20)
    assert process.returncode != 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux's way starts the program by itself")
def test_a_program_that_cannot_be_started_is_named() -> None:
    done = subprocess.run(tie("become", "no-such-program"), capture_output=True, text=True, check=False)
    assert done.returncode == 127
    assert "no-such-program cannot be started" in done.stderr
