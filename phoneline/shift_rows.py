"""What becomes of laid-out hours when their shift changes: they go over to what takes its place, or come back.

Hours that have begun stay as they are, always.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from phoneline import holidays, rosters, shift_checks, shift_rules
from phoneline.live_settings import LiveSettings
from phoneline.models import DutyHours, Shift, ShiftHours
from phoneline.recurrence import Occurrence, instant
from phoneline.shift_checks import Replaced

Hours = DutyHours | ShiftHours
Written = dict[str, Any]
"""A row as ids, times and numbers that JSON can hold."""
_DAY = timedelta(days=1)
_SHIFT = ("ends_local", "until_local", "ended_at", "shadow")
"""What of a shift may change; the rest tells it from others."""
_TIMES = frozenset({"occurs_local", "starts_at", "ends_at", "confirmed_at"})


def to_come(session: Session, shift: Shift, now: datetime, since: datetime | None = None) -> Sequence[Hours]:
    """The shift's hours that haven't begun, also those that are off, in order; held. `since`: from this date on."""
    hours = rosters.hours_of(shift)
    which = select(hours).where(hours.shift_id == shift.id, hours.starts_at > now).order_by(hours.occurs_local)
    if since is not None:
        which = which.where(hours.occurs_local >= since)
    held = which.with_for_update(of=hours, key_share=True)
    return cast("Sequence[Hours]", session.scalars(held.execution_options(populate_existing=True)).all())


def replaced_by(session: Session, shift: Shift, now: datetime, since: datetime | None = None) -> Replaced:
    """What a change of the shift doesn't clash with: its own hours. What is another's, or off, stays so."""
    rows = to_come(session, shift, now, since)
    apart = {one.occurs_local.date() for one in rows if one.occurs_local and _goes_its_own_way(one, shift)}
    return Replaced({one.id for one in rows}, apart)


def _goes_its_own_way(row: Hours, shift: Shift) -> bool:
    return row.person_id != shift.person_id or (row.off and row.kept)


# As it was


def picture(session: Session, shifts: Collection[Shift], now: datetime) -> Written:
    """The shifts and their hours to come as they are now, for undoing: ids, times and numbers alone."""
    return {
        "shifts": [state(one) for one in shifts],
        "hours": [written(row) for one in shifts for row in to_come(session, one, now)],
    }


def state(shift: Shift, **changed: datetime | None) -> Written:
    values = {name: getattr(shift, name) for name in _SHIFT} | changed
    return {"id": shift.id, **{name: _plain(value) for name, value in values.items()}}


def written(row: Hours) -> Written:
    values = {column.key: _plain(getattr(row, column.key)) for column in row.__table__.columns}
    return {**values, "duty": isinstance(row, DutyHours)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any column's value
    return value.isoformat() if isinstance(value, date) else value


def bring_back(session: Session, before: Mapping[str, Any], zone: ZoneInfo, now: datetime) -> None:
    """Shifts and hours as the picture has them. What has begun stays, unless the picture is of one date alone."""
    shifts = [found for one in before["shifts"] if (found := session.get(Shift, one["id"])) is not None]
    wanted = {one["id"]: one for one in before["hours"] if before.get("only") or _instant(one["starts_at"]) > now}
    if not before.get("only"):
        for row in (row for shift in shifts for row in to_come(session, shift, now)):
            if row.id not in wanted:
                session.delete(row)
        session.flush()
    for one in before["shifts"]:
        _bring_back_shift(session.get(Shift, one["id"]), one)
    for one in wanted.values():
        _bring_back_hours(session, one)
    session.flush()
    for shift in shifts:
        lay_out(session, shift, zone, now)


def _bring_back_shift(shift: Shift | None, was: Written) -> None:
    if shift is not None:
        shift.ends_local = _instant(was["ends_local"])
        shift.until_local, shift.ended_at = _read(was["until_local"]), _read(was["ended_at"])
        shift.shadow = was["shadow"]


def _bring_back_hours(session: Session, was: Written) -> None:
    hours: type[Hours] = DutyHours if was["duty"] else ShiftHours
    values = {name: _read(value) if name in _TIMES else value for name, value in was.items() if name != "duty"}
    row = session.get(hours, was["id"])
    if row is None:
        session.add(hours(**values))
    else:
        for name, value in values.items():
            setattr(row, name, value)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _read(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# As it is from now on


def lay_out(session: Session, shift: Shift, zone: ZoneInfo, now: datetime) -> None:
    """As `rosters.lay_out`, without hours that would be over."""
    hours = rosters.hours_of(shift)
    over = select(hours).where(hours.shift_id == shift.id, hours.ends_at <= now)
    known = {row.id for row in cast("Sequence[Hours]", session.scalars(over).all())}
    rosters.lay_out(session, shift, zone, now)
    for row in cast("Sequence[Hours]", session.scalars(over).all()):
        if row.id not in known:
            session.delete(row)
    session.flush()


@dataclass(frozen=True)
class _Dates:
    """The dates of one shift by local day, to find the same one of another's."""

    days: Mapping[date, Sequence[Occurrence]]

    def place(self, local: datetime) -> int | None:
        """Which of its day it is."""
        starts = [one.local for one in self.days.get(local.date(), ())]
        return starts.index(local) if local in starts else None

    def at(self, day: date, place: int | None) -> Occurrence | None:
        dates = self.days.get(day, ())
        return dates[place] if place is not None and place < len(dates) else None


