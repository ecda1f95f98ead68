"""A volunteer's shifts in words: theirs, free ones, and why others can't be theirs. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from dashboard import roster_words, rule_words, words
from dashboard.queries_shifts import Found, Row
from dashboard.roster_words import Voice
from dashboard.times import Moment
from phoneline.models import Unavailable
from phoneline.own_limits import Readiness
from phoneline.roster_states import Refusal
from phoneline.shift_states import Hours, ShiftState, Shown, state, why_not

MOST_SHOWN = 40
MOST_OTHERS = 60


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
    learns: bool


def build(found: Found, voice: Voice, at: Moment) -> ShiftsPage:
    shown = [(row, _state(found, row, at)) for row in found.rows]
    mine = [_mine(found, row, one, voice, at) for row, one in shown if row.person_id == found.person_id]
    to_take = [_to_take(found, row, one, voice, at) for row, one in shown if row.person_id is None]
    others = [
        _of_other(found, row, voice, at)
        for row, _ in shown
        if row.person_id not in {None, found.person_id} and not row.shadow
    ]
    free = sum(one.state is ShiftState.FREE for row, one in shown if row.person_id is None)
    return ShiftsPage(
        person_id=found.person_id,
        name=found.name,
        own=voice.own,
        answer=_answer(found, free, voice, at),
        mine=mine[:MOST_SHOWN],
        to_take=to_take[:MOST_SHOWN],
        others=others[:MOST_OTHERS],
        away=[_away(one, at) for one in found.away],
        learns=found.readiness is Readiness.SHADOWING,
    )


def _state(found: Found, row: Row, at: Moment) -> Shown:
    hours = Hours(row.starts_at, row.ends_at, row.person_id, row.shadow)
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
    notes = [*_about(row)]
    if row.confirmed_at is not None:
        notes.append(voice.say("You said that you will come.", "{name} will come."))
    if shown.why is not None and not row.shadow:
        notes.append(f"Look: {_why_of_own(found, shown.why, voice)}")
    acts = [Act("leave", "Don't sit in", "stop")] if row.shadow else []
    if not voice.own and not row.shadow:
        acts.append(Act("open", "Make it open to all", "undo"))
    return _line(row, shown.state, voice, at, notes, acts)


def _why_of_own(found: Found, why: Refusal, voice: Voice) -> str:
    words_of = roster_words.why(why, found.standing.limits, voice)
    return words_of[:1].lower() + words_of[1:] if words_of.startswith(("It ", "With ", "Somebody ")) else words_of


def _to_take(found: Found, row: Row, shown: Shown, voice: Voice, at: Moment) -> ShiftLine:
    notes = [*_about(row)]
    if shown.why is not None:
        notes.append(roster_words.why(shown.why, found.standing.limits, voice))
    label = voice.say("Take it", "Give it to {name}")
    acts = [Act("take", label, "check")] if shown.state is ShiftState.FREE else []
    return _line(row, shown.state, voice, at, notes, acts)


def _of_other(found: Found, row: Row, voice: Voice, at: Moment) -> ShiftLine:
    acts = []
    if found.standing.shadowing:
        beside = why_not(found.standing, (row.starts_at, row.ends_at), at.zone, at.now, shadow=True)
        acts = [Act("sit_in", "Sit in", "in_person")] if beside is None else []
    return _line(row, ShiftState.FULL, voice, at, [f"{row.name} has it.", *_about(row)], acts)


def _about(row: Row) -> Iterable[str]:
    if row.shadow:
        yield "Sitting in, to learn: no calls."
    elif row.tier > 1:
        yield "As backup."


def _line(
    row: Row, state: ShiftState, voice: Voice, at: Moment, notes: Sequence[str], acts: Sequence[Act]
) -> ShiftLine:
    with_hours = [Act(one.name, one.label, one.icon, {"hours": row.id, **one.fields}) for one in acts]
    when = roster_words.stretch(row.starts_at, row.ends_at, at)
    return ShiftLine(row.id, when, roster_words.state(state, voice), roster_words.SHAPES[state], notes, with_hours)


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
