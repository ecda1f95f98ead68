"""Who is kept apart from whom, in words. Pure: what was read and the instant are arguments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.queries_apart import Decided, Said
from dashboard.times import Moment
from dashboard.tongue import gettext as _


@dataclass(frozen=True)
class PairLine:
    """Two people: how they are kept apart, and by a decision made here why, by whom, and whether it holds."""

    id: str
    who: str
    how: str
    reason: str
    decided: str
    holds: bool


@dataclass(frozen=True)
class ApartView:
    """The part of the page."""

    decided: Sequence[PairLine]
    said: Sequence[PairLine]

    @property
    def standing(self) -> int:
        return sum(pair.holds for pair in self.decided) + len(self.said)


def build(decided: Iterable[Decided], said: Iterable[Said], at: Moment) -> ApartView:
    return ApartView([_decided(one, at) for one in decided], [_said(one) for one in said])


def _decided(pair: Decided, at: Moment) -> PairLine:
    return PairLine(
        id=pair.id,
        who=_who(pair),
        how=_how(pair) if pair.lifted_at is None else _("lifted %(when)s", when=at.on(pair.lifted_at)),
        reason=pair.reason,
        decided=_(
            "Decided by %(who)s %(when)s.", who=pair.email or _("a login that is gone"), when=at.on(pair.created_at)
        ),
        holds=pair.lifted_at is None,
    )


def _said(pair: Said) -> PairLine:
    return PairLine("", _who(pair), _how(pair), "", "", holds=True)


def _who(pair: Decided | Said) -> str:
    return _("%(first)s and %(last)s", first=pair.person, last=pair.other)


def _how(pair: Decided | Said) -> str:
    if pair.strict and pair.both_volunteer:
        return _("never on shift together, and never put through to each other")
    if pair.strict:
        return _("never put through to each other")
    return _(
        "%(volunteer)s is rung for %(caller)s only if nobody else can be", volunteer=pair.other, caller=pair.person
    )
