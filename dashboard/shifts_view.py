"""A volunteer's shifts in words: theirs, free ones, and why others can't be theirs. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from dashboard import roster_words, rule_words, words
from dashboard.queries_shifts import Found, InReturn, Row
from dashboard.roster_words import Voice
from dashboard.times import Moment
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


def build(found: Found, voice: Voice, at: Moment) -> ShiftsPage:
    shown = [(row, _state(found, row, at)) for row in found.rows]
    own = [(row, one) for row, one in shown if row.person_id == found.person_id]
    to_take = [(row, one) for row, one in shown if row.person_id != found.person_id and _is_offered(found, row)]
    others = [row for row, _ in shown if row.person_id not in {None, found.person_id} and not row.shadow]
    free = sum(one.state is ShiftState.FREE for _, one in to_take)
    ahead = [row for row, _ in own if row.starts_at > at.now and not row.shadow]
    return ShiftsPage(
        person_id=found.person_id,
        name=found.name,
        own=voice.own,
        answer=_answer(found, free, voice, at),
        mine=[_mine(found, row, one, voice, at) for row, one in own][:MOST_SHOWN],
        to_take=[_to_take(found, row, one, voice, at) for row, one in to_take][:MOST_SHOWN],
        others=[_of_other(found, row, voice, at) for row in others if not _is_offered(found, row)][:MOST_OTHERS],
        away=[_away(one, at) for one in found.away],
        swappable=[(row.id, roster_words.stretch(row.starts_at, row.ends_at, at)) for row in ahead][:MOST_SHOWN],
        learns=found.readiness is Readiness.SHADOWING,
    )


def _is_offered(found: Found, row: Row) -> bool:
    """Nobody's, or given away by whoever has them."""
    return row.person_id is None or row.id in found.asked


def _state(found: Found, row: Row, at: Moment) -> Shown:
    offered = row.id in found.asked and row.starts_at > at.now
    hours = Hours(row.starts_at, row.ends_at, row.person_id, row.shadow, offered)
    return state(found.standing, hours, at.zone, at.now, row.id)


def _answer(found: Found, free: int, voice: Voice, at: Moment) -> str:
    """When they are on next, and what could be taken."""
    own = next((row for row in found.rows if row.person_id == found.person_id), None)
    if own is None:
        first = voice.say("You have no shift ahead.", "{name} has no shift ahead.")
    elif own.starts_at <= at.now:
        first = voice.say("You are on shift", "{name} is on shift") + f" until {at.moment(own.ends_at)}."
    else:
        first = voice.say("Your next shift is", "The next shift of {name} is") + f" {at.near(own.starts_at)}."
    if found.readiness is Readiness.NOT_YET:
        return f"{first} " + voice.say(
            "Shifts to take come after the training.", "They can't take any before they are trained."
        )
    if not free:
        return f"{first} No open shift is free for {voice.say('you', '{name}')} now."
    return f"{first} {words.sentence(words.counted(free, 'open shift is', 'open shifts are'))} free to take."


def _mine(found: Found, row: Row, shown: Shown, voice: Voice, at: Moment) -> ShiftLine:
    notes, acts = [*_about(row)], list[Act]()
    cannot_come: Sequence[Act] = ()
    asked = found.asked.get(row.id)
    if row.confirmed_at is not None:
        notes.append(voice.say("You said that you will come.", "{name} will come."))
    if shown.why is not None and not row.shadow:
        notes.append("Look: " + roster_words.why(shown.why, found.standing.limits, voice))
    if row.shadow:
        acts.append(Act("leave", "Don't sit in", "stop"))
    elif asked is not None:
        notes.append(voice.say("Others are asked; it stays yours until one takes it.", _ASKED_FOR_THEM))
        acts.append(
            Act("withdraw", voice.say("Keep it after all", "Don't ask any more"), "undo", {"request": asked.id})
        )
        acts.extend(act for offer in asked.offers for act in _of_offer(offer, at))
    elif row.starts_at > at.now:
        cannot_come = _CANNOT_COME
        if row.confirmed_at is None and row.starts_at < at.now + CONFIRMED_AHEAD:
            acts.append(Act("confirm", voice.say("I'll come", "{name} will come"), "check"))
    if row.id in found.may_undo and row.starts_at > at.now and asked is None and not row.shadow:
        acts.append(Act("undo", "Undo", "undo"))
    if not voice.own and not row.shadow:
        acts.append(Act("open", "Make it open to all", "undo"))
    return _line(Said(row, shown.state, notes), voice, at, acts, cannot_come)


