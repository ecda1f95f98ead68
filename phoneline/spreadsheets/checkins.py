"""The check-ins spreadsheet: who wants to be called when, in their own wall-clock time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from phoneline import checkin_layout, live_settings, locks, plan_checks, plans
from phoneline.crypto import folded
from phoneline.db import Database
from phoneline.home import Home
from phoneline.live_settings import LiveSettings
from phoneline.models import Checkin, CheckinPlan, Person
from phoneline.people import zone_of
from phoneline.plan_checks import Draft
from phoneline.spreadsheets import plan_cells
from phoneline.spreadsheets.holders import holders, in_batches, volunteer_among
from phoneline.spreadsheets.own_numbers import check_may_be_rung
from phoneline.spreadsheets.shifts import check_row_rule
from phoneline.spreadsheets.table import Problem, RefusedError, Row, read
from phoneline.states import OPEN_CHECKIN_STATES, PlanAuthor, PlanKind

COLUMNS = plan_cells.COLUMNS
Key = tuple[str, datetime, str, PlanKind]
"""What tells a plan from another: person, start, rule and kind."""


@dataclass(frozen=True)
class _World:
    """What the rows are read against."""

    held: Mapping[str, Sequence[Person]]
    plans: Mapping[Key, CheckinPlan]
    live: LiveSettings
    now: datetime

    @property
    def line_zone(self) -> ZoneInfo:
        return self.live.home.zone


@dataclass(frozen=True)
class _Meant:
    """What a row comes to. No draft where the row doesn't say when."""

    row: Row
    person: Person
    plan: CheckinPlan | None
    """The one that is there already."""
    draft: Draft | None


def import_checkins(database: Database, data: bytes, line_zone: ZoneInfo, now: datetime, line_number: str = "") -> int:
    """Take over the file; the number of its rows. RefusedError, and nothing changed, if anything is wrong with it."""
    table = read(data, COLUMNS, lambda row: (*_said(row), *_when(row)))
    with database.transaction() as session:
        locks.hold_alone(session.connection(), locks.IMPORT)
        world = _world(session, database, table.rows, Home(line_zone, line_number), now)
        problems = list(table.problems)
        meant: list[_Meant] = []
        seen: dict[Key, tuple[str, str]] = {}
        for row in table.rows:
            person, of_person = _person(database, world, row)
            volunteer, of_volunteer = _volunteer(database, world, row)
            problems += [*of_person, *of_volunteer]
            if person is None:
                problems += check_may_be_rung([row], ("escalate_to",), world.live.countries, line_number)
                problems += check_row_rule(row, world.line_zone)
                continue
            one = _meant(world, row, person, volunteer)
            problems += _check(session, world, one)
            # Said twice in the same words has been found already.
            if not row.faulty and seen.setdefault((person.id, *_when(row)), _said(row)) != _said(row):
                problems.append(row.problem("phone", "has the same check-in above; remove one of the two"))
            meant.append(one)
        if problems:
            raise RefusedError(problems)
        for one in meant:
            _save(session, world, one)
    return len(table.rows)


def _said(row: Row) -> tuple[str, str]:
    """How the row names its person; another number of theirs, or the name left out, says the same differently."""
    return row["phone"], folded(row["name"] or "")


def _when(row: Row) -> tuple[datetime, str, PlanKind]:
    return row["starts_at"], row["rrule"] or "", row["kind"]


def _world(session: Session, database: Database, rows: Sequence[Row], home: Home, now: datetime) -> _World:
    numbers = {row[column] for row in rows for column in ("phone", "volunteer_phone") if row[column]}
    held = holders(session, [database.lookup_hash(number) for number in numbers])
    known = {
        (plan.person_id, plan.starts_local, plan.rrule, plan.kind): plan
        for batch in in_batches([person.id for people in held.values() for person in people])
        for plan in session.scalars(select(CheckinPlan).where(CheckinPlan.person_id.in_(batch)))
    }
    return _World(held, known, replace(live_settings.read(session), home=home), now)


