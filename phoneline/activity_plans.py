"""Activities made, changed, taken off, and all of that undone: one date, from a date on, or all that is to come.

Dates that have begun never change. What is changed for one date, or from one on, becomes an activity of its own in the
place of what it was; whoever had signed up goes along. What speaks against an act is raised, and nothing of it holds
once the transaction is rolled back.
"""

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from phoneline import activity_rows, shift_rules, signups
from phoneline.activity_drafts import ActivityRefusedError, Draft, Fault, must_hold
from phoneline.activity_rows import Before, Going, draft_of
from phoneline.activity_states import ActivityAct
from phoneline.models import Activity, ActivityChange, ActivityOff, ActivitySignup
from phoneline.recurrence import instant, wall
from phoneline.shift_plans import Which


@dataclass(frozen=True)
class Act:
    """Who does it, when, and where the line is."""

    account_id: str | None
    zone: ZoneInfo
    now: datetime


def make(session: Session, draft: Draft, act: Act) -> ActivityChange:
    must_hold(draft, act.zone)
    made = activity_rows.new(session, draft, act.now)
    before = Before(_written(made.starts_local), made=[made.id])
    return _note(session, ActivityAct.MADE, act, made, before)


def change(
    session: Session, activity_id: str, occurs_local: datetime, which: Which, draft: Draft, act: Act
) -> ActivityChange | None:
    """The activity as it is meant from now on; `draft` begins with the date at hand. None if nothing differs."""
    activity = _held(session, activity_id)
    which = meant(activity, occurs_local, which, act)
    if which is Which.ONE:
        draft = replace(draft, rrule="")
    must_hold(draft, act.zone)
    as_it_is = _on(activity, occurs_local, which)
    if draft == as_it_is:
        return None
    before = Before(_written(occurs_local), rows=[activity_rows.picture(activity)])
    by = draft.starts_local - occurs_local
    if which is Which.ONE:
        made = activity_rows.new(session, draft, act.now)
        session.add(ActivityOff(activity_id=activity.id, occurs_local=occurs_local, instead_id=made.id))
        before.made, before.off = [made.id], [[activity.id, _written(occurs_local)]]
        activity_rows.go_along(session, Going(activity, made, by, occurs_local, only=True), before, act.zone)
        return _note(session, ActivityAct.CHANGED, act, made, before, activity)
    if which is Which.ALL and _times(draft) == _times(as_it_is):
        old = draft_of(activity)
        activity_rows.write(
            activity, replace(draft, starts_local=old.starts_local, ends_local=old.ends_local, rrule=old.rrule)
        )
        return _note(session, ActivityAct.CHANGED, act, activity, before)
    since = occurs_local if which is Which.FROM_HERE else _next_date(activity, act)
    draft = _from_first_date(draft, activity, occurs_local, since, act)
    must_hold(draft, act.zone)
    after = activity
    if _has_date_before(activity, since, act.zone):
        after = activity_rows.new(session, draft, act.now)
        after.until_local = activity.until_local + by if activity.until_local else None
        activity.until_local = since
        before.made = [after.id]
    else:
        activity_rows.write(activity, draft)
        activity.until_local = activity.until_local + by if activity.until_local else None
    session.flush()
    activity_rows.go_along(session, Going(activity, after, by, since), before, act.zone)
    return _note(session, ActivityAct.CHANGED, act, after, before, activity)


def take_off(session: Session, activity_id: str, occurs_local: datetime, which: Which, act: Act) -> ActivityChange:
    """It doesn't take place: on one date, from it on, or at all any more."""
    activity = _held(session, activity_id)
    which = meant(activity, occurs_local, which, act)
    before = Before(_written(occurs_local), rows=[activity_rows.picture(activity)])
    if which is Which.ONE:
        session.add(ActivityOff(activity_id=activity.id, occurs_local=occurs_local))
        before.off = [[activity.id, _written(occurs_local)]]
    else:
        activity.until_local = occurs_local if which is Which.FROM_HERE else _next_date(activity, act)
    return _note(session, ActivityAct.ENDED, act, activity, before)


def undo(session: Session, change_id: str, act: Act) -> ActivityChange:
    """What was made, changed or taken off is as it was before."""
    done = session.get(ActivityChange, change_id)
    if done is None or done.before is None or done.activity_id is None:
        raise ActivityRefusedError(Fault.NOT_HERE)
    before = Before(**json.loads(done.before))
    ids = {done.activity_id, *before.made, *(one["id"] for one in before.rows)}
    for one in sorted(ids):
        signups.hold(session, one)
    session.refresh(done)
    if done.undone_at is not None:
        return done
    if _is_changed_since(session, done, ids):
        raise ActivityRefusedError(Fault.CHANGED_SINCE)
    about = session.get_one(Activity, done.activity_id)
    for one in before.rows:
        about = activity_rows.bring_back(session, one)
    for made_id in before.made:
        made = session.get_one(Activity, made_id)
        made.until_local = made.starts_local
    for activity_id, on in before.off:
        row = session.get(ActivityOff, (activity_id, datetime.fromisoformat(on)))
        if row is not None:
            session.delete(row)
    for signup_id, activity_id, on in reversed(before.moved):
        signup = session.get(ActivitySignup, signup_id)
        activity_rows.put(session, signup, activity_id, datetime.fromisoformat(on))
    done.undone_at = act.now
    return _note(session, ActivityAct.UNDONE, act, about, Before(before.on))


