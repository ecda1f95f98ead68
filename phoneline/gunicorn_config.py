"""How gunicorn serves the line: `gunicorn --config python:phoneline.gunicorn_config wsgi:app`.

Options on gunicorn's command line win over what stands here; `phoneline run` gives its own --bind there.
"""

import logging
import os
from pathlib import Path

from phoneline.settings import environment

values = environment()
database = values.get("DATABASE_URL", "sqlite")
shared_memory = Path("/dev/shm")  # noqa: S108  # a folder in memory; gunicorn makes a private file in it

bind = [f"0.0.0.0:{values.get('PORT', 8000)}"]
worker_class = "gthread"
# SQLite's writers wait for each other: within one process a lock keeps them in line, across processes they time out.
workers = 1 if database.startswith("sqlite") else 2
threads = 8

# Twilio gives a webhook 15 seconds; a supervisor gives us 10 to end.
timeout = 30
graceful_timeout = 8
keepalive = 30
# A heartbeat written to a slow disk can look like a hung worker.
worker_tmp_dir = str(shared_memory) if os.access(shared_memory, os.W_OK) else None

control_socket_disable = True

# No access log: its lines would hold callers' addresses and the secrets in paths. The line logs its own events.
accesslog = None
errorlog = "-"
loglevel = "info"


class NothingPersonal(logging.Filter):
    """Takes addresses, paths and request text out of what gunicorn says about a request that failed."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, the personal ones shortened."""
        text = str(record.msg)
        for start in ("Invalid request", "Error handling request"):
            if text.startswith(start):
                record.msg, record.args = start, ()
        return True


def on_starting(_server: object) -> None:
    """Gunicorn calls this before its workers are forked, so they inherit the filter."""
    logging.getLogger("gunicorn.error").addFilter(NothingPersonal())
