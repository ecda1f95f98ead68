"""What a peer has keyed in for a plan of theirs: judged, read back in words, and made to hold after key 1."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from sqlalchemy import select

from phoneline import (
    contacts,
    occasions,
    people,
    person_changes,
    plan_checks,
    plan_settings,
    plans,
    recurrence,
    replanning,
    spoken,
)
from phoneline import own_plans_words as words
from phoneline.checkins import HEARD_FROM
from phoneline.models import Checkin, CheckinPlan
from phoneline.own_plans_states import PlanWish
from phoneline.own_plans_turn import Turn
from phoneline.person_states import PersonAct
from phoneline.plan_checks import Draft
from phoneline.quiet_hours import is_quiet, quiet_until
from phoneline.recurrence import instant, wall
from phoneline.states import (
    OPEN_CHECKIN_STATES,
    ConsentKind,
    ContactKind,
    FollowUp,
    PlanAuthor,
    PlanKind,
    Purpose,
)
from phoneline.steps import Say

NOT_NOW = "plans_not_now"
"""Said where no answer would do, before a person is rung."""
LOOKED_AHEAD = timedelta(days=8)


# What was keyed in


def take_time(turn: Turn, at: time) -> str | None:
    """The new time, of a call or a plan. Why not, as a prompt, if it can't be."""
    if turn.row.wish is PlanWish.MOVE:
        return _take_moved(turn, at)
    draft = _draft_at(turn, at)
    if draft is None or _problems(turn, draft) or plan_checks.is_over(draft, turn.zone, turn.now):
        return NOT_NOW
    if _is_in_quiet_hours(turn, draft):
        return "plans_quiet"
    turn.row.at_local = draft.starts_local
    return None


def _take_moved(turn: Turn, at: time) -> str | None:
    checkin, plan = _to_move(turn), turn.plan
    if checkin is None or plan is None:
        return NOT_NOW
    # One from before midnight that is still tried is of today now.
    moved = datetime.combine(max(wall(checkin.attempt_due_at, turn.zone), wall(turn.now, turn.zone)), at)
    if instant(moved, turn.zone) <= turn.now:
        return "plans_past"
    if is_quiet(instant(moved, turn.zone), turn.zone, *plan_settings.quiet_windows(plan, turn.live)):
        return "plans_quiet"
    turn.row.at_local = moved
    return None


