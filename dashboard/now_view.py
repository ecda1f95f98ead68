"""The first page in words. Pure: what was read, the instant and the zone are arguments."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard import message_view, owner_view, shifts, words
from dashboard.queries_now import MOST_CHECKINS, MOST_FOLLOW_UPS, Busy, LiveCall, OpenFollowUp, Paused, PlannedCheckin
from dashboard.times import Moment
from phoneline.hours import Calendar
from phoneline.states import (
    CallState,
    CheckinState,
    ContactKind,
    Direction,
    FollowUp,
    LegState,
    OfferResult,
    PauseReason,
    PlanKind,
)

WAITING_STATES = frozenset({CallState.WAITING, CallState.CHOOSING, CallState.LEFT})
AHEAD_SHOWN = timedelta(hours=48)
MOST_NEEDED = 4


@dataclass(frozen=True)
class TeamLine:
    """A volunteer: name, the state's shape and its words, and what else is worth knowing."""

    id: str
    name: str
    shape: str
    state: str
    detail: str
    paused: bool = False


@dataclass(frozen=True)
class Line:
    """One line of a list: who, what, when; its tone is `plain`, `soon` or `now`."""

    id: str
    who: str
    what: str
    when: str
    tone: str = "plain"
    shape: str = ""
    whose: str = ""
    late: bool = False
    """Overdue: it says so instead of "now"."""
    to_take: bool = False
    """Nobody's, or overdue: whoever sees it may take it at once."""


@dataclass(frozen=True)
class Section:
    """What a list shows, and how many more there are than fit."""

    lines: Sequence[Line]
    more: bool = False
    note: str = ""


def team(
    spans: Sequence[shifts.Span],
    busy: Sequence[Busy],
    paused: Mapping[str, Paused],
    may_be_rung: Collection[str],
    at: Moment,
) -> Sequence[TeamLine]:
    """Everybody who is on, and whoever still talks after their shift."""
    occupied = {one.person_id: one for one in busy if not _rested(one, at.now)}
    on = shifts.on_now(spans, at.now)
    lines = [
        _team_line(span.person_id, span.name, occupied.pop(span.person_id, None), _until(span, at), at) for span in on
    ]
    lines = [_with_pause(line, paused.get(line.id), at, is_last=line.id in may_be_rung) for line in lines]
    return lines + [_team_line(one.person_id, one.name, one, "shift is over", at) for one in occupied.values()]


def _with_pause(line: TeamLine, pause: Paused | None, at: Moment, *, is_last: bool) -> TeamLine:
    """Who is busy, or rung all the same as the last one, is shown so, with the pause beside it."""
    if pause is None:
        return line
    if line.shape == "free" and not is_last:
        return replace(line, shape="paused", state=pause_words(pause, at), paused=True)
    told = "missed offers, rung since nobody else is on" if is_last else pause_words(pause, at)
    return replace(line, detail=f"{told}; {line.detail}".removesuffix("; "), paused=True)


def pause_words(pause: Paused, at: Moment) -> str:
    if pause.reason is PauseReason.MISSED:
        return f"paused since {at.moment(pause.since)}, after missed offers"
    return f"on a break until {at.moment(pause.until)}" if pause.until else f"on a break since {at.moment(pause.since)}"


def _until(span: shifts.Span, at: Moment) -> str:
    """Until when, as far as one looks ahead: a shift without a near end goes on and on."""
    parts = ["backup"] if span.tier > 1 else []
    if span.ends_at - at.now < AHEAD_SHOWN:
        parts.append(f"until {at.moment(span.ends_at)}")
    return ", ".join(parts)


def _rested(one: Busy, now: datetime) -> bool:
    """Whether only the sweep has yet to say that they are free."""
    return one.wrap_up_until is not None and one.wrap_up_until <= now and one.leg_state is LegState.ENDED


