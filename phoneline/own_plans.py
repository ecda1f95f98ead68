"""Key 3 in the first menu: a peer's own check-in calls, heard and changed by telephone. Hold the call's row.

The row `PlanVisit` says which question stands. Each is answered once: the same request again, or an old one late, hears
the question that stands now and changes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time

from sqlalchemy.orm import Session

from phoneline import keyed_plans, own_plans_change, own_plans_words, plan_outlook, weekly_rules
from phoneline.db import insert_or_ignore
from phoneline.documents import caller
from phoneline.documents import own_plans as words
from phoneline.live_settings import LiveSettings
from phoneline.models import Call, CheckinPlan, PlanVisit
from phoneline.own_plans_states import PlanPage, PlanWish
from phoneline.own_plans_turn import Turn
from phoneline.states import CallState, Role
from phoneline.steps import Document

KEY = "3"
WORKDAYS = range(5)
_SEVERAL = frozenset({PlanPage.WEEKDAYS, PlanPage.TIME, PlanPage.PAUSE})
_AT_THE_END = frozenset({PlanPage.PERSON, PlanPage.OVER})


def knock(session: Session, call: Call, live: LiveSettings, now: datetime) -> Document:
    """Key 3 in the first words. Whom the caller id doesn't tell, or who is no peer, is put through to a person."""
    if call.person is None or not call.person.has(Role.PEER):
        return words.unknown(call)
    insert_or_ignore(session, PlanVisit, call_id=call.id, person_id=call.person.id)
    call.state = CallState.MENU
    call.informed_at = call.informed_at or now
    return _document(Turn(session, call, session.get_one(PlanVisit, call.id), now, live))


def answer(session: Session, call: Call, step: int, pressed: str | None, live: LiveSettings, now: datetime) -> Document:
    """What was pressed at this question, None for silence; and the question that stands then."""
    row = session.get(PlanVisit, call.id)
    if row is None:
        return words.unknown(call)
    turn = Turn(session, call, row, now, live)
    if row.step == step and row.page not in _AT_THE_END:
        _take(turn, pressed)
        row.step += 1
        session.flush()
    return _document(turn)


def _document(turn: Turn) -> Document:
    row = turn.row
    news = [turn.say(row.news)] if row.news else []
    match row.page:
        case PlanPage.PERSON:
            return (*news, words.to_a_person(turn.call))
        case PlanPage.OVER:
            return caller.goodbye(turn.call)
        case PlanPage.CONFIRM:
            said = own_plans_change.read_back(turn)
        case _:
            said = own_plans_words.question(turn)
    return words.question(turn.call, row.step, [*news, *said], several=row.page in _SEVERAL)


def _take(turn: Turn, pressed: str | None) -> None:
    row = turn.row
    row.news = None
    if pressed == "0":
        row.page = PlanPage.PERSON
    elif pressed != "*" and not _PAGES[row.page](turn, pressed):
        if row.tries < words.MOST_TRIES:
            row.tries += 1
        else:
            row.page = PlanPage.PERSON


# What each answer does. False: it is none, and the question is asked once more, then a person is rung.


def _who(turn: Turn, pressed: str | None) -> bool:
    if pressed != "1":
        # Whoever says nothing may not be who the telephone belongs to.
        return pressed is None and turn.go(PlanPage.PERSON)
    return _first_plan(turn)


def _first_plan(turn: Turn, news: str | None = None) -> bool:
    found = turn.plans
    turn.row.plan_id = found[0].id if found else None
    return turn.go(PlanPage.PLAN if found else PlanPage.NONE, news)


def _none(turn: Turn, pressed: str | None) -> bool:
    if pressed == "1":
        return _begin(turn, PlanWish.MAKE, PlanPage.DAYS)
    return pressed is None and turn.go(PlanPage.PERSON)


