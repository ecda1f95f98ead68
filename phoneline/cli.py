"""The `phoneline` command. Exit status: 0 done, 1 refused (the reasons on standard error), 2 wrong usage."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, time
from typing import BinaryIO

import click
from sqlalchemy.exc import OperationalError

from phoneline import (
    accounts,
    calendar_import,
    clock,
    exports,
    live_settings,
    logging_setup,
    logins,
    migrate,
    recurrence,
    retention,
    setting_changes,
    settings,
)
from phoneline.calendar_import import CalendarRefusedError
from phoneline.change_log import COMMAND_LINE
from phoneline.crypto import CannotDecryptError, open_vault
from phoneline.db import Database
from phoneline.home import Home
from phoneline.live_settings import LiveSettingError
from phoneline.roster_changes import LINE
from phoneline.spreadsheets import IMPORTS, RefusedError
from phoneline.states import AccountRole
from phoneline.volunteer_texts import volunteer_with

PORT = click.IntRange(1, 65535)
DATE = click.DateTime(["%Y-%m-%d"])
CALENDAR = "calendar"


class Refused(click.ClickException):
    """The command did nothing; the message says why."""

    exit_code = 1

    def show(self, file: object = None) -> None:  # noqa: ARG002 - the signature is click's
        click.echo(self.message, err=True)


@contextmanager
def _open_database() -> Iterator[tuple[Database, settings.Settings]]:
    """The database of the settings, with its vault open, when it is reachable and migrated."""
    loaded = _load(settings.DATABASE_ONLY)
    open_vault(loaded.keys)
    database = Database(loaded.database_url)
    try:
        if not migrate.at_head(database):
            raise Refused("The database doesn't fit this release: run `phoneline db upgrade`.")
        yield database, loaded
    except OperationalError as error:
        raise Refused(f"The database can't be used now: {error.orig}") from error
    except CannotDecryptError as error:
        raise Refused(f"{error}.") from error
    finally:
        database.close()


def _load(needed: frozenset[str]) -> settings.Settings:
    try:
        return settings.load(needed)
    except settings.SettingsError as error:
        raise Refused(str(error)) from error


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """A telephone line for peer-support organisations."""
    logging_setup.configure()


@main.command()
@click.option("--port", type=PORT, help="Where to serve; a free one near 8000 by default.")
@click.pass_context
def demo(context: click.Context, port: int | None) -> None:
    """The whole line on this machine with invented people and simulated phones."""
    from phoneline.demo import run_demo  # noqa: PLC0415 - only this command needs the simulated network

    context.exit(run_demo(port))


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=PORT, help="The port to listen on; PORT by default.")
@click.pass_context
def run(context: click.Context, host: str, port: int | None) -> None:
    """The whole line on this machine for real use: migrates, then web, worker and clock under one supervisor."""
    from phoneline.run import run_line  # noqa: PLC0415 - only this command needs the supervisor

    try:
        context.exit(run_line(host, port))
    except settings.SettingsError as error:
        raise Refused(str(error)) from error


@main.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """One process that does the queue's work."""
    from phoneline.worker import work  # noqa: PLC0415 - only this command needs the queue's worker

    context.exit(work(_load(settings.ALL)))


@main.command(name="clock")
@click.pass_context
def tick(context: click.Context) -> None:
    """One process that finds what has become due."""
    from phoneline.ticker import tick_forever  # noqa: PLC0415 - only this command needs the clock's work

    context.exit(tick_forever(_load(settings.ALL)))


