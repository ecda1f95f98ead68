"""What somebody agreed to, in words. Pure: what was read, the instant and the zone are arguments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard import words
from dashboard.queries_consent import Entry, Ledger
from dashboard.times import Moment
from phoneline import people
from phoneline.consents import How, Whose
from phoneline.states import ConsentKind

KINDS: Mapping[ConsentKind, str] = {
    ConsentKind.AUTOMATED_CALLS: "automated calls",
    ConsentKind.VOLUNTEER_CALLS: "calls by volunteers",
}
KIND_CHOICES: Sequence[tuple[str, str]] = [(kind.value, words.sentence(KINDS[kind])) for kind in ConsentKind]
HOW_CHOICES: Sequence[tuple[str, str]] = [(how.value, words.sentence(how.value)) for how in How]
WHOSE_CHOICES: Sequence[tuple[str, str]] = [
    (Whose.OWN.value, "They said so themselves"),
    (Whose.OTHER.value, "Somebody else told us, for them"),
]
GIVEN: Mapping[str, str] = {
    people.SPREADSHEET: "by the people spreadsheet",
    people.START_TEXT: "by their text START",
    people.PHONE_MENU: "by a key, in a call to the line",
}
WITHDRAWN: Mapping[str, str] = {
    people.KEY_9: "they pressed 9 in a call",
    people.STOP_TEXT: "they texted STOP",
    people.SPREADSHEET: "by the people spreadsheet",
    people.COORDINATOR: "by a coordinator, on this page",
}


@dataclass(frozen=True)
class EntryLine:
    """One entry of the ledger: the yes, in which words, and the no that followed."""

    what: str
    given: str
    words: str
    withdrawn: str


@dataclass(frozen=True)
class ConsentCard:
    """What the section shows."""

    automated: bool
    states: Sequence[tuple[str, str]]
    entries: Sequence[EntryLine]
    own_word: Sequence[str]
    """What it takes their own word to bring back, as sentences."""


def build(ledger: Ledger, at: Moment) -> ConsentCard:
    return ConsentCard(
        automated=ledger.automated,
        states=[("Automated", _automated(ledger, at)), ("By volunteers", _volunteers(ledger, at))],
        entries=[_entry(one, at) for one in ledger.entries],
        own_word=[
            f"They stopped {KINDS[kind]} themselves. It takes their own word to bring them back."
            for kind in ledger.own_word
        ],
    )


def _automated(ledger: Ledger, at: Moment) -> str:
    standing = ledger.standing(ConsentKind.AUTOMATED_CALLS)
    if standing is not None:
        return f"Yes, since {_day(standing, at)}"
    stopped = ledger.stopped(ConsentKind.AUTOMATED_CALLS)
    return f"No: stopped {_stop(stopped, at)}" if stopped else "No: nobody has written down a yes"


def _volunteers(ledger: Ledger, at: Moment) -> str:
    if ledger.volunteers:
        standing = ledger.standing(ConsentKind.VOLUNTEER_CALLS)
        return f"Yes, since {_day(standing, at)}" if standing else "No yes is needed"
    stopped = ledger.stopped(ConsentKind.VOLUNTEER_CALLS)
    return f"No: stopped {_stop(stopped, at)}" if stopped else "No"


def _day(entry: Entry, at: Moment) -> str:
    return at.on(entry.given_at).removeprefix("on ")


def _stop(entry: Entry, at: Moment) -> str:
    if entry.withdrawn_at is None:
        return ""
    return f"{at.on(entry.withdrawn_at)}, {WITHDRAWN.get(entry.withdrawn_how or '', entry.withdrawn_how)}"


def _entry(entry: Entry, at: Moment) -> EntryLine:
    no_yes = entry.given_how == people.NOT_NEEDED
    given = f"Yes {at.on(entry.given_at)}, {GIVEN.get(entry.given_how, entry.given_how)}"
    return EntryLine(
        what=words.sentence(KINDS[entry.kind]),
        given="" if no_yes else given,
        words=entry.words or "",
        withdrawn=f"Stopped {_stop(entry, at)}" if entry.withdrawn_at else "",
    )
