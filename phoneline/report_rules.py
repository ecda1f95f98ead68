"""What a report counts, and how: the definitions, over tallies of rows that are alike. Pure.

docs/reports.md says the same in words. What the exports tell can be counted again from them, to the unit.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from phoneline.recurrence import instant
from phoneline.states import CallOutcome, CheckinState, ContactKind, Direction, FollowUp

ANSWER_SECONDS = 30
"""Answered within: the mark that other lines report too."""
SHORT_SECONDS = 10
"""Who hangs up sooner had no chance to be answered: usual is to leave them out of the shares, and to say how many."""
NOT_SEEKING = frozenset({CallOutcome.INFORMATION, CallOutcome.BLOCKED})
"""They called for something else than a person, or weren't to be put through to one."""
HEARD = frozenset({CheckinState.OK, CheckinState.TALKED})
MISSED = frozenset({CheckinState.UNREACHED, CheckinState.EXPIRED})
MADE = HEARD | MISSED
"""Those that were to be made and are over: without what was skipped, or stopped by the peer."""
QUARTER_SECONDS = 900
"""Every zone's hours and days begin with a quarter of an hour of UTC's."""
WEEK_DAYS = 7
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Days:
    """A range of the line's days; the last one is in it."""

    first: date
    last: date

    @property
    def count(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Days":
        """As many days directly before; of less than a week, the same weekdays of the week before."""
        back = max(self.count, WEEK_DAYS) * _DAY
        return Days(self.first - back, self.last - back)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the first midnight, included, to the last one, not."""
        return instant(datetime.combine(self.first, time()), zone), instant(
            datetime.combine(self.last + _DAY, time()), zone
        )


@dataclass(frozen=True)
class CallsAlike:
    """So many calls that went alike. `wait` as the export has it; `talk` is theirs together, whole seconds of each."""

    direction: Direction
    outcome: CallOutcome | None
    wait: int | None
    count: int
    talk: int


@dataclass(frozen=True)
class ContactsAlike:
    """So many contacts. `minutes`: whole ones until the follow-up was done; None without that."""

    kind: ContactKind
    follow_up: FollowUp
    minutes: int | None
    count: int


@dataclass(frozen=True)
class CheckinsAlike:
    """So many check-ins. `attempts` are theirs together."""

    state: CheckinState
    in_time: bool
    count: int
    attempts: int


@dataclass(frozen=True)
class HoursOf:
    """What one volunteer carried: whole seconds on shift, and the conversations that were theirs."""

    person_id: str
    name: str
    seconds: int
    conversations: int
    talk: int


@dataclass(frozen=True)
class ChargesAlike:
    """What the carrier wants for so many calls or texts, in millionths of a currency's unit."""

    unit: str
    micros: int
    count: int


@dataclass(frozen=True)
class Tallies:
    """Everything that was counted of one range."""

    calls: Sequence[CallsAlike] = ()
    contacts: Sequence[ContactsAlike] = ()
    messages: Mapping[int | None, int] = field(default_factory=dict)
    """Messages by the minutes until somebody saw to them; None: nobody yet."""
    checkins: Sequence[CheckinsAlike] = ()
    open_since: Sequence[int] = ()
    """Of those not reached whose follow-up is open: the minutes since then, each."""
    usual: Mapping[bool, int] = field(default_factory=dict)
    """Conversations in check-ins by volunteers: with the usual one or not."""
    people: int = 0
    volunteers: Sequence[HoursOf] = ()
    charges: Sequence[ChargesAlike] = ()
    chargeable: int = 0
    """Calls and texts for which the carrier wants something."""


class Unit(StrEnum):
    """What a measure's number is a number of."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    MINUTES = "minutes"
    HOURS = "hours"
    RATE = "rate"
    MONEY = "money"


@dataclass(frozen=True)
class Measure:
    unit: Unit
    of: Callable[[Tallies], float | None]
    """None where there was nothing to count."""


def inbound(found: Tallies) -> list[CallsAlike]:
    """Calls to the line."""
    return [one for one in found.calls if one.direction is Direction.INBOUND]


def _ended(found: Tallies) -> list[CallsAlike]:
    """Calls to the line that are over and sought a person."""
    return [one for one in inbound(found) if one.outcome is not None and one.outcome not in NOT_SEEKING]


def is_short(call: CallsAlike) -> bool:
    return call.outcome is CallOutcome.ABANDONED and (call.wait or 0) < SHORT_SECONDS


def _judged(found: Tallies) -> list[CallsAlike]:
    """What shares are shares of: those who sought a person and didn't hang up at once."""
    return [one for one in _ended(found) if not is_short(one)]


def _answered(found: Tallies) -> list[CallsAlike]:
    return [one for one in inbound(found) if one.outcome is CallOutcome.CONNECTED]


def _conversations(found: Tallies) -> list[CallsAlike]:
    """In both directions."""
    return [one for one in found.calls if one.outcome is CallOutcome.CONNECTED]


def _count(alike: Sequence[CallsAlike] | Sequence[ContactsAlike] | Sequence[CheckinsAlike]) -> int:
    return sum(one.count for one in alike)


def _per(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def half_within(minutes: Mapping[int, int]) -> int | None:
    """The least number of minutes within which half of them were done, or one more than half."""
    left = math.ceil(sum(minutes.values()) / 2)
    for one in sorted(minutes):
        left -= minutes[one]
        if left <= 0:
            return one
    return None


def _within_mark(found: Tallies) -> float | None:
    soon = [one for one in _answered(found) if one.wait is not None and one.wait <= ANSWER_SECONDS]
    return _per(_count(soon), _count(_judged(found)))


def _average_wait(found: Tallies) -> float | None:
    answered = _answered(found)
    return _per(sum((one.wait or 0) * one.count for one in answered), _count(answered))


def _longest_wait(found: Tallies) -> float | None:
    return max((one.wait for one in _judged(found) if one.wait is not None), default=None)


def _abandoned(found: Tallies) -> float | None:
    judged = _judged(found)
    return _per(_count([one for one in judged if one.outcome is CallOutcome.ABANDONED]), _count(judged))


def _talk(found: Tallies) -> int:
    return sum(one.talk for one in found.calls)


def _messages_seen(found: Tallies) -> dict[int, int]:
    return {minutes: count for minutes, count in found.messages.items() if minutes is not None}


def _of_kind(found: Tallies, *kinds: ContactKind) -> list[ContactsAlike]:
    return [one for one in found.contacts if one.kind in kinds]


def _follow_ups(found: Tallies) -> list[ContactsAlike]:
    """All but promised call-backs, which are counted by themselves."""
    kinds = frozenset(ContactKind) - {ContactKind.CALLBACK}
    return [one for one in _of_kind(found, *kinds) if one.follow_up is not FollowUp.NONE]


def _done(alike: Sequence[ContactsAlike]) -> list[ContactsAlike]:
    return [one for one in alike if one.follow_up is FollowUp.DONE]


def _minutes(alike: Sequence[ContactsAlike]) -> Mapping[int, int]:
    found: Counter[int] = Counter()
    for one in _done(alike):
        if one.minutes is not None:
            found[one.minutes] += one.count
    return found


def _checkins(found: Tallies, states: frozenset[CheckinState]) -> list[CheckinsAlike]:
    return [one for one in found.checkins if one.state in states]


def _reached(found: Tallies) -> float | None:
    return _per(_count(_checkins(found, HEARD)), _count(_checkins(found, MADE)))


def _in_time(found: Tallies) -> float | None:
    soon = [one for one in _checkins(found, HEARD) if one.in_time]
    return _per(_count(soon), _count(_checkins(found, MADE)))


def _attempts(found: Tallies) -> float | None:
    heard = _checkins(found, HEARD)
    return _per(sum(one.attempts for one in heard), _count(heard))


def _on_shift(found: Tallies) -> float:
    return sum(one.seconds for one in found.volunteers) / 3600


def currency(found: Tallies) -> str:
    """That in which most of it is charged; others are told apart."""
    return max(found.charges, key=lambda one: one.count).unit if found.charges else ""


def _cost(found: Tallies) -> float | None:
    unit = currency(found)
    return sum(one.micros for one in found.charges if one.unit == unit) / 1_000_000 if unit else None


def _known_cost(found: Tallies) -> float | None:
    known = sum(one.count for one in found.charges)
    return _per(known, max(found.chargeable, known))


MEASURES: Mapping[str, Mapping[str, Measure]] = {
    "calls": {
        "received": Measure(Unit.COUNT, lambda found: _count(inbound(found))),
        "sought": Measure(Unit.COUNT, lambda found: _count(_ended(found))),
        "answered": Measure(Unit.SHARE, lambda found: _per(_count(_answered(found)), _count(_judged(found)))),
        "answered_soon": Measure(Unit.SHARE, _within_mark),
        "average_wait": Measure(Unit.SECONDS, _average_wait),
        "longest_wait": Measure(Unit.SECONDS, _longest_wait),
        "abandoned": Measure(Unit.SHARE, _abandoned),
        "short": Measure(Unit.COUNT, lambda found: _count([one for one in _ended(found) if is_short(one)])),
        "conversations": Measure(Unit.COUNT, lambda found: _count(_conversations(found))),
        "talk": Measure(Unit.HOURS, lambda found: _talk(found) / 3600),
        "average_talk": Measure(Unit.SECONDS, lambda found: _per(_talk(found), _count(_conversations(found)))),
    },
    "messages": {
        "messages": Measure(Unit.COUNT, lambda found: sum(found.messages.values())),
        "messages_seen": Measure(
            Unit.SHARE, lambda found: _per(sum(_messages_seen(found).values()), sum(found.messages.values()))
        ),
        "messages_time": Measure(Unit.MINUTES, lambda found: half_within(_messages_seen(found))),
        "callbacks": Measure(Unit.COUNT, lambda found: _count(_of_kind(found, ContactKind.CALLBACK))),
        "callbacks_kept": Measure(
            Unit.SHARE,
            lambda found: _per(
                _count(_done(_of_kind(found, ContactKind.CALLBACK))), _count(_of_kind(found, ContactKind.CALLBACK))
            ),
        ),
        "callbacks_time": Measure(
            Unit.MINUTES, lambda found: half_within(_minutes(_of_kind(found, ContactKind.CALLBACK)))
        ),
    },
    "checkins": {
        "checkins": Measure(Unit.COUNT, lambda found: _count(_checkins(found, MADE))),
        "reached": Measure(Unit.SHARE, _reached),
        "reached_in_time": Measure(Unit.SHARE, _in_time),
        "attempts": Measure(Unit.RATE, _attempts),
        "unreached": Measure(Unit.COUNT, lambda found: _count(_checkins(found, MISSED))),
        "unreached_open": Measure(Unit.COUNT, lambda found: len(found.open_since)),
        "unreached_age": Measure(Unit.MINUTES, lambda found: max(found.open_since, default=None)),
        "continuity": Measure(Unit.SHARE, lambda found: _per(found.usual.get(True, 0), sum(found.usual.values()))),
    },
    "people": {
        "people": Measure(Unit.COUNT, lambda found: found.people),
        "contacts": Measure(Unit.COUNT, lambda found: _count(found.contacts)),
        "follow_ups": Measure(Unit.COUNT, lambda found: _count(_follow_ups(found))),
        "follow_ups_done": Measure(
            Unit.SHARE, lambda found: _per(_count(_done(_follow_ups(found))), _count(_follow_ups(found)))
        ),
        "follow_ups_time": Measure(Unit.MINUTES, lambda found: half_within(_minutes(_follow_ups(found)))),
    },
    "volunteers": {
        "volunteers": Measure(Unit.COUNT, lambda found: sum(1 for one in found.volunteers if one.seconds)),
        "hours": Measure(Unit.HOURS, _on_shift),
        "load": Measure(Unit.RATE, lambda found: _per(_count(_conversations(found)), _on_shift(found))),
    },
    "cost": {
        "cost": Measure(Unit.MONEY, _cost),
        "cost_known": Measure(Unit.SHARE, _known_cost),
    },
}
"""Each by its name, in the order in which they are told. The names stand in CSV files and are stable."""


def endings(found: Tallies) -> Mapping[CallOutcome, int]:
    """How the calls to the line ended, of those that are over."""
    counted: Counter[CallOutcome] = Counter()
    for one in inbound(found):
        if one.outcome is not None:
            counted[one.outcome] += one.count
    return counted


def kinds(found: Tallies) -> Mapping[ContactKind, int]:
    counted: Counter[ContactKind] = Counter()
    for one in found.contacts:
        counted[one.kind] += one.count
    return counted
