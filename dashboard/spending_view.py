"""Spending in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal

from dashboard import words
from dashboard.setting_said import country
from dashboard.tongue import N_, Phrases, language
from dashboard.tongue import gettext as _
from phoneline.spend_rules import Day, Level, Spent

TONES: Mapping[Level, str] = {Level.FINE: "plain", Level.NEARLY: "soon", Level.REACHED: "now", Level.EXHAUSTED: "now"}
SAYS: Mapping[Level, str] = Phrases(
    {
        Level.NEARLY: N_("nearly used up"),
        Level.REACHED: N_("used up: check-ins are held back, callers are still put through"),
        Level.EXHAUSTED: N_("used up with its reserve: callers are offered a message or a call back, nobody is rung"),
    }
)
NOTICES: Mapping[Level, str] = Phrases(
    {
        Level.NEARLY: N_("Today's calls or minutes are nearly used up."),
        Level.REACHED: N_("Today's calls or minutes are used up, so check-ins are held back."),
        Level.EXHAUSTED: N_("Today's calls and minutes are used up, so nobody can be rung for callers."),
    }
)


@dataclass(frozen=True)
class Cap:
    """One cap: what it is about, how it stands, and its tone."""

    name: str
    stands: str
    says: str
    tone: str


@dataclass(frozen=True)
class SpendingView:
    """The account's caps, the countries, and who can't be rung for theirs."""

    caps: Sequence[Cap]
    countries: str
    beyond: Sequence[str]


def build(day: Day, countries: Sequence[str], beyond: Sequence[tuple[str, str]]) -> SpendingView:
    return SpendingView(
        caps=[
            _cap(_("Calls that we placed today"), day.calls, N_("%(used)s of %(cap)s calls")),
            _cap(_("Minutes today"), day.minutes, N_("%(used)s of %(cap)s minutes")),
        ],
        countries=words.listed([country(one) for one in countries]) if countries else "",
        beyond=[f"{name} ({country})" if country else name for name, country in beyond],
    )


def _cap(name: str, spent: Spent, stands: str) -> Cap:
    if not spent.cap:
        return Cap(name, _("no cap"), "", TONES[Level.FINE])
    used, cap = (format_decimal(one, locale=language()) for one in (int(spent.used), spent.cap))
    return Cap(name, _(stands, used=used, cap=cap), SAYS.get(spent.level, ""), TONES[spent.level])


def notice(day: Day) -> str:
    """What the first page says of it; empty while there is nothing to say."""
    return NOTICES.get(day.level, "")
