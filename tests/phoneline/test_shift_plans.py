"""Shifts made, changed and cancelled: what becomes of their hours, who is told, and how it is undone."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import assignments, holidays, rosters, shift_plans, shift_rows
from phoneline.assignments import Move
from phoneline.crypto import Vault
from phoneline.db import Database
from phoneline.live_settings import LiveSettings
from phoneline.models import Account, DutyHours, Person, RosterChange, Shift, ShiftHours, TextOut, WorkLimit
from phoneline.recurrence import wall
from phoneline.roster_changes import LINE, By
from phoneline.roster_states import RosterAct
from phoneline.shift_checks import Draft
from phoneline.shift_faults import ShiftRefusedError
from phoneline.shift_plans import Which
from phoneline.states import AccountRole, Duty, Role
from tests import factories
from tests.databases import Databases
from tests.factories import TORONTO

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
"""A Sunday, seven in the morning."""
SIX = datetime(2026, 11, 23, 18)  # noqa: DTZ001 - the line's wall clock
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
LIVE = LiveSettings()
MONDAYS = "FREQ=WEEKLY;BYDAY=MO"


class Team:
    """Ana, Ravi and Noor, and what is done about their shifts, each act an hour after the one before."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.now = NOW
        self.ana, self.ravi, self.noor = (
            factories.person(session, Role.VOLUNTEER, now=NOW, name=name) for name in ("Ana", "Ravi", "Noor")
        )
        self.joelle = factories.person(session, Role.COORDINATOR, now=NOW, name="Joëlle")

    def draft(self, who: Person | None, starts: datetime = SIX, hours: int = 4, **given: Any) -> Draft:
        return replace(Draft(who.id if who else None, starts, starts + hours * HOUR, MONDAYS), **given)

    def make(self, draft: Draft) -> Shift:
        self.now += HOUR / 60
        return shift_plans.make(self.session, draft, LINE, LIVE, self.now)

    def change(self, shift: Shift, at: datetime, which: Which, draft: Draft) -> Shift:
        self.now += HOUR / 60
        return shift_plans.change(self.session, shift, at, which, draft, LINE, LIVE, self.now)

    def cancel(self, shift: Shift, at: datetime, which: Which) -> None:
        self.now += HOUR / 60
        shift_plans.cancel(self.session, shift, at, which, LINE, LIVE, self.now)

    def undo(self) -> None:
        """What was done last."""
        self.now += HOUR / 60
        shift_plans.undo(self.session, self.last().id, LINE, LIVE, self.now)

    def last(self) -> RosterChange:
        stands = select(RosterChange).where(RosterChange.undone_at.is_(None), RosterChange.act != RosterAct.UNDONE)
        last = self.session.scalars(stands.order_by(RosterChange.at.desc())).first()
        assert last is not None
        return last

    def row(self, shift: Shift, place: int) -> ShiftHours:
        hours = select(ShiftHours).where(ShiftHours.shift_id == shift.id).order_by(ShiftHours.occurs_local)
        return self.session.scalars(hours).all()[place]

    def hours(self, until: datetime = SIX + 4 * WEEK) -> list[str]:
        """Whose hours begin when, by the wall clock, and their length; none that are off."""
        names = {one.id: one.name for one in (self.ana, self.ravi, self.noor)} | {None: "open"}
        self.session.flush()
        found = rosters.ahead(self.session, NOW - WEEK, until.replace(tzinfo=UTC))
        on = [(names[one.person_id], wall(one.starts_at, TORONTO), one.ends_at - one.starts_at) for one in found]
        return [f"{name} {starts:%d.%m %H:%M} {length / HOUR:g}" for name, starts, length in on]

    def texts(self) -> list[str]:
        """Written down since this was asked last."""
        found = self.session.scalars(select(TextOut).order_by(TextOut.created_at, TextOut.body)).all()
        names = {one.id: one.name for one in (self.ana, self.ravi, self.noor, self.joelle)}
        said = sorted(f"{names[one.person_id or '']}: {one.body}" for one in found)
        for one in found:
            self.session.delete(one)
        return said


@pytest.fixture
def team(databases: Databases, vault: Vault) -> Iterator[Team]:
    with databases.opened("sqlite") as database, database.transaction() as session:
        yield Team(session)


@pytest.fixture
def on_both(database: Database) -> Iterator[Team]:
    """The team on each kind of database."""
    with database.transaction() as session:
        yield Team(session)


def mondays(*names: str, at: str = "18:00 4") -> list[str]:
    """Of these people, one after the other; a dash for nobody at all."""
    days = zip(names, ("23.11", "30.11", "07.12", "14.12"), strict=False)
    return [f"{name} {day} {at}" for name, day in days if name != "-"]


