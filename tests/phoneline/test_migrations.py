import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Column, Text, inspect, select, text

from phoneline import migrate, people, rosters
from phoneline.crypto import Vault
from phoneline.db import Database
from phoneline.models import Base, ShiftHours
from phoneline.recurrence import wall
from phoneline.states import AttemptResult, LegPurpose, PlanKind, Role
from tests import factories
from tests.databases import KEY, Databases

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


ONCE = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""For what an old migration filled in: on SQLite all tables are copied sixty times for it."""

SOME = "0004"
"""Tables have been made by then, and with the fourth migration SQLite has copied one."""


@pytest.fixture(params=["sqlite", "postgresql"])
def bare(request: pytest.FixtureRequest, databases: Databases, vault: Vault) -> Iterator[Database]:
    with databases.bare(request.param) as url:
        database = Database(url)
        yield database
        database.close()


def test_the_newest_migration_equals_the_models(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_checks_and_partial_indexes_equal_the_models(database: Database, bare: Database) -> None:
    # What Alembic doesn't compare.
    if database.is_sqlite != bare.is_sqlite:
        pytest.skip("the same kind of database on both sides")
    Base.metadata.create_all(bare.engine)
    assert _rules(database) == _rules(bare)


def _rules(database: Database) -> dict[str, Any]:
    found = inspect(database.engine)
    return {
        table: (
            sorted((check["name"], check["sqltext"]) for check in found.get_check_constraints(table)),
            sorted((key["name"], key["options"]) for key in found.get_foreign_keys(table)),
            sorted(
                (index["name"], index["unique"], [str(option) for option in index.get("dialect_options", {}).values()])
                for index in found.get_indexes(table)
            ),
        )
        for table in found.get_table_names()
        if table != "alembic_version"
    }


def test_up_and_down_with_rows(database: Database) -> None:
    factories.some_of_everything(database, NOW)
    with migrate.migrating(database) as config:
        command.downgrade(config, "base")
    assert inspect(database.engine).get_table_names() == ["alembic_version"]
    assert not migrate.at_head(database)
    with migrate.migrating(database) as config:
        command.upgrade(config, "head")
    database.make_secrets()
    factories.some_of_everything(database, NOW)
    assert migrate.at_head(database)


@ONCE
def test_legs_keep_their_order_of_work_through_the_new_purposes(database: Database) -> None:
    with database.transaction() as session:
        for priority, purpose in enumerate(LegPurpose):
            factories.leg(session, NOW, purpose=purpose, priority=priority)
    order = text("select purpose, priority from leg order by priority")
    with migrate.migrating(database) as config:
        command.downgrade(config, "0003")
        before = config.attributes["connection"].execute(order).all()
        command.upgrade(config, "head")
        after = config.attributes["connection"].execute(order).all()
    assert before == [("offer", 0), ("checkin", 1), ("checkin", 1)]
    assert after == [("offer", 1), ("checkin", 5), ("checkin", 5)]


@ONCE
def test_who_said_stop_to_a_volunteer_has_it_in_the_ledger(database: Database) -> None:
    with database.transaction() as session:
        peer = factories.person(session, now=NOW)
        plan = factories.plan(session, peer, NOW.replace(tzinfo=None), NOW, kind=PlanKind.VOLUNTEER)
        checkin, call = factories.checkin(session, plan, NOW), factories.call(session, NOW)
        factories.attempt(session, checkin, call, NOW, result=AttemptResult.STOP)
    with migrate.migrating(database) as config:
        command.downgrade(config, "0027")
        command.upgrade(config, "head")
    with database.reading() as session:
        assert people.refuses_volunteers(session, peer.id)


def test_an_upgrade_twice_changes_nothing(database: Database, database_url: str) -> None:
    factories.some_of_everything(database, NOW)
    before = factories.dump(database)
    migrate.upgrade(database_url)
    assert factories.dump(database) == before


def test_an_empty_database_is_not_at_head(bare: Database) -> None:
    assert not migrate.at_head(bare)


def test_a_newer_database_is_not_at_head(database: Database) -> None:
    with database.transaction() as session:
        session.execute(text("update alembic_version set version_num = '9999'"))
    assert not migrate.at_head(database)


def test_several_processes_migrate_at_once(bare: Database, tmp_path: Path) -> None:
    url = bare.engine.url.render_as_string(hide_password=False)
    program = (
        "import sys; from phoneline.crypto import open_vault; from phoneline.migrate import upgrade;"
        "open_vault([sys.argv[2]]); sys.stdin.readline(); upgrade(sys.argv[1])"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", program, url, KEY],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(3)
    ]
    for start in starts:
        assert start.stdin is not None
        start.stdin.write("\n")
        start.stdin.flush()
    ends = [start.communicate(timeout=60)[1] for start in starts]
    assert [(start.returncode, said) for start, said in zip(starts, ends, strict=True)] == [(0, "")] * 3
    assert migrate.at_head(bare)
    assert len(bare.lookup_hash("x")) == 64


def test_a_migration_that_fails_leaves_nothing(bare: Database) -> None:
    def fail() -> None:
        with migrate.migrating(bare) as config:
            command.upgrade(config, SOME)
            raise InterruptedError

    with pytest.raises(InterruptedError):
        fail()
    assert inspect(bare.engine).get_table_names() == []


def test_a_migration_keeps_sqlite_from_losing_rows_that_point_at_the_table(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("only SQLite copies tables")
    factories.some_of_everything(database, NOW)
    with migrate.migrating(database) as config:
        context = MigrationContext.configure(config.attributes["connection"])
        with Operations(context).batch_alter_table("person", recreate="always") as batch:
            batch.add_column(Column("pronouns", Text))
    with database.reading() as session:
        assert session.execute(text("select count(*) from phone_number")).scalar_one() > 0


def test_a_migration_that_leaves_rows_pointing_at_nothing_is_refused(database: Database) -> None:
    if not database.is_sqlite:
        pytest.skip("PostgreSQL checks by itself")
    factories.some_of_everything(database, NOW)

    def lose() -> None:
        with migrate.migrating(database) as config:
            config.attributes["connection"].exec_driver_sql("DELETE FROM person")

    with pytest.raises(migrate.BrokenReferenceError, match="phone_number"):
        lose()


@ONCE
def test_hours_know_which_date_of_their_shift_they_are_in_the_lines_own_zone(database: Database) -> None:
    zone = ZoneInfo("Asia/Kolkata")
    with database.transaction() as session:
        ana = factories.person(session, Role.VOLUNTEER, now=NOW)
        begun = factories.shift(session, ana, NOW.replace(tzinfo=None) - DAY, NOW.replace(tzinfo=None), NOW)
        # Whenever this runs, it is ahead.
        later = NOW.replace(year=2099)
        nine = later.astimezone(zone).replace(hour=9, tzinfo=None)
        ahead = factories.shift(session, ana, nine, nine + DAY / 8, later, rrule="FREQ=DAILY")
        begun_id, ahead_id = begun.id, ahead.id
    with migrate.migrating(database, zone) as config:
        command.downgrade(config, "0037")
        command.upgrade(config, "head")
    with database.transaction() as session:
        [hours] = session.scalars(select(ShiftHours).filter_by(shift_id=begun_id))
        assert hours.occurs_local == wall(hours.starts_at, zone)
        rosters.lay_out_due(session, zone, later)
        dates = session.scalars(select(ShiftHours.occurs_local).filter_by(shift_id=ahead_id)).all()
        assert len(dates) == len(set(dates))
        assert {date.time() for date in dates if date and date > nine + DAY} == {nine.time()}
