"""What was filled in for how many people are needed when. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from werkzeug.datastructures import MultiDict

from dashboard import typed
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.cover import HOLIDAY, Need

DAYS = Phrases(
    {
        "0": N_("Monday"),
        "1": N_("Tuesday"),
        "2": N_("Wednesday"),
        "3": N_("Thursday"),
        "4": N_("Friday"),
        "5": N_("Saturday"),
        "6": N_("Sunday"),
        str(HOLIDAY): N_("Holidays"),
    }
)
TIERS = Phrases({"": N_("anybody on shift"), "1": N_("rung first"), "2": N_("backup")})
MOST_PEOPLE = 50
NO_DAYS = N_("Please choose at least one day.")
NO_TIME = N_("Please give a time of day, such as 09:00.")
BAD_MINIMUM = N_("Please give a whole number from 0 to %(most)s.")
BAD_WISHED = N_("Please give a whole number from 1 to %(most)s, not below the minimum, or leave it empty.")
TOO_MANY = N_("That is as many as can be written down. Please take one off first.")


@dataclass(frozen=True)
class CoverForm:
    """As filled in; `problems` says by field what to mend. `need` is what was understood, without problems."""

    days: Sequence[str] = ()
    starts: str = ""
    ends: str = ""
    tier: str = ""
    minimum: str = "1"
    wished: str = ""
    instead: str = ""
    """The need that it takes the place of."""
    problems: Mapping[str, str] = field(default_factory=dict)
    need: Need | None = None


def of(need: Need, need_id: str) -> CoverForm:
    """A need to be changed."""
    return CoverForm(
        days=[str(day) for day in sorted(need.days)],
        starts=f"{need.starts:%H:%M}",
        ends=f"{need.ends:%H:%M}",
        tier=str(need.tier or ""),
        minimum=str(need.minimum),
        wished=str(need.wished),
        instead=need_id,
    )


def read(form: MultiDict[str, str]) -> CoverForm:
    tier = form.get("tier", "")
    filled = CoverForm(
        days=[value for value in DAYS if value in form.getlist("days")],
        tier=tier if tier in TIERS else "",
        **{name: form.get(name, "").replace("\0", "").strip()[:40] for name in _TEXTS},  # type: ignore[arg-type]  # fields of text, by name
    )
    starts, ends = typed.clock_of_span(filled.starts), typed.clock_of_span(filled.ends)
    minimum = _whole(filled.minimum, 0)
    least = max(1, minimum or 0)
    wished = _whole(filled.wished or str(least), least)
    wrong = {
        "days": "" if filled.days else NO_DAYS,
        "starts": NO_TIME if starts is None else "",
        "ends": NO_TIME if ends is None else "",
        "minimum": BAD_MINIMUM if minimum is None else "",
        "wished": BAD_WISHED if wished is None else "",
    }
    if starts is None or ends is None or minimum is None or wished is None or not filled.days:
        return replace(filled, problems={name: _(told, most=MOST_PEOPLE) for name, told in wrong.items() if told})
    only = int(filled.tier) if filled.tier else None
    return replace(filled, need=Need(frozenset(map(int, filled.days)), starts, ends, minimum, wished, only))


_TEXTS = ("starts", "ends", "minimum", "wished", "instead")


def _whole(text: str, least: int) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and least <= int(text) <= MOST_PEOPLE else None
