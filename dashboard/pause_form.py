"""What was filled in to pause a plan. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from dashboard import typed
from dashboard.tongue import N_
from dashboard.tongue import gettext as _
from phoneline.recurrence import instant, wall

BACK_IS_PAST = N_("The day on which calls begin again must lie ahead.")
WRONG_ORDER = N_("The day on which calls begin again must be later than the first day without.")


@dataclass(frozen=True)
class PauseForm:
    """As typed, and what of it was understood; `problem` says what to mend, in the field `wrong`."""

    plan_id: str = ""
    since_text: str = ""
    until_text: str = ""
    all_plans: bool = False
    since: datetime | None = None
    until: datetime | None = None
    problem: str = ""
    wrong: str = ""


def read(form: Mapping[str, str], plan_id: str, zone: ZoneInfo, now: datetime) -> PauseForm:
    """From a day, or from now on, until the day on which calls begin again, or until somebody resumes it."""
    since_text, until_text = (form.get(name, "").strip()[:20] for name in ("since", "until"))
    today = wall(now, zone).date()
    first, back = typed.day(since_text), typed.day(until_text)
    problems = (
        (since_text and first is None, "since", typed.NO_DAY),
        (until_text and back is None, "until", typed.NO_DAY),
        (back and back <= today, "until", BACK_IS_PAST),
        (first and back and back <= first, "until", WRONG_ORDER),
    )
    wrong, problem = next(((field, words) for bad, field, words in problems if bad), ("", ""))
    since = instant(datetime.combine(first, time()), zone) if first and first > today else now
    until = instant(datetime.combine(back, time()), zone) if back else None
    return PauseForm(plan_id, since_text, until_text, "all" in form, since, until, _(problem) if problem else "", wrong)
