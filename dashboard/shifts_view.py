"""A volunteer's shifts in words: theirs, free ones, and why others can't be theirs. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard import roster_words, rule_words, words
from dashboard.queries_shifts import Found, InReturn, Row
from dashboard.roster_words import Voice
from dashboard.times import Moment, full_date, weekday
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext
from phoneline.cover_states import CoverKind
from phoneline.models import Unavailable
from phoneline.own_limits import Readiness
from phoneline.shift_states import Hours, ShiftState, Shown, state, why_not

MOST_SHOWN = 40
MOST_OTHERS = 60
CONFIRMED_AHEAD = timedelta(days=2)
"""A yes to what is further away says little."""


@dataclass(frozen=True)
class Act:
    """A button: what it does, its word, its picture, and what goes with it."""

    name: str
    label: str
    icon: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ShiftLine:
    """Hours, what they are to the volunteer, and what can be done about them."""

    id: str
    when: str
    state: str
    shape: str
    notes: Sequence[str] = ()
    acts: Sequence[Act] = ()
    cannot_come: Sequence[Act] = ()
    """What they can do who can't come."""
    swap_for: str = ""
    """The request for which hours of their own can be offered in return."""


@dataclass(frozen=True)
class AwayLine:
    """A time when they can't."""

    id: str
    when: str
    words: str | None


@dataclass(frozen=True)
class ShiftsPage:
    """What the page shows."""

    person_id: str
    name: str
    own: bool
    answer: str
    mine: Sequence[ShiftLine]
    to_take: Sequence[ShiftLine]
    others: Sequence[ShiftLine]
    away: Sequence[AwayLine]
    swappable: Sequence[tuple[str, str]]
    """Hours of theirs that can be offered in return."""
    learns: bool


def build(found: Found, voice: Voice, at: Moment, line_zone: ZoneInfo) -> ShiftsPage:
    """Hours by the clock of whoever is looking; limits by the line's, in which they are meant."""
    shown = [(row, _state(found, row, at, line_zone)) for row in found.rows]
    own = [(row, one) for row, one in shown if row.person_id == found.person_id]
    to_take = [(row, one) for row, one in shown if row.person_id != found.person_id and _is_offered(found, row)]
    of_others = [row for row, _one in shown if row.person_id not in {None, found.person_id} and not row.shadow]
    others = [row for row in of_others if not _is_offered(found, row)]
    free = sum(one.state is ShiftState.FREE for _, one in to_take)
    ahead = [row for row, _one in own if row.starts_at > at.now and not row.shadow]
    return ShiftsPage(
        person_id=found.person_id,
        name=found.name,
        own=voice.own,
        answer=_answer(found, free, voice, at),
        mine=[_mine(found, row, one, voice, at) for row, one in own][:MOST_SHOWN],
        to_take=[_to_take(found, row, one, voice, at) for row, one in to_take][:MOST_SHOWN],
        others=[_of_other(found, row, voice, at, line_zone) for row in others][:MOST_OTHERS],
        away=[_away(one, at) for one in found.away],
        swappable=[(row.id, roster_words.stretch(row.starts_at, row.ends_at, at)) for row in ahead][:MOST_SHOWN],
        learns=found.readiness is Readiness.SHADOWING,
    )


def _is_offered(found: Found, row: Row) -> bool:
    """Nobody's, or given away by whoever has them."""
    return row.person_id is None or row.id in found.asked


def _state(found: Found, row: Row, at: Moment, line_zone: ZoneInfo) -> Shown:
    offered = row.id in found.asked and row.starts_at > at.now
    hours = Hours(row.starts_at, row.ends_at, row.person_id, row.shadow, offered)
    return state(found.standing, hours, line_zone, at.now, row.id)


def _answer(found: Found, free: int, voice: Voice, at: Moment) -> str:
    """When they are on next, and what could be taken."""
    return f"{_next_shift(found, voice, at)} {_to_be_taken(found, free, voice)}"