def _is_changed_since(session: Session, done: ActivityChange, ids: Collection[str]) -> bool:
    later = select(ActivityChange.id).where(
        or_(ActivityChange.activity_id.in_(ids), ActivityChange.was_id.in_(ids)),
        ActivityChange.at > done.at,
        ActivityChange.act != ActivityAct.UNDONE,
        ActivityChange.undone_at.is_(None),
    )
    return session.scalars(later.limit(1)).first() is not None


def _note(
    session: Session, what: ActivityAct, act: Act, about: Activity, before: Before, was: Activity | None = None
) -> ActivityChange:
    session.flush()
    noted = ActivityChange(
        at=act.now,
        act=what,
        activity_id=about.id,
        was_id=was.id if was is not None and was.id != about.id else None,
        by_account_id=act.account_id,
        before=json.dumps(asdict(before)),
    )
    session.add(noted)
    session.flush()
    return noted


def _written(local: datetime) -> str:
    return local.isoformat()


# What is meant


def _held(session: Session, activity_id: str) -> Activity:
    activity = signups.hold(session, activity_id)
    if activity is None:
        raise ActivityRefusedError(Fault.NO_DATE)
    return activity


def meant(activity: Activity, occurs_local: datetime, which: Which, act: Act) -> Which:
    """How much that comes to: what takes place once is all there is, and from the first date on it is all."""
    begins = instant(occurs_local, act.zone)
    if not activity_rows.has(activity, occurs_local, act.zone):
        raise ActivityRefusedError(Fault.NO_DATE)
    if begins <= act.now and (which is not Which.ALL or not activity.rrule):
        raise ActivityRefusedError(Fault.OVER)
    first = which is Which.FROM_HERE and not _has_date_before(activity, occurs_local, act.zone)
    return Which.ALL if first or not activity.rrule else which


def _on(activity: Activity, occurs_local: datetime, which: Which) -> Draft:
    """The activity as it is, beginning with this date."""
    draft = draft_of(activity)
    ends = occurs_local + (draft.ends_local - draft.starts_local)
    rrule = "" if which is Which.ONE else draft.rrule
    return replace(draft, starts_local=occurs_local, ends_local=ends, rrule=rrule)


def _times(draft: Draft) -> tuple[datetime, datetime, str]:
    return draft.starts_local, draft.ends_local, draft.rrule


def _has_date_before(activity: Activity, until_local: datetime, zone: ZoneInfo) -> bool:
    return shift_rules.has_date_before(activity.rrule, activity.starts_local, zone, until_local)


def _next_date(activity: Activity, act: Act) -> datetime:
    """The first date that hasn't begun; where there is none, the end of them all."""
    since = wall(act.now, act.zone)
    found = shift_rules.next_date(activity.rrule, activity.starts_local, act.zone, since)
    return found or max(since, activity.starts_local)


def _from_first_date(draft: Draft, activity: Activity, occurs_local: datetime, since: datetime, act: Act) -> Draft:
    """The draft from the first date that it has in the place of those since then; of a number of times, the rest."""
    if not draft.rrule:
        return draft
    length = draft.ends_local - draft.starts_local
    draft = _with_its_days(draft, activity, occurs_local)
    by = draft.starts_local - occurs_local
    # Of every other week those weeks stay, so it is counted from where it began.
    anchor = activity.starts_local + by if draft.rrule == activity.rrule else min(draft.starts_local, since + by)
    rest = shift_rules.rest_of(draft.rrule, anchor, act.zone, since + by)
    day = shift_rules.midnight(max(since + by, wall(act.now, act.zone)).date())
    start = shift_rules.next_date(draft.rrule, anchor, act.zone, day)
    if start is None:
        raise ActivityRefusedError(Fault.RULE)
    return replace(draft, rrule=rest, starts_local=start, ends_local=start + length)


def _with_its_days(draft: Draft, activity: Activity, occurs_local: datetime) -> Draft:
    """Where the day was moved and the rule wasn't, its weekdays move along."""
    days = (draft.starts_local.date() - occurs_local.date()).days
    if not days or draft.rrule != activity.rrule:
        return draft
    rule = shift_rules.days_later(draft.rrule, days)
    if rule is None:
        return replace(draft, starts_local=datetime.combine(occurs_local.date(), draft.starts_local.time()))
    return replace(draft, rrule=rule)


def on_of(done: ActivityChange) -> str | None:
    """The date from which an act began, as it was then."""
    return Before(**json.loads(done.before)).on if done.before else None