def test_a_shift_that_is_made_is_laid_out_and_whoever_has_it_is_told(team: Team) -> None:
    team.make(team.draft(team.ana))
    assert team.hours() == mondays("Ana", "Ana", "Ana", "Ana")
    [text] = team.texts()
    assert text.startswith("Ana: Hi Ana, you have new shifts, the first one tomorrow from 6 to 10 PM.")
    team.undo()
    assert team.hours() == []
    assert "several shifts of yours are off the roster" in team.texts()[0]
    # Once more: the same shift is taken up again.
    again = team.make(team.draft(team.ana))
    assert team.session.scalars(select(Shift)).all() == [again]
    with pytest.raises(ShiftRefusedError, match="another shift with the same person and rule"):
        team.make(team.draft(team.ana))


def test_whoever_has_a_shift_that_is_far_ahead_or_has_begun_is_told_too(team: Team) -> None:
    team.make(team.draft(team.ana, SIX + 20 * WEEK))
    team.make(team.draft(team.ravi, SIX - DAY - 12 * HOUR, rrule=""))
    assert [text.partition(" roster")[2] or text for text in team.texts()] == [
        " on Monday, April 12 from 6 to 10 PM. If you can't make it, please tell your coordinator.",
        " from now until 10 AM. If you can't make it, please tell your coordinator.",
    ]


def test_one_date_goes_to_another_at_another_time_and_stays_so_when_its_shift_changes(team: Team) -> None:
    shift = team.make(team.draft(team.ana))
    team.texts()
    team.change(shift, SIX + WEEK, Which.ONE, team.draft(team.ravi, SIX + WEEK + DAY, 3))
    with_ravi = ["Ana 23.11 18:00 4", "Ravi 01.12 18:00 3", "Ana 07.12 18:00 4", "Ana 14.12 18:00 4"]
    assert team.hours() == with_ravi
    assert [text[:24] for text in team.texts()] == ["Ana: Hi Ana, you're no l", "Ravi: Hi Ravi, you're on"]
    longer = team.change(shift, SIX, Which.ALL, team.draft(team.ana, hours=5))
    assert longer is shift
    assert team.hours() == [one.replace("18:00 4", "18:00 5") for one in with_ravi]
    assert [text[:34] for text in team.texts()] == ["Ana: Hi Ana, your shifts have chan"]
    earlier = team.change(shift, SIX, Which.ALL, team.draft(team.ana, SIX - HOUR))
    assert earlier is not shift
    assert team.hours() == [one.replace("18:00 4", "17:00 4") for one in with_ravi]
    for _ in range(2):
        team.undo()
    assert team.hours() == with_ravi
    team.undo()
    assert team.hours() == mondays("Ana", "Ana", "Ana", "Ana")


def test_from_here_on_another_shift_goes_on_with_the_rest(on_both: Team) -> None:
    team = on_both
    shift = team.make(team.draft(team.ana, rrule=f"{MONDAYS};COUNT=4"))
    team.cancel(shift, SIX + 3 * WEEK, Which.ONE)
    handed = assignments.hand_over(
        team.session, team.row(shift, 2).id, Move(team.ana.id, team.noor), RosterAct.SWAPPED, LINE, LIVE, team.now
    )
    assert handed is team.row(shift, 2)
    ids = {row.id for row in shift_rows.to_come(team.session, shift, team.now)}
    team.texts()
    draft = team.draft(team.ravi, SIX + WEEK + HOUR, 3, rrule=shift.rrule)
    rest = team.change(shift, SIX + WEEK, Which.FROM_HERE, draft)
    assert team.hours() == ["Ana 23.11 18:00 4", "Ravi 30.11 19:00 3", "Noor 07.12 19:00 3"]
    assert rest.rrule == f"{MONDAYS};COUNT=3"
    rows = [*shift_rows.to_come(team.session, shift, team.now), *shift_rows.to_come(team.session, rest, team.now)]
    assert {row.id for row in rows} == ids, "hours keep their ids, so that what hangs on them isn't lost"
    assert [text.partition(",")[0] for text in team.texts()] == ["Ana: Hi Ana", "Noor: Hi Noor", "Ravi: Hi Ravi"]
    # The clock lays out nothing more of the old one, nor does its spreadsheet.
    rosters.lay_out(team.session, shift, TORONTO, team.now + 3 * DAY)
    assert len(team.hours()) == 3
    team.undo()
    assert team.hours() == mondays("Ana", "Ana", "Noor", "-")