def take_pause(turn: Turn, number_of_days: int) -> None:
    """So many days, today included."""
    midnight = wall(turn.now, turn.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    turn.row.at_local = midnight + timedelta(days=number_of_days)


def _to_move(turn: Turn) -> Checkin | None:
    return turn.session.get(Checkin, turn.row.checkin_id) if turn.row.checkin_id else None


def _draft_at(turn: Turn, at: time) -> Draft | None:
    """The plan as it is meant, with this time. Its first day is today, if that can still be and is worth while."""
    today = wall(turn.now, turn.zone)
    start = datetime.combine(today, at)
    plan, rule = turn.plan, turn.row.rrule
    if rule is None or (turn.row.wish is PlanWish.CHANGE and plan is None):
        return None
    if plan is None:
        return Draft(start if instant(start, turn.zone) > turn.now else start + timedelta(days=1), rule)
    if instant(start, turn.zone) <= turn.now or _heard_today(turn, plan):
        start += timedelta(days=1)
    if plan.starts_local.date() > start.date():
        # It hasn't begun: there may be another one until then.
        start = datetime.combine(plan.starts_local, at)
    if rule == plan.rrule:
        # Every other day stays on those days.
        old = recurrence.local_starts(plan.starts_local, rule, turn.zone, instant(start, turn.zone) - timedelta(days=2))
        kept = next((one for one in old if one.date() >= start.date()), None)
        if kept is None:
            return None
        start = datetime.combine(kept, at)
    return replace(plans.draft_of(plan), starts_local=start, rrule=rule)


def _draft(turn: Turn) -> Draft | None:
    """As it was read back."""
    start, rule, plan = turn.row.at_local, turn.row.rrule, turn.plan
    if start is None or rule is None:
        return None
    if turn.row.wish is PlanWish.MAKE:
        return Draft(start, rule)
    return replace(plans.draft_of(plan), starts_local=start, rrule=rule) if plan else None


def _problems(turn: Turn, draft: Draft) -> bool:
    """Whether something speaks against it; for a first plan not that there is no yes yet: it comes with key 1."""
    found = plan_checks.problems(turn.session, turn.person, draft, turn.live)
    awaits_yes = turn.row.wish is PlanWish.MAKE
    return any(one.field != "kind" or not awaits_yes for one in found)


def _dues(turn: Turn, draft: Draft) -> Sequence[datetime]:
    until = turn.now + LOOKED_AHEAD
    return recurrence.due_instants(draft.starts_local, draft.rrule, turn.zone, turn.now, until)


def _is_in_quiet_hours(turn: Turn, draft: Draft) -> bool:
    """Whether quiet hours would hold one of its calls until it is too late, or every one for a while."""
    latest = timedelta(seconds=turn.live.checkin_grace_seconds)
    free = [(due, _free_at(turn, draft, due)) for due in _dues(turn, draft)]
    never = any(at is None or at > due + latest for due, at in free)
    return never or (bool(free) and all(at != due for due, at in free))


def _is_held(turn: Turn, draft: Draft) -> bool:
    return any(_free_at(turn, draft, due) != due for due in _dues(turn, draft))


def _free_at(turn: Turn, draft: Draft, due: datetime) -> datetime | None:
    windows = plan_settings.quiet_windows(turn.plan or CheckinPlan(quiet=draft.quiet), turn.live)
    return quiet_until(due, turn.zone, *windows)


def _of_today(turn: Turn, plan: CheckinPlan) -> Sequence[Checkin]:
    found = select(Checkin).where(
        Checkin.plan_id == plan.id, Checkin.day_from <= turn.now, Checkin.day_until > turn.now
    )
    return turn.session.scalars(found).all()


def _heard_today(turn: Turn, plan: CheckinPlan) -> bool:
    return any(one.state in HEARD_FROM for one in _of_today(turn, plan))


# Read back


def read_back(turn: Turn) -> Sequence[Say]:
    """What will hold after key 1, and the keys."""
    keys = turn.say("plans_confirm_plain" if turn.row.wish in {PlanWish.RESUME, PlanWish.END} else "plans_confirm")
    return [*_read(turn), keys]


def _read(turn: Turn) -> Sequence[Say]:
    at = turn.row.at_local
    match turn.row.wish:
        case PlanWish.MOVE if at is not None:
            return [turn.say("plans_read_move", when=_when(turn, instant(at, turn.zone)))]
        case PlanWish.PAUSE if at is not None:
            return [
                turn.say("plans_read_pause", day=spoken.day(instant(at, turn.zone), turn.now, turn.zone, turn.language))
            ]
        case PlanWish.CHANGE | PlanWish.MAKE:
            return _read_rule(turn)
        case wish:
            return [turn.say(f"plans_read_{wish}")]


def _read_rule(turn: Turn) -> Sequence[Say]:
    draft = _draft(turn)
    due = plan_checks.next_due(draft, turn.zone, turn.now - timedelta(minutes=1)) if draft else None
    if draft is None or due is None:
        return []
    said = words.days(turn, draft.rrule, turn.plan) or ""
    at = words.clock(turn, draft.starts_local.time())
    read = [turn.say(f"plans_read_{turn.row.wish}", days=said, time=at, when=_when(turn, due))]
    if _is_held(turn, draft):
        read.append(turn.say("plans_read_held"))
    if turn.plan and due.astimezone(turn.zone).date() > turn.now.astimezone(turn.zone).date() and _is_open_today(turn):
        read.append(turn.say("plans_read_today"))
    return read


def _is_open_today(turn: Turn) -> bool:
    plan = turn.plan
    return plan is not None and any(one.state in OPEN_CHECKIN_STATES for one in _of_today(turn, plan))


def _when(turn: Turn, at: datetime) -> str:
    return spoken.when(at, turn.now, turn.zone, turn.language)


# After key 1


def apply(turn: Turn) -> bool:
    """Make it hold. False, and nothing changed, if it can't be any more."""
    done = {
        PlanWish.MOVE: _move,
        PlanWish.CHANGE: _change,
        PlanWish.MAKE: _make,
        PlanWish.PAUSE: _pause,
        PlanWish.RESUME: _resume,
        PlanWish.END: _end,
    }
    wish = turn.row.wish
    if wish is None or not done[wish](turn):
        return False
    if wish in _ACTS:
        person_changes.note(turn.session, turn.person.id, _ACTS[wish], None, turn.now)
    return True


_ACTS = {
    PlanWish.CHANGE: PersonAct.PLAN_CHANGED,
    PlanWish.MAKE: PersonAct.PLAN_MADE,
    PlanWish.PAUSE: PersonAct.PLAN_PAUSED,
    PlanWish.RESUME: PersonAct.PLAN_RESUMED,
    PlanWish.END: PersonAct.PLAN_ENDED,
}


def _move(turn: Turn) -> bool:
    checkin, at = _to_move(turn), turn.row.at_local
    if checkin is None or at is None or turn.plan is None:
        return False
    return occasions.move(turn.session, checkin.id, instant(at, turn.zone))


def _change(turn: Turn) -> bool:
    plan, draft = turn.plan, _draft(turn)
    if plan is None or draft is None or _problems(turn, draft):
        return False
    if draft.rrule != plan.rrule:
        _tell(turn, plan, "given other days")
    turn.row.plan_id = plans.change(turn.session, plan, draft, PlanAuthor.PEER, turn.live, turn.now).id
    return True


def _make(turn: Turn) -> bool:
    draft = _draft(turn)
    if draft is None or _problems(turn, draft):
        return False
    agree(turn, " ".join(one.text for one in _read(turn)))
    turn.row.plan_id = plans.make(turn.session, turn.person, draft, turn.live, turn.now).id
    return True


def _pause(turn: Turn) -> bool:
    plan, at = turn.plan, turn.row.at_local
    if plan is None or at is None:
        return False
    plans.pause(turn.session, plan, turn.now, instant(at, turn.zone), turn.live, turn.now)
    _tell(turn, plan, "paused")
    return True


def _resume(turn: Turn) -> bool:
    plan = turn.plan
    if plan is not None:
        plans.resume(turn.session, plan, turn.live, turn.now)
    return plan is not None


def _end(turn: Turn) -> bool:
    plan = turn.plan
    if plan is None:
        return False
    plans.end(turn.session, plan, PlanAuthor.PEER, turn.now)
    _tell(turn, plan, "deleted")
    return True


def _tell(turn: Turn, plan: CheckinPlan, what: str) -> None:
    """No safety call stops unseen: whoever holds somebody's telephone has their caller id."""
    if plan.purpose is not Purpose.SAFETY:
        return
    contact = contacts.of_call(turn.session, turn.call, ContactKind.CALL, turn.call.started_at)
    note = f"A safety check-in plan was {what} by telephone."
    if note not in (contact.note or ""):
        contact.note = f"{contact.note} {note}" if contact.note else note
    contacts.want_follow_up(contact, FollowUp.WANTED)


def agree(turn: Turn, spoken_words: str) -> None:
    """Their yes to the calls of the plan at hand, in the words that were spoken to them; what waited for it comes."""
    by_volunteer = turn.plan is not None and turn.plan.kind is PlanKind.VOLUNTEER
    kind = ConsentKind.VOLUNTEER_CALLS if by_volunteer else ConsentKind.AUTOMATED_CALLS
    people.give_consent(turn.session, turn.person.id, people.PHONE_MENU, turn.now, kind=kind, words=spoken_words)
    replanning.take_up_again(turn.session, turn.person.id, turn.now)
