"""The first page in words. Pure: what was read, the instant and the zone are arguments."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard import shifts, words
from dashboard.queries_now import MOST_CHECKINS, Busy, LiveCall, Paused, PlannedCheckin
from dashboard.section import Line, Section
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext
from phoneline.hours import Calendar
from phoneline.states import (
    CallState,
    CheckinState,
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
    return lines + [_team_line(one.person_id, one.name, one, _("shift is over"), at) for one in occupied.values()]


def _with_pause(line: TeamLine, pause: Paused | None, at: Moment, *, is_last: bool) -> TeamLine:
    """Who is busy, or rung all the same as the last one, is shown so, with the pause beside it."""
    if pause is None:
        return line
    if line.shape == "free" and not is_last:
        return replace(line, shape="paused", state=pause_words(pause, at), paused=True)
    told = _("missed offers, rung since nobody else is on") if is_last else pause_words(pause, at)
    return replace(line, detail=f"{told}; {line.detail}".removesuffix("; "), paused=True)


def pause_words(pause: Paused, at: Moment) -> str:
    if pause.reason is PauseReason.MISSED:
        return _("paused since %(time)s, after missed offers", time=at.moment(pause.since))
    if pause.until:
        return _("on a break until %(time)s", time=at.moment(pause.until))
    return _("on a break since %(time)s", time=at.moment(pause.since))


def _until(span: shifts.Span, at: Moment) -> str:
    """Until when, as far as one looks ahead: a shift without a near end goes on and on."""
    is_backup = span.tier > 1
    if span.ends_at - at.now >= AHEAD_SHOWN:
        return _("backup") if is_backup else ""
    until = at.moment(span.ends_at)
    return _("backup, until %(time)s", time=until) if is_backup else _("until %(time)s", time=until)


def _rested(one: Busy, now: datetime) -> bool:
    """Whether only the sweep has yet to say that they are free."""
    return one.wrap_up_until is not None and one.wrap_up_until <= now and one.leg_state is LegState.ENDED


def _team_line(person_id: str, name: str, one: Busy | None, detail: str, at: Moment) -> TeamLine:
    if one is None:
        return TeamLine(person_id, name, "free", _("free"), detail)
    if one.result is None:
        return TeamLine(person_id, name, "ringing", _("ringing"), detail)
    if one.result is OfferResult.ACCEPTED and one.conversation_ended_at is None:
        talked = at.since(one.accepted_at or at.now)
        return TeamLine(person_id, name, "talking", _("talking %(span)s", span=talked), detail)
    return TeamLine(person_id, name, "wrapping", _("wrapping up"), detail)


def coming(spans: Sequence[shifts.Span], at: Moment) -> Sequence[str]:
    """Who comes next, in a sentence if anybody does."""
    following = shifts.next_on(spans, at.now)
    if not following:
        return []
    names = words.listed([span.name for span in following])
    return [_("Next: %(names)s, %(when)s.", names=names, when=at.near(following[0].starts_at))]


def needed(open_hours: Sequence[tuple[datetime, datetime]], at: Moment) -> Sequence[str]:
    """A sentence for each stretch of today with open shifts."""
    found = [_needed(count, *hours, at) for hours, count in Counter(open_hours).items()]
    return [*found[:MOST_NEEDED], _("More shifts are open after these.")] if len(found) > MOST_NEEDED else found


def _needed(count: int, starts_at: datetime, ends_at: datetime, at: Moment) -> str:
    begins = _("now") if starts_at <= at.now else at.moment(starts_at)
    return ngettext(
        "Someone is needed from %(begins)s until %(ends)s.",
        "%(number)s people are needed from %(begins)s until %(ends)s.",
        count,
        number=_number(count),
        begins=begins,
        ends=at.moment(ends_at),
    )


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
        state = _("check-in call, ringing")
    span, began = at.since(since), at.moment(call.started_at)
    if call.direction is Direction.INBOUND:
        when = _("%(span)s, called us at %(time)s", span=span, time=began)
    else:
        when = _("%(span)s, we called at %(time)s", span=span, time=began)
    return Line(call.id, person, state, when, tone, shape)


def _conversation(call: LiveCall) -> tuple[str, str, datetime]:
    """The words, the shape, and since when."""
    together = [one for one in (call.volunteer, words.HANDOVERS[call.third] if call.third else None) if one]
    volunteer = words.listed(together) or _("a volunteer")
    if call.joined_at is None:
        return _("being put through to %(volunteer)s", volunteer=volunteer), "ringing", call.started_at
    return _("talking with %(volunteer)s", volunteer=volunteer), "talking", call.joined_at


def checkins(planned: Sequence[PlannedCheckin], at: Moment) -> Section:
    return Section([_checkin(one, at) for one in planned[:MOST_CHECKINS]], len(planned) > MOST_CHECKINS)


def _checkin(one: PlannedCheckin, at: Moment) -> Line:
    if one.state is CheckinState.CALLING:
        due = at.near(one.due_at) if one.due_at <= at.now else _("planned for %(time)s", time=at.moment(one.due_at))
        return Line(one.id, one.person, _("calling now"), due, shape="ringing")
    if one.hands_off:
        return Line(one.id, one.person, _("wants to talk with someone"), at.near(one.due_at), "now", "wrapping")
    if one.state is CheckinState.WAITING:
        return Line(one.id, one.person, _("will be tried again"), at.near(one.attempt_due_at), "soon", "wrapping")
    tone = "soon" if one.attempt_due_at < at.now else "plain"
    return Line(one.id, one.person, _by(one), at.near(one.attempt_due_at), tone, "free")


def _by(one: PlannedCheckin) -> str:
    if one.kind is not PlanKind.VOLUNTEER:
        return _("automated call")
    return _("%(volunteer)s calls", volunteer=one.volunteer) if one.volunteer else _("a volunteer calls")


@dataclass(frozen=True)
class Progress:
    """How far a day's check-ins have come, and how the settled ones ended."""

    settled: int
    total: int
    says: str
    """Such as "9 of 14"."""
    ended: Sequence[tuple[str, int]]


