"""What was filled in for a shift. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypedDict

from werkzeug.datastructures import MultiDict

from dashboard import rule_words, typed
from dashboard.tongue import N_, Phrases
from phoneline.shift_checks import Draft
from phoneline.shift_plans import Which
from phoneline.states import Duty

ONCE, WEEKLY, RULE = "once", "weekly", "rule"
REPEATS = Phrases({ONCE: N_("Once"), WEEKLY: N_("Every week, on the days below"), RULE: N_("By the rule under “More”")})
RUNG, LEARNS, DUTY = "rung", "learns", "duty"
KINDS = Phrases(
    {
        RUNG: N_("Volunteer: rung for callers"),
        LEARNS: N_("Volunteer who learns: sits in, never rung"),
        DUTY: N_("Coordinator on duty: told of what is urgent"),
    }
)
TIERS = Phrases({"1": N_("First: rung first"), "2": N_("Backup: rung when nobody of the first is free")})
_TEXTS = ("kind", "who", "day", "starts", "ends", "ends_on", "tier", "repeat", "every", "until", "rrule", "which")
_RARE = ("ends_on", "rrule")
_SAME_NIGHT = timedelta(days=1)


@dataclass(frozen=True)
class ShiftForm:
    """As filled in; `problems` says by field what to mend."""

    kind: str = RUNG
    who: str = ""
    day: str = ""
    starts: str = ""
    ends: str = ""
    ends_on: str = ""
    """The day of the end, where it isn't understood: the same, or the night that follows."""
    tier: str = "1"
    repeat: str = WEEKLY
    days: Sequence[str] = ()
    every: str = "1"
    until: str = ""
    rrule: str = ""
    which: str = Which.ONE
    problems: Mapping[str, str] = field(default_factory=dict)

    @property
    def rare(self) -> bool:
        """Whether something is filled in that stands under "More"."""
        return any(getattr(self, name) or name in self.problems for name in _RARE)


def read(form: MultiDict[str, str]) -> ShiftForm:
    """Of a form that was sent, or of an address that fills some of it in."""
    words: Mapping[str, Collection[str]] = {
        "kind": set(KINDS),
        "tier": set(TIERS),
        "repeat": set(REPEATS),
        "which": set(Which),
    }
    return ShiftForm(
        **typed.fields(form, _TEXTS, words),  # type: ignore[arg-type]  # texts into the fields of texts, by name
        days=typed.ticked(form, "days", rule_words.DAYS),
    )


def of_draft(draft: Draft, which: Which) -> ShiftForm:
    """A shift that is there, on one of its dates, to be changed."""
    far = draft.ends_local - draft.starts_local > _SAME_NIGHT
    return ShiftForm(
        kind=DUTY if draft.duty is Duty.COORDINATOR else LEARNS if draft.shadow else RUNG,
        who=draft.person_id or "",
        ends_on=f"{draft.ends_local:%Y-%m-%d}" if far else "",
        tier=str(draft.tier),
        which=which,
        **times(draft.starts_local, draft.ends_local, draft.rrule),
    )


class Times(TypedDict):
    """The fields of a form that say when something is, and how it repeats."""

    day: str
    starts: str
    ends: str
    repeat: str
    days: Sequence[str]
    every: str
    until: str
    rrule: str


def times(starts_local: datetime, ends_local: datetime, rrule: str) -> Times:
    """Of what is there, to be changed."""
    weekly = rule_words.weekly(rrule, starts_local) if rrule else None
    return Times(
        day=f"{starts_local:%Y-%m-%d}",
        starts=f"{starts_local:%H:%M}",
        ends=f"{ends_local:%H:%M}",
        repeat=ONCE if not rrule else WEEKLY if weekly else RULE,
        days=weekly.days if weekly else (),
        every=str(weekly.every) if weekly else "1",
        until=weekly.until if weekly else "",
        rrule="" if weekly else rrule,
    )


def another(draft: Draft) -> Mapping[str, object]:
    """What an address fills in for one more like this one, of somebody else."""
    form = of_draft(draft, Which.ALL)
    filled = {name: getattr(form, name) for name in _TEXTS if name not in {"who", "which"}}
    return {name: value for name, value in {**filled, "days": form.days}.items() if value}