def test_a_date_with_a_time_of_its_own_goes_along_when_more_is_changed_there(team: Team) -> None:
    shift = team.make(team.draft(team.ana))
    later = SIX + WEEK + HOUR
    team.change(shift, SIX + WEEK, Which.ONE, team.draft(team.ana, later, 4))
    team.change(shift, SIX + WEEK, Which.FROM_HERE, team.draft(team.ana, later + HOUR, 4))
    assert team.hours()[:3] == ["Ana 23.11 18:00 4", "Ana 30.11 20:00 4", "Ana 07.12 20:00 4"]
    team.undo()
    assert team.hours()[:3] == ["Ana 23.11 18:00 4", "Ana 30.11 19:00 4", "Ana 07.12 18:00 4"]


def test_other_days_leave_what_has_no_day_any_more(team: Team) -> None:
    shift = team.make(team.draft(None, rrule="FREQ=WEEKLY;BYDAY=MO,TU"))
    for row in shift_rows.to_come(team.session, shift, team.now)[:2]:
        assignments.take(team.session, team.ana, row.id, By(team.ana.id), LIVE, team.now)
    team.texts()
    team.change(shift, SIX, Which.ALL, team.draft(None, SIX, rrule="FREQ=WEEKLY;BYDAY=TU,WE"))
    week = SIX + 3 * DAY
    assert team.hours(week) == ["Ana 24.11 18:00 4", "open 25.11 18:00 4"]
    assert [text[:38] for text in team.texts()] == ["Ana: Hi Ana, you're no longer on the r"]


def test_whoever_took_a_date_over_and_cannot_at_its_new_time_loses_it(team: Team) -> None:
    shift = team.make(team.draft(None))
    assignments.take(team.session, team.ana, team.row(shift, 0).id, By(team.ana.id), LIVE, team.now)
    team.make(team.draft(team.ana, SIX + 5 * HOUR, 2, rrule=""))
    team.change(shift, SIX, Which.ALL, team.draft(None, SIX + 2 * HOUR))
    assert team.hours(SIX + DAY) == ["open 23.11 20:00 4", "Ana 23.11 23:00 2"]


def test_a_date_at_a_time_of_its_own_goes_to_nobody_who_cannot_then(team: Team) -> None:
    shift = team.make(team.draft(team.ana))
    team.make(team.draft(team.ravi, SIX + WEEK + DAY, rrule=""))
    team.change(shift, SIX + WEEK, Which.ONE, team.draft(team.ana, SIX + WEEK + DAY))
    team.change(shift, SIX, Which.ALL, team.draft(team.ravi))
    found = sorted(team.hours(SIX + WEEK + 2 * DAY))
    assert found == ["Ravi 01.12 18:00 4", "Ravi 23.11 18:00 4", "open 01.12 18:00 4"]


def test_what_has_begun_stays_as_it_was_and_only_its_end_can_change(team: Team) -> None:
    shift = team.make(team.draft(team.ana, SIX - DAY - 11 * HOUR, rrule="FREQ=DAILY"))
    assert team.hours(SIX)[:2] == ["Ana 22.11 07:00 4", "Ana 23.11 07:00 4"]
    today = SIX - DAY - 11 * HOUR
    team.change(shift, today, Which.ALL, team.draft(team.ravi, today + HOUR, rrule="FREQ=DAILY"))
    assert team.hours(SIX)[:2] == ["Ana 22.11 07:00 4", "Ravi 23.11 08:00 4"]
    team.undo()
    for draft in (team.draft(team.ravi, today), team.draft(team.ana, today - HOUR)):
        with pytest.raises(ShiftRefusedError, match="it has begun; its end can"):
            team.change(shift, today, Which.ONE, draft)
    with pytest.raises(ShiftRefusedError, match="must be later than now"):
        team.change(shift, today, Which.ONE, replace(team.draft(team.ana, today), ends_local=today + HOUR / 60))
    team.change(shift, today, Which.ONE, team.draft(team.ana, today, 6))
    assert team.hours(SIX)[0] == "Ana 22.11 07:00 6"
    team.undo()
    assert team.hours(SIX)[0] == "Ana 22.11 07:00 4"
    team.cancel(shift, today, Which.ALL)
    assert team.hours() == ["Ana 22.11 07:00 4"]
    with pytest.raises(ShiftRefusedError, match="isn't a date of this shift any more"):
        team.cancel(shift, today, Which.ONE)


