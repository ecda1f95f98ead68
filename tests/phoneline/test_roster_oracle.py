"""Who is on at an instant, asked of the line and of somebody who works it out by hand, for random rosters everywhere.

`python -m tests.phoneline.test_roster_oracle 1000000` asks about a million instants.
"""

import random
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Column, Integer, MetaData, Select, Table, literal_column, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from phoneline import rosters
from phoneline.crypto import open_vault
from phoneline.db import Database
from phoneline.models import Person, Shift, ShiftHours
from phoneline.models.base import Instant
from phoneline.states import Role
from tests import factories
from tests.databases import KEY, Databases

ZONES = (
    *("America/Toronto", "America/St_Johns", "Australia/Lord_Howe", "Australia/Adelaide", "Asia/Kathmandu"),
    *("Pacific/Apia", "Africa/Casablanca", "Europe/London", "America/Sao_Paulo", "UTC"),
)
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)
PEOPLE = 6
SHIFTS = 9
INSTANTS = 1000

On = frozenset[tuple[str, int]]
"""People who are on, each with their best tier."""


@dataclass
class Hours:
    """One date, as the one who works it out by hand keeps it."""

    person: str | None
    tier: int
    starts_at: datetime
    ends_at: datetime
    counts: bool = True


def by_hand(local: datetime, zone: ZoneInfo) -> datetime:
    """The first instant at which clocks there show this; where they skip it, as if they hadn't yet."""
    before, after = (_ahead_of_utc((local + day).replace(tzinfo=UTC), zone) for day in (-DAY, DAY))
    guesses = [(local - ahead).replace(tzinfo=UTC) for ahead in (before, after)]
    return min((at for at in guesses if clock(at, zone) == local), default=guesses[0])


def _ahead_of_utc(at: datetime, zone: ZoneInfo) -> timedelta:
    return clock(at, zone) - at.replace(tzinfo=None)


def clock(at: datetime, zone: ZoneInfo) -> datetime:
    return at.astimezone(zone).replace(tzinfo=None)


@dataclass(frozen=True)
class Rule:
    """A rule by its parts: what RFC 5545 makes of them is worked out day by day."""

    starts: datetime
    freq: str = ""
    interval: int = 1
    days: tuple[int, ...] = ()
    count: int | None = None
    until: datetime | None = None

    @property
    def text(self) -> str:
        if not self.freq:
            return ""
        parts = [f"FREQ={self.freq}", f"INTERVAL={self.interval}"]
        parts += [f"BYDAY={','.join(DAYS[day] for day in self.days)}"] if self.days else []
        parts += [f"COUNT={self.count}"] if self.count else []
        parts += [f"UNTIL={self.until:%Y%m%dT%H%M%S}"] if self.until else []
        return ";".join(parts)

    def dates(self, last: datetime) -> Iterator[datetime]:
        found, at = 0, self.starts
        while at <= last and not (self.until and at > self.until) and not (self.count and found >= self.count):
            if self._falls_on(at):
                found += 1
                yield at
            if not self.freq:
                return
            at += DAY

    def _falls_on(self, at: datetime) -> bool:
        since = (at.date() - self.starts.date()).days
        match self.freq:
            case "DAILY":
                return since % self.interval == 0
            case "WEEKLY":
                weeks = (since + self.starts.weekday()) // 7
                return weeks % self.interval == 0 and at.weekday() in (self.days or (self.starts.weekday(),))
            case "MONTHLY":
                months = (at.year - self.starts.year) * 12 + at.month - self.starts.month
                return at.day == self.starts.day and months % self.interval == 0
            case _:
                return True


def a_rule(chance: random.Random, now_local: datetime) -> Rule:
    starts = now_local + DAY * chance.randint(-400, 60) + MINUTE * 15 * chance.randint(-96, 96)
    starts = starts.replace(second=0, microsecond=0)
    if chance.random() < 0.5:
        # The hours at which clocks are changed.
        starts = starts.replace(hour=chance.choice((0, 1, 2, 3, 23)), minute=chance.choice((0, 30)))
    freq = chance.choice(("", "DAILY", "WEEKLY", "WEEKLY", "MONTHLY"))
    days = tuple(sorted(chance.sample(range(7), chance.randint(0, 4)))) if freq == "WEEKLY" else ()
    ends = {"count": chance.randint(1, 60)} if chance.random() < 0.2 else {}
    until = now_local + DAY * chance.randint(-5, 70) if not ends and chance.random() < 0.2 else None
    until = until.replace(second=0, microsecond=0) if until else None
    return Rule(starts, freq, chance.randint(1, 3), days, until=until if freq else None, **(ends if freq else {}))


@dataclass
class Roster:
    """A random roster in the database, and what the one who works it out by hand makes of it."""

    now: datetime
    zone: ZoneInfo
    hours: list[Hours]

    def on(self, at: datetime) -> On:
        best: dict[str, int] = {}
        for one in self.hours:
            if one.person and one.counts and one.starts_at <= at < one.ends_at:
                best[one.person] = min(one.tier, best.get(one.person, 9))
        return frozenset(best.items())


