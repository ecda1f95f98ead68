"""What was filled in to write down a contact that the line had no part in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from dashboard import typed
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.recurrence import instant, wall
from phoneline.seen import KINDS, OUTCOMES
from phoneline.states import ContactKind, ContactOutcome

LONGEST_NOTE = 1000
OLDEST = timedelta(days=366)
NOON = time(12)
NO_HOW = N_("Please say whether you saw them or spoke with them.")
NO_OUTCOME = N_("Please say how they were.")
NO_DAY = N_("Please choose the day: today, or one of the past year.")
LONG_NOTE = N_("Please keep the note below %(longest)s characters.")


@dataclass(frozen=True)
class SeenForm:
    """As filled in, and what of it was understood; `problem` says what to mend, in the field `wrong`."""

    how: str = ""
    outcome: str = ""
    day: str = ""
    note: str = ""
    at: datetime | None = None
    problem: str = ""
    wrong: str = ""


def blank(at: Moment) -> SeenForm:
    return SeenForm(day=str(wall(at.now, at.zone).date()))


def read(form: Mapping[str, str], at: Moment) -> SeenForm:
    how, outcome, day = (form.get(name, "").strip()[:20] for name in ("how", "outcome", "day"))
    note = typed.lines(form, "note")
    when = _when(day, at)
    problems = (
        (how not in KINDS, "how", NO_HOW),
        (when is None, "day", NO_DAY),
        (outcome not in OUTCOMES, "outcome", NO_OUTCOME),
        (len(note) > LONGEST_NOTE, "note", LONG_NOTE),
    )
    wrong, said = next(((field, said) for bad, field, said in problems if bad), ("", ""))
    problem = _(said, longest=LONGEST_NOTE) if said else ""
    return SeenForm(how, outcome, day, note[:LONGEST_NOTE], when, problem, wrong)


def _when(day: str, at: Moment) -> datetime | None:
    """Now, for today; noon, for a day before. None for any other day."""
    today = wall(at.now, at.zone).date()
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        return None
    if chosen == today:
        return at.now
    return instant(datetime.combine(chosen, NOON), at.zone) if today - OLDEST <= chosen < today else None


HOWS = Phrases(
    {
        ContactKind.IN_PERSON.value: N_("We saw each other"),
        ContactKind.CALL.value: N_("We spoke by another telephone"),
    }
)
HOW_THEY_WERE = Phrases(
    {
        ContactOutcome.FINE.value: N_("All fine"),
        ContactOutcome.FOLLOW_UP.value: N_("Somebody should follow up"),
        ContactOutcome.URGENT.value: N_("Somebody should follow up, urgently"),
    }
)
