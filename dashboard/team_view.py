"""One volunteer in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import missed_view, now_view, shifts, words
from dashboard.queries_team import Volunteer
from dashboard.times import Moment, clock
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _

MOST_SHIFTS = 5
BREAKS: Mapping[str, str] = Phrases(
    {
        "15": N_("15 minutes"),
        "30": N_("half an hour"),
        "60": N_("an hour"),
        "120": N_("two hours"),
        "": N_("the rest of this shift"),
        "1440": N_("a day"),
        "10080": N_("a week"),
    }
)
"""The lengths of a break: minutes, and their words."""


@dataclass(frozen=True)
class TeamPage:
    """What the page shows."""

    id: str
    answer: str
    paused: bool
    otherwise: str
    """When a pause ends by itself."""
    facts: Sequence[tuple[str, str]]
    shifts: Sequence[str]


def build(one: Volunteer, at: Moment) -> TeamPage:
    paused = {one.id: one.paused} if one.paused else {}
    on = {one.id} if one.may_be_rung else set()
    line = next(iter(now_view.team(one.spans, one.busy, paused, on, at)), None)
    facts = [
        (_("Languages"), _languages(one)),
        (_("Skills"), ", ".join(one.skills) or _("none are known")),
        (_("May be rung"), _("yes") if one.ready else _("no, not marked as ready")),
        (_("Calls in four weeks"), missed_view.share(one.missed, one.rung)),
        (_("Kept apart from"), words.listed(list(one.apart_from)) or _("nobody")),
    ]
    has_end = one.paused is not None and one.paused.until is not None
    otherwise = (
        _("Otherwise when the break is over, or when they press 1 in the volunteers' own menu.")
        if has_end
        else _("Otherwise when their next shift begins, or when they press 1 in the volunteers' own menu.")
    )
    return TeamPage(one.id, _answer(one, line, at), one.paused is not None, otherwise, facts, _shifts(one, at))


def _languages(one: Volunteer) -> str:
    own = words.LANGUAGES.get(one.language or "", _("the line's own"))
    return words.listed([own, *(words.LANGUAGES[each] for each in one.speaks if each != one.language)])


def _answer(one: Volunteer, line: now_view.TeamLine | None, at: Moment) -> str:
    if line is not None:
        told = _("%(name)s: %(state)s.", name=one.name, state=line.state)
        return f"{told} {words.sentence(line.detail)}." if line.detail else told
    if one.paused is not None:
        pause = now_view.pause_words(one.paused, at)
        return _("%(name)s isn't on shift, and %(pause)s.", name=one.name, pause=pause)
    return _("%(name)s isn't on shift.", name=one.name)


def _shifts(one: Volunteer, at: Moment) -> Sequence[str]:
    return [_shift(span, at) for span in one.spans[:MOST_SHIFTS]]


def _shift(span: shifts.Span, at: Moment) -> str:
    is_backup = span.tier > 1
    begins = _("now") if span.starts_at <= at.now else at.moment(span.starts_at)
    if span.ends_at - at.now >= now_view.AHEAD_SHOWN and span.starts_at <= at.now:
        return _("now and on, as backup") if is_backup else _("now and on")
    same_day = span.starts_at.astimezone(at.zone).date() == span.ends_at.astimezone(at.zone).date()
    ends = clock(span.ends_at, at.zone) if same_day else at.moment(span.ends_at)
    if is_backup:
        return _("%(begins)s until %(ends)s, as backup", begins=begins, ends=ends)
    return _("%(begins)s until %(ends)s", begins=begins, ends=ends)
