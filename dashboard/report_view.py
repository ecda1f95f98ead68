"""What a report says: measures with those of the days before, charts and tables. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import report_amounts, report_charts, times, words
from dashboard.report_charts import Chart, Counted, Heat
from dashboard.report_words import COUNTED, NAMES, SECTIONS
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext, pgettext
from phoneline import report_rules
from phoneline.report_rules import MEASURES, WEEK_DAYS, ChargesAlike, Days, HoursOf, Tallies, Unit

IN_SHORT = (
    *("sought", "answered", "answered_soon", "average_wait", "abandoned", "conversations", "talk"),
    *("messages_seen", "callbacks_kept", "checkins", "reached", "continuity"),
    *("people", "follow_ups_done", "volunteers", "hours", "cost"),
)
"""What the printed page for funders says, on one sheet."""


@dataclass(frozen=True)
class Row:
    """One measure: its number, the one of the days before, and how they differ."""

    key: str
    name: str
    counted: str
    unit: Unit
    now: float | None
    before: float | None
    said: str
    said_before: str
    difference: str


@dataclass(frozen=True)
class Section:
    key: str
    name: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Part:
    """One of several that make a whole. `bar`: of a hundred, beside the largest."""

    name: str
    count: int
    bar: int


@dataclass(frozen=True)
class Load:
    """What one volunteer carried."""

    name: str
    hours: float
    conversations: int
    talk: int
    bar: int

    @property
    def an_hour(self) -> float | None:
        return self.conversations / self.hours if self.hours else None


@dataclass(frozen=True)
class Report:
    answer: str
    days: str
    before: str
    goes_on: bool
    """Today is among the days: it isn't over."""
    sections: Sequence[Section]
    over_time: Chart | None
    by_hour: Chart | None
    heat: Heat | None
    """None without a single call."""
    endings: Sequence[Part]
    kinds: Sequence[Part]
    loads: Sequence[Load]
    other_currencies: Sequence[str]

    @property
    def in_short(self) -> Sequence[Row]:
        rows = {row.key: row for section in self.sections for row in section.rows}
        return [rows[key] for key in IN_SHORT if rows[key].said or rows[key].said_before]


def build(found: Tallies, before: Tallies, calls: Counted, days: Days, today: date) -> Report:
    received = bool(report_rules.inbound(found))
    return Report(
        answer=_answer(found),
        days=words.sentence(said_days(days)),
        before=_said_before(days),
        goes_on=days.first <= today <= days.last,
        sections=[
            Section(key, name, [_row(measure, found, before) for measure in measures])
            for (key, measures), name in zip(MEASURES.items(), SECTIONS.values(), strict=True)
        ],
        over_time=report_charts.over_time(calls, days) if received else None,
        by_hour=report_charts.by_hour(calls) if received else None,
        heat=report_charts.heat(calls) if received else None,
        endings=_parts({words.CALL_ENDINGS[ending]: count for ending, count in report_rules.endings(found).items()}),
        kinds=_parts({words.KINDS[kind]: count for kind, count in report_rules.kinds(found).items()}),
        loads=_loads(found.volunteers),
        other_currencies=_others(found),
    )


def measure(key: str) -> report_rules.Measure:
    return next(section[key] for section in MEASURES.values() if key in section)


def _row(key: str, found: Tallies, before: Tallies) -> Row:
    what = measure(key)
    now, then = what.of(found), what.of(before)
    currency, old_currency = report_rules.currency(found), report_rules.currency(before)
    alike = what.unit is not Unit.MONEY or currency == old_currency
    return Row(
        key=key,
        name=NAMES[key],
        counted=COUNTED[key],
        unit=what.unit,
        now=now,
        before=then,
        said=report_amounts.shown(what.unit, now, currency),
        said_before=report_amounts.shown(what.unit, then, old_currency),
        difference=report_amounts.difference(what.unit, now, then, currency) if alike else "",
    )


def _answer(found: Tallies) -> str:
    received = int(measure("received").of(found) or 0)
    if not received:
        return _("Nobody called the line in these days.")
    said = report_amounts.shown(Unit.COUNT, received)
    came = ngettext("%(number)s call came in.", "%(number)s calls came in.", received, number=said)
    soon, wait = measure("answered_soon").of(found), measure("average_wait").of(found)
    if soon is None or wait is None:
        return came
    share = report_amounts.shown(Unit.SHARE, soon)
    span = report_amounts.shown(Unit.SECONDS, wait)
    told = _(
        "Of those who looked for somebody to talk with, %(share)s were answered within 30 seconds; "
        "the average wait was %(span)s.",
        share=share,
        span=span,
    )
    return f"{came} {told}"


def said_days(days: Days) -> str:
    """Such as "Monday 16 to Sunday 22 November 2026"."""
    if days.count == 1:
        return times.full_date(days.first)
    first = times.full_date(days.first, with_year=days.first.year != days.last.year)
    return pgettext("days", "%(first)s to %(last)s", first=first, last=times.full_date(days.last))


def _said_before(days: Days) -> str:
    told = said_days(days.before)
    if days.count < WEEK_DAYS:
        return _("Compared with the same weekdays of the week before: %(days)s.", days=told)
    return _("Compared with as many days before: %(days)s.", days=told)


def _parts(counts: Mapping[str, int]) -> Sequence[Part]:
    most = max(counts.values(), default=0)
    in_order = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return [Part(words.sentence(name), count, round(100 * count / most)) for name, count in in_order]


def _loads(volunteers: Sequence[HoursOf]) -> Sequence[Load]:
    """Who was on for longest first."""
    most = max((one.seconds for one in volunteers), default=0)
    made = [
        Load(one.name, one.seconds / 3600, one.conversations, one.talk, round(100 * one.seconds / most) if most else 0)
        for one in volunteers
    ]
    return sorted(made, key=lambda one: -one.hours)


def _others(found: Tallies) -> Sequence[str]:
    """What is charged in other currencies than the main one."""
    main = report_rules.currency(found)
    others: Sequence[ChargesAlike] = [one for one in found.charges if one.unit != main]
    return [report_amounts.shown(Unit.MONEY, one.micros / 1_000_000, one.unit) for one in others]
