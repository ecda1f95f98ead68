"""How many people are needed when, and where they are missing, as a page and as a part of the first one. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard import cover_words, words
from dashboard.times import Moment
from dashboard.tongue import gettext as _
from dashboard.tongue import ngettext
from phoneline.cover import Gap, Stretch, gaps
from phoneline.cover_needs import Written

AHEAD = timedelta(weeks=4)
MOST_FIRST, MOST_LISTED = 4, 40


@dataclass(frozen=True)
class Missing:
    """A sentence, the first gaps, and what comes after these."""

    answer: str
    first: Sequence[str] = ()
    more: str = ""


def missing(stretches: Sequence[Stretch], at: Moment, most: int = MOST_FIRST) -> Missing | None:
    """Of the stretches from now on; None where nobody has hours in any of them: then there is no roster yet."""
    if not any(one.had for one in stretches):
        return None
    found = gaps(stretches)
    until = stretches[-1].ends_at
    return Missing(cover_words.missing(found), _lines(found[:most], at, until), _more(len(found) - most))


def _lines(found: Sequence[Gap], at: Moment, until: datetime) -> Sequence[str]:
    return [cover_words.gap(one, at, until) for one in found]


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext("And one more after these.", "And %(number)s more after these.", count, number=words.number(count))


@dataclass(frozen=True)
class NeedLine:
    """One need in words."""

    id: str
    says: str


@dataclass(frozen=True)
class CoverPage:
    """What the page shows."""

    answer: str
    missing: Missing | None
    needs: Sequence[NeedLine]
    taken_off: Sequence[NeedLine]


def page(written: Sequence[Written], stretches: Sequence[Stretch], at: Moment) -> CoverPage:
    needs = [_line(one) for one in written if one.ended_at is None]
    found = missing(stretches, at, MOST_LISTED)
    return CoverPage(
        answer=_answer(found, has_needs=bool(needs)),
        missing=found,
        needs=needs,
        taken_off=[_line(one) for one in reversed(written) if one.ended_at is not None],
    )


def _answer(found: Missing | None, *, has_needs: bool) -> str:
    answer = found.answer if found is not None else _("Nobody is on the roster yet.")
    return answer if has_needs else " ".join([_("One person is needed whenever the line is open."), answer])


def _line(one: Written) -> NeedLine:
    return NeedLine(one.id, cover_words.need(one.need))
