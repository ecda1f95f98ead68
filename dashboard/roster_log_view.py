"""The log of the roster, each act as one sentence. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import roster_words, rule_words, words
from dashboard.queries_roster_log import MOST, Change
from dashboard.times import Moment
from dashboard.tongue import N_, Phrases
from dashboard.tongue import gettext as _
from phoneline.roster_states import RosterAct
from phoneline.states import AccountRole

BY_LOGIN = Phrases(
    {
        AccountRole.ADMIN: N_("an admin"),
        AccountRole.COORDINATOR: N_("a coordinator"),
        AccountRole.VOLUNTEER: N_("a volunteer"),
    }
)


@dataclass(frozen=True)
class ChangeLine:
    """When, and what, by whom."""

    id: str
    when: str
    says: str
    undone: str


@dataclass(frozen=True)
class LogPage:
    """What the page shows. `older`: where it goes on."""

    answer: str
    lines: Sequence[ChangeLine]
    older: datetime | None


def build(found: Sequence[Change], at: Moment) -> LogPage:
    shown = found[:MOST]
    answer = _("Nothing was changed on the roster yet.")
    if found:
        answer = _("Last change: %(when)s.", when=at.on(found[0].at))
    return LogPage(answer, [_line(one, at) for one in shown], shown[-1].at if len(found) > MOST else None)


def _line(change: Change, at: Moment) -> ChangeLine:
    undone = _("Undone %(when)s.", when=at.on(change.undone_at)) if change.undone_at is not None else ""
    return ChangeLine(change.id, at.near(change.at), words.sentence(_says(change, at)), undone)


_SAYS: Mapping[RosterAct, str] = {
    RosterAct.MADE: N_("%(by)s made a shift of %(now)s: %(what)s."),
    RosterAct.IMPORTED: N_("%(by)s brought in %(theirs)s."),
    RosterAct.CHANGED: N_("%(by)s changed %(theirs)s."),
    RosterAct.ENDED: N_("%(by)s took %(theirs)s off the roster."),
    RosterAct.TAKEN: N_("%(by)s gave %(now)s the shift %(what)s."),
    RosterAct.GIVEN: N_("%(now)s has %(what)s instead of %(was)s, by %(by)s."),
    RosterAct.SWAPPED: N_("In a swap %(now)s got %(what)s from %(was)s."),
    RosterAct.ASKED: N_("%(by)s asked for somebody to take %(theirs)s."),
    RosterAct.WITHDRAWN: N_("%(by)s took back what was asked: %(was)s keeps %(what)s."),
    RosterAct.LATE: N_("Nobody took it in time: %(what)s stays with %(was)s."),
    RosterAct.CONFIRMED: N_("%(was)s will come: %(what)s."),
    RosterAct.ON: N_("%(now)s went on shift, %(what)s."),
    RosterAct.OFF: N_("%(was)s went off shift, %(what)s."),
    RosterAct.UNDONE: N_("%(by)s undid a change: %(what)s is %(now)s's again."),
}
_IF_OPEN: Mapping[RosterAct, str] = {
    RosterAct.MADE: N_("%(by)s made a shift open to all: %(what)s."),
    RosterAct.GIVEN: N_("%(by)s made %(theirs)s open to all."),
    RosterAct.UNDONE: N_("%(by)s undid a change: %(what)s is open again."),
}
_BY_THEMSELVES: Mapping[RosterAct, str] = {
    RosterAct.TAKEN: N_("%(now)s took %(what)s."),
    RosterAct.GIVEN: N_("%(now)s has %(what)s instead of %(was)s."),
}


def _sentence(change: Change) -> str:
    """The one that says it, in English."""
    if change.now is None and change.act in _IF_OPEN:
        return _IF_OPEN[change.act]
    if change.by_itself and change.act in _BY_THEMSELVES:
        return _BY_THEMSELVES[change.act]
    if change.act is RosterAct.CHANGED and change.now and change.now != change.was:
        return N_("%(by)s changed %(theirs)s, it is now %(now)s's.")
    return _SAYS[change.act]


def _says(change: Change, at: Moment) -> str:
    what = _what(change, at)
    theirs = _("the open shift %(what)s", what=what)
    if change.was:
        theirs = _("the shift of %(was)s, %(what)s", was=change.was, what=what)
    was, now = change.was or _("nobody"), change.now or _("nobody")
    return _(_sentence(change), by=_by(change), was=was, now=now, what=what, theirs=theirs)


def _by(change: Change) -> str:
    if change.by is not None:
        return change.by
    return BY_LOGIN[change.login] if change.login is not None else _("the line")


def _what(change: Change, at: Moment) -> str:
    """Hours, or the days of a whole shift."""
    if change.starts_at is not None and change.ends_at is not None:
        return roster_words.dated_stretch(change.starts_at, change.ends_at, at)
    if change.starts_local is None:
        return _("one that isn't there any more")
    return rule_words.when(change.starts_local, change.rrule or "", at.now.year)
