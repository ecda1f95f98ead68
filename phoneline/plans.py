"""Check-in plans: made, changed, paused, ended; and what then becomes of the check-ins that they made.

Whoever changes a plan holds its row. An occasion that is over stays what it is; a call under way goes on to its end.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, delete, exists, select, update
from sqlalchemy.orm import Session

from phoneline import checkin_layout, recurrence
from phoneline.checkins import HEARD_FROM
from phoneline.live_settings import LiveSettings
from phoneline.models import CHECKIN_WAITS, PLAN_STANDS, Attempt, Checkin, CheckinPlan, Contact, Person
from phoneline.people import zone_of
from phoneline.plan_checks import Draft
from phoneline.states import CheckinReason, CheckinState, PlanAuthor

_UNTRIED = and_(
    ~exists().where(Attempt.checkin_id == Checkin.id),
    ~exists().where(Contact.checkin_id == Checkin.id),
)
_LAID_OUT_ANEW = frozenset(
    {
        *(CheckinReason.NO_CONSENT, CheckinReason.STOPPED, CheckinReason.PAUSED),
        *(CheckinReason.PLAN_ENDED, CheckinReason.PLAN_CHANGED),
    }
)


def of_person(session: Session, person_id: str) -> Sequence[CheckinPlan]:
    """Their plans, without those that were ended, oldest first."""
    theirs = select(CheckinPlan).where(CheckinPlan.person_id == person_id, PLAN_STANDS)
    return session.scalars(theirs.order_by(CheckinPlan.starts_local, CheckinPlan.id)).all()


def draft_of(plan: CheckinPlan) -> Draft:
    """The plan as somebody meant it."""
    return Draft(
        starts_local=plan.starts_local,
        rrule=plan.rrule,
        kind=plan.kind,
        purpose=plan.purpose,
        volunteer_id=plan.volunteer_id,
        escalate_to=plan.escalate_to,
        topics=plan.topics,
        attempts=plan.attempts,
        retry_seconds=plan.retry_seconds,
        ring_seconds=plan.ring_seconds,
        second_on_retry=plan.second_on_retry,
        extension=plan.extension,
        voicemail=plan.voicemail,
        discreet=plan.discreet,
        quiet=plan.quiet,
        ends_local=plan.ends_local,
    )


def held(session: Session, plan_id: str) -> CheckinPlan:
    """The plan's row, held and read afresh."""
    one = select(CheckinPlan).where(CheckinPlan.id == plan_id).with_for_update(of=CheckinPlan, key_share=True)
    return session.scalars(one.execution_options(populate_existing=True)).one()


def make(session: Session, person: Person, draft: Draft, live: LiveSettings, now: datetime) -> CheckinPlan:
    """A plan from now on. One with the same start, rule and kind is changed, and taken up again if it was ended."""
    plan = _same(session, person, draft)
    zone = zone_of(person, live.home.zone)
    if plan is None:
        plan = CheckinPlan(person=person, starts_local=draft.starts_local, rrule=draft.rrule, kind=draft.kind)
        plan.laid_out_until = _from_then_on(plan, zone, now)
        take_over(plan, draft)
        session.add(plan)
        session.flush()
        checkin_layout.lay_out(session, plan, live.home.zone, now)
        return plan
    plan = held(session, plan.id)
    plan.ended_at = plan.ended_by = None
    _change_in_place(session, plan, draft, live, now)
    return plan


def change(
    session: Session, plan: CheckinPlan, draft: Draft, by: PlanAuthor, live: LiveSettings, now: datetime
) -> CheckinPlan:
    """The plan as it is meant now; another one in its place where time, rule or kind are others.

    The old one stays as ended: a spreadsheet that once made it doesn't bring it back.
    """
    plan = held(session, plan.id)
    if (draft.starts_local, draft.rrule, draft.kind) == (plan.starts_local, plan.rrule, plan.kind):
        _change_in_place(session, plan, draft, live, now)
        return plan
    made = make(session, plan.person, draft, live, now)
    made.paused_from, made.paused_until = plan.paused_from, plan.paused_until
    _one_a_day(session, plan, made, zone_of(plan.person, live.home.zone), now)
    _end(session, plan, by, CheckinReason.PLAN_CHANGED, now)
    if made.paused_from is not None:
        _lay_out_anew(session, made, live, now)
    return made


def pause(
    session: Session, plan: CheckinPlan, since: datetime, until: datetime | None, live: LiveSettings, now: datetime
) -> None:
    """No calls of this plan in [since, until): until somebody resumes it, without `until`."""
    plan = held(session, plan.id)
    plan.paused_from, plan.paused_until = since, until
    _lay_out_anew(session, plan, live, now)
    if checkin_layout.is_paused(plan, now):
        _skip_waiting(session, plan, CheckinReason.PAUSED, Checkin.due_at <= now)