@main.group()
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Migrate the database to this release."""
    loaded = _load(settings.DATABASE_ONLY)
    open_vault(loaded.keys)
    try:
        migrate.upgrade(loaded.database_url, loaded.timezone)
    except OperationalError as error:
        raise Refused(f"The database can't be used now: {error.orig}") from error


@main.command(name="import")
@click.argument("kind", type=click.Choice([*IMPORTS, CALENDAR]))
@click.argument("file", type=click.File("rb"))
@click.option("--person", help="With a calendar: the number of the volunteer whose shifts these are.")
def import_(kind: str, file: BinaryIO, person: str | None) -> None:
    """Take over a spreadsheet, or an iCalendar file with shifts: all of it or nothing."""
    if kind == CALENDAR:
        return _import_calendar(file.read(), person)
    if person is not None:
        raise click.UsageError("--person is for `import calendar`.")
    with _open_database() as (database, loaded):
        try:
            count = IMPORTS[kind](database, file.read(), loaded.timezone, clock.now(), loaded.line_number)
        except RefusedError as error:
            raise Refused(str(error)) from error
    click.echo(f"{kind}: {count} {'row' if count == 1 else 'rows'}")
    return None


def _import_calendar(data: bytes, number: str | None) -> None:
    with _open_database() as (database, loaded), database.transaction() as session:
        live = replace(live_settings.read(session), home=Home(loaded.timezone, loaded.line_number))
        person_id = None
        if number is not None:
            found = volunteer_with(session, database.lookup_hash(number))
            if found is None:
                raise Refused(f"{number} is no volunteer's number; import them with `import people` first.")
            person_id = found.id
        try:
            done = calendar_import.take_over(session, data, person_id, LINE, live, clock.now())
        except CalendarRefusedError as error:
            raise Refused(str(error)) from error
    click.echo(f"calendar: {done.made} new, {done.known} known, {done.over} over")


@main.command()
@click.argument("kind", type=click.Choice(list(exports.EXPORTS)))
@click.option("--since", type=DATE, help="From this day on, as the line's zone counts days.")
@click.option("--until", type=DATE, help="Before this day.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
def export(kind: str, since: datetime | None, until: datetime | None, form: str) -> None:
    """Write the log to standard output, oldest first."""
    with _open_database() as (database, loaded):
        first, end = (
            None if day is None else recurrence.instant(datetime.combine(day, time.min), loaded.timezone)
            for day in (since, until)
        )
        chosen = exports.EXPORTS[kind]
        rows = exports.read(database, chosen, first, end)
        for line in exports.as_csv(rows, chosen.fields) if form == "csv" else exports.as_jsonl(rows):
            sys.stdout.write(line)
        sys.stdout.flush()


@main.command()
def purge() -> None:
    """Forget what has been kept for as long as the settings `keep_…_days` say, and say how much that was."""
    with _open_database() as (database, _):
        with database.reading() as session:
            live = live_settings.read(session)
        for name, count in retention.purge(database, live, clock.now()).items():
            click.echo(f"{name}: {count}")


@main.group(name="settings")
def settings_() -> None:
    """The line's live settings: a change holds within seconds, without a restart."""


@settings_.command(name="list")
def list_() -> None:
    """Every setting as KEY=VALUE."""
    with _open_database() as (database, _), database.reading() as session:
        live = live_settings.read(session)
    for key in live_settings.KEYS:
        click.echo(f"{key}={live_settings.shown(getattr(live, key))}")


@settings_.command()
@click.argument("key")
def get(key: str) -> None:
    """One setting's value."""
    if key not in live_settings.KEYS:
        raise Refused(f"there is no setting {key!r}; `phoneline settings list` shows them all")
    with _open_database() as (database, _), database.reading() as session:
        live = live_settings.read(session)
    click.echo(live_settings.shown(getattr(live, key)))


@settings_.command(name="set")
@click.argument("key")
@click.argument("value")
def set_(key: str, value: str) -> None:
    """Change one setting."""
    with _open_database() as (database, _), database.transaction() as session:
        try:
            setting_changes.change(session, key, value, COMMAND_LINE, clock.now())
        except LiveSettingError as error:
            raise Refused(str(error)) from error


@main.group()
def account() -> None:
    """Dashboard logins."""


def _password_from_stdin(password_stdin: bool) -> str:  # noqa: FBT001 - click's flag, handed on
    if not password_stdin:
        raise click.UsageError("Give the password on standard input, with --password-stdin.")
    return sys.stdin.readline().rstrip("\r\n")


@account.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in AccountRole]), required=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--person", "number", help="The number of the volunteer or coordinator whose login it is.")
def create(email: str, role: str, password_stdin: bool, number: str | None) -> None:  # noqa: FBT001 - click passes options by name
    """Make a dashboard login."""
    given = _password_from_stdin(password_stdin)
    with _open_database() as (database, _), database.transaction() as session:
        try:
            made = accounts.create(session, email, AccountRole(role), given, clock.now())
            if number is not None:
                logins.tie_by_number(session, made, number)
        except accounts.AccountError as error:
            raise Refused(str(error)) from error


@account.command()
@click.argument("email")
@click.option("--password-stdin", is_flag=True, help="Read the new password from standard input.")
def password(email: str, password_stdin: bool) -> None:  # noqa: FBT001 - click passes options by name
    """Give a login a new password; whoever is logged in with the old one is logged out."""
    given = _password_from_stdin(password_stdin)
    with _open_database() as (database, _), database.transaction() as session:
        try:
            accounts.change_password(session, email, given)
        except accounts.AccountError as error:
            raise Refused(str(error)) from error
