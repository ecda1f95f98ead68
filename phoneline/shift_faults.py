"""What can speak against a shift: the reasons, and how a command says them in English. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from phoneline import shift_rules
from phoneline.recurrence import RuleFault
from phoneline.roster_states import Refusal


class Fault(Enum):
    """A reason by its words, which stand behind what it is about."""

    BACKWARDS = "must be later than the start; a shift past midnight ends the next day"
    TOO_LONG = f"must be at most {shift_rules.LONGEST.days} days after the start; let it repeat instead"
    SKIPPED = "lies in the hour that the clocks skip that night; choose a later end"
    TOO_OFTEN = f"comes more than {shift_rules.MOST_A_DAY} times a day; write it like FREQ=WEEKLY;BYDAY=MO"
    MEETS_ITSELF = "is after the next one has begun; choose an earlier end, or fewer days"
    NOBODYS_DUTY = "is missing; a coordinator's duty is always somebody's"
    NO_COORDINATOR = "is no coordinator; choose one of them"
    DUTY_ALONE = "is for volunteers' shifts; a coordinator's duty is done by whoever has it"
    NOBODY_SITS_IN = "is missing; say who sits in"
    NO_VOLUNTEER = "is no volunteer; choose one of the team"
    NOT_READY = "isn't ready to be rung yet; let them sit in, or say that they are ready"
    SITS_IN_ALONE = "can sit in only while they are learning, beside somebody who is ready"
    THERE_ALREADY = "is that of another shift with the same person and rule; change that one instead"
    HAS_BEGUN = "can't change any more, since it has begun; its end can"
    IS_OVER = "is over"
    ENDS_BY_NOW = "must be later than now"
    OF_ALL = "is the same for all dates of a shift; make another shift"
    OVER_OR_BEGUN = "is over, or has begun"
    NO_DATE = "isn't a date of this shift any more"
    NOT_HERE = "can't be undone"
    CHANGED_SINCE = "can't be undone: it has been changed again since"


REFUSED: Mapping[Refusal, str] = {
    Refusal.PAST: "is over already",
    Refusal.FULL: "has somebody else",
    Refusal.CLASHES: "are on another shift then",
    Refusal.NOT_READY: "aren't ready to be rung yet; they may sit in",
    Refusal.HOURS_A_WEEK: "would be on for more hours in that week than agreed",
    Refusal.SHIFTS_A_WEEK: "would have more shifts in that week than agreed",
    Refusal.REST: "would have too little rest between two shifts",
    Refusal.DAY_OFF: "have that day off",
    Refusal.UNAVAILABLE: "said that they can't then",
    Refusal.APART: "would be on together with somebody they don't work with",
}
Reason = Fault | RuleFault | Refusal


@dataclass(frozen=True)
class Problem:
    """What is wrong with one field of a draft, and how to mend it."""

    field: str
    why: Reason
    at: datetime | None = None
    """Of which date that holds, by the line's wall clock; of the whole shift without."""

    @property
    def reason(self) -> str:
        said = REFUSED[self.why] if isinstance(self.why, Refusal) else self.why.value
        return said if self.at is None else f"{said}, on {self.at:%A} {self.at.day} {self.at:%B} at {self.at:%H:%M}"


class ShiftRefusedError(Exception):
    """A shift can't be so. Nothing has changed, once the transaction is rolled back."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("; ".join(f"{one.field}: {one.reason}" for one in problems))
