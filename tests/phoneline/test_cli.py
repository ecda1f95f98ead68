import csv
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest
import structlog
from click.testing import CliRunner, Result
from sqlalchemy import select

from phoneline import accounts, cli, logging_setup
from phoneline.db import Database
from phoneline.models import AccessLog, Account, Checkin, Person
from phoneline.settings import Settings
from phoneline.states import AccessAction, AccountRole, Role
from tests import factories
from tests.databases import KEY, ONE_KIND, Databases

ANN = "+14165550101"
PEOPLE = f"name,phone,roles,checkin_consent\nZoë,{ANN},peer,yes\n"


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    structlog.reset_defaults()
    root.handlers[:] = handlers
    root.setLevel(level)


class Phoneline:
    """The command, with a working directory and an environment of its own."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._environment = environment

    def __call__(self, *arguments: str, stdin: str | bytes = "") -> Result:
        return CliRunner(env=self._environment).invoke(cli.main, arguments, input=stdin)

    def file(self, text: str) -> str:
        path = self.folder / "sheet.csv"
        path.write_text(text, "utf-8")
        return str(path)


@pytest.fixture
def phoneline(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Phoneline:
    monkeypatch.chdir(tmp_path)
    return Phoneline(tmp_path, {"DATABASE_URL": database_url, "PHONELINE_KEYS": KEY})


def test_import_then_export(phoneline: Phoneline, database: Database) -> None:
    done = phoneline("import", "people", phoneline.file(PEOPLE))
    assert (done.exit_code, done.stdout, done.stderr) == (0, "people: 1 row\n", "")
    plan = f"phone,starts_at,kind\n{ANN},2030-11-23T09:00,automated\n"
    assert phoneline("import", "checkins", "-", stdin=plan).exit_code == 0
    with database.transaction() as session:
        ann = session.scalars(select(Person)).one()
        due = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
        factories.checkin(session, factories.plan(session, ann, due.replace(tzinfo=None), due), due)
    [line] = phoneline("export", "checkins").stdout.splitlines()
    assert json.loads(line)["due_at"] == "2026-11-23T05:00:00.000Z"
    [row] = csv.DictReader(io.StringIO(phoneline("export", "checkins", "--format", "csv").stdout))
    assert row["person_id"] == ann.id
    assert phoneline("export", "calls", "--format", "csv").stdout.startswith("id,carrier_sid,")


def test_dates_are_local_midnights_of_the_line(phoneline: Phoneline, database: Database) -> None:
    # In Toronto 23 November 2026 is from 05:00 UTC until 05:00 UTC.
    ats = [datetime(2026, 11, day, hour, 59, tzinfo=UTC) for day in (23, 24) for hour in (4, 5)]
    with database.transaction() as session:
        for at in ats:
            factories.contact(session, at)
    for days, expected in [
        ([], ats),
        (["--since", "2026-11-23"], ats[1:]),
        (["--until", "2026-11-23"], ats[:1]),
        (["--since", "2026-11-23", "--until", "2026-11-24"], ats[1:3]),
        (["--since", "2026-11-25"], []),
    ]:
        found = [json.loads(line)["at"] for line in phoneline("export", "contacts", *days).stdout.splitlines()]
        assert found == [f"{at:%Y-%m-%dT%H:%M:%S}.000Z" for at in expected]


def test_a_refused_import_says_each_problem_on_a_line(phoneline: Phoneline, database: Database) -> None:
    done = phoneline("import", "people", phoneline.file(f"name,phone,roles\n,{ANN},peer\nBob,12,chief\n"))
    assert done.exit_code == 1
    assert done.stdout == ""
    assert [line.split(":")[0] for line in done.stderr.splitlines()] == [
        "row 2, column name",
        "row 3, column phone",
        "row 3, column roles",
    ]
    with database.reading() as session:
        assert session.scalars(select(Person)).all() == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "dogs", "-"],
        ["import", "people", "no such file.csv"],
        ["import", "people"],
        ["export", "people"],
        ["export", "calls", "--since", "yesterday"],
        ["export", "calls", "--format", "xml"],
        ["account", "create", "a@example.org", "--role", "chief", "--password-stdin"],
        ["account", "create", "a@example.org", "--password-stdin"],
        ["account", "create", "a@example.org", "--role", "admin"],
        ["settings", "set", "pin_tries"],
        ["run", "--port", "0"],
        ["demo", "--port", "x"],
        ["doctor"],
        ["purge", "all"],
    ],
)
def test_wrong_usage_is_status_2(phoneline: Phoneline, arguments: list[str]) -> None:
    assert phoneline(*arguments).exit_code == 2


def test_what_is_older_than_its_time_is_forgotten_and_counted(phoneline: Phoneline, database: Database) -> None:
    long_ago = datetime(2001, 11, 23, 5, 0, tzinfo=UTC)
    with database.transaction() as session:
        session.add(AccessLog(at=long_ago, action=AccessAction.LOOKED))
    done = phoneline("purge")
    assert (done.exit_code, "looks: 1" in done.stdout.splitlines()) == (0, True)
    assert "looks: 0" in phoneline("purge").stdout.splitlines()


def test_live_settings(phoneline: Phoneline) -> None:
    listed = phoneline("settings", "list").stdout.splitlines()
    assert "offer_ring_seconds=20" in listed
    assert "quiet_weekday=20:00-09:00" in listed
    assert "languages=en,fr,es" in listed
    assert len(listed) == 40
    assert phoneline("settings", "set", "calls_per_second", "0.5").exit_code == 0
    assert phoneline("settings", "get", "calls_per_second").stdout == "0.5\n"
    assert "calls_per_second=0.5" in phoneline("settings", "list").stdout.splitlines()


@pytest.mark.parametrize(
    "arguments", [["get", "colour"], ["set", "colour", "red"], ["set", "pin_tries", "many"], ["set", "pin_tries", "0"]]
)
def test_a_setting_that_will_not_do_is_refused(phoneline: Phoneline, arguments: list[str]) -> None:
    done = phoneline("settings", *arguments)
    assert (done.exit_code, done.stdout) == (1, "")
    assert arguments[1] in done.stderr


@pytest.mark.parametrize(
    ("key", "value", "judged_anew"),
    [
        ("quiet_weekday", "22:00-06:00", True),
        ("quiet_weekend", "22:00-06:00", True),
        ("checkin_grace_seconds", "60", True),
        ("checkin_attempts", "2", False),
    ],
)
def test_what_is_held_is_judged_anew_by_new_quiet_hours(
    phoneline: Phoneline, database: Database, key: str, value: str, judged_anew: bool
) -> None:
    due, held = datetime(2026, 11, 23, 5, 0, tzinfo=UTC), datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    with database.transaction() as session:
        plan = factories.plan(session, factories.person(session, now=due), due.replace(tzinfo=None), due)
        factories.checkin(session, plan, due, dial_after=held)
    assert phoneline("settings", "set", key, value).exit_code == 0
    with database.reading() as session:
        assert session.scalars(select(Checkin.dial_after)).one() == (due if judged_anew else held)


def test_an_account(phoneline: Phoneline, database: Database) -> None:
    make = ["account", "create", "zoe@example.org", "--role", "coordinator", "--password-stdin"]
    done = phoneline(*make, stdin="correct horse battery\n")
    assert (done.exit_code, done.stderr) == (0, "")
    with database.reading() as session:
        found = accounts.verify(session, "zoe@example.org", "correct horse battery")
    assert found is not None
    assert found.role is AccountRole.COORDINATOR
    again = phoneline(*make, stdin="another horse battery\n")
    assert again.exit_code == 1
    assert "already" in again.stderr
    assert "zoe" not in again.stderr
    short = phoneline("account", "create", "ann@example.org", "--role", "admin", "--password-stdin", stdin="short\n")
    assert short.exit_code == 1
    with database.reading() as session:
        assert len(session.scalars(select(Account)).all()) == 1


def test_an_account_is_somebodys_of_the_team(phoneline: Phoneline, database: Database) -> None:
    now = datetime.now(UTC)
    with database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=now)
        peer = factories.person(session, now=now).numbers[0].number
        number = ana.numbers[0].number

    def make(name: str, number: str) -> Result:
        start = ["account", "create", f"{name}@example.org", "--role", "volunteer", "--password-stdin"]
        return phoneline(*start, "--person", number, stdin="correct horse battery\n")

    assert make("ana", number).exit_code == 0
    for wrong in (number, peer, "nonsense"):
        assert make("other", wrong).exit_code == 1
    with database.reading() as session:
        assert session.scalars(select(Account.person_id)).all() == [ana.id]


NEED_DATABASE = [
    ["import", "people", "-"],
    ["export", "calls"],
    ["settings", "list"],
    ["settings", "get", "pin_tries"],
    ["settings", "set", "pin_tries", "3"],
    ["account", "create", "a@example.org", "--role", "admin", "--password-stdin"],
]


def test_a_database_without_tables_is_refused_with_a_hint(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with databases.bare("sqlite") as url:
        phoneline = Phoneline(tmp_path, {"DATABASE_URL": url, "PHONELINE_KEYS": KEY})
        for arguments in NEED_DATABASE:
            done = phoneline(*arguments)
            assert done.exit_code == 1, arguments
            assert "phoneline db upgrade" in done.stderr, arguments
        assert phoneline("db", "upgrade").exit_code == 0
        assert phoneline("db", "upgrade").exit_code == 0
        for arguments in NEED_DATABASE:
            assert "phoneline db upgrade" not in phoneline(*arguments, stdin="a good long password\n").stderr, arguments


@pytest.mark.parametrize("arguments", [*NEED_DATABASE, ["db", "upgrade"]])
def test_missing_and_malformed_settings_are_all_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PHONELINE_KEYS", raising=False)
    done = Phoneline(tmp_path, {"DATABASE_URL": "mysql://x", "LINE_TIMEZONE": "Mars"})(*arguments)
    assert done.exit_code == 1
    assert all(name in done.stderr for name in ("DATABASE_URL", "PHONELINE_KEYS", "LINE_TIMEZONE"))


def test_a_database_that_is_away_is_refused_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    url = "postgresql://line:hush@127.0.0.1:1/line"
    for arguments in (["settings", "list"], ["db", "upgrade"]):
        done = Phoneline(tmp_path, {"DATABASE_URL": url, "PHONELINE_KEYS": KEY})(*arguments)
        assert done.exit_code == 1
        assert done.stderr.startswith("The database can't be used now")
        assert "hush" not in done.stderr


def test_keys_of_another_line_are_refused(phoneline: Phoneline, database_url: str) -> None:
    other = Phoneline(phoneline.folder, {"DATABASE_URL": database_url, "PHONELINE_KEYS": "A" * 43 + "="})
    done = other("import", "people", phoneline.file(PEOPLE))
    assert done.exit_code == 1
    assert "PHONELINE_KEYS" in done.stderr


@pytest.mark.parametrize("command", ["worker", "clock"])
def test_processes_need_every_setting(phoneline: Phoneline, command: str) -> None:
    done = phoneline(command)
    assert done.exit_code == 1
    assert "TWILIO_ACCOUNT_SID" in done.stderr


class _Stand:
    """Stands in for a long-running command: notes what it was called with."""

    def __init__(self) -> None:
        self.called: list[object] = []

    def __call__(self, *arguments: object) -> int:
        self.called += arguments
        return 3


@pytest.mark.parametrize(
    ("arguments", "module", "function", "expected"),
    [
        (["demo"], "phoneline.demo", "run_demo", [None]),
        (["demo", "--port", "8123"], "phoneline.demo", "run_demo", [8123]),
        (["run"], "phoneline.run", "run_line", ["127.0.0.1", None]),
        (["run", "--host", "::", "--port", "80"], "phoneline.run", "run_line", ["::", 80]),
        (["worker"], "phoneline.worker", "work", [Settings]),
        (["clock"], "phoneline.ticker", "tick_forever", [Settings]),
    ],
)
def test_long_running_commands_hand_over_and_give_the_exit_status(
    phoneline: Phoneline,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    module: str,
    function: str,
    expected: list[object],
) -> None:
    stand = _Stand()
    fake = ModuleType(module)
    setattr(fake, function, stand)
    monkeypatch.setitem(sys.modules, module, fake)
    for name, value in {
        "REDIS_URL": "redis://127.0.0.1:1/0",
        "TWILIO_ACCOUNT_SID": "AC1",
        "TWILIO_AUTH_TOKEN": "token",
        "LINE_NUMBER": "+14165550100",
        "PUBLIC_URL": "https://line.example.org",
        "SECRET_KEY": "secret",
    }.items():
        monkeypatch.setenv(name, value)
    assert phoneline(*arguments).exit_code == 3
    assert [type(each) if isinstance(each, Settings) else each for each in stand.called] == expected


def test_logs_are_json_and_libraries_keep_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    logging_setup.configure()
    structlog.get_logger().info("leg_placed", leg_id="1")
    logging.getLogger("twilio.http_client").info("To=%s", ANN)
    logging.getLogger("urllib3.connectionpool").debug(ANN)
    logging.getLogger("rq.worker").warning("odd")
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["level"]) for line in lines] == [("leg_placed", "info"), ("odd", "warning")]
    assert lines[0]["leg_id"] == "1"
    assert lines[1]["logger"] == "rq.worker"


@ONE_KIND  # what each command does on either is asked above
def test_the_installed_command(database_url: str, tmp_path: Path) -> None:
    command = Path(sys.executable).with_name("phoneline")
    environment = {"DATABASE_URL": database_url, "PHONELINE_KEYS": KEY, "PATH": ""}

    def phoneline(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments],
            env=environment,
            cwd=tmp_path,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    assert phoneline("db", "upgrade").returncode == 0
    done = phoneline("import", "people", "-", stdin=PEOPLE)
    assert (done.returncode, done.stdout, done.stderr) == (0, "people: 1 row\n", "")
    refused = phoneline("import", "people", "-", stdin="name\nZoë\n")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert len(refused.stderr.splitlines()) == 2
    assert phoneline("import", "people").returncode == 2
    assert list(tmp_path.iterdir()) == []
