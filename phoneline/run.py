"""`phoneline run`: the whole line on one machine, under one supervisor."""

import base64
import os
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import structlog
from dotenv import dotenv_values

from phoneline.crypto import open_vault
from phoneline.migrate import upgrade
from phoneline.queue_server import QueueServer
from phoneline.settings import GENERATED, INSTANCE, environment, load
from phoneline.supervisor import Program, supervise

log = structlog.get_logger()


def run_line(host: str, port: int | None) -> int:
    """Make what is missing, migrate, and serve until told to stop. SettingsError names what is wrong."""
    make_missing(GENERATED, ("PHONELINE_KEYS", "SECRET_KEY"), environment())
    values = environment()
    own_queue = "REDIS_URL" not in values
    server = QueueServer(INSTANCE / "queue") if own_queue else None
    if server is not None:
        values["REDIS_URL"] = server.url
    if port is not None:
        values["PORT"] = str(port)
    settings = load(values=values)
    open_vault(settings.keys)
    upgrade(settings.database_url, settings.timezone)

    def started() -> None:
        log.info("line_started", address=f"http://{host}:{settings.port}/", public_url=settings.public_url)

    return keep_running(values, host, settings.port, server, started=started)


def keep_running(
    values: Mapping[str, str],
    host: str,
    port: int,
    server: QueueServer | None,
    *,
    started: Callable[[], None],
    before: Sequence[Program] = (),
) -> int:
    """Supervise queue, web, worker and clock with these settings in their environment. The exit status."""
    queue = [Program("queue", server.argv, {}, ready=server.answers)] if server else []
    try:
        return supervise([*queue, *before, *line_programs(values, host, port)], started=started)
    finally:
        if server is not None:
            server.stop()


def line_programs(values: Mapping[str, str], host: str, port: int) -> list[Program]:
    web = ["gunicorn", "--config", "python:phoneline.gunicorn_config", "--bind", _bind(host, port), "wsgi:app"]
    return [
        Program("web", [sys.executable, "-m", *web], values),
        Program("worker", [sys.executable, "-m", "phoneline", "worker"], values),
        Program("clock", [sys.executable, "-m", "phoneline", "clock"], values),
    ]


def _bind(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def make_missing(generated: Path, names: Sequence[str], found: Mapping[str, str]) -> None:
    """Write a random value for each of `names` that neither `found` nor the file has; for the owner's eyes alone."""
    kept = dotenv_values(generated)
    missing = [name for name in names if not kept.get(name) and not found.get(name)]
    if not missing:
        return
    generated.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(generated, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "a", encoding="ascii") as file:
        for name in missing:
            file.write(f"{name}={base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}\n")
