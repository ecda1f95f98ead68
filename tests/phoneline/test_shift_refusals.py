"""No take, hand-over or wish to sit in breaks a limit, whatever comes before it and whatever happens at once."""

import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import assignments, rosters, sitting_in
from phoneline.assignments import Given, Move
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Person, ShiftHours, Unavailable, WorkLimit
from phoneline.roster_changes import By
from phoneline.roster_states import Refusal, RosterAct
from phoneline.states import Role
from tests import factories
from tests.factories import TORONTO

NOW = datetime(2026, 10, 19, 12, tzinfo=UTC)
"""The weeks after it have the change of clocks."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIVE = LiveSettings()
BY = By()


def volunteer(session: Session, *, limits: dict[str, object] | None = None, **given: object) -> Person:
    made = factories.person(session, Role.VOLUNTEER, now=NOW, **given)
    if limits:
        session.add(WorkLimit(person_id=made.id, **limits))
        session.flush()
    return made


def hours(session: Session, day: int, hour: int, lasts: int, who: Person | None = None) -> str:
    """So many hours, open or somebody's, from this hour by the line's clock, so many days from now on."""
    starts = datetime(2026, 10, 19, tzinfo=TORONTO) + timedelta(days=day, hours=hour)
    return held(session, starts.astimezone(UTC), lasts, who)


def held(session: Session, starts_at: datetime, lasts: int, who: Person | None = None) -> str:
    made = ShiftHours(tier=1, starts_at=starts_at, ends_at=starts_at + lasts * HOUR, person_id=who.id if who else None)
    session.add(made)
    session.flush()
    return made.id


def take(session: Session, who: Person, hours_id: str) -> Refusal | None:
    taken = assignments.take(session, who, hours_id, BY, LIVE, NOW)
    return taken if isinstance(taken, Refusal) else None


def keep_apart(session: Session, one: Person, other: Person, *, strict: bool = True) -> None:
    factories.apart_decision(session, one.id, other.id, NOW, strict=strict)


def test_each_limit_is_kept_and_the_refusal_says_which(database: Database) -> None:
    with database.transaction() as session:
        ana = volunteer(session, limits={"hours_a_week": 8, "shifts_a_week": 3, "rest_hours": 10, "days_off": "6"})
        assert take(session, ana, hours(session, 1, 18, 4)) is None
        assert take(session, ana, hours(session, 2, 7, 2)) is Refusal.REST
        assert take(session, ana, hours(session, 3, 7, 5)) is Refusal.HOURS_A_WEEK
        assert take(session, ana, hours(session, 5, 22, 3)) is Refusal.DAY_OFF
        for day in (3, 4):
            assert take(session, ana, hours(session, day, 18, 1)) is None
        assert take(session, ana, hours(session, 5, 18, 1)) is Refusal.SHIFTS_A_WEEK
        away = datetime(2026, 10, 27, 9)  # noqa: DTZ001 - the line's wall clock
        session.add(Unavailable(person_id=ana.id, starts_local=away, ends_local=away + HOUR, rrule="FREQ=WEEKLY"))
        assert take(session, ana, hours(session, 15, 9, 1)) is Refusal.UNAVAILABLE
        assert take(session, ana, hours(session, 15, 10, 1)) is None
        given = hours(session, 15, 19, 1, volunteer(session))
        ravi = session.get_one(ShiftHours, given).person_id
        refused = assignments.hand_over(session, given, Move(ravi, ana), RosterAct.SWAPPED, BY, LIVE, NOW)
        assert refused is Refusal.REST


def test_two_who_do_not_work_together_never_have_the_same_hours(database: Database) -> None:
    with database.transaction() as session:
        ana, ravi, noor = volunteer(session), volunteer(session), volunteer(session)
        keep_apart(session, ana, ravi)
        keep_apart(session, ana, noor, strict=False)
        for who in (ravi, noor):
            hours(session, 1, 9, 3, who)
        assert take(session, ana, hours(session, 1, 11, 3)) is Refusal.APART
        assert take(session, ana, hours(session, 1, 12, 3)) is None
        assert take(session, ravi, hours(session, 1, 14, 3)) is Refusal.APART
        assert take(session, noor, hours(session, 1, 14, 3)) is None


def test_who_is_neither_trained_nor_learning_gets_nothing(database: Database) -> None:
    with database.transaction() as session:
        trained, learner = volunteer(session), volunteer(session, ready=False, shadowing=True)
        untrained = volunteer(session, ready=False)
        peer = factories.person(session, now=NOW)
        evening = hours(session, 1, 18, 3, trained)
        seat = session.get_one(ShiftHours, hours(session, 1, 18, 3))
        for who in (learner, untrained, peer):
            assert take(session, who, seat.id) is Refusal.NOT_READY
        for who in (untrained, peer):
            assert sitting_in.sit_in(session, who, evening, BY, LIVE, NOW) is Refusal.NOT_READY
        seat.shadow = True
        assert take(session, learner, seat.id) is None
        assert sitting_in.sit_in(session, learner, evening, BY, LIVE, NOW) is seat
        at = seat.starts_at
        assert [one.person_id for one in rosters.on_shift(session, at)] == [trained.id]


def test_who_learns_sits_in_and_leaves_without_leaving_a_gap(database: Database) -> None:
    with database.transaction() as session:
        trained, learner = volunteer(session), volunteer(session, ready=False, shadowing=True, name="Lee")
        evening = hours(session, 1, 18, 3, trained)
        made = sitting_in.sit_in(session, learner, evening, BY, LIVE, NOW)
        assert isinstance(made, ShiftHours)
        assert made.shadow
        assert sitting_in.sit_in(session, learner, hours(session, 1, 20, 3, trained), BY, LIVE, NOW) is Refusal.CLASHES
        assert not sitting_in.leave(session, trained.id, evening, BY, NOW)
        assert sitting_in.leave(session, learner.id, made.id, BY, NOW)
        assert not sitting_in.leave(session, learner.id, made.id, BY, NOW)
        assert {one.person_id for one in rosters.ahead(session, NOW, NOW + 9 * DAY)} == {trained.id}


@dataclass
class Month:
    """A random month, and a slow way of knowing what must hold in it: hour by hour."""

    session: Session
    dice: random.Random
    people: list[Person] = field(default_factory=list)
    limits: dict[str, WorkLimit] = field(default_factory=dict)
    away: dict[str, set[datetime]] = field(default_factory=dict)
    apart: list[tuple[str, str]] = field(default_factory=list)
    ever: dict[str, set[datetime]] = field(default_factory=lambda: defaultdict(set))
    """The hours that somebody had at any time: what they gave away leaves a gap that breaks nobody's rest."""

    def fill(self) -> "Month":
        for _ in range(4):
            one = volunteer(self.session)
            self.people.append(one)
            limit = WorkLimit(
                person_id=one.id,
                hours_a_week=self.dice.choice([None, 8, 20]),
                shifts_a_week=self.dice.choice([None, 2, 4]),
                rest_hours=self.dice.choice([None, 8, 11]),
                days_off=self.dice.choice(["", "", "6", "25"]),
            )
            self.session.add(limit)
            self.limits[one.id] = limit
            starts = datetime(2026, 10, 19, self.dice.randrange(24))  # noqa: DTZ001 - the line's wall clock
            lasts = self.dice.randrange(1, 8) * HOUR
            self.session.add(Unavailable(person_id=one.id, starts_local=starts, ends_local=starts + lasts, rrule=DAYS3))
            local = [starts + 3 * DAY * again + HOUR * hour for again in range(13) for hour in range(lasts // HOUR)]
            self.away[one.id] = {at.replace(tzinfo=TORONTO).astimezone(UTC) for at in local}
        first, second = self.dice.sample(self.people, 2)
        keep_apart(self.session, first, second)
        self.apart.append((first.id, second.id))
        for _ in range(30):
            at = NOW.replace(hour=0) + timedelta(hours=self.dice.randrange(24, 20 * 24))
            held(self.session, at, self.dice.choice([2, 3, 4, 8]))
        return self

    def rows(self) -> dict[str, list[ShiftHours]]:
        found: dict[str, list[ShiftHours]] = defaultdict(list)
        for one in self.session.scalars(select(ShiftHours).order_by(ShiftHours.starts_at)):
            found[one.person_id or ""].append(one)
        return found

    def broken(self, rows: dict[str, list[ShiftHours]], *, tolerant: bool) -> set[str]:
        """What doesn't hold. `tolerant` of the gaps that giving hours away left."""
        found: set[str] = set()
        on = {who: Counter(at for one in mine for at in each(one)) for who, mine in rows.items() if who}
        for who, at_hours in on.items():
            found |= self._broken(who, rows[who], at_hours, tolerant=tolerant)
        found |= {"apart" for one, other in self.apart if set(on.get(one, ())) & set(on.get(other, ()))}
        return found

    def _broken(self, who: str, mine: list[ShiftHours], on: Counter[datetime], *, tolerant: bool) -> set[str]:
        limit = self.limits[who]
        a_week = Counter(week(at) for at in on)
        begun = Counter(week(one.starts_at) for one in mine)
        rest = range(1, (limit.rest_hours or 0) + 1)
        gaps = [
            [at + between * HOUR for between in range(1, length)]
            for at in on
            if at + HOUR not in on
            for length in rest
            if at + length * HOUR in on
        ]
        checks = {
            "clash": max(on.values(), default=0) > 1,
            "hours": max(a_week.values(), default=0) > (limit.hours_a_week or 999),
            "shifts": max(begun.values(), default=0) > (limit.shifts_a_week or 999),
            "day off": any(str(at.astimezone(TORONTO).weekday()) in limit.days_off for at in on),
            "away": bool(set(on) & self.away[who]),
            "rest": any(not tolerant or not set(gap) <= self.ever[who] for gap in gaps),
        }
        return {name for name, wrong in checks.items() if wrong}

    def act(self) -> None:
        rows = self.rows()
        assert not self.broken(rows, tolerant=True)
        one = self.dice.choice([each for mine in rows.values() for each in mine])
        to, holder = self.dice.choice(self.people), one.person_id
        chance = self.dice.random()
        if holder is not None and chance < 0.2:
            assignments.give_up(self.session, one.id, holder, BY, NOW)
            return
        if holder is not None and chance < 0.5:
            self.swap(rows, one)
            return
        result = assignments.hand_over(self.session, one.id, Move(holder, to), RosterAct.GIVEN, BY, LIVE, NOW)
        if isinstance(result, Refusal):
            assert result is not Refusal.NOT_READY
            rows[holder or ""].remove(one)
            rows[to.id].append(one)
            assert self.broken(rows, tolerant=False), f"{result} for nothing"
        else:
            self.ever[to.id] |= set(each(one))

    def swap(self, rows: dict[str, list[ShiftHours]], one: ShiftHours) -> None:
        """Against hours of somebody else, if there are any."""
        others = [each for who, mine in rows.items() if who not in {"", one.person_id} for each in mine]
        if not others:
            return
        other = self.dice.choice(others)
        by_id = {person.id: person for person in self.people}
        first, second = by_id[one.person_id or ""], by_id[other.person_id or ""]
        given = Given(one.id, Move(first.id, second)), Given(other.id, Move(second.id, first))
        if assignments.swap(self.session, *given, BY, LIVE, NOW) is not None:
            rows[first.id][rows[first.id].index(one)] = other
            rows[second.id][rows[second.id].index(other)] = one
            assert self.broken(rows, tolerant=False), "refused for nothing"
        for mine in self.rows().values():
            for each_of in mine:
                self.ever[each_of.person_id or ""] |= set(each(each_of))


DAYS3 = "FREQ=DAILY;INTERVAL=3"


def each(one: ShiftHours) -> list[datetime]:
    return [one.starts_at + HOUR * hour for hour in range((one.ends_at - one.starts_at) // HOUR)]


def week(at: datetime) -> tuple[int, int]:
    return at.astimezone(TORONTO).isocalendar()[:2]


def test_whatever_is_taken_handed_over_and_swapped_no_limit_is_ever_broken(database: Database) -> None:
    for seed in range(3):
        with database.transaction() as session:
            month = Month(session, random.Random(seed)).fill()  # noqa: S311 - no secret
            for _ in range(30):
                month.act()
            session.rollback()


def at_once(*acts: Callable[[], Refusal | None]) -> list[Refusal | None]:
    gate = threading.Barrier(len(acts))

    def go(act: Callable[[], Refusal | None]) -> Refusal | None:
        gate.wait(30)
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(go, acts))


@pytest.mark.parametrize("limit", ["shifts_a_week", "apart"])
def test_two_at_once_do_not_break_a_limit_either(database: Database, limit: str) -> None:
    for day in range(3):
        with database.transaction() as session:
            ana = volunteer(session, limits={"shifts_a_week": 1} if limit == "shifts_a_week" else None)
            other = ana if limit == "shifts_a_week" else volunteer(session)
            if limit == "apart":
                keep_apart(session, ana, other)
            wished = [
                (ana.id, hours(session, day, 18, 2)),
                (other.id, hours(session, day, 19 if limit == "apart" else 21, 2)),
            ]

        def act(who: str, hours_id: str) -> Callable[[], Refusal | None]:
            def go() -> Refusal | None:
                with database.transaction() as session:
                    return take(session, session.get_one(Person, who), hours_id)

            return go

        results = at_once(*(act(*one) for one in wished))
        assert sorted(map(str, results)) == ["None", limit]
