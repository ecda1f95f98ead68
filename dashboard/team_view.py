"""One volunteer in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import missed_view, now_view, shifts, words
from dashboard.queries_team import Volunteer
from dashboard.times import Moment, clock

MOST_SHIFTS = 5
BREAKS: Mapping[str, str] = {
    "15": "15 minutes",
    "30": "half an hour",
    "60": "an hour",
    "120": "two hours",
    "": "the rest of this shift",
    "1440": "a day",
    "10080": "a week",
}
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
        ("Languages", _languages(one)),
        ("Skills", ", ".join(one.skills) or "none are known"),
        ("May be rung", "yes" if one.ready else "no, not marked as ready"),
        ("Calls in four weeks", missed_view.share(one.missed, one.rung)),
        ("Kept apart from", words.listed(list(one.apart_from)) or "nobody"),
    ]
    has_end = one.paused is not None and one.paused.until is not None
    otherwise = "when the break is over" if has_end else "when their next shift begins"
    otherwise = f"Otherwise {otherwise}, or when they press 1 in the volunteers' own menu."
    return TeamPage(one.id, _answer(one, line, at), one.paused is not None, otherwise, facts, _shifts(one, at))


def _languages(one: Volunteer) -> str:
    own = words.LANGUAGES.get(one.language or "", "the line's own")
    return words.listed([own, *(words.LANGUAGES[each] for each in one.speaks if each != one.language)])


def _answer(one: Volunteer, line: now_view.TeamLine | None, at: Moment) -> str:
    if line is not None:
        return f"{one.name}: {line.state}." + (f" {words.sentence(line.detail)}." if line.detail else "")
    if one.paused is not None:
        return f"{one.name} isn't on shift, and {now_view.pause_words(one.paused, at)}."
    return f"{one.name} isn't on shift."


def _shifts(one: Volunteer, at: Moment) -> Sequence[str]:
    return [_shift(span, at) for span in one.spans[:MOST_SHIFTS]]


def _shift(span: shifts.Span, at: Moment) -> str:
    backup = ", as backup" if span.tier > 1 else ""
    begins = "now" if span.starts_at <= at.now else at.moment(span.starts_at)
    if span.ends_at - at.now >= now_view.AHEAD_SHOWN and span.starts_at <= at.now:
        return f"now and on{backup}"
    same_day = span.starts_at.astimezone(at.zone).date() == span.ends_at.astimezone(at.zone).date()
    ends = clock(span.ends_at, at.zone) if same_day else at.moment(span.ends_at)
    return f"{begins} until {ends}{backup}"
