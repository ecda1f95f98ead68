"""What was filled in to put somebody on the roster quickly, and which shift that means. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from werkzeug.datastructures import MultiDict

from dashboard import rule_words, typed
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.shift_checks import Draft

NO_DAY = N_("Please choose days of the week, or the date of the first one.")
TIERS = Phrases({"1": N_("First"), "2": N_("Backup")})


@dataclass(frozen=True)
class QuickForm:
    """As filled in; `problems` says by field what to mend."""

    person: str = ""
    days: Sequence[str] = ()
    at: str = ""
    until: str = ""
    tier: str = "1"
    weekly: bool = True
    start: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)

    def query(self) -> dict[str, str | list[str]]:
        """For the next one: everything that was filled in, as an address's query. There are ids in it, no names."""
        return {
            "person": self.person,
            "days": list(self.days),
            "at": self.at,
            "until": self.until,
            "tier": self.tier,
            "once": "" if self.weekly else "yes",
            "start": self.start,
        }


def read(form: MultiDict[str, str], start: str = "") -> QuickForm:
    given = {name: form.get(name, "").replace("\0", "").strip()[:60] for name in ("person", "at", "until", "start")}
    return QuickForm(
        person=given["person"],
        at=given["at"],
        until=given["until"],
        start=given["start"] or start,
        days=[day for day in rule_words.DAYS if day in form.getlist("days")],
        tier="2" if form.get("tier") == "2" else "1",
        weekly="once" not in form or not form["once"],
    )


def draft(form: QuickForm, now_local: datetime) -> tuple[Draft | None, Mapping[str, str]]:
    """The shift that is meant; or what of the form can't be read.

    It begins on the first of its days from `start` on that is still to come. Until a time that isn't later than its
    beginning is until the next day.
    """
    begins, ends = _clock(form.at), _clock(form.until)
    start = typed.any_day(form.start) if form.start else now_local.date()
    problems = {
        "at": "" if begins else typed.NO_TIME,
        "until": "" if ends else typed.NO_TIME,
        "days": "" if start and (form.days or form.start) else NO_DAY,
    }
    found = {name: _(problem) for name, problem in problems.items() if problem}
    if begins is None or ends is None or start is None or found:
        return None, found
    first = _first_day(start, form.days, begins, now_local)
    starts = datetime.combine(first, begins)
    return (
        Draft(
            person_id=form.person or None,
            starts_local=starts,
            ends_local=datetime.combine(first + timedelta(days=ends <= begins), ends),
            rrule=_rule(form, first),
            tier=int(form.tier),
        ),
        {},
    )


def _first_day(start: date, days: Sequence[str], begins: time, now_local: datetime) -> date:
    named = list(rule_words.DAYS)
    wanted = {named.index(day) for day in days} or {start.weekday()}
    from_start = (start + timedelta(days=one) for one in range(14))
    fitting = [day for day in from_start if day.weekday() in wanted]
    to_come = [day for day in fitting if datetime.combine(day, begins) > now_local]
    return to_come[0] if days and to_come else fitting[0]


def _rule(form: QuickForm, first: date) -> str:
    days = list(form.days) or [list(rule_words.DAYS)[first.weekday()]]
    if form.weekly:
        return f"FREQ=WEEKLY;BYDAY={','.join(days)}"
    return f"FREQ=WEEKLY;COUNT={len(days)};BYDAY={','.join(days)}" if len(days) > 1 else ""


def _clock(text: str) -> time | None:
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None


FIELDS: Mapping[str, str] = {"starts_local": "at", "ends_local": "until", "rrule": "days", "person_id": "person"}
"""At which field of the form to say what speaks against a draft."""