def test_a_date_to_come_is_not_moved_to_a_time_that_is_over(team: Team) -> None:
    nobodys = team.make(team.draft(None))
    with pytest.raises(ShiftRefusedError, match="must be later than now"):
        team.change(nobodys, SIX, Which.ONE, team.draft(None, SIX - 2 * DAY))


def test_a_date_off_from_here_on_and_all(team: Team) -> None:
    shift = team.make(team.draft(team.ana))
    team.texts()
    team.cancel(shift, SIX + WEEK, Which.ONE)
    assert team.hours() == mondays("Ana", "-", "Ana", "Ana")
    assert team.texts() == ["Ana: Hi Ana, you're no longer on the roster on Monday, November 30 from 6 to 10 PM."]
    team.cancel(shift, SIX + 2 * WEEK, Which.FROM_HERE)
    assert team.hours() == mondays("Ana")
    team.undo()
    assert team.hours() == mondays("Ana", "-", "Ana", "Ana")
    team.cancel(shift, SIX, Which.FROM_HERE)
    assert team.hours() == []
    assert shift.ended_at == team.now
    team.undo()
    team.undo()
    assert team.hours() == mondays("Ana", "Ana", "Ana", "Ana")


def test_what_was_changed_again_is_not_undone(team: Team) -> None:
    shift = team.make(team.draft(team.ana))
    made = team.session.scalars(select(RosterChange)).one()
    team.change(shift, SIX + WEEK, Which.ONE, team.draft(team.ana, SIX + WEEK, 2))
    with pytest.raises(ShiftRefusedError, match="changed again since"):
        shift_plans.undo(team.session, made.id, LINE, LIVE, team.now)
    # Two dates don't hinder each other, and undone twice is undone once.
    first = team.last()
    team.change(shift, SIX + 2 * WEEK, Which.ONE, team.draft(team.ana, SIX + 2 * WEEK, 2))
    for _ in range(2):
        shift_plans.undo(team.session, first.id, LINE, LIVE, team.now)
    assert team.hours() == [*mondays("Ana", "Ana"), "Ana 07.12 18:00 2", "Ana 14.12 18:00 4"]


def test_undoing_gives_nobody_hours_that_they_cannot_have_any_more(team: Team) -> None:
    shift = team.make(team.draft(team.ana))
    team.cancel(shift, SIX, Which.ONE)
    cancelled = team.last()
    team.make(team.draft(team.ana, SIX + HOUR, rrule=""))
    with pytest.raises(ShiftRefusedError, match="are on another shift then, on Monday 23 November at 18:00"):
        shift_plans.undo(team.session, cancelled.id, LINE, LIVE, team.now)


def test_what_all_dates_come_to_in_a_week_counts_towards_a_limit(team: Team) -> None:
    team.session.add(WorkLimit(person_id=team.ana.id, hours_a_week=10))
    team.session.flush()
    with pytest.raises(ShiftRefusedError, match="would be on for more hours in that week than agreed, on Monday 23"):
        team.make(team.draft(team.ana, rrule="FREQ=WEEKLY;BYDAY=MO,WE,FR"))
    shift = team.make(team.draft(team.ana, rrule="FREQ=WEEKLY;BYDAY=MO,WE"))
    # In the place of what is there, the same again is no more than it was.
    team.change(shift, SIX, Which.ALL, team.draft(team.ana, SIX, rrule="FREQ=WEEKLY;BYDAY=TU,TH"))
    assert len(team.hours(SIX + WEEK)) == 2


def test_whoever_does_it_themselves_is_not_told(team: Team) -> None:
    shift_plans.make(team.session, team.draft(team.ana), By(person_id=team.ana.id), LIVE, NOW)
    email = AccountRole.COORDINATOR.value + "@example.org"
    account = Account(email=email, email_hash="a hash", role=AccountRole.COORDINATOR, password_hash="", created_at=NOW)
    account.person_id = team.ravi.id
    team.session.add(account)
    team.session.flush()
    shift_plans.make(team.session, team.draft(team.ravi), By(account_id=account.id), LIVE, NOW)
    assert team.texts() == []
    shift_plans.make(team.session, team.draft(team.noor), By(account_id=account.id), LIVE, NOW)
    assert len(team.texts()) == 1