def _dates(shift: Shift, rows: Sequence[Hours], zone: ZoneInfo, now: datetime) -> _Dates:
    last = max((instant(row.occurs_local, zone) for row in rows if row.occurs_local), default=now)
    until = max(now + rosters.AHEAD, last + 2 * _DAY)
    return _Dates(shift_rules.by_day(rosters.dates_of(shift, zone, now - 2 * _DAY, until)))


def as_it_was(shift: Shift) -> Shift:
    """A copy that no database knows: what the shift says before it is changed."""
    names = (column.key for column in Shift.__table__.columns)
    return Shift(**{name: getattr(shift, name) for name in names})


def goes_along(session: Session, shift: Shift, occurs_local: datetime, zone: ZoneInfo, now: datetime) -> None:
    """The date at which somebody changes more than this date follows the rest, though it had times of its own."""
    row = next((one for one in to_come(session, shift, now, occurs_local) if one.occurs_local == occurs_local), None)
    if row is not None and not row.off:
        planned = shift_rules.planned(shift.starts_local, shift.ends_local, occurs_local, zone)
        row.starts_at, row.ends_at = planned.starts_at, planned.ends_at
        session.flush()


def carry_over(session: Session, old: Shift, new: Shift, since: datetime | None, zone: ZoneInfo, now: datetime) -> None:
    """The old shift's hours to come, from a date on, as hours of the new one, by their local day; or they are gone.

    `old`: as it was before it was changed, cut or ended. What differed from it differs from the new one.
    """
    rows = to_come(session, old, now, since)
    if old.duty is not new.duty:
        for row in rows:
            session.delete(row)
        session.flush()
        return
    without = holidays.without_shifts(session, new)
    theirs, ours = _dates(old, rows, zone, now), _dates(new, rows, zone, now)
    for row in rows:
        local = row.occurs_local
        target = ours.at(local.date(), theirs.place(local)) if local is not None else None
        if target is None or target.starts_at <= now:
            session.delete(row)
        else:
            _follow(row, old, new, target, without, zone)
    session.flush()
    if old.id != new.id:
        _not_twice(session, new, ours, theirs, now)


def _follow(row: Hours, old: Shift, new: Shift, target: Occurrence, without: Collection[date], zone: ZoneInfo) -> None:
    was_at, was_whose = (row.starts_at, row.ends_at), row.person_id
    values = rosters.as_planned(new, target, without)
    if row.kept:
        values = _but_for_own(row, old, values, target, zone)
    if row.person_id == old.person_id:
        values["person_id"] = new.person_id
    for name, value in values.items():
        setattr(row, name, value)
    if isinstance(row, ShiftHours) and ((row.starts_at, row.ends_at), row.person_id) != (was_at, was_whose):
        row.confirmed_at = None


def _but_for_own(row: Hours, old: Shift, values: dict[str, Any], target: Occurrence, zone: ZoneInfo) -> dict[str, Any]:
    """The new shift's values where the hours had the old one's, and their own where they had their own."""
    local = row.occurs_local or target.local
    was = shift_rules.planned(old.starts_local, old.ends_local, local, zone)
    if row.off:
        return {**values, "off": True, "starts_at": target.starts_at, "ends_at": target.starts_at}
    own = dict(values, off=False, ends_at=target.ends_at)
    if (row.starts_at, row.ends_at) != (was.starts_at, was.ends_at):
        own |= {"starts_at": row.starts_at, "ends_at": row.ends_at}
    if row.tier != old.tier:
        own["tier"] = row.tier
    if isinstance(row, ShiftHours) and row.shadow != old.shadow:
        own["shadow"] = row.shadow
    return own


def _not_twice(session: Session, new: Shift, ours: _Dates, theirs: _Dates, now: datetime) -> None:
    """A date of the old shift that has begun isn't there once more by the new one."""
    for day, dates in theirs.days.items():
        for place, one in enumerate(dates):
            twin = ours.at(day, place)
            if one.starts_at <= now < one.ends_at + _DAY and twin is not None:
                hours = rosters.hours_of(new)
                gone = {"tier": new.tier, "starts_at": twin.starts_at, "ends_at": twin.starts_at}
                session.add(
                    hours(
                        shift_id=new.id,
                        person_id=new.person_id,
                        occurs_local=twin.local,
                        off=True,
                        kept=True,
                        **gone,
                    )
                )
    session.flush()


def moved(
    session: Session, shifts: Collection[Shift], before: Sequence[Written], now: datetime
) -> Sequence[ShiftHours]:
    """Volunteers' hours to come that are another's, or at another time, than they were."""
    was = {one["id"]: (one["person_id"], one["starts_at"], one["ends_at"]) for one in before}
    rows = [row for shift in shifts for row in to_come(session, shift, now) if isinstance(row, ShiftHours)]
    return [
        row
        for row in rows
        if not row.off and was.get(row.id) != (row.person_id, row.starts_at.isoformat(), row.ends_at.isoformat())
    ]


def let_go(session: Session, shift: Shift, before: Sequence[Written], live: LiveSettings, now: datetime) -> None:
    """Whoever had taken a date over and can't be there at its new time hasn't got it any more.

    Nor has whoever the shift goes to a date with times of its own, at which they can't.
    """
    for row in moved(session, [shift], before, now):
        if row.person_id is None or (row.person_id == shift.person_id and not row.kept):
            continue
        if shift_checks.refused(session, row, row.person_id, live, now):
            back = shift.person_id if row.person_id != shift.person_id else None
            row.person_id = None if back and shift_checks.refused(session, row, back, live, now) else back
            row.confirmed_at = None
    session.flush()
