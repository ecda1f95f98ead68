import logging
import runpy

import pytest

from phoneline import gunicorn_config


def configured(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, object]:
    for name in ("DATABASE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(gunicorn_config.__file__)


def test_sqlite_gets_one_process_and_postgresql_two(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured(monkeypatch)["workers"] == 1
    assert configured(monkeypatch, DATABASE_URL="sqlite:///line.db")["workers"] == 1
    assert configured(monkeypatch, DATABASE_URL="postgresql://localhost/line")["workers"] == 2
    assert configured(monkeypatch, DATABASE_URL="postgres://localhost/line")["threads"] == 8


def test_it_listens_on_port(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configured(monkeypatch)["bind"] == ["0.0.0.0:8000"]
    assert configured(monkeypatch, PORT="8123")["bind"] == ["0.0.0.0:8123"]


@pytest.mark.parametrize(
    ("message", "arguments", "kept"),
    [
        ("Invalid request from ip=192.0.2.7: bad line '/x?From=secret'", (), "Invalid request"),
        ("Error handling request %s %s", ("GET", "/x?From=secret"), "Error handling request"),
        ("Worker exiting (pid: %s)", (7,), "Worker exiting (pid: 7)"),
    ],
)
def test_gunicorns_own_log_says_nothing_personal(message: str, arguments: tuple[object, ...], kept: str) -> None:
    record = logging.LogRecord("gunicorn.error", logging.WARNING, __file__, 1, message, arguments, None)
    assert gunicorn_config.NothingPersonal().filter(record)
    assert record.getMessage() == kept
