"""What the numbers were measured on."""

import os
import platform
import sqlite3
import statistics
import tempfile
import time
from importlib.metadata import version

PACKAGES = ("Flask", "Werkzeug", "gunicorn", "SQLAlchemy", "psycopg", "twilio", "cryptography")
WRITES = 100


def machine() -> str:
    """Processor, Python, versions, and how long its disk takes to make a small write last."""
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}\n{versions}\n"
        f"a write of 4 KB is on disk after {_fsync_milliseconds():.2f} ms; {load_now()}"
    )


def load_now() -> str:
    """How busy the machine is; while nothing else runs the servers and the load are all there is."""
    return "load average of the last minute {:.1f}".format(*os.getloadavg())


def _fsync_milliseconds() -> float:
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(WRITES):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return 1000 * statistics.median(times)