def _begin(turn: Turn, wish: PlanWish, page: PlanPage) -> bool:
    row = turn.row
    row.wish, row.rrule, row.clock, row.at_local, row.checkin_id = wish, None, None, None, None
    return turn.go(page)


def _plan(turn: Turn, pressed: str | None) -> bool:
    plan = turn.plan
    if plan is None or pressed in {None, "#"}:
        return _next_plan(turn)
    if pressed in {"1", "2", "3", "4"} and not turn.is_agreed(plan):
        return turn.go(PlanPage.AGREE)
    return pressed in _WITH_A_PLAN and _WITH_A_PLAN[pressed](turn, plan)


def _delete(turn: Turn, _plan: CheckinPlan) -> bool:
    return _begin(turn, PlanWish.END, PlanPage.CONFIRM)


def _change(turn: Turn, plan: CheckinPlan) -> bool:
    if weekly_rules.is_counted(plan.rrule):
        return turn.go(PlanPage.PERSON, own_plans_change.NOT_NOW)
    return _begin(turn, PlanWish.CHANGE, PlanPage.DAYS)


def _pause_or_resume(turn: Turn, plan: CheckinPlan) -> bool:
    if plan_outlook.is_paused(plan, turn.now):
        return _begin(turn, PlanWish.RESUME, PlanPage.CONFIRM)
    return _begin(turn, PlanWish.PAUSE, PlanPage.PAUSE)


def _next_plan(turn: Turn, _here: CheckinPlan | None = None) -> bool:
    ids = [one.id for one in turn.plans]
    here = ids.index(turn.row.plan_id) if turn.row.plan_id in ids else len(ids)
    if here + 1 >= len(ids):
        return turn.go(PlanPage.MORE)
    turn.row.plan_id = ids[here + 1]
    return turn.go(PlanPage.PLAN)


def _begin_to_move(turn: Turn, plan: CheckinPlan) -> bool:
    found = plan_outlook.to_be_moved(turn.session, plan, turn.line_zone, turn.now)
    if found is None:
        return turn.go(PlanPage.PLAN, "plans_no_next")
    _begin(turn, PlanWish.MOVE, PlanPage.TIME)
    turn.row.checkin_id = found.id
    return True


_WITH_A_PLAN: Mapping[str, Callable[[Turn, CheckinPlan], bool]] = {
    "1": _next_plan,
    "2": _begin_to_move,
    "3": _change,
    "4": _pause_or_resume,
    "9": _delete,
}


def _more(turn: Turn, pressed: str | None) -> bool:
    if pressed == "#":
        return turn.go(PlanPage.OVER)
    return pressed is None and turn.go(PlanPage.PERSON)


def _agree(turn: Turn, pressed: str | None) -> bool:
    if pressed == "1":
        own_plans_change.agree(turn, own_plans_words.agreement(turn).text)
        return turn.go(PlanPage.PLAN, "plans_agreed")
    return pressed == "#" and _leave(turn)


def _leave(turn: Turn) -> bool:
    return turn.go(PlanPage.PLAN if turn.plan else PlanPage.NONE, "plans_left")


def _days(turn: Turn, pressed: str | None) -> bool:
    match pressed:
        case "1":
            return _chosen(turn, weekly_rules.WEEK)
        case "2":
            return _chosen(turn, WORKDAYS)
        case "3":
            return turn.go(PlanPage.WEEKDAYS)
        case "4" if own_plans_words.may_keep_days(turn):
            turn.row.rrule = turn.plan.rrule if turn.plan else None
            return turn.go(PlanPage.TIME)
    return pressed == "#" and _leave(turn)


def _weekdays(turn: Turn, pressed: str | None) -> bool:
    found = keyed_plans.weekdays(pressed or "")
    return _chosen(turn, found) if found else turn.wrong("plans_unclear" if pressed else None)