def progress(counts: Mapping[CheckinState, int]) -> Progress | None:
    """None on a day without any."""
    total = sum(counts.values())
    if not total:
        return None
    ended = [(words.CHECKIN_STATES[state], counts[state]) for state in CheckinState if state in counts.keys() - _OPEN]
    settled = sum(count for _state, count in ended)
    return Progress(settled, total, _("%(settled)s of %(total)s", settled=settled, total=total), ended)


_OPEN = frozenset({CheckinState.DUE, CheckinState.CALLING, CheckinState.WAITING})


def closed(hours: Calendar, at: Moment) -> str:
    """Whether the line is closed now, and until when; empty while it is open."""
    if hours.is_open(at.now):
        return ""
    opens = hours.next_opening(at.now)
    return _("The line is closed until %(time)s.", time=at.moment(opens)) if opens else _("The line is closed.")


def answer(
    on: int, paused: int, live: Sequence[LiveCall], needs: Mapping[FollowUp, int] | None, closed: str = ""
) -> str:
    """The page's question answered: are we open, is somebody there, does somebody wait, who needs us."""
    waiting = sum(call.state in WAITING_STATES for call in live)
    parts = [closed, _on(on, paused), _paused(paused), _waiting(waiting)]
    if needs is not None:
        several, urgent = sum(needs.values()), needs.get(FollowUp.URGENT, 0)
        parts += [_needs(several), _urgently(urgent, several)]
    return " ".join(filter(None, parts))


def _on(count: int, paused: int) -> str:
    if not count:
        return _("Nobody can be rung.") if paused else _("Nobody is on shift.")
    return ngettext("One volunteer is on.", "%(number)s volunteers are on.", count, number=_number(count))


def _paused(count: int) -> str:
    return ngettext("One is paused.", "%(number)s are paused.", count, number=_number(count)) if count else ""


def _waiting(count: int) -> str:
    if not count:
        return _("Nobody is waiting.")
    return ngettext("One caller is waiting.", "%(number)s callers are waiting.", count, number=_number(count))


def _needs(count: int) -> str:
    if not count:
        return _("Nobody needs a follow-up.")
    return ngettext("One person needs you today.", "%(number)s people need you today.", count, number=_number(count))


def _urgently(urgent: int, of: int) -> str:
    if not urgent:
        return ""
    if of == 1:
        return _("It is urgent.")
    return ngettext("One of them urgently.", "%(number)s of them urgently.", urgent, number=_number(urgent))


def _number(count: int) -> str:
    return words.sentence(words.number(count))
