"""Spending in words. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from phoneline.spend_rules import Day, Level, Spent

TONES: Mapping[Level, str] = {Level.FINE: "plain", Level.NEARLY: "soon", Level.REACHED: "now", Level.EXHAUSTED: "now"}
SAYS: Mapping[Level, str] = {
    Level.FINE: "",
    Level.NEARLY: "nearly used up",
    Level.REACHED: "used up: check-ins are held back, callers are still put through",
    Level.EXHAUSTED: "used up with its reserve: callers are offered a message or a call back, nobody is rung",
}
NOTICES: Mapping[Level, str] = {
    Level.FINE: "",
    Level.NEARLY: "today's calls or minutes are nearly used up",
    Level.REACHED: "today's calls or minutes are used up, so check-ins are held back",
    Level.EXHAUSTED: "today's calls and minutes are used up, so nobody can be rung for callers",
}


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
        caps=[_cap("Calls that we placed today", day.calls, "calls"), _cap("Minutes today", day.minutes, "minutes")],
        countries=words.listed(list(countries)) if countries else "",
        beyond=[f"{name} ({country})" if country else name for name, country in beyond],
    )


def _cap(name: str, spent: Spent, unit: str) -> Cap:
    if not spent.cap:
        return Cap(name, "no cap", "", TONES[Level.FINE])
    return Cap(name, f"{int(spent.used):,} of {spent.cap:,} {unit}", SAYS[spent.level], TONES[spent.level])


def notice(day: Day) -> str:
    """What the first page says of it; empty while there is nothing to say."""
    said = NOTICES[day.level]
    return f"{words.sentence(said)}." if said else ""
