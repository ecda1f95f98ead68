"""The check-ins spreadsheet: who wants to be called when, in their own wall-clock time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from phoneline import checkin_layout, live_settings, locks
from phoneline.crypto import folded
from phoneline.db import Database
from phoneline.models import Checkin, CheckinPlan, Person
from phoneline.people import has_consent, withdrew_by_own_act, zone_of
from phoneline.spreadsheets import cells
from phoneline.spreadsheets.holders import holders, in_batches, volunteer_among
from phoneline.spreadsheets.own_numbers import check_may_be_rung
from phoneline.spreadsheets.shifts import check_row_rule
from phoneline.spreadsheets.table import Column, Problem, RefusedError, Row, read
from phoneline.states import OPEN_CHECKIN_STATES, PlanKind, Purpose

COLUMNS = (
    Column("phone", cells.phone, needed=True, filled=True),
    Column("name", cells.name),
    Column("starts_at", cells.local_time, needed=True, filled=True),
    Column("rrule", cells.rule),
    Column("kind", cells.word(PlanKind), needed=True, filled=True),
    Column("purpose", cells.word(Purpose)),
    Column("volunteer_phone", cells.phone),
    Column("escalate_to", cells.phone),
)
Key = tuple[str, datetime, str, PlanKind]
"""What tells a plan from another: person, start, rule and kind."""


@dataclass(frozen=True)
class _World:
    """What the rows are read against."""

    held: Mapping[str, Sequence[Person]]
    plans: Mapping[Key, CheckinPlan]
    line_zone: ZoneInfo
    grace: timedelta
    now: datetime


def import_checkins(database: Database, data: bytes, line_zone: ZoneInfo, now: datetime, line_number: str = "") -> int:
    """Take over the file; the number of its rows. RefusedError, and nothing changed, if anything is wrong with it."""
    table = read(data, COLUMNS, lambda row: (*_said(row), *_when(row)))
    with database.transaction() as session:
        locks.hold_alone(session.connection(), locks.IMPORT)
        world = _world(session, database, table.rows, line_zone, now)
        allowed = live_settings.read(session).countries
        problems = [*table.problems, *check_may_be_rung(table.rows, ("escalate_to",), allowed, line_number)]
        meant: list[tuple[Row, Person, Person | None]] = []
        seen: dict[Key, tuple[str, str]] = {}
        for row in table.rows:
            person, of_person = _person(database, world, row)
            volunteer, of_volunteer = _volunteer(database, world, row)
            zone = zone_of(person, world.line_zone) if person else world.line_zone
            problems += [*of_person, *of_volunteer, *check_row_rule(row, zone)]
            if person:
                problems += _check_consent(session, row, person)
                # Said twice in the same words has been found already.
                if not row.faulty and seen.setdefault((person.id, *_when(row)), _said(row)) != _said(row):
                    problems.append(row.problem("phone", "has the same check-in above; remove one of the two"))
                meant.append((row, person, volunteer))
        if problems:
            raise RefusedError(problems)
        for row, person, volunteer in meant:
            _save(session, world, row, person, volunteer)
    return len(table.rows)


def _said(row: Row) -> tuple[str, str]:
    """How the row names its person; another number of theirs, or the name left out, says the same differently."""
    return row["phone"], folded(row["name"] or "")


def _when(row: Row) -> tuple[datetime, str, PlanKind]:
    return row["starts_at"], row["rrule"] or "", row["kind"]


def _world(session: Session, database: Database, rows: Sequence[Row], line_zone: ZoneInfo, now: datetime) -> _World:
    numbers = {row[column] for row in rows for column in ("phone", "volunteer_phone") if row[column]}
    held = holders(session, [database.lookup_hash(number) for number in numbers])
    plans = {
        (plan.person_id, plan.starts_local, plan.rrule, plan.kind): plan
        for batch in in_batches([person.id for people in held.values() for person in people])
        for plan in session.scalars(select(CheckinPlan).where(CheckinPlan.person_id.in_(batch)))
    }
    grace = timedelta(seconds=live_settings.read(session).checkin_grace_seconds)
    return _World(held, plans, line_zone, grace, now)


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


def _check_consent(session: Session, row: Row, person: Person) -> list[Problem]:
    if row["kind"] is not PlanKind.AUTOMATED or has_consent(session, person.id):
        return []
    if withdrew_by_own_act(session, person.id):
        reason = "the person has stopped automated calls themselves; remove the row or make it kind volunteer"
    else:
        reason = "the person hasn't agreed to automated calls; ask them and import checkin_consent yes in people first"
    return [row.problem("kind", reason)]


def _save(session: Session, world: _World, row: Row, person: Person, volunteer: Person | None) -> None:
    plan = world.plans.get((person.id, *_when(row)))
    if plan is not None:
        _change(session, plan, row, volunteer)
        return
    starts_local, rrule, kind = _when(row)
    plan = CheckinPlan(
        person=person,
        starts_local=starts_local,
        rrule=rrule,
        kind=kind,
        purpose=row["purpose"] or Purpose.SOCIAL,
        volunteer_id=volunteer.id if volunteer else None,
        escalate_to=row["escalate_to"],
    )
    plan.laid_out_until = checkin_layout.first_instant(plan, zone_of(person, world.line_zone), world.now, world.grace)
    session.add(plan)
    session.flush()
    checkin_layout.lay_out(session, plan, world.line_zone, world.now)


def _change(session: Session, plan: CheckinPlan, row: Row, volunteer: Person | None) -> None:
    if volunteer:
        plan.volunteer_id = volunteer.id
    if row["escalate_to"]:
        plan.escalate_to = row["escalate_to"]
    if row["purpose"] not in {None, plan.purpose}:
        plan.purpose = row["purpose"]
        session.execute(
            update(Checkin)
            .where(Checkin.plan_id == plan.id, Checkin.state.in_(OPEN_CHECKIN_STATES))
            .values(purpose=plan.purpose)
        )