_ASKED_FOR_THEM = "Others are asked; it stays with {name} until one takes it."
_CANNOT_COME = (
    Act("ask", "Give it away", "onward", {"kind": CoverKind.GIVE_AWAY}),
    Act("ask", "Swap it", "apart", {"kind": CoverKind.SWAP}),
    Act("ask", "Ask for cover", "in_person", {"kind": CoverKind.COVER}),
)


def _of_offer(offer: InReturn, at: Moment) -> Iterable[Act]:
    theirs = f"{offer.name}'s {roster_words.stretch(offer.starts_at, offer.ends_at, at)}"
    yield Act("accept_swap", f"Swap for {theirs}", "check", {"offer": offer.id})
    yield Act("decline_swap", f"Not for {theirs}", "stop", {"offer": offer.id})


def _to_take(found: Found, row: Row, shown: Shown, voice: Voice, at: Moment) -> ShiftLine:
    notes, asked = [*_about(row)], found.asked.get(row.id)
    if asked is not None:
        notes.append(f"{row.name} {'offers it for another' if asked.kind is CoverKind.SWAP else 'gives it away'}.")
    if shown.why is not None:
        notes.append(roster_words.why(shown.why, found.standing.limits, voice))
    take = Act("take", voice.say("Take it", "Give it to {name}"), "check", {"request": asked.id} if asked else {})
    acts = [take] if shown.state is ShiftState.FREE else []
    # Whether a swap would do for both is looked at when it is offered.
    swap = asked.id if asked is not None and shown.state is not ShiftState.PAST and found.standing.ready else ""
    return _line(Said(row, shown.state, notes), voice, at, acts, swap_for=swap)


def _of_other(found: Found, row: Row, voice: Voice, at: Moment) -> ShiftLine:
    acts = []
    if found.standing.shadowing:
        beside = why_not(found.standing, (row.starts_at, row.ends_at), at.zone, at.now, shadow=True)
        acts = [Act("sit_in", "Sit in", "in_person")] if beside is None else []
    notes = [f"{row.name} has it.", *_about(row)]
    if row.id in found.waits_for:
        notes.append(voice.say("You wait for it.", "{name} waits for it."))
        acts.append(Act("stop_waiting", "Don't wait for it", "stop"))
    elif found.standing.ready and row.starts_at > at.now:
        acts.append(Act("wait", "Wait for it", "callback"))
    return _line(Said(row, ShiftState.FULL, notes), voice, at, acts)


def _about(row: Row) -> Iterable[str]:
    if row.shadow:
        yield "Sitting in, to learn: no calls."
    elif row.tier > 1:
        yield "As backup."


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
    """Such as "Mondays at 18:00, until 20:00"."""
    lasts = one.ends_local - one.starts_local
    if one.rrule:
        ends = f"{one.ends_local:%H:%M}" if lasts.days < 1 else f"{one.ends_local:%A %H:%M}"
        when = f"{rule_words.when(one.starts_local, one.rrule, at.now.year)} to {ends}"
    else:
        same = one.starts_local.date() == one.ends_local.date()
        begins = f"{one.starts_local:%A} {one.starts_local.day} {one.starts_local:%B %Y, %H:%M}"
        ends = (
            f"{one.ends_local:%H:%M}"
            if same
            else f"{one.ends_local:%A} {one.ends_local.day} {one.ends_local:%B, %H:%M}"
        )
        when = f"{begins} to {ends}"
    return AwayLine(one.id, words.sentence(when), one.words)