def _next_shift(found: Found, voice: Voice, at: Moment) -> str:
    own, name = next((row for row in found.rows if row.person_id == found.person_id), None), voice.name
    if own is None:
        return voice.say(_("You have no shift ahead."), _("%(name)s has no shift ahead.", name=name))
    if own.starts_at <= at.now:
        until = at.moment(own.ends_at)
        about = _("%(name)s is on shift until %(time)s.", name=name, time=until)
        return voice.say(_("You are on shift until %(time)s.", time=until), about)
    when = at.near(own.starts_at)
    about = _("The next shift of %(name)s is %(when)s.", name=name, when=when)
    return voice.say(_("Your next shift is %(when)s.", when=when), about)


def _to_be_taken(found: Found, free: int, voice: Voice) -> str:
    if found.readiness is Readiness.NOT_YET:
        own = _("Shifts to take come after the training.")
        return voice.say(own, _("They can't take any before they are trained."))
    if not free:
        own = _("No open shift is free for you now.")
        return voice.say(own, _("No open shift is free for %(name)s now.", name=voice.name))
    count = words.number(free)
    told = ngettext(
        "%(number)s open shift is free to take.", "%(number)s open shifts are free to take.", free, number=count
    )
    return words.sentence(told)


def _mine(found: Found, row: Row, shown: Shown, voice: Voice, at: Moment) -> ShiftLine:
    notes, acts = [*_about(row)], list[Act]()
    cannot_come: Sequence[Act] = ()
    asked = found.asked.get(row.id)
    if row.confirmed_at is not None:
        notes.append(voice.say(_("You said that you will come."), _("%(name)s will come.", name=voice.name)))
    if shown.why is not None and not row.shadow:
        notes.append(_("Look: %(why)s", why=roster_words.why(shown.why, found.standing.limits, voice)))
    if row.shadow:
        acts.append(Act("leave", _("Don't sit in"), "stop"))
    elif asked is not None:
        about = _("Others are asked; it stays with %(name)s until one takes it.", name=voice.name)
        notes.append(voice.say(_("Others are asked; it stays yours until one takes it."), about))
        keep = voice.say(_("Keep it after all"), _("Don't ask any more"))
        acts.append(Act("withdraw", keep, "undo", {"request": asked.id}))
        acts.extend(act for offer in asked.offers for act in _of_offer(offer, at))
    elif row.starts_at > at.now:
        cannot_come = _cannot_come()
        if row.confirmed_at is None and row.starts_at < at.now + CONFIRMED_AHEAD:
            come = voice.say(_("I'll come"), _("%(name)s will come", name=voice.name))
            acts.append(Act("confirm", come, "check"))
    if row.id in found.may_undo and row.starts_at > at.now and asked is None and not row.shadow:
        acts.append(Act("undo", _("Undo"), "undo"))
    if not voice.own and not row.shadow:
        acts.append(Act("open", _("Make it open to all"), "undo"))
    return _line(Said(row, shown.state, notes), voice, at, acts, cannot_come)


def _cannot_come() -> Sequence[Act]:
    return (
        Act("ask", _("Give it away"), "onward", {"kind": CoverKind.GIVE_AWAY}),
        Act("ask", _("Swap it"), "apart", {"kind": CoverKind.SWAP}),
        Act("ask", _("Ask for cover"), "in_person", {"kind": CoverKind.COVER}),
    )


def _of_offer(offer: InReturn, at: Moment) -> Iterable[Act]:
    when, sent = roster_words.stretch(offer.starts_at, offer.ends_at, at), {"offer": offer.id}
    yield Act("accept_swap", _("Swap for %(name)s's %(when)s", name=offer.name, when=when), "check", sent)
    yield Act("decline_swap", _("Not for %(name)s's %(when)s", name=offer.name, when=when), "stop", sent)


