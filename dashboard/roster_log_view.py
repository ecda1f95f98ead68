"""The log of the roster, each act as one sentence. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard import roster_words, rule_words, words
from dashboard.queries_roster_log import MOST, Change
from dashboard.times import Moment
from phoneline.roster_states import RosterAct
from phoneline.states import AccountRole

BY_LOGIN = {
    AccountRole.ADMIN: "an admin",
    AccountRole.COORDINATOR: "a coordinator",
    AccountRole.VOLUNTEER: "a volunteer",
}


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
    answer = f"Last change: {at.on(found[0].at)}." if found else "Nothing was changed on the roster yet."
    return LogPage(answer, [_line(one, at) for one in shown], shown[-1].at if len(found) > MOST else None)


def _line(change: Change, at: Moment) -> ChangeLine:
    undone = f"undone {at.on(change.undone_at)}" if change.undone_at is not None else ""
    return ChangeLine(change.id, at.near(change.at), words.sentence(_says(change, at)), undone)


_SAYS: Mapping[RosterAct, str] = {
    RosterAct.MADE: "{by} made a shift of {now}: {what}.",
    RosterAct.IMPORTED: "{by} brought in {theirs}.",
    RosterAct.CHANGED: "{by} changed {theirs}{moved}.",
    RosterAct.ENDED: "{by} took {theirs} off the roster.",
    RosterAct.TAKEN: "{by} gave {now} the shift {what}.",
    RosterAct.GIVEN: "{now} has {what} instead of {was}{hand}.",
    RosterAct.SWAPPED: "In a swap {now} got {what} from {was}.",
    RosterAct.ASKED: "{by} asked for somebody to take {theirs}.",
    RosterAct.WITHDRAWN: "{by} took back what was asked: {was} keeps {what}.",
    RosterAct.LATE: "Nobody took it in time: {what} stays with {was}.",
    RosterAct.CONFIRMED: "{was} will come: {what}.",
    RosterAct.ON: "{now} went on shift, {what}.",
    RosterAct.OFF: "{was} went off shift, {what}.",
    RosterAct.UNDONE: "{by} undid a change: {what} is {whose} again.",
}


def _says(change: Change, at: Moment) -> str:
    what, by, was, now = _what(change, at), _by(change), change.was or "nobody", change.now or "nobody"
    says = _SAYS[change.act]
    if change.act is RosterAct.MADE and change.now is None:
        says = "{by} made a shift open to all: {what}."
    elif change.act is RosterAct.TAKEN and change.by_itself:
        says = "{now} took {what}."
    elif change.act is RosterAct.GIVEN and change.now is None:
        says = "{by} made {theirs} open to all."
    return says.format(
        by=by,
        was=was,
        now=now,
        what=what,
        theirs=f"the shift of {was}, {what}" if change.was else f"the open shift {what}",
        moved=f", it is now {now}'s" if change.now and change.now != change.was else "",
        whose=f"{now}'s" if change.now else "open",
        hand="" if change.by_itself else f", by {by}",
    )


def _by(change: Change) -> str:
    if change.by is not None:
        return change.by
    return BY_LOGIN[change.login] if change.login is not None else "the line"


def _what(change: Change, at: Moment) -> str:
    """Hours, or the days of a whole shift."""
    if change.starts_at is not None and change.ends_at is not None:
        return roster_words.dated_stretch(change.starts_at, change.ends_at, at)
    if change.starts_local is None:
        return "one that isn't there any more"
    return rule_words.when(change.starts_local, change.rrule or "", at.now.year)
