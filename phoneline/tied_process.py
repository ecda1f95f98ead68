"""Runs a program that ends when the process that started it ends, by kill -9 too.

Linux sends the signal itself; elsewhere a small watcher stays between the two and sees its parent change. Started as a
script of its own rather than by a `preexec_fn`, which may deadlock where threads run.
"""

import ctypes
import os
import signal
import subprocess
import sys
import types
from collections.abc import Sequence

LOOK_EVERY_SECONDS = 0.3
GRACE_SECONDS = 10.0
PR_SET_PDEATHSIG = 1  # from Linux's <sys/prctl.h>


def tied(argv: Sequence[str]) -> list[str]:
    """The command that runs `argv` for as long as this process lives.

    Linux means the *thread* that starts it: start it from one that lives as long as the process, best the main one.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *argv]


def end_with_parent(number: signal.Signals) -> None:
    """Have this process sent that signal when its parent ends; holds on Linux, does nothing elsewhere."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def become(parent: int, argv: Sequence[str]) -> int:
    """Turn this process into `argv`, to be sent SIGTERM when `parent` ends (Linux); returns only on failure."""
    end_with_parent(signal.SIGTERM)
    # The parent may have gone before that.
    if os.getppid() != parent:
        return 1
    try:
        os.execvp(argv[0], list(argv))  # noqa: S606  # no shell is the point
    except OSError as problem:
        sys.stderr.write(f"{argv[0]} cannot be started: {problem.strerror}\n")
        return 127


def watch(parent: int, argv: Sequence[str]) -> int:
    """Run `argv` as a child and end it when `parent` is no longer ours; signals to us go on to it."""
    received: list[int] = []

    def note(number: int, _frame: types.FrameType | None) -> None:
        received.append(number)

    # Before the child is there: a signal in the instant of its start would end us and leave it behind for good.
    signal.signal(signal.SIGTERM, note)
    signal.signal(signal.SIGINT, note)
    child = subprocess.Popen(list(argv))  # noqa: S603  # our caller's own command, no shell
    while os.getppid() == parent:
        while received:
            child.send_signal(received.pop(0))
        try:
            return child.wait(LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    child.terminate()
    try:
        return child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        return child.wait()


if __name__ == "__main__":
    run = become if sys.platform == "linux" else watch
    sys.exit(run(int(sys.argv[1]), sys.argv[2:]))