def _team_line(person_id: str, name: str, one: Busy | None, detail: str, at: Moment) -> TeamLine:
    if one is None:
        return TeamLine(person_id, name, "free", "free", detail)
    if one.result is None:
        return TeamLine(person_id, name, "ringing", "ringing", detail)
    if one.result is OfferResult.ACCEPTED and one.conversation_ended_at is None:
        talked = at.since(one.accepted_at or at.now)
        return TeamLine(person_id, name, "talking", f"talking {talked}", detail)
    return TeamLine(person_id, name, "wrapping", "wrapping up", detail)


def coming(spans: Sequence[shifts.Span], at: Moment) -> Sequence[str]:
    """Who comes next, in a sentence if anybody does."""
    following = shifts.next_on(spans, at.now)
    if not following:
        return []
    names = words.listed([span.name for span in following])
    return [f"Next: {names}, {at.near(following[0].starts_at)}."]


def needed(open_hours: Sequence[tuple[datetime, datetime]], at: Moment) -> Sequence[str]:
    """A sentence for each stretch of today with open shifts."""
    found = [_needed(count, *hours, at) for hours, count in Counter(open_hours).items()]
    return [*found[:MOST_NEEDED], "More shifts are open after these."] if len(found) > MOST_NEEDED else found


def _needed(count: int, starts_at: datetime, ends_at: datetime, at: Moment) -> str:
    who = "Someone is" if count == 1 else f"{words.sentence(words.number(count))} people are"
    begins = "now" if starts_at <= at.now else at.moment(starts_at)
    return f"{who} needed from {begins} until {at.moment(ends_at)}."


def calls(live: Sequence[LiveCall], at: Moment) -> Section:
    return Section([_call(call, at) for call in live])


def _call(call: LiveCall, at: Moment) -> Line:
    person = words.sentence(words.who(call.caller, withheld=call.withheld))
    state, since, shape, tone = words.LIVE_CALLS[call.state], call.started_at, "ringing", "plain"
    if call.state is CallState.CONNECTED:
        state, shape, since = _conversation(call)
    elif call.state in WAITING_STATES:
        since, tone = call.wait_began_at, "soon"
    elif call.state is CallState.CHECKIN and call.answered_at is None:
        state = "check-in call, ringing"
    direction = "called us" if call.direction is Direction.INBOUND else "we called"
    return Line(call.id, person, state, f"{at.since(since)}, {direction} at {at.moment(call.started_at)}", tone, shape)


def _conversation(call: LiveCall) -> tuple[str, str, datetime]:
    """The words, the shape, and since when."""
    together = [one for one in (call.volunteer, words.HANDOVERS[call.third] if call.third else None) if one]
    volunteer = " and ".join(together) or "a volunteer"
    if call.joined_at is None:
        return f"being put through to {volunteer}", "ringing", call.started_at
    return f"talking with {volunteer}", "talking", call.joined_at


def checkins(planned: Sequence[PlannedCheckin], counts: Mapping[CheckinState, int], at: Moment) -> Section:
    lines = [_checkin(one, at) for one in planned[:MOST_CHECKINS]]
    return Section(lines, len(planned) > MOST_CHECKINS, _so_far(counts))


def _checkin(one: PlannedCheckin, at: Moment) -> Line:
    by = f"{one.volunteer or 'a volunteer'} calls" if one.kind is PlanKind.VOLUNTEER else "automated call"
    if one.state is CheckinState.CALLING:
        when = at.near(one.due_at) if one.due_at <= at.now else f"planned for {at.moment(one.due_at)}"
        return Line(one.id, one.person, "calling now", when, shape="ringing")
    if one.hands_off:
        return Line(one.id, one.person, "wants to talk with someone", at.near(one.due_at), "now", "wrapping")
    if one.state is CheckinState.WAITING:
        return Line(one.id, one.person, "will be tried again", at.near(one.attempt_due_at), "soon", "wrapping")
    tone = "soon" if one.attempt_due_at < at.now else "plain"
    return Line(one.id, one.person, by, at.near(one.attempt_due_at), tone, "free")