def test_sitting_in_and_duty_are_shifts_too(on_both: Team) -> None:
    team = on_both
    team.noor.ready = False
    team.session.flush()
    with pytest.raises(ShiftRefusedError, match="isn't ready to be rung yet; let them sit in"):
        team.make(team.draft(team.noor))
    team.noor.shadowing = True
    team.session.flush()
    with pytest.raises(ShiftRefusedError, match="beside somebody who is ready, on Monday 23 November at 18:00"):
        team.make(team.draft(team.noor, shadow=True))
    team.make(team.draft(team.ana))
    team.make(team.draft(team.noor, shadow=True))
    assert sorted(team.hours()) == sorted([*mondays("Ana", *["Ana"] * 3), *mondays("Noor", *["Noor"] * 3)])
    assert [one.person_id for one in rosters.on_shift(team.session, NOW + DAY + 12 * HOUR)] == [team.ana.id]
    duty = team.make(team.draft(team.joelle, duty=Duty.COORDINATOR))
    team.change(duty, SIX + WEEK, Which.ONE, team.draft(team.joelle, SIX + WEEK, 6, duty=Duty.COORDINATOR))
    team.cancel(duty, SIX + 2 * WEEK, Which.FROM_HERE)
    lasting = [(one.ends_at - one.starts_at) / HOUR for one in team.session.scalars(select(DutyHours))]
    assert sorted(lasting) == [4, 6]
    for _ in range(2):
        team.undo()
    lasting = [(one.ends_at - one.starts_at) / HOUR for one in team.session.scalars(select(DutyHours))]
    assert set(lasting) == {4}


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"ends_local": SIX}, "ends_local", "must be later than the start"),
    ({"ends_local": SIX + 40 * DAY}, "ends_local", "must be at most 31 days after the start"),
    ({"rrule": "FREQ=DAILY", "ends_local": SIX + 25 * HOUR}, "ends_local", "is after the next one has begun"),
    ({"rrule": "daily"}, "rrule", "not an RFC 5545 rule"),
    ({"rrule": "FREQ=MINUTELY"}, "rrule", "HOURLY or slower"),
    ({"rrule": "FREQ=HOURLY;BYMINUTE=0,30"}, "rrule", "comes more than 24 times a day"),
    ({"rrule": "FREQ=DAILY;UNTIL=20200101"}, "rrule", "never comes about"),
    ({"person_id": "nobody"}, "person_id", "is no volunteer"),
    ({"duty": Duty.COORDINATOR}, "person_id", "is no coordinator"),
    ({"duty": Duty.COORDINATOR, "person_id": None}, "person_id", "is always somebody's"),
    ({"shadow": True, "person_id": None}, "person_id", "say who sits in"),
    ({"starts_local": SIX - HOUR}, "person_id", "are on another shift then, on Monday 23 November at 17:00"),
    (
        {"rrule": "", "starts_local": datetime(2027, 3, 14, 2), "ends_local": datetime(2027, 3, 14, 3)},  # noqa: DTZ001 - a wall clock's
        "ends_local",
        "the hour that the clocks skip",
    ),
]


def test_what_will_not_do_is_refused_at_its_field(team: Team) -> None:
    team.make(team.draft(team.ana))
    for given, field, why in REFUSED:
        with pytest.raises(ShiftRefusedError, match=why) as refused:
            team.make(replace(team.draft(team.ana), **given))
        assert [one.field for one in refused.value.problems] == [field]
    assert len(team.hours()) == 4
    assert rosters.ahead(team.session, NOW, NOW + 365 * DAY)[-1].shift_id, "nothing of a trial is left"


def test_on_a_holiday_shifts_that_come_again_do_not_take_place(on_both: Team) -> None:
    team = on_both
    shift = team.make(team.draft(None))
    team.make(team.draft(team.noor, SIX + 5 * HOUR, 1, rrule=""))
    assignments.take(team.session, team.ana, team.row(shift, 0).id, By(team.ana.id), LIVE, team.now)
    team.make(team.draft(team.joelle, duty=Duty.COORDINATOR))
    holiday = holidays.keep(team.session, SIX.date(), "A feast", no_shifts=True)
    holidays.lay_out_day(team.session, SIX.date(), TORONTO, team.now)
    assert team.hours(SIX + WEEK) == ["Noor 23.11 23:00 1"]
    assert len(team.session.scalars(select(DutyHours).where(~DutyHours.off)).all()) == 10
    # What is laid out later knows it too, and what changes leaves it so.
    team.make(team.draft(team.ravi, SIX - HOUR, 1))
    team.change(shift, SIX, Which.ALL, team.draft(None, SIX, 2))
    assert team.hours(SIX + WEEK) == ["Noor 23.11 23:00 1"]
    holiday.no_shifts = False
    holidays.lay_out_day(team.session, SIX.date(), TORONTO, team.now)
    assert team.hours(SIX + DAY) == ["Ravi 23.11 17:00 1", "Ana 23.11 18:00 2", "Noor 23.11 23:00 1"]
