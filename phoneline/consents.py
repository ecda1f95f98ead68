"""The consent ledger as coordinators keep it: a yes in whose words, and the end of all automated contact."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from phoneline import checkins, people, replanning
from phoneline.models import Checkin
from phoneline.states import ConsentKind


class How(StrEnum):
    """How a yes reached us."""

    PHONE = "by phone"
    IN_PERSON = "in person"
    WRITING = "in writing"


class Whose(StrEnum):
    """Whose word it was."""

    OWN = "their own word"
    OTHER = "somebody else's word"


@dataclass(frozen=True)
class Yes:
    """What somebody agreed to, how, and in which words."""

    kind: ConsentKind
    how: How
    whose: Whose
    words: str | None

    @property
    def given_how(self) -> str:
        return f"{self.how}, {self.whose}"


def takes_own_word(session: Session, person_id: str, kind: ConsentKind) -> bool:
    """Whether they stopped these calls by an act of their own: then nobody else's word brings them back."""
    if kind is ConsentKind.VOLUNTEER_CALLS:
        return people.refuses_volunteers(session, person_id)
    return not people.has_consent(session, person_id) and people.withdrew_by_own_act(session, person_id)


def record(session: Session, person_id: str, yes: Yes, now: datetime) -> bool:
    """A new entry of the ledger, and what was planned and is still to come is called after all.

    False, and nothing done, if it takes the person's own word and this isn't.
    """
    if yes.whose is not Whose.OWN and takes_own_word(session, person_id, yes.kind):
        return False
    people.give_consent(session, person_id, yes.given_how, now, kind=yes.kind, words=yes.words)
    replanning.take_up_again(session, person_id, now)
    return True


def end_automated(session: Session, person_id: str, now: datetime) -> Collection[Checkin]:
    """At once no automated call any more: the yes is withdrawn, what is planned is off, what rings is ended.

    All check-ins that were open.
    """
    people.withdraw_consent(session, person_id, people.COORDINATOR, now)
    return checkins.stop_all(session, person_id, now)