def _to_take(found: Found, row: Row, shown: Shown, voice: Voice, at: Moment) -> ShiftLine:
    notes, asked = [*_about(row)], found.asked.get(row.id)
    if asked is not None:
        gives = _("%(name)s gives it away.", name=row.name)
        notes.append(_("%(name)s offers it for another.", name=row.name) if asked.kind is CoverKind.SWAP else gives)
    if shown.why is not None:
        notes.append(roster_words.why(shown.why, found.standing.limits, voice))
    label = voice.say(_("Take it"), _("Give it to %(name)s", name=voice.name))
    take = Act("take", label, "check", {"request": asked.id} if asked else {})
    acts = [take] if shown.state is ShiftState.FREE else []
    # Whether a swap would do for both is looked at when it is offered.
    swap = asked.id if asked is not None and shown.state is not ShiftState.PAST and found.standing.ready else ""
    return _line(Said(row, shown.state, notes), voice, at, acts, swap_for=swap)


def _of_other(found: Found, row: Row, voice: Voice, at: Moment, line_zone: ZoneInfo) -> ShiftLine:
    acts = []
    if found.standing.shadowing:
        beside = why_not(found.standing, (row.starts_at, row.ends_at), line_zone, at.now, shadow=True)
        acts = [Act("sit_in", _("Sit in"), "in_person")] if beside is None else []
    notes = [_("%(name)s has it.", name=row.name), *_about(row)]
    if row.id in found.waits_for:
        notes.append(voice.say(_("You wait for it."), _("%(name)s waits for it.", name=voice.name)))
        acts.append(Act("stop_waiting", _("Don't wait for it"), "stop"))
    elif found.standing.ready and row.starts_at > at.now:
        acts.append(Act("wait", _("Wait for it"), "callback"))
    return _line(Said(row, ShiftState.FULL, notes), voice, at, acts)


def _about(row: Row) -> Iterable[str]:
    if row.shadow:
        yield _("Sitting in, to learn: no calls.")
    elif row.tier > 1:
        yield _("As backup.")


@dataclass(frozen=True)
class Said:
    """Hours, what they are, and what is said of them."""

    row: Row
    state: ShiftState
    notes: Sequence[str]


def _line(
    said: Said, voice: Voice, at: Moment, acts: Sequence[Act], cannot_come: Sequence[Act] = (), *, swap_for: str = ""
) -> ShiftLine:
    row = said.row
    return ShiftLine(
        id=row.id,
        when=roster_words.stretch(row.starts_at, row.ends_at, at),
        state=roster_words.state(said.state, voice),
        shape=roster_words.SHAPES[said.state],
        notes=said.notes,
        acts=[_about_hours(one, row) for one in acts],
        cannot_come=[_about_hours(one, row) for one in cannot_come],
        swap_for=swap_for,
    )


def _about_hours(act: Act, row: Row) -> Act:
    return replace(act, fields={"hours": row.id, **act.fields})


def _away(one: Unavailable, at: Moment) -> AwayLine:
    """Such as "Mondays at 18:00 to 20:00"."""
    lasts = one.ends_local - one.starts_local
    if one.rrule:
        ends = f"{one.ends_local:%H:%M}" if lasts.days < 1 else _weekday_at(one.ends_local)
        begins = rule_words.when(one.starts_local, one.rrule, at.now.year)
    else:
        same = one.starts_local.date() == one.ends_local.date()
        begins = _date_at(one.starts_local)
        ends = f"{one.ends_local:%H:%M}" if same else _date_at(one.ends_local, with_year=False)
    when = _("%(begins)s to %(ends)s", begins=begins, ends=ends)
    return AwayLine(one.id, words.sentence(when), one.words)


def _weekday_at(local: datetime) -> str:
    return _("%(day)s %(time)s", day=weekday(local), time=f"{local:%H:%M}")


def _date_at(local: datetime, *, with_year: bool = True) -> str:
    return _("%(day)s, %(time)s", day=full_date(local, with_year=with_year), time=f"{local:%H:%M}")
