"""How the line itself is, in words: calm while all is well. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.queries_health import Carrier
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.health import OK

SEVERAL = 3
"""So many calls in a row that could not be placed: that is no chance any more."""
NAMES = Phrases(
    {
        "carrier": N_("Carrier"),
        "database": N_("Database"),
        "queue": N_("Queue"),
        "workers": N_("Workers"),
        "clock": N_("Clock"),
        "call": N_("Last call"),
    }
)
WELL = Phrases({"database": N_("works"), "queue": N_("works"), "workers": N_("at work"), "clock": N_("ticks")})
TROUBLE = Phrases(
    {
        "database": N_("needs somebody who looks after the line"),
        "queue": N_("can't be reached: calls are placed all the same, a little later"),
        "workers": N_("none at work: calls are placed all the same, a little later"),
        "clock": N_("stands still: check-ins aren't called and nobody is reminded"),
    }
)
TONES: Mapping[str, str] = {"database": "now", "clock": "now", "queue": "soon", "workers": "soon"}
SHAPES: Mapping[str, str] = {"well": "done", "soon": "missed", "now": "missed", "plain": "free"}


@dataclass(frozen=True)
class HealthLine:
    """One part of the line: its shape, its words, its tone."""

    part: str
    name: str
    says: str
    tone: str
    shape: str


@dataclass(frozen=True)
class Health:
    """A sentence for all of it, and each part."""

    says: str
    tone: str
    lines: Sequence[HealthLine]


def build(parts: Mapping[str, str], carrier: Carrier, last_call: datetime | None, at: Moment) -> Health:
    lines = [_carrier(carrier, at), *(_part(name, said) for name, said in parts.items()), _last_call(last_call, at)]
    tones = {line.tone for line in lines}
    if "now" in tones:
        return Health(_("The line needs somebody to look after it now."), "now", lines)
    if "soon" in tones:
        return Health(_("The line works, and something of it needs a look."), "soon", lines)
    return Health(_("All is well with the line."), "well", lines)


def _line(part: str, says: str, tone: str) -> HealthLine:
    return HealthLine(part, NAMES[part], says, tone, SHAPES[tone])


def _part(name: str, said: str) -> HealthLine:
    return _line(name, WELL[name], "well") if said == OK else _line(name, TROUBLE[name], TONES[name])


def _carrier(carrier: Carrier, at: Moment) -> HealthLine:
    placed = at.near(carrier.placed_at) if carrier.placed_at else ""
    if not carrier.failed_in_a_row:
        return _line("carrier", _("took our last call %(when)s", when=placed), "well") if placed else _none_yet()
    failed = at.near(carrier.failed_at) if carrier.failed_at else ""
    tone = "now" if carrier.failed_in_a_row >= SEVERAL else "soon"
    if not placed:
        return _line("carrier", _("our last call could not be placed %(when)s", when=failed), tone)
    says = _("our last call could not be placed %(failed)s; one was, %(placed)s", failed=failed, placed=placed)
    return _line("carrier", says, tone)


def _none_yet() -> HealthLine:
    return _line("carrier", _("we have not placed a call yet"), "plain")


def _last_call(began: datetime | None, at: Moment) -> HealthLine:
    return _line("call", at.near(began) if began else _("there was none yet"), "plain")