def _chosen(turn: Turn, weekdays: Sequence[int]) -> bool:
    plan = turn.plan if turn.row.wish is PlanWish.CHANGE else None
    turn.row.rrule = weekly_rules.of_weekdays(weekdays, plan.rrule if plan else "")
    return turn.go(PlanPage.SAME_TIME if plan and own_plans_words.has_one_time(plan) else PlanPage.TIME)


def _same_time(turn: Turn, pressed: str | None) -> bool:
    plan = turn.plan
    if pressed == "1" and plan is not None:
        return _timed(turn, plan.starts_local.time())
    if pressed == "2":
        return turn.go(PlanPage.TIME)
    return pressed == "#" and _leave(turn)


def _time(turn: Turn, pressed: str | None) -> bool:
    match keyed_plans.times(pressed or ""):
        case [at]:
            return _timed(turn, at)
        case [first, second]:
            # Where only one of them will do, that one is meant.
            will_do = [at for at in (first, second) if own_plans_change.take_time(turn, at) is None]
            if len(will_do) <= 1:
                return _timed(turn, will_do[0] if will_do else first)
            turn.row.clock = first.isoformat("minutes")
            return turn.go(PlanPage.HALF)
    return turn.wrong("plans_unclear" if pressed else None)


def _half(turn: Turn, pressed: str | None) -> bool:
    if pressed in {"1", "2"} and turn.row.clock is not None:
        first = time.fromisoformat(turn.row.clock)
        return _timed(turn, first if pressed == "1" else first.replace(hour=first.hour + keyed_plans.NOON))
    return pressed == "#" and _leave(turn)


def _timed(turn: Turn, at: time) -> bool:
    """Read back, or asked for anew with the reason; a person where no time would do."""
    refused = own_plans_change.take_time(turn, at)
    if refused is None:
        return turn.go(PlanPage.CONFIRM)
    if refused == own_plans_change.NOT_NOW:
        return turn.go(PlanPage.PERSON, refused)
    turn.row.page = PlanPage.TIME
    return turn.wrong(refused)


def _pause(turn: Turn, pressed: str | None) -> bool:
    number = keyed_plans.number_of_days(pressed or "")
    if number is None:
        return turn.wrong("plans_unclear" if pressed else None)
    own_plans_change.take_pause(turn, number)
    return turn.go(PlanPage.CONFIRM)


def _confirm(turn: Turn, pressed: str | None) -> bool:
    wish = turn.row.wish
    if pressed == "1":
        return _confirmed(turn)
    if pressed == "2" and wish in _KEYED_AGAIN:
        return turn.go(_KEYED_AGAIN[wish])
    if pressed == "#":
        return _leave(turn)
    if turn.row.tries >= words.MOST_TRIES:
        return turn.go(PlanPage.PERSON, "plans_left")
    return False


_KEYED_AGAIN: Mapping[PlanWish | None, PlanPage] = {
    PlanWish.MOVE: PlanPage.TIME,
    PlanWish.CHANGE: PlanPage.DAYS,
    PlanWish.MAKE: PlanPage.DAYS,
    PlanWish.PAUSE: PlanPage.PAUSE,
}


def _confirmed(turn: Turn) -> bool:
    if not own_plans_change.apply(turn):
        return turn.go(PlanPage.PERSON, own_plans_change.NOT_NOW)
    if turn.row.wish is PlanWish.END:
        return _first_plan(turn, "plans_deleted")
    return turn.go(PlanPage.PLAN, "plans_done")


_PAGES: Mapping[PlanPage, Callable[[Turn, str | None], bool]] = {
    PlanPage.WHO: _who,
    PlanPage.PLAN: _plan,
    PlanPage.MORE: _more,
    PlanPage.NONE: _none,
    PlanPage.AGREE: _agree,
    PlanPage.DAYS: _days,
    PlanPage.WEEKDAYS: _weekdays,
    PlanPage.SAME_TIME: _same_time,
    PlanPage.TIME: _time,
    PlanPage.HALF: _half,
    PlanPage.PAUSE: _pause,
    PlanPage.CONFIRM: _confirm,
}