def resume(session: Session, plan: CheckinPlan, live: LiveSettings, now: datetime) -> None:
    """Calls again from now on."""
    plan = held(session, plan.id)
    plan.paused_from = plan.paused_until = None
    _lay_out_anew(session, plan, live, now)


def end(session: Session, plan: CheckinPlan, by: PlanAuthor, now: datetime) -> None:
    """No call of this plan any more."""
    _end(session, held(session, plan.id), by, CheckinReason.PLAN_ENDED, now)


def _same(session: Session, person: Person, draft: Draft) -> CheckinPlan | None:
    alike = {"starts_local": draft.starts_local, "rrule": draft.rrule, "kind": draft.kind}
    return session.scalars(select(CheckinPlan).filter_by(person_id=person.id, **alike)).one_or_none()


def _from_then_on(plan: CheckinPlan, zone: ZoneInfo, now: datetime) -> datetime:
    return max(now, recurrence.instant(plan.starts_local, zone))


def take_over(plan: CheckinPlan, draft: Draft) -> None:
    """The plan's settings, without what tells it from another: its start, rule and kind."""
    plan.purpose = draft.purpose
    plan.volunteer_id = draft.volunteer_id
    plan.escalate_to = draft.escalate_to
    plan.topics = draft.topics
    plan.attempts = draft.attempts
    plan.retry_seconds = draft.retry_seconds
    plan.ring_seconds = draft.ring_seconds
    plan.second_on_retry = draft.second_on_retry
    plan.extension = draft.extension
    plan.voicemail = draft.voicemail
    plan.discreet = draft.discreet
    plan.quiet = draft.quiet
    plan.ends_local = draft.ends_local


def _change_in_place(session: Session, plan: CheckinPlan, draft: Draft, live: LiveSettings, now: datetime) -> None:
    take_over(plan, draft)
    session.flush()
    session.execute(
        update(Checkin)
        .where(Checkin.plan_id == plan.id, CHECKIN_WAITS)
        # Other quiet hours, attempts or spacing: judged anew.
        .values(purpose=plan.purpose, dial_after=Checkin.attempt_due_at)
    )
    _lay_out_anew(session, plan, live, now)


def _lay_out_anew(session: Session, plan: CheckinPlan, live: LiveSettings, now: datetime) -> None:
    """What is still to come is made as the plan says now; what somebody skipped by hand, or moved, stays."""
    session.flush()
    session.execute(
        delete(Checkin).where(
            Checkin.plan_id == plan.id,
            Checkin.due_at > now,
            (Checkin.state == CheckinState.DUE) & (Checkin.attempt_due_at == Checkin.due_at)
            | (Checkin.state == CheckinState.SKIPPED) & Checkin.reason.in_(_LAID_OUT_ANEW),
            _UNTRIED,
        )
    )
    plan.laid_out_until = now
    checkin_layout.lay_out(session, plan, live.home.zone, now)


def _one_a_day(session: Session, old: CheckinPlan, new: CheckinPlan, zone: ZoneInfo, now: datetime) -> None:
    """On the day of the change there is one call: as it was if the new time is past, none if they were heard."""
    day_from, day_until = recurrence.day_around(now, zone)
    of_today = Checkin.plan_id == old.id, Checkin.due_at >= day_from, Checkin.due_at < day_until
    was_there = session.scalars(select(Checkin.state).where(*of_today)).all()
    to_come = and_(Checkin.plan_id == new.id, Checkin.due_at < day_until)
    if any(state in HEARD_FROM for state in was_there):
        session.execute(delete(Checkin).where(to_come, _UNTRIED))
    elif session.scalars(select(Checkin.id).where(to_come).limit(1)).first() is not None:
        _skip_waiting(session, old, CheckinReason.PLAN_CHANGED, Checkin.due_at >= day_from)
        _call_no_more(session, old, CheckinReason.PLAN_CHANGED)


def _end(session: Session, plan: CheckinPlan, by: PlanAuthor, reason: CheckinReason, now: datetime) -> None:
    plan.ended_at, plan.ended_by = now, by
    ahead = Checkin.due_at > now
    if reason is CheckinReason.PLAN_CHANGED:
        ahead &= Checkin.day_from > now
    else:
        ahead = CHECKIN_WAITS
        _call_no_more(session, plan, reason)
    _skip_waiting(session, plan, reason, ahead)


def _skip_waiting(session: Session, plan: CheckinPlan, reason: CheckinReason, which: ColumnElement[bool]) -> None:
    session.execute(
        update(Checkin)
        .where(Checkin.plan_id == plan.id, CHECKIN_WAITS, Checkin.hands_off_at.is_(None), which)
        .values(state=CheckinState.SKIPPED, reason=reason)
    )


def _call_no_more(session: Session, plan: CheckinPlan, reason: CheckinReason) -> None:
    """The call under way, if there is one, is the last: it isn't tried again, nor given up as unreached."""
    under_way = Checkin.plan_id == plan.id, Checkin.state == CheckinState.CALLING
    session.execute(update(Checkin).where(*under_way).values(reason=reason))
