"""What a peer hears of their own check-in calls: each plan in words, what may be done with it, and every question."""

from collections.abc import Callable, Mapping, Sequence
from datetime import time

from phoneline import plan_outlook, spoken, spoken_days, weekly_rules
from phoneline.keyed_plans import NOON
from phoneline.models import CheckinPlan
from phoneline.own_plans_states import PlanPage, PlanWish
from phoneline.own_plans_turn import Turn
from phoneline.states import PlanKind
from phoneline.steps import Say


def question(turn: Turn) -> Sequence[Say]:
    """The words of the question that stands."""
    page = turn.row.page
    return _QUESTIONS[page](turn) if page in _QUESTIONS else [turn.say(f"plans_{page}")]


def _who(turn: Turn) -> Sequence[Say]:
    return [turn.say("plans_who", name=turn.person.first_name)]


def _plan(turn: Turn) -> Sequence[Say]:
    plan = turn.plan
    return [*plan_said(turn, plan), *_choices(turn, plan)] if plan else [turn.say("plans_more")]


def _agree(turn: Turn) -> Sequence[Say]:
    return [agreement(turn)]


def _days(turn: Turn) -> Sequence[Say]:
    keep = [turn.say("plans_days_keep")] if may_keep_days(turn) else []
    return [turn.say("plans_days"), *keep]


def _same_time(turn: Turn) -> Sequence[Say]:
    plan = turn.plan
    return [turn.say("plans_same_time", time=clock(turn, plan.starts_local.time()))] if plan else []


def _half(turn: Turn) -> Sequence[Say]:
    first = time.fromisoformat(turn.row.clock or "00:00")
    second = first.replace(hour=first.hour + NOON)
    return [turn.say("plans_half", first=clock(turn, first), second=clock(turn, second))]


_QUESTIONS: Mapping[PlanPage, Callable[[Turn], Sequence[Say]]] = {
    PlanPage.WHO: _who,
    PlanPage.PLAN: _plan,
    PlanPage.AGREE: _agree,
    PlanPage.DAYS: _days,
    PlanPage.SAME_TIME: _same_time,
    PlanPage.HALF: _half,
}


def agreement(turn: Turn) -> Say:
    """What is agreed to by key 1, for the plan at hand."""
    plan = turn.plan
    by_volunteer = plan is not None and plan.kind is PlanKind.VOLUNTEER
    return turn.say("plans_agree_volunteer" if by_volunteer else "plans_agree")


def plan_said(turn: Turn, plan: CheckinPlan) -> Sequence[Say]:
    """When, by whom, whether it is paused, and the next one."""
    by = turn.say("plans_by_volunteer" if plan.kind is PlanKind.VOLUNTEER else "plans_by_itself")
    if not turn.is_agreed(plan):
        return [_rule_said(turn, plan), by, turn.say("plans_not_agreed")]
    paused = [turn.say("plans_paused")] if plan_outlook.is_paused(plan, turn.now) else []
    return [_rule_said(turn, plan), by, *paused, *_next_said(turn, plan)]


def _rule_said(turn: Turn, plan: CheckinPlan) -> Say:
    place = "first" if plan.id == turn.plans[0].id else "other"
    if not plan.rrule.strip():
        return turn.say(f"plans_{place}_once")
    said = days(turn, plan.rrule, plan)
    if said is None:
        return turn.say(f"plans_{place}_agreed")
    return turn.say(f"plans_{place}", days=said, time=clock(turn, plan.starts_local.time()))


def days(turn: Turn, rrule: str, plan: CheckinPlan | None) -> str | None:
    """The days of a rule; None if a few words don't say them."""
    found = weekly_rules.pattern(rrule, plan.starts_local if plan else turn.now)
    return spoken_days.days(found, turn.language) if found else None


def may_keep_days(turn: Turn) -> bool:
    """Whether the days of the plan at hand can be said, so that only its time is asked for."""
    plan = turn.plan
    return turn.row.wish is PlanWish.CHANGE and plan is not None and days(turn, plan.rrule, plan) is not None


def has_one_time(plan: CheckinPlan) -> bool:
    """Whether all its calls come at the time of day at which it starts."""
    return not plan.rrule.strip() or weekly_rules.pattern(plan.rrule, plan.starts_local) is not None


def _next_said(turn: Turn, plan: CheckinPlan) -> Sequence[Say]:
    coming = plan_outlook.next_call(turn.session, plan, turn.zone, turn.now)
    if coming is None:
        return []
    if coming.at <= turn.now and plan.kind is PlanKind.AUTOMATED:
        return [turn.say("plans_next_now")]
    return [turn.say("plans_next", when=spoken.when(coming.at, turn.now, turn.zone, turn.language))]


def _choices(turn: Turn, plan: CheckinPlan) -> Sequence[Say]:
    if not turn.is_agreed(plan):
        return [turn.say("plans_key_agree"), turn.say("plans_key_end")]
    coming = plan_outlook.next_call(turn.session, plan, turn.zone, turn.now)
    move = [turn.say("plans_key_move")] if coming is not None else []
    paused = plan_outlook.is_paused(plan, turn.now)
    pause = turn.say("plans_key_resume" if paused else "plans_key_pause")
    return [*move, turn.say("plans_key_change"), pause, turn.say("plans_key_end")]


def clock(turn: Turn, at: time) -> str:
    return spoken.clock(at, turn.language)