def _so_far(counts: Mapping[CheckinState, int]) -> str:
    """How today's stand, such as "Today: 9 of 14 settled (8 said: I'm OK, 1 not reached)."."""
    total = sum(counts.values())
    if not total:
        return ""
    ended = {state: count for state, count in counts.items() if state not in _OPEN}
    settled = sum(ended.values())
    parts = ", ".join(f"{ended[state]} {words.CHECKIN_STATES[state]}" for state in CheckinState if state in ended)
    return f"Today: {settled} of {total} settled" + (f" ({parts})." if parts else ".")


_OPEN = frozenset({CheckinState.DUE, CheckinState.CALLING, CheckinState.WAITING})


def follow_ups(found: Sequence[OpenFollowUp], at: Moment) -> Section:
    return Section([_follow_up(one, at) for one in found[:MOST_FOLLOW_UPS]], len(found) > MOST_FOLLOW_UPS)


def _follow_up(one: OpenFollowUp, at: Moment) -> Line:
    urgent = one.follow_up is FollowUp.URGENT
    person = words.sentence(words.who(one.person, withheld=one.withheld))
    owed = one.owed
    return Line(
        one.id,
        person,
        reason(one),
        at.near(one.at),
        "now" if urgent else "soon",
        whose=owner_view.whose(owed, at),
        late=owed.is_overdue,
        to_take=owed.is_overdue or owed.is_nobodys,
    )


def reason(one: OpenFollowUp) -> str:
    """What is to be done, in three or four words."""
    match one.kind:
        case ContactKind.CALLBACK:
            return "call back, as promised"
        case ContactKind.VOICEMAIL:
            return message_view.TO_DO.get(one.message, "listen to the message")
        case ContactKind.SMS:
            return "read their text"
        case ContactKind.OUTREACH:
            return "call them: not heard from"
        case ContactKind.CHECKIN if one.checkin_state is not None:
            return f"check-in: {words.CHECKIN_STATES[one.checkin_state]}"
        case _:
            return f"after talking with {one.volunteer}" if one.volunteer else "follow-up wanted"


def closed(hours: Calendar, at: Moment) -> str:
    """Whether the line is closed now, and until when; empty while it is open."""
    if hours.is_open(at.now):
        return ""
    opens = hours.next_opening(at.now)
    return f"the line is closed until {at.moment(opens)}" if opens else "the line is closed"


def answer(
    on: int, paused: int, live: Sequence[LiveCall], needs: Mapping[FollowUp, int] | None, closed: str = ""
) -> str:
    """The page's question answered: are we open, is somebody there, does somebody wait, who needs us."""
    waiting = sum(call.state in WAITING_STATES for call in live)
    parts = [*filter(None, [closed]), _on(on, paused), _waiting(waiting)]
    if needs is not None:
        parts.append(_needs(sum(needs.values()), needs.get(FollowUp.URGENT, 0)))
    return " ".join(f"{words.sentence(part)}." for part in parts)


def _on(count: int, paused: int) -> str:
    resting = words.counted(paused, "is paused", "are paused")
    if not count:
        return f"nobody can be rung, {resting}" if paused else "nobody is on shift"
    on = f"{words.counted(count, 'volunteer is', 'volunteers are')} on"
    return f"{on}, {resting}" if paused else on


def _waiting(count: int) -> str:
    return f"{words.counted(count, 'caller is', 'callers are')} waiting" if count else "nobody is waiting"


def _needs(count: int, urgent: int) -> str:
    if not count:
        return "nobody needs a follow-up"
    said = words.counted(count, "person needs you today", "people need you today")
    if not urgent:
        return said
    return f"{said}, {'urgently' if urgent == count == 1 else words.number(urgent) + ' of them urgently'}"