def _person(database: Database, world: _World, row: Row) -> tuple[Person | None, list[Problem]]:
    if {"phone", "name"} & row.faulty:
        return None, []
    people = world.held.get(database.lookup_hash(row["phone"]), ())
    if not people:
        return None, [row.problem("phone", "is nobody's; import the person with `import people` first")]
    if row["name"]:
        wanted = database.lookup_hash(folded(row["name"]))
        people = [person for person in people if person.name_hash == wanted]
        if not people:
            return None, [row.problem("name", "is not the name of anybody with this phone; write it as in people")]
    if len(people) > 1:
        return None, [row.problem("name", "several people share this phone; fill in whom you mean")]
    return people[0], []


def _volunteer(database: Database, world: _World, row: Row) -> tuple[Person | None, list[Problem]]:
    if row["volunteer_phone"] is None:
        return None, []
    found = volunteer_among(world.held.get(database.lookup_hash(row["volunteer_phone"]), ()))
    if found is None:
        return None, [row.problem("volunteer_phone", "is no volunteer's; import them with role volunteer first")]
    return found, []


def _meant(world: _World, row: Row, person: Person, volunteer: Person | None) -> _Meant:
    plan = world.plans.get((person.id, *_when(row)))
    if row["starts_at"] is None or row["kind"] is None:
        return _Meant(row, person, plan, None)
    before = plans.draft_of(plan) if plan else Draft(*_when(row))
    return _Meant(row, person, plan, plan_cells.draft(row, before, volunteer.id if volunteer else None))


def _check(session: Session, world: _World, one: _Meant) -> Sequence[Problem]:
    """What a page and the telephone would refuse too, and what is wrong with the pause."""
    if one.draft is None:
        return []
    zone = zone_of(one.person, world.line_zone)
    found = plan_checks.problems(session, one.person, one.draft, world.live)
    if one.plan is not None and one.draft == plans.draft_of(one.plan):
        # It says nothing new: what was decided since is no fault of the row's.
        found = [problem for problem in found if problem.field in plan_cells.ALWAYS]
    named = [(plan_cells.COLUMN_OF.get(problem.field, problem.field), problem.reason) for problem in found]
    reported = [one.row.problem(column, reason) for column, reason in named if column not in one.row.faulty]
    return [*reported, *plan_cells.check_pause(one.row, one.plan, zone)]


def _save(session: Session, world: _World, one: _Meant) -> None:
    if one.draft is None:
        return
    zone = zone_of(one.person, world.line_zone)
    if one.plan is not None:
        if one.plan.ended_at is None:
            _change(session, world, one.plan, one.draft)
            _pause(session, world, one.plan, plan_cells.pause(one.row, one.plan, zone))
        return
    plan = CheckinPlan(
        person=one.person, starts_local=one.draft.starts_local, rrule=one.draft.rrule, kind=one.draft.kind
    )
    plans.take_over(plan, one.draft)
    plan.paused_from, plan.paused_until = plan_cells.pause(one.row, None, zone)
    grace = timedelta(seconds=world.live.checkin_grace_seconds)
    plan.laid_out_until = checkin_layout.first_instant(plan, zone, world.now, grace)
    session.add(plan)
    session.flush()
    checkin_layout.lay_out(session, plan, world.line_zone, world.now)


def _change(session: Session, world: _World, plan: CheckinPlan, draft: Draft) -> None:
    before = plans.draft_of(plan)
    if draft == before:
        return
    plans.change(session, plan, draft, PlanAuthor.COORDINATOR, world.live, world.now)
    if draft.purpose is not before.purpose:
        session.execute(
            update(Checkin)
            .where(Checkin.plan_id == plan.id, Checkin.state.in_(OPEN_CHECKIN_STATES))
            .values(purpose=draft.purpose)
        )


def _pause(session: Session, world: _World, plan: CheckinPlan, wanted: plan_cells.Pause) -> None:
    if wanted == (plan.paused_from, plan.paused_until):
        return
    since, until = wanted
    if since is None:
        plans.resume(session, plan, world.live, world.now)
    else:
        plans.pause(session, plan, since, until, world.live, world.now)
