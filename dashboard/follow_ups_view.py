"""Follow-ups in words: a line each, and the sentences on top. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from dashboard import message_view, owner_view, words
from dashboard.queries_follow_ups import PAGE, Counts, DoneFollowUp, OpenFollowUp, Show
from dashboard.section import Line, Section
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases, ngettext
from dashboard.tongue import gettext as _
from phoneline.states import ContactKind, FollowUp

MOST_DONE = 1000
"""So many of those done lately are counted."""
NAMES = Phrases(
    {
        Show.MINE: N_("Mine"),
        Show.ALL: N_("Everybody's"),
        Show.OVERDUE: N_("Overdue"),
        Show.DONE: N_("Done lately"),
    }
)
EMPTY = Phrases(
    {
        Show.MINE: N_("What is given to you, or what you take on, will stand here, with the time by which it is due."),
        Show.ALL: N_("Messages, promised call-backs and people we could not reach will wait here for somebody."),
        Show.OVERDUE: N_("What isn't done in time will stand here, and goes to the next coordinator on duty."),
        Show.DONE: N_("What was done in the last seven days will stand here, with how it ended. It can be taken back."),
    }
)


@dataclass(frozen=True)
class DoneLine:
    """One that was done: who, what it was, how it ended."""

    id: str
    who: str
    what: str
    ended: str
    note: str
    may_undo: bool


@dataclass(frozen=True)
class FollowUpsPage:
    """What the page shows."""

    answer: str
    show: Show
    shows: Sequence[tuple[Show, str, int]]
    """The tabs, each with its number."""
    lines: Sequence[Line]
    done: Sequence[DoneLine]
    empty: str
    more: str
    """Where the next page begins."""
    coordinators: Sequence[tuple[str, str]]


def line(one: OpenFollowUp, at: Moment) -> Line:
    urgent = one.follow_up is FollowUp.URGENT
    owed = one.owed
    return Line(
        one.id,
        words.sentence(words.who(one.person, withheld=one.withheld)),
        reason(one),
        at.near(one.at),
        "now" if urgent else "soon",
        whose=owner_view.whose(owed, at),
        late=owed.is_overdue,
        to_take=owed.is_overdue or owed.is_nobodys,
        is_mine=one.is_mine,
        about=one.person_id or "",
    )


def section(found: Sequence[OpenFollowUp], most: int, at: Moment) -> Section:
    return Section([line(one, at) for one in found[:most]], len(found) > most)


def reason(one: OpenFollowUp) -> str:  # noqa: PLR0911 - one for each kind
    """What is to be done, in three or four words."""
    match one.kind:
        case ContactKind.CALLBACK:
            return _("call back, as promised")
        case ContactKind.VOICEMAIL:
            return message_view.TO_DO[one.message]
        case ContactKind.SMS:
            return _("read their text")
        case ContactKind.OUTREACH:
            return _("call them: not heard from")
        case ContactKind.CHECKIN if one.checkin_state is not None:
            return _("check-in: %(state)s", state=words.CHECKIN_STATES[one.checkin_state])
        case _:
            if one.volunteer:
                return _("after talking with %(volunteer)s", volunteer=one.volunteer)
            return _("follow-up wanted")


def done_line(one: DoneFollowUp, at: Moment) -> DoneLine:
    who = words.sentence(words.who(one.person, withheld=one.withheld))
    ended = owner_view.ended(one.ended, at)
    return DoneLine(one.id, who, words.KINDS[one.kind], ended, one.note or "", may_undo=one.ending is not None)


def build(  # noqa: PLR0913 - what the page shows, each by its name
    show: Show,
    counts: Counts,
    done_lately: int,
    *,
    found: Section,
    done: Sequence[DoneFollowUp],
    more: str,
    coordinators: Sequence[tuple[str, str]],
    at: Moment,
) -> FollowUpsPage:
    number = {Show.MINE: counts.mine, Show.ALL: counts.all, Show.OVERDUE: counts.overdue, Show.DONE: done_lately}
    return FollowUpsPage(
        answer=answer(show, counts, done_lately),
        show=show,
        shows=[(one, NAMES[one], number[one]) for one in Show],
        lines=found.lines,
        done=[done_line(one, at) for one in done[:PAGE]],
        empty=EMPTY[show],
        more=more,
        coordinators=coordinators,
    )


def answer(show: Show, counts: Counts, done_lately: int) -> str:
    match show:
        case Show.MINE:
            if not counts.mine:
                told = _("Nothing is yours to do just now.")
                return f"{told} {open_count(counts.all)}" if counts.all else told
            told = ngettext(
                "One follow-up is yours.", "%(number)s follow-ups are yours.", counts.mine, number=_number(counts.mine)
            )
            return f"{told} {_pressing(counts.mine_urgent, counts.mine_overdue)}".strip()
        case Show.ALL:
            return f"{open_count(counts.all)} {_pressing(counts.urgent, counts.overdue)}".strip()
        case Show.OVERDUE:
            return overdue_count(counts.overdue) or _("Nothing is overdue.")
        case Show.DONE:
            if not done_lately:
                return _("No follow-up was done in the last seven days.")
            return ngettext(
                "One follow-up was done in the last seven days.",
                "%(number)s follow-ups were done in the last seven days.",
                done_lately,
                number=_number(done_lately),
            )
        case _:
            assert_never(show)


def _number(count: int) -> str:
    return words.sentence(words.number(count))


def open_count(count: int) -> str:
    if not count:
        return _("No follow-up is open.")
    return ngettext("One follow-up is open.", "%(number)s follow-ups are open.", count, number=_number(count))


def overdue_count(count: int) -> str:
    if not count:
        return ""
    return ngettext("One is overdue.", "%(number)s are overdue.", count, number=_number(count))


def _pressing(urgent: int, overdue: int) -> str:
    told = ngettext("One is urgent.", "%(number)s are urgent.", urgent, number=_number(urgent)) if urgent else ""
    return f"{told} {overdue_count(overdue)}".strip()