def invent(session: Session, chance: random.Random) -> Roster:
    zone = ZoneInfo(chance.choice(ZONES))
    now = datetime(chance.randint(2005, 2035), 1, 1, tzinfo=UTC) + MINUTE * chance.randrange(525_600)
    people = [factories.person(session, Role.VOLUNTEER, now=now, ready=n > 0) for n in range(PEOPLE)]
    roster = Roster(now, zone, [])
    for _ in range(SHIFTS):
        who = chance.choice([*people, None])
        rule = a_rule(chance, clock(now, zone))
        length = MINUTE * 15 * chance.choice((1, 4, 8, 32, 96, 100))
        shift = Shift(
            person_id=who.id if who else None,
            starts_local=rule.starts,
            ends_local=rule.starts + length,
            rrule=rule.text,
            tier=chance.choice((1, 2)),
            shadow=chance.random() < 0.1,
        )
        session.add(shift)
        session.flush()
        rosters.lay_out(session, shift, zone, now)
        dates = {
            local: Hours(
                shift.person_id, shift.tier, by_hand(local, zone), by_hand(local + length, zone), not shift.shadow
            )
            for local in rule.dates(clock(now + rosters.AHEAD, zone) + 2 * DAY)
        }
        roster.hours += _change(session, chance, shift, dates, people)
    session.flush()
    never_rung = people[0].id
    for one in roster.hours:
        one.counts = one.counts and one.person != never_rung
    return roster


def _change(
    session: Session, chance: random.Random, shift: Shift, dates: Mapping[datetime, Hours], people: list[Person]
) -> list[Hours]:
    """Some dates are moved, off, another's, or left early: in the rows and by hand."""
    for row in session.scalars(select(ShiftHours).where(ShiftHours.shift_id == shift.id)):
        assert row.occurs_local is not None
        one = dates[row.occurs_local]
        match chance.randrange(12):
            case 0:
                row.off, row.kept, row.ends_at = True, True, row.starts_at
                one.ends_at = one.starts_at
            case 1:
                row.person_id = one.person = chance.choice(people).id
            case 2:
                later = MINUTE * chance.randint(-90, 90)
                row.kept, row.starts_at, row.ends_at = True, row.starts_at + later, row.ends_at + later
                one.starts_at, one.ends_at = one.starts_at + later, one.ends_at + later
            case 3:
                row.kept, row.ends_at = True, row.ends_at + MINUTE * 15 * chance.randint(1, 60)
                one.ends_at = row.ends_at
            case 4:
                row.ends_at = one.ends_at = row.starts_at + (row.ends_at - row.starts_at) / 2
    return list(dates.values())


def instants(chance: random.Random, roster: Roster, many: int) -> list[datetime]:
    """At random, and where it is decided: at beginnings and ends, and just beside them."""
    until = roster.now + rosters.AHEAD - 2 * DAY
    edges = [at for one in roster.hours for at in (one.starts_at, one.ends_at) if roster.now <= at < until]
    beside = (timedelta(), -timedelta(microseconds=1), timedelta(microseconds=1), -MINUTE, MINUTE)
    found = []
    for _ in range(many):
        at = chance.choice(edges) + chance.choice(beside) if edges and chance.random() < 0.5 else None
        found.append(at or roster.now + timedelta(seconds=chance.uniform(0, (until - roster.now).total_seconds())))
    return [max(at, roster.now) for at in found]


KNOWN = tuple(rosters.at(datetime(2026, 1, 1, tzinfo=UTC)))
"""What the statement has to know, by name."""
ASKED = Table(
    "asked", MetaData(), Column("id", Integer), *(Column(name, Instant()) for name in KNOWN), prefixes=["TEMPORARY"]
)


def who_is_on(session: Session, asked: list[datetime]) -> list[On]:
    """What `rosters.WHO_IS_ON` says at each of these instants, in one statement: what is asked are columns in it."""

    def by_column(element: object, **_: object) -> object:
        named = isinstance(element, BindParameter) and element.key in KNOWN
        return literal_column(f"asked.{element.key}", Instant()) if named else None  # type: ignore[attr-defined]  # it is one

    connection = session.connection()
    each = rosters.WHO_IS_ON.add_columns(ShiftHours.tier, literal_column("asked.id"))
    told = cast("Select[Any]", visitors.replacement_traverse(each, {}, by_column))
    written = told.compile(connection, compile_kwargs={"literal_binds": True})
    ASKED.create(connection)
    connection.execute(ASKED.insert(), [{"id": n, **rosters.at(at)} for n, at in enumerate(asked)])
    best: list[dict[str, int]] = [{} for _ in asked]
    statement = str(written).replace("FROM person", "FROM asked CROSS JOIN person", 1)
    for person, tier, n in connection.exec_driver_sql(statement):
        best[n][person] = min(tier, best[n].get(person, 9))
    ASKED.drop(connection)
    return [frozenset(one.items()) for one in best]


def agree(session: Session, seed: int, many: int) -> int:
    """Compare the two for one random roster. How many instants had somebody on."""
    chance = random.Random(seed)  # noqa: S311 - nobody's secret
    roster = invent(session, chance)
    asked = instants(chance, roster, many)
    told = who_is_on(session, asked)
    for at, said in zip(asked, told, strict=True):
        assert said == roster.on(at), (seed, roster.zone.key, at.isoformat())
    # And as the line itself asks.
    for at in asked[:5]:
        assert {(one.person_id, one.tier) for one in rosters.on_shift(session, at)} == roster.on(at)
    return sum(bool(one) for one in told)


def test_who_is_on_is_as_worked_out_by_hand(database: Database) -> None:
    busy = 0
    for seed in range(10):
        with database.transaction() as session:
            busy += agree(session, seed, INSTANTS)
            session.rollback()
    assert busy > 10 * INSTANTS / 4, "most rosters have hours"


def main(many: int) -> None:
    open_vault([KEY])
    rosters_asked = many // INSTANTS
    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(own=Path(folder), shared=Path(folder))
        with databases.opened("sqlite") as database:
            busy = 0
            for seed in range(rosters_asked):
                with database.transaction() as session:
                    busy += agree(session, seed, INSTANTS)
                    session.rollback()
        databases.close()
    told = f"{rosters_asked:,} rosters, {rosters_asked * INSTANTS:,} instants, {busy:,} of them with somebody on"
    sys.stdout.write(f"{told}: all as by hand\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
